/** TERM: "it MUST be destroyed immediately". Of a transaction that ended no table knows anything any more. */
import { describe, expect } from 'vitest'
import * as Table from '../../../src/core/data/table.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { row } from '../../conformance/rows.js'
import { type Bench, bench, tcp, udp } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const left = (on: Bench<unknown>) => {
  const { transactions, twins, flows, sources, servers } = on.stack().layer
  return [transactions.size, Table.names(transactions), twins.size, flows.size, sources.size, servers]
}

const from = (flow: Flow, number: number): Flow =>
  flow.id === undefined ? flow : { ...flow, id: flow.id + number }

const sentBy = (on: Bench<unknown>, method: string) => {
  const text = on
    .sent()
    .filter((each) => each.startsWith(`${method} `))
    .at(-1)
  const message = text === undefined ? undefined : read(text)
  if (message?._tag !== 'Request') throw new Error(`a ${method} expected`)
  return message
}

describe.each([
  { on: 'a datagram', flow: udp },
  { on: 'a connection', flow: tcp },
])('over $on', ({ flow }) => {
  const limited = () => bench({ bounds: { perSource: 10 } })

  row(['IS-27', 'IS-24', 'IS-34', 'NS-32', 'NS-08'], 'nothing is left of server transactions', () => {
    const on = limited()
    const calls = [
      { branch: 'z9hG4bK1', callId: 'c1' },
      { branch: 'z9hG4bK2', callId: 'c2' },
      { branch: 'z9hG4bK3', callId: 'c3', method: 'OPTIONS' },
    ]
    const transport = flow.id === undefined ? 'UDP' : 'TCP'
    for (const [n, call] of calls.entries()) on.receive(requestText({ ...call, transport }), from(flow, n))
    const connections = flow.id === undefined ? 0 : 3
    expect(left(on)).toEqual([3, 3, 0, connections, 1, 3])
    for (const [n, call] of calls.entries())
      on.respond(responseTo(requestOf({ ...call, transport }), [486, 200, 200][n] ?? 0))
    on.receive(ackTo({ ...calls[0], transport }, 'x'), flow)
    const still = flow.id === undefined ? [3, 3, 0, 0, 1, 3] : [1, 1, 0, 1, 1, 1]
    expect(left(on)).toEqual(still)
    on.advance(5000)
    expect(left(on)).toEqual(flow.id === undefined ? [2, 2, 0, 0, 1, 2] : still)
    on.advance(27_000)
    expect(left(on)).toEqual([0, 0, 0, 0, 0, 0])
  })

  row(['IC-33', 'IC-10', 'IC-44', 'NC-32', 'NC-07'], 'nor of client transactions', () => {
    const on = limited()
    if (flow.id !== undefined) on.connect(flow)
    const target = flow.id === undefined ? { protocol: 'udp', ...flow.remote } : flow
    for (const [status, method] of [
      [486, 'INVITE'],
      [200, 'INVITE'],
      [200, 'OPTIONS'],
    ] as const) {
      on.send(outgoing({ method, callId: `c${status}${method}` }), { target })
      on.receive(responseTo(sentBy(on, method), status, { toTag: 'b' }).text, flow)
    }
    expect(left(on)).toEqual(flow.id === undefined ? [3, 0, 0, 0, 0, 0] : [1, 0, 0, 1, 0, 0])
    on.advance(32_000)
    expect(left(on)).toEqual([0, 0, 0, 0, 0, 0])
  })
})

row('MR-1', 'the index leads to the transaction that came last, and outlives the one before', () => {
  const on = bench()
  const twice = (branch: string) => requestText({ branch, method: 'OPTIONS' })
  on.receive(twice('z9hG4bK1'))
  on.advance(1000)
  expect(on.receive(twice('z9hG4bK2'))).toContain('request OPTIONS merged with OPTIONS')
  for (const branch of ['z9hG4bK1', 'z9hG4bK2'])
    on.respond(responseTo(requestOf({ branch, method: 'OPTIONS' }), branch.endsWith('1') ? 200 : 482))
  on.advance(31_999)
  expect(left(on).slice(0, 2)).toEqual([2, 1])
  expect(on.receive(twice('z9hG4bK3'))).toContain('request OPTIONS merged with OPTIONS')
  on.respond(responseTo(requestOf({ branch: 'z9hG4bK3', method: 'OPTIONS' }), 482))
  on.advance(32_000)
  expect(left(on)).toEqual([0, 0, 0, 0, 0, 0])
})

row('K-6', 'of a request without cookie nothing is left, nor of what its response was found by', () => {
  const on = bench()
  const old = { branch: '1', method: 'OPTIONS' }
  on.receive(requestText(old))
  expect(left(on)).toEqual([1, 1, 1, 0, 0, 1])
  expect(on.respond(responseTo(requestOf({ ...old, callId: 'other' }), 200))).toEqual([
    'refused NoTransaction',
  ])
  expect(on.respond(responseTo(requestOf(old), 200))).toContain('accepted')
  on.advance(32_000)
  expect(left(on)).toEqual([0, 0, 0, 0, 0, 0])
})

row(['IC-50', 'NC-40', 'IS-40', 'NS-40'], 'what is late for it finds nothing and changes nothing', () => {
  const on = bench()
  on.receive(requestText({ method: 'OPTIONS' }))
  on.respond(responseTo(requestOf({ method: 'OPTIONS' }), 200))
  const transmit = on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : []))[0]!
  on.advance(32_000)
  const before = on.state()
  expect(on.respond(responseTo(requestOf({ method: 'OPTIONS' }), 200))).toEqual(['refused NoTransaction'])
  expect(
    on.brief({ _tag: 'SendFailed', flow: transmit.flow, why: 'unreachable', cause: transmit.cause }),
  ).toEqual(['diagnostic send-failed'])
  expect(on.state()).toBe(before)
})
