import { none } from 'fp-ts/lib/Option.js'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Outbox, outbox } from '../../../src/shell/node/outbox.js'
import type { Flow } from '../../../src/core/transport/flow.js'

const flow: Flow = {
  protocol: 'udp',
  local: { host: '127.0.0.1', port: 5060 },
  remote: { host: '127.0.0.1', port: 6060 },
}

/** An outbox, what it has sent so far, and a turn of the event loop. */
const begin = (onSend: (bytes: string, box: Outbox) => void = () => {}) => {
  const sent: string[] = []
  const box: Outbox = outbox((_flow, bytes) => {
    sent.push(bytes)
    onSend(bytes, box)
  })
  const add = (...all: string[]): void => {
    for (const bytes of all) box.add(flow, bytes, none)
  }
  return { box, sent, add, turn: () => vi.runAllTimers() }
}

describe('datagrams on their way out', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setImmediate'] })
    return () => vi.useRealTimers()
  })

  it('leave at the end of the turn, in their order', () => {
    const { sent, add, turn } = begin()
    add('a', 'b')
    expect(sent).toEqual([])
    turn()
    expect(sent).toEqual(['a', 'b'])
    add('c')
    turn()
    expect(sent).toEqual(['a', 'b', 'c'])
  })

  it('leave at once when eight have come together', () => {
    const { sent, add, turn } = begin()
    const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    add(...all)
    expect(sent).toEqual(all.slice(0, 8))
    turn()
    expect(sent).toEqual(all)
  })

  it('leave at once when told, and not a second time', () => {
    const { box, sent, add, turn } = begin()
    add('a')
    box.flush()
    expect(sent).toEqual(['a'])
    turn()
    expect(sent).toEqual(['a'])
  })

  it('are each sent once when sending one adds others', () => {
    const many = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I']
    const { sent, add, turn } = begin((bytes, box) => {
      if (bytes === 'a') for (const more of many) box.add(flow, more, none)
    })
    add('a', 'b')
    turn()
    expect([...sent].sort()).toEqual([...many, 'a', 'b'])
  })
})
