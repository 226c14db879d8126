/**
 * What the machines of the Elixir Sippet, this library's ancestor, do wrong, by the numbers under which their defects are
 * listed. Each test is the situation in which the defect shows.
 */
import { expect, test } from 'vitest'
import {
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
} from '../../../src/core/transaction.js'
import { type Config, type Effect, rfc3261 } from '../../../src/core/transaction/types.js'
import { simulate } from '../../../src/testing/simulate.js'
import { ackRequest, ackText, answer, invite, options, withTiming } from './fixtures.js'

const calling = () =>
  simulate(inviteClient.reducer(rfc3261), inviteClient.start(rfc3261, invite, 'unreliable'))

const called = (config: Config = rfc3261) =>
  simulate(inviteServer.reducer(config), inviteServer.start(config, invite, 'unreliable'))

const asked = (config: Config = rfc3261) =>
  simulate(nonInviteServer.reducer(config), nonInviteServer.start(config, options, 'unreliable'))

const heard = (status: number, method = 'INVITE') =>
  ({ _tag: 'ResponseReceived', response: answer(method, status) }) as const

const said = (status: number, method = 'INVITE') =>
  ({ _tag: 'Respond', response: answer(method, status) }) as const

const again = { _tag: 'RequestReceived', request: invite } as const
const ack = { _tag: 'AckReceived', request: ackRequest } as const
const failed = { _tag: 'TransportFailed' } as const

const tags = (effects: readonly Effect[]): readonly string[] => effects.map(({ _tag }) => _tag)

test('S1: an unanswered INVITE gives up at 32.0 s, not at 76.2 s', () => {
  const call = calling()
  call.advance()
  expect(call.times('Transmit')).toEqual([0, 500, 1500, 3500, 7500, 15500, 31500])
  expect(call.times('Fail')).toEqual([32_000])
})

test('S2: a refusal without ACK gives up at 32.0 s, not at 35.6 s', () => {
  const call = called()
  call.send(said(486))
  call.advance()
  expect(call.times('Fail')).toEqual([32_000])
})

test('S3: both INVITE machines outlive a 2xx, so that repeated INVITEs and 2xx find them', () => {
  const server = called()
  server.send(said(200))
  expect(server.send(again)).toEqual([])
  expect(server.send(said(200))).toEqual([{ _tag: 'Transmit', bytes: answer('INVITE', 200).text }])
  server.advance()
  expect(server.times('Ended')).toEqual([32_000])

  const client = calling()
  client.send(heard(200))
  expect(tags(client.send(heard(200)))).toEqual(['Deliver'])
  client.advance()
  expect(client.times('Ended')).toEqual([32_000])
})

test('S4: no 100 after the core’s 180, and a repeated INVITE gets the 180', () => {
  const call = called()
  call.advance(100)
  call.send(said(180))
  call.advance(60_000)
  expect(call.times('Transmit')).toEqual([100])
  expect(call.send(again)).toEqual([{ _tag: 'Transmit', bytes: answer('INVITE', 180).text }])
})

test('S5: a second answer of the core is discarded, the transaction lives on', () => {
  const refused = called()
  refused.send(said(486))
  for (const status of [180, 200, 486, 603]) expect(tags(refused.send(said(status)))).toEqual(['Diagnostic'])
  expect(refused.send(again)).toEqual([{ _tag: 'Transmit', bytes: answer('INVITE', 486).text }])
  refused.send(ack)
  expect(tags(refused.send(said(486)))).toEqual(['Diagnostic'])
  expect(refused.state._tag).toBe('Confirmed')

  const answered = asked()
  answered.send(said(200, 'OPTIONS'))
  expect(tags(answered.send(said(500, 'OPTIONS')))).toEqual(['Diagnostic'])
  expect(answered.send({ _tag: 'RequestReceived', request: options })).toEqual([
    { _tag: 'Transmit', bytes: answer('OPTIONS', 200).text },
  ])
})

test('S6: E or F already on its way does not cut timer K short', () => {
  const call = simulate(
    nonInviteClient.reducer(rfc3261),
    nonInviteClient.start(rfc3261, options, 'unreliable'),
  )
  call.send(heard(200, 'OPTIONS'))
  call.send({ _tag: 'TimerFired', timer: 'F', late: 0 })
  call.send({ _tag: 'TimerFired', timer: 'E', late: 0 })
  call.advance()
  expect(call.times('Ended')).toEqual([5000])
})

test('S7: the ACK of a refused INVITE carries the top Via alone', () => {
  const [transmit] = calling()
    .send(heard(404))
    .filter(({ _tag }) => _tag === 'Transmit')
  expect(transmit).toEqual({ _tag: 'Transmit', bytes: ackText() })
  expect(invite.text.match(/^Via:/gm)).toHaveLength(2)
  expect(ackText().match(/^Via:/gm)).toHaveLength(1)
})

test('S8: an ACK that could not be sent is reported', () => {
  const call = calling()
  call.send(heard(404))
  expect(call.send(failed)).toContainEqual({ _tag: 'Fail', reason: 'transport' })
  expect(call.state._tag).toBe('Terminated')
})

test('S9: a server transaction whose response could not be sent stays, and tells its core', () => {
  for (const [status, box] of [
    [180, 'Proceeding'],
    [486, 'Completed'],
    [200, 'Accepted'],
  ] as const) {
    const call = called()
    call.send(said(status))
    expect(call.send(failed)).toEqual([{ _tag: 'Fail', reason: 'transport' }])
    expect(call.state._tag).toBe(box)
  }
})

test('S10: an ACK in Proceeding is no repeated INVITE', () => {
  const call = called()
  call.send(said(180))
  expect(tags(call.send(ack))).toEqual(['Diagnostic'])
})

test('S11: to a non-INVITE no 18x and no 408, and 100 after 3.5 s and not before', () => {
  const call = asked()
  for (const status of [100, 180]) expect(tags(call.send(said(status, 'OPTIONS')))).toEqual(['Diagnostic'])
  call.advance()
  expect(call.times('Transmit')).toEqual([3500])
  expect(call.send(said(408, 'OPTIONS'))).toEqual([
    { _tag: 'Ended' },
    { _tag: 'Diagnostic', ignored: 'withheld', row: 'NS-24' },
  ])
})

test('S12: with guards on, no server transaction waits for a silent core in silence', () => {
  const ringing = called(withTiming({ guard: 180_000 }))
  ringing.send(said(180))
  ringing.advance()
  expect(ringing.effects.at(-1)).toEqual({ at: 180_000, effect: { _tag: 'Fail', reason: 'tu-timeout' } })

  const silent = asked({ ...rfc3261, profile: { ...rfc3261.profile, nonInviteGuard: true } })
  silent.advance()
  expect(silent.state._tag).toBe('Terminated')
  expect(silent.times('Fail')).toEqual([32_000])
})

test('S14: every reason is a word of a closed list, whatever failed', () => {
  const reasons = [calling(), called(), asked()].flatMap((call) => {
    call.send(failed)
    call.advance()
    return call.effects.flatMap(({ effect }) => (effect._tag === 'Fail' ? [effect.reason] : []))
  })
  expect(reasons).toEqual(['transport', 'transport'])
})
