/** Snapshots: a state as JSON and back, remaining times, closed connections: row Z-10. */
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { restore, snapshot, stack, userAgent as userAgentCodec } from '../../../src/core/codec/snapshot.js'
import { secretOf } from '../../../src/core/data/hash.js'
import type { Event, Output } from '../../../src/core/events.js'
import { start } from '../../../src/core/stack/state.js'
import { stackAlone, userAgent, type UserAgentState } from '../../../src/core/user-agent/user-agent.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { row } from '../../conformance/rows.js'
import { type Bench, benchOf, configOf, secret, tcp, udp } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

/** What the state of a bench is after a process was killed and `elapsed` ms later another one began. */
const restarted = (on: Bench<UserAgentState>, elapsed: number) => {
  const machine = userAgent(configOf())
  const at = on.inputs.at(-1)!.at
  const json: unknown = JSON.parse(JSON.stringify(snapshot(userAgentCodec, on.state(), at)))
  const restored = restore(userAgentCodec, machine.stackOf, json, { at: 1000, elapsed, secret })
  if (isLeft(restored)) throw new Error(restored.left)
  return {
    json,
    restored: restored.right,
    next: benchOf({ ...machine, start: restored.right.state }, restored.right),
  }
}

const dues = (outputs: readonly Output[]): Record<string, number> =>
  Object.fromEntries(
    outputs.flatMap((output) =>
      output._tag === 'StartTimer'
        ? [[output.id._tag === 'Transaction' ? output.id.timer : output.id._tag, output.due]]
        : [],
    ),
  )

const connection = (id: number): Flow => ({ ...tcp, id, remote: { ...tcp.remote, port: 40_000 + id } })

const ops: readonly ((on: Bench<unknown>, n: number) => unknown)[] = [
  (on, n) =>
    on.receive(requestText({ branch: `z9hG4bK${n % 3}`, callId: `c${n % 3}`, fields: ['Expires: 100'] })),
  (on, n) =>
    on.receive(
      requestText({ method: 'OPTIONS', branch: n % 2 === 0 ? '' : `z9hG4bKo${n}`, callId: `o${n}` }),
    ),
  (on, n) => on.receive(requestText({ branch: '', callId: `l${n % 2}` })),
  (on, n) => on.respond(responseTo(requestOf({ branch: '', callId: `l${n % 2}` }), 200)),
  (on, n) =>
    on.respond(
      responseTo(
        requestOf({ branch: `z9hG4bK${n % 3}`, callId: `c${n % 3}` }),
        [100, 180, 200, 486][n % 4] ?? 200,
      ),
    ),
  (on, n) => on.receive(requestText({ method: 'CANCEL', branch: `z9hG4bK${n % 3}`, callId: `c${n % 3}` })),
  (on, n) => on.receive(ackTo({ branch: `z9hG4bK${n % 3}`, callId: `c${n % 3}` }, 'x')),
  (on, n) => on.send(outgoing({ callId: `s${n}`, method: n % 2 === 0 ? 'INVITE' : 'MESSAGE' })),
  (on, n) =>
    on.send(outgoing({ callId: `t${n}` }), { target: { protocol: 'tcp', host: '192.0.2.9', port: 5060 } }),
  (on, n) => {
    const invites = on.sent().filter((text) => text.startsWith('INVITE'))
    const one = invites[n % Math.max(1, invites.length)]
    if (one === undefined) return
    const request = read(one)
    if (request._tag !== 'Request') return
    on.receive(
      responseTo(request, [100, 183, 200, 603][n % 4] ?? 200, {
        toTag: `t${n % 2}`,
        fields: ['Contact: <sip:b@192.0.2.9>'],
      }).text,
    )
  },
  (on, n) => {
    const keys = on.log.flatMap(({ output }) => (output._tag === 'Accepted' ? [output.key] : []))
    const key = keys[n % Math.max(1, keys.length)]
    if (key !== undefined) on.tell({ _tag: 'Cancel', ref: `cancel ${n}`, key })
  },
  (on, n) =>
    on.receive(
      requestText({ transport: 'TCP', branch: `z9hG4bKt${n}`, callId: `t${n}` }),
      connection(7 + (n % 2)),
    ),
  (on, n) => on.receive('INVITE sip:half', connection(9 + (n % 2))),
  (on, n) => on.tell({ _tag: 'After', ref: n, ms: n * 100 }),
  (on, n) => on.advance(n * 97),
]

