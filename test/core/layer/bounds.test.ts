/** What a peer may take of the stack, and what it gets beyond (8.2.7, 21.5.4): row ST-4 and the bounds. */
import { describe, expect, test } from 'vitest'
import { toTag } from '../../../src/core/message/head.js'
import { rfc3261 } from '../../../src/core/transaction/types.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { row } from '../../conformance/rows.js'
import { type Bench, bench, tcp, udp } from '../../support/bench.js'
import { ackTo, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const over = (n: number) => requestText({ callId: `c${n}`, branch: `z9hG4bKb${n}` })

const full = (servers: number): Bench<unknown> => {
  const on = bench({ bounds: { servers } })
  for (let n = 0; n < servers; n++) on.receive(over(n))
  return on
}

const last = (on: Bench<unknown>) => read(on.sent().at(-1) ?? '')

describe('over the bound of live server transactions', () => {
  row('ST-4', 'one answer 503 with Retry-After, the same for the same request, and no state', () => {
    const on = full(2)
    const before = on.state()
    const refused = ['transmit 503 INVITE to 192.0.2.9:5060', 'diagnostic overload']
    expect(on.receive(over(9))).toEqual(refused)
    const first = last(on).text
    expect(first).toContain('\r\nRetry-After: 5\r\n')
    expect(on.receive(over(9))).toEqual(refused)
    expect(last(on).text).toBe(first)
    expect(on.state()).toBe(before)
  })

  row('ST-4', 'its ACK is absorbed, its CANCEL ignored; another ACK is not', () => {
    const on = full(1)
    on.receive(over(9))
    const tag = toTag(last(on)) ?? ''
    expect(tag).not.toBe('')
    const before = on.state()
    expect(on.receive(ackTo({ callId: 'c9', branch: 'z9hG4bKb9' }, tag))).toEqual([])
    expect(on.receive(ackTo({ callId: 'c9', branch: 'z9hG4bKb9' }, 'other'))).toEqual([
      'request ACK without transaction',
    ])
    expect(on.receive(ackTo({ callId: 'other', branch: 'z9hG4bKb9' }, tag))).toEqual([
      'request ACK without transaction',
    ])
    expect(on.receive(requestText({ method: 'CANCEL', callId: 'c9', branch: 'z9hG4bKb9' }))).toEqual([
      'diagnostic overload',
    ])
    expect(on.state()).toBe(before)
  })

  test('other calls get other tags', () => {
    const tags = ['a', 'b'].map((salt) => {
      const on = full(1)
      on.receive(requestText({ callId: salt, branch: 'z9hG4bKx' }))
      return toTag(last(on))
    })
    expect(new Set(tags).size).toBe(2)
    expect(tags.every((tag) => tag !== undefined && /^[0-9a-f]{32}$/.test(tag))).toBe(true)
  })

  row('ST-4', 'what lives goes on: retransmissions, ACKs, and the CANCEL of what was accepted', () => {
    const on = full(2)
    expect(on.receive(over(0))).toEqual([])
    expect(on.receive(requestText({ method: 'CANCEL', callId: 'c0', branch: 'z9hG4bKb0' }))).toContain(
      'request CANCEL cancels INVITE',
    )
    on.respond(responseTo(requestOf({ callId: 'c1', branch: 'z9hG4bKb1' }), 486))
    expect(on.receive(ackTo({ callId: 'c1', branch: 'z9hG4bKb1' }, 'x'))).toContain('start I 5000')
  })

  row('ST-4', 'when one ends there is room again', () => {
    const on = full(1)
    on.respond(responseTo(requestOf({ callId: 'c0', branch: 'z9hG4bKb0' }), 200))
    expect(on.receive(over(1))).toContain('diagnostic overload')
    on.advance(32_000)
    expect(on.receive(over(1))).toEqual(['start Trying 200', 'request INVITE'])
  })
})

row('ST-4', 'one source takes its share and not the others’, over all its ports and connections', () => {
  const on = bench({ bounds: { perSource: 2 } })
  const from = (host: string, port: number): Flow => ({ ...udp, remote: { host, port } })
  expect(on.receive(over(1), from('198.51.100.1', 1))).toContain('request INVITE')
  expect(on.receive(over(2), { ...tcp, remote: { host: '198.51.100.1', port: 2 } })).toContain(
    'request INVITE',
  )
  expect(on.receive(over(3), from('198.51.100.1', 3))).toEqual([
    'transmit 503 INVITE to 198.51.100.1:5060',
    'diagnostic overload',
  ])
  expect(on.receive(over(4), from('198.51.100.2', 1))).toContain('request INVITE')
  for (const n of [1, 2]) on.respond(responseTo(requestOf({ callId: `c${n}`, branch: `z9hG4bKb${n}` }), 200))
  on.advance(32_000)
  expect(on.receive(over(5), from('198.51.100.1', 5))).toContain('request INVITE')
  expect(on.receive(over(6), from('198.51.100.1', 6))).toContain('request INVITE')
  expect(on.receive(over(7), from('198.51.100.1', 7))).toContain('diagnostic overload')
})

describe('a silent application', () => {
  const guarded = {
    timing: { ...rfc3261.timing, guard: 180_000 },
    profile: { ...rfc3261.profile, nonInviteGuard: true },
  }

  row(
    ['IS-15', 'NS-11', 'NS-41'],
    'is told once of an INVITE, and gets rid of anything else at 64·T1',
    () => {
      const on = bench({ config: guarded, bounds: { servers: 2 } })
      on.receive(requestText())
      on.receive(requestText({ method: 'OPTIONS', callId: 'c2', branch: 'z9hG4bK2' }))
      expect(on.receive(over(3))).toContain('diagnostic overload')
      expect(on.advance(32_000)).toEqual([
        '200 transmit 100 INVITE to 192.0.2.9:5060',
        '3500 transmit 100 OPTIONS to 192.0.2.9:5060',
        '32000 error tu-timeout',
        '32000 ended',
      ])
      expect(on.receive(over(3))).toContain('request INVITE')
      expect(on.advance(148_000)).toContain('180000 error tu-timeout')
      expect(on.respond(responseTo(requestOf(), 500))).toContain('accepted')
    },
  )

  test('has no guard in the strict profile', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS' }))
    on.advance(3_600_000)
    expect(on.transactions()).toEqual(['non-invite-server Proceeding'])
  })
})

describe('draining', () => {
  test('refuses what is new and finishes what lives', () => {
    const on = bench()
    on.receive(requestText())
    expect(on.brief({ _tag: 'Drain' })).toEqual([])
    expect(on.receive(over(2))).toEqual(['transmit 503 INVITE to 192.0.2.9:5060', 'diagnostic overload'])
    expect(on.respond(responseTo(requestOf(), 200))).toContain('accepted')
    expect(on.advance(32_000)).toEqual(['32000 ended'])
  })
})
