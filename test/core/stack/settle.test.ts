/** A CANCEL that is held keeps its INVITE from starting anew at the next target (CC-8, CN-1). */
import { isSome } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import type { Event, Output } from '../../../src/core/events.js'
import type { Request } from '../../../src/core/message/types.js'
import { stackAlone, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { row } from '../../conformance/rows.js'
import { type Bench, bench, benchOf, configOf } from '../../support/bench.js'
import { outgoing, read, responseTo } from '../../support/messages.js'

type Tagged<T extends Output['_tag']> = Extract<Output, { _tag: T }>

const all = <T extends Output['_tag']>(on: Bench<unknown>, tag: T): readonly Tagged<T>[] =>
  on.log.flatMap(({ output }) => (output._tag === tag ? [output as Tagged<T>] : []))

const places = (on: Bench<unknown>): readonly string[] => [
  ...new Set(all(on, 'Transmit').map(({ flow }) => flow.remote.host)),
]

const outcomes = (on: Bench<unknown>): readonly unknown[] =>
  on.log.flatMap(({ output }): readonly unknown[] => {
    if (output._tag === 'ErrorReceived') return [output.reason]
    return output._tag === 'ResponseReceived' ? [output.response.status] : []
  })

/** What left last. */
const last = (on: Bench<unknown>): Request => {
  const message = read(on.sent().at(-1) ?? '')
  if (message._tag !== 'Request') throw new Error('a request expected')
  return message
}

const answer = {
  _tag: 'Resolved',
  question: { _tag: 'Host', name: 'b.example' },
  answer: { _tag: 'Host', addresses: ['192.0.2.11', '192.0.2.12'] },
  ttl: 60_000,
} as const satisfies Event

/** An INVITE to a name of two addresses, not resolved yet. */
const calling = (transport: 'udp' | 'tcp' = 'udp'): Bench<unknown> => {
  const on = benchOf(userAgent(configOf()))
  on.send(outgoing({ method: 'INVITE', uri: `sip:bob@b.example:5060;transport=${transport}` }))
  return on
}

const cancel = (on: Bench<unknown>): readonly string[] =>
  on.brief({ _tag: 'Cancel', ref: 'wish', key: all(on, 'Accepted')[0]!.key })

/** What leaves last fails. */
const fail: Readonly<Record<string, (on: Bench<unknown>) => void>> = {
  timeout: (on) => void on.advance(32_000),
  transport: (on) => {
    const { flow, cause } = all(on, 'Transmit').at(-1)!
    on.tell({ _tag: 'SendFailed', flow, why: 'refused', cause })
  },
  503: (on) => void on.receive(responseTo(last(on), 503).text),
}

const refuse = (on: Bench<unknown>): void => {
  const { opening } = all(on, 'OpenFlow').at(-1)!
  on.tell({ _tag: 'FlowRefused', opening, why: 'refused', what: 'reset' })
}

describe.each(Object.keys(fail))('an INVITE that ends by %s', (how) => {
  const outcome = how === '503' ? 503 : how

  row('CC-8', 'goes to the next target', () => {
    const on = calling()
    on.tell(answer)
    fail[how]?.(on)
    expect(places(on)).toEqual(['192.0.2.11', '192.0.2.12'])
    expect(outcomes(on)).toEqual([])
  })

  row('CC-8', 'goes nowhere else while its CANCEL is held, and no CANCEL is sent', () => {
    const on = calling()
    on.tell(answer)
    expect(cancel(on)).toEqual(['accepted'])
    fail[how]?.(on)
    on.advance(120_000)
    expect(places(on)).toEqual(['192.0.2.11'])
    expect(on.sent().some((text) => text.startsWith('CANCEL'))).toBe(false)
    expect(outcomes(on)).toEqual([outcome])
    expect(on.stack().tries.size).toBe(0)
  })

  row('CC-8', 'nor when it was cancelled before it had left', () => {
    const on = calling()
    cancel(on)
    on.tell(answer)
    fail[how]?.(on)
    expect(places(on)).toEqual(['192.0.2.11'])
    expect(outcomes(on)).toEqual([outcome])
  })

  test('at its second target it has no third either', () => {
    const on = calling()
    on.tell({
      ...answer,
      answer: { _tag: 'Host', addresses: ['192.0.2.11', '192.0.2.12', '192.0.2.13'] },
    })
    fail['transport']?.(on)
    cancel(on)
    fail[how]?.(on)
    expect(places(on)).toEqual(['192.0.2.11', '192.0.2.12'])
    expect(outcomes(on)).toEqual([outcome])
  })
})

row('CC-8', 'a connection that is refused is the end of a cancelled INVITE that waits for it', () => {
  const on = calling('tcp')
  on.tell(answer)
  cancel(on)
  refuse(on)
  expect(all(on, 'OpenFlow').map(({ target }) => target.host)).toEqual(['192.0.2.11'])
  expect(outcomes(on)).toEqual(['transport'])
  expect([on.stack().pending.size, on.stack().waiting.size]).toEqual([0, 0])
})

test('uncancelled it goes on to the next', () => {
  const on = calling('tcp')
  on.tell(answer)
  refuse(on)
  expect(all(on, 'OpenFlow').map(({ target }) => target.host)).toEqual(['192.0.2.11', '192.0.2.12'])
})

test('the provisional that lets the CANCEL go finds it as ever', () => {
  const on = calling()
  on.tell(answer)
  cancel(on)
  on.receive(responseTo(last(on), 180).text)
  expect(on.sent().at(-1)?.startsWith('CANCEL sip:bob@b.example')).toBe(true)
})

test('a core without the helper says so itself; a key that is not known changes nothing', () => {
  const on = bench()
  on.send(outgoing({ method: 'INVITE', uri: 'sip:bob@b.example:5060;transport=udp' }))
  on.tell(answer)
  const { key } = all(on, 'Accepted')[0]!
  const before = on.state()
  expect(
    on.brief({ _tag: 'Settle', key: { _tag: 'ClientKey', branch: 'z9hG4bKnone', method: 'INVITE' } }),
  ).toEqual([])
  expect(on.state()).toBe(before)
  expect(on.brief({ _tag: 'Settle', key })).toEqual([])
  fail['transport']?.(on)
  expect(places(on)).toEqual(['192.0.2.11'])
  const told = all(on, 'ErrorReceived').map(({ first }) => isSome(first) && first.value)
  expect(told).toEqual([key])
})

test('requests of other methods are as they were', () => {
  const on = benchOf(stackAlone(configOf()))
  on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@b.example:5060;transport=udp' }))
  on.tell(answer)
  fail['503']?.(on)
  expect(places(on)).toEqual(['192.0.2.11', '192.0.2.12'])
})