describe('a state and its JSON', () => {
  test('are the same: decode(encode(s)) equals s, after whatever happened', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(ops.length - 1), fc.nat(40)), { maxLength: 30 }), (steps) => {
        const on = benchOf(userAgent(configOf()))
        for (const [op, n] of steps) ops[op]!(on, n)
        const codec = userAgentCodec({ base: 1000 + on.now(), secret })
        const text = JSON.stringify(codec.encode(on.state()))
        const decoded = codec.decode(JSON.parse(text))
        if (isLeft(decoded)) throw new Error(text)
        expect(decoded.right).toEqual(on.state())
        expect(JSON.stringify(codec.encode(decoded.right))).toBe(text)
      }),
      { seed: 20_261_124, numRuns: 150 },
    )
  })

  test('the first state too', () => {
    const codec = stack({ base: 0, secret })
    const decoded = codec.decode(JSON.parse(JSON.stringify(codec.encode(start(configOf())))))
    expect(isRight(decoded) && decoded.right).toEqual(start(configOf()))
  })

  test('there is no secret in it, and another one does as well', () => {
    const on = benchOf(userAgent(configOf()))
    on.receive(requestText())
    on.send(outgoing({ callId: 'out' }))
    const text = JSON.stringify(snapshot(userAgentCodec, on.state(), 1000))
    for (const number of [...secret, ...on.stack().layer.transactions.words])
      expect(text).not.toContain(String(number))
    const other = secretOf('another secret, as long as the first')
    const restored = restore(userAgentCodec, userAgent(configOf()).stackOf, JSON.parse(text), {
      at: 0,
      elapsed: 0,
      secret: other,
    })
    if (isLeft(restored)) throw new Error(restored.left)
    const next = benchOf(
      { ...userAgent({ ...configOf(), secret: other }), start: restored.right.state },
      restored.right,
    )
    expect(next.respond(responseTo(requestOf(), 486))).toContain('transmit 486 INVITE to 192.0.2.9:5060')
  })

  test('instants do not stand in it, remaining times do', () => {
    const at = (start: number) => {
      const on = benchOf(userAgent(configOf()))
      on.suspend(start)
      on.receive(requestText())
      on.advance(50)
      return JSON.stringify(snapshot(userAgentCodec, on.state(), 1000 + on.now()))
    }
    expect(at(123_456)).toBe(at(0))
    expect(at(0)).toContain('"due":150')
  })
})

describe('a file that is none', () => {
  const fresh = () =>
    JSON.parse(JSON.stringify(snapshot(stack, start(configOf()), 0))) as { state: Record<string, unknown> }

  test.each([
    ['nothing', null, /object expected/],
    ['another thing', { sippet: 'log' }, /Snapshot/],
    ['another version', { ...fresh(), version: 99 }, /99/],
    ['a field missing', { ...fresh(), state: { ...fresh().state, draining: undefined } }, /draining/],
    ['a field too many', { ...fresh(), state: { ...fresh().state, secret: 'x' } }, /no field secret/],
    ['a message that is none', { ...fresh(), state: { ...fresh().state, alarms: [['a', 1]] } }, /Alarm/],
  ])('%s is refused with the reason', (_, json, why) => {
    const restored = restore(stack, (state) => state, json, { at: 0, elapsed: 0, secret })
    expect(isLeft(restored) && restored.left).toMatch(why)
  })
})

