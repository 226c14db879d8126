/** Who is let in: connections that peers open, up to the limits. */
import { describe, expect, test } from 'vitest'
import type { Flow } from '../../../src/core/transport/flow.js'
import type { FlowLimits } from '../../../src/core/transport/limits.js'
import { type Bench, bench, tcp } from '../../support/bench.js'
import { requestText } from '../../support/messages.js'

const from = (id: number, host = '192.0.2.9'): Flow => ({ ...tcp, remote: { host, port: 40_000 + id }, id })

const opened = (on: Bench<unknown>, flow: Flow): readonly string[] =>
  on.brief({ _tag: 'FlowOpened', flow, names: [] })

const limited = (connections: Partial<FlowLimits>): Bench<unknown> => bench({ connections })

const text = requestText({ method: 'OPTIONS', transport: 'TCP' })

describe('limits', () => {
  test.each<[string, Partial<FlowLimits>, (n: number) => Flow]>([
    ['connections at once', { connections: 2 }, (n) => from(n, `192.0.2.${n}`)],
    ['connections of one host', { perPeer: 2 }, (n) => from(n)],
    ['connections that have said nothing', { silent: 2 }, (n) => from(n, `192.0.2.${n}`)],
  ])('too many %s: the next is closed, the others stay, and room is given back', (_what, limits, flow) => {
    const on = limited(limits)
    opened(on, flow(1))
    opened(on, flow(2))
    expect(opened(on, flow(3))).toEqual(['close 3', 'diagnostic overload'])
    on.tell({ _tag: 'FlowClosed', flow: flow(1) })
    expect(opened(on, flow(4))).toEqual(['start flow 64000'])
  })

  test('one that has spoken is silent no more', () => {
    const on = limited({ silent: 1 })
    opened(on, from(1))
    on.receive(text, from(1))
    expect(opened(on, from(2))).toEqual(['start flow 64000'])
  })

  test('while draining nobody new is let in', () => {
    const on = limited({})
    on.tell({ _tag: 'Drain' })
    expect(opened(on, from(1))).toEqual(['close 1', 'diagnostic overload'])
  })

  test('one of no listener is closed: nobody could say what it carries', () => {
    const on = limited({})
    const nowhere = { ...from(1), local: { host: '192.0.2.77', port: 5060 } }
    expect(opened(on, nowhere)).toEqual(['close 1', 'diagnostic unexpected'])
    expect(on.stack().connections.byId.size).toBe(0)
  })
})