describe('after a restart', () => {
  row('Z-10', 'timers go on with what remained of them; the overdue fire at once, timeouts first', () => {
    const on = benchOf(userAgent(configOf()))
    on.send(outgoing())
    on.advance(600) // A fired at 500 and is due again at 1500, B at 32000
    const soon = restarted(on, 100)
    expect(dues(soon.restored.outputs)).toEqual({ A: 1000 + 1500 - 500 - 100, B: 1000 + 32_000 - 500 - 100 })
    const late = restarted(on, 60_000)
    expect(dues(late.restored.outputs)).toEqual({ A: 1000 - 59_000, B: 1000 - 28_500 })
    const said = late.next.advance(0).map((line) => line.replace('0 ', ''))
    expect(said.filter((line) => !line.startsWith('stop'))).toEqual(['error timeout', 'ended'])
  })

  test('between 180 and 200 the call goes on: the core answers, the ACK ends it', () => {
    const on = benchOf(userAgent(configOf()))
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 180))
    const { next } = restarted(on, 700)
    expect(next.receive(requestText())).toEqual(['transmit 180 INVITE to 192.0.2.9:5060'])
    expect(next.sent()[0]).toBe(on.sent()[0])
    expect(next.respond(responseTo(requestOf(), 200))).toContain('transmit 200 INVITE to 192.0.2.9:5060')
    const tag =
      /tag=(\w+)\r\nCall-ID/.exec(next.sent()[1]!)?.[1] ?? /To: .*tag=(\w+)/.exec(next.sent()[1]!)?.[1] ?? ''
    expect(on.sent()[0]).toContain(tag)
    expect(next.receive(ackTo({}, tag, { branch: 'z9hG4bKack' }))).toContain(
      'request ACK without transaction',
    )
  })

  test('with the ACK outstanding the 2xx is repeated until it comes', () => {
    const on = benchOf(userAgent(configOf()))
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 200, { toTag: 'btag' }))
    const { restored, next } = restarted(on, 200)
    expect(dues(restored.outputs)).toEqual({ L: 1000 + 32_000 - 200, Application: 1000 + 500 - 200 })
    expect(next.advance(300)).toContain('300 transmit 200 INVITE to 192.0.2.9:5060')
    expect(next.receive(ackTo({}, 'btag', { branch: 'z9hG4bKack' }))).toContain(
      'request ACK without transaction',
    )
    expect(next.receive(ackTo({}, 'btag', { branch: 'z9hG4bKack' }))).toEqual([])
  })

  test('connections have closed: an INVITE that nobody answered has failed, a server transaction waits', () => {
    const on = benchOf(userAgent(configOf()))
    on.receive(requestText({ transport: 'TCP' }), tcp)
    on.send(outgoing({ callId: 'out' }), { target: tcp })
    const { restored, next } = restarted(on, 0)
    expect(restored.events).toEqual([{ _tag: 'FlowClosed', flow: tcp }])
    const said = restored.events.flatMap((event: Event) => next.brief(event))
    expect(said).toContain('error transport')
    expect(said).toContain('diagnostic flow-closed IS-43')
    expect(next.transactions()).toEqual([expect.stringMatching(/^invite-server Proceeding/)])
  })

  test('datagram flows are addresses and go on', () => {
    const on = benchOf(userAgent(configOf()))
    on.receive(requestText(), { ...udp, remote: { host: '192.0.2.9', port: 5060 } })
    const { restored, next } = restarted(on, 0)
    expect(restored.events).toEqual([])
    expect(next.respond(responseTo(requestOf(), 486))).toContain('transmit 486 INVITE to 192.0.2.9:5060')
  })

  test('a name that was being asked for is asked again, once', () => {
    const on = benchOf(userAgent(configOf()))
    on.send(outgoing({ uri: 'sip:bob@example.com:5060', callId: 'a' }))
    on.send(outgoing({ uri: 'sip:bob@example.com:5060', callId: 'b' }))
    const { restored, next } = restarted(on, 0)
    expect(restored.outputs.filter(({ _tag }) => _tag === 'Resolve')).toEqual([
      { _tag: 'Resolve', question: { _tag: 'Host', name: 'example.com' } },
    ])
    const said = next.brief({
      _tag: 'Resolved',
      question: { _tag: 'Host', name: 'example.com' },
      answer: { _tag: 'Host', addresses: ['192.0.2.9'] },
      ttl: 1000,
    })
    expect(said.filter((line) => line.startsWith('transmit'))).toHaveLength(2)
  })

  test('the stack alone can be restored as well', () => {
    const machine = stackAlone(configOf())
    const on = benchOf(machine)
    on.send(outgoing())
    const json: unknown = JSON.parse(JSON.stringify(snapshot(stack, on.state(), 1000)))
    const restored = restore(stack, machine.stackOf, json, { at: 1000, elapsed: 0, secret })
    expect(isRight(restored) && restored.right.state).toEqual(on.state())
  })
})
