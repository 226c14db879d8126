/** Parts of the ancestor's defects that no other test shows; docs/from-sippet.md lists all forty. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import * as Message from '../../src/core/message.js'
import type { Key } from '../../src/core/transaction/key.js'
import { requestChecks } from '../../src/core/user-agent/request-checks.js'
import { userAgent } from '../../src/core/user-agent/user-agent.js'
import { type Bench, bench, benchOf, configOf, peer, secret } from '../support/bench.js'
import { outgoing, read, requestText, responseTo } from '../support/messages.js'
import { torture, tortureText } from '../support/torture.js'

const sentRequest = (on: Bench<unknown>): Message.Request => {
  const sent = read(on.sent()[0]!)
  if (sent._tag !== 'Request') throw new Error('a request expected')
  return sent
}

test('S7: the ACK of a refused INVITE goes where the INVITE went, whatever its Request-URI', () => {
  const on = bench()
  on.send(outgoing({ uri: 'sip:bob@192.0.2.50' }), { target: { protocol: 'udp', ...peer } })
  expect(on.receive(responseTo(sentRequest(on), 486, { toTag: 'b' }).text)).toContain(
    'transmit ACK to 192.0.2.9:5060',
  )
  expect(on.sent().at(-1)).toMatch(/^ACK sip:bob@192\.0\.2\.50 /)
})

test('S12: a call that rings for ever ends by CANCEL, answered or not, and by terminate', () => {
  const ringing = () => {
    const on = benchOf(userAgent(configOf()))
    on.send(outgoing())
    on.receive(responseTo(sentRequest(on), 180, { toTag: 'b' }).text)
    const key = on.log.flatMap(({ output }): Key[] => (output._tag === 'Accepted' ? [output.key] : []))[0]!
    on.advance(3_600_000)
    expect(on.transactions()).toEqual(['invite-client Proceeding'])
    return { on, key }
  }
  const cancelled = ringing()
  cancelled.on.brief({ _tag: 'Cancel', ref: 'cancel', key: cancelled.key })
  expect(cancelled.on.advance(32_000)).toContain('3632000 error cancelled')
  expect(cancelled.on.transactions()).toEqual([])

  const terminated = ringing()
  terminated.on.brief({ _tag: 'Terminate', key: terminated.key })
  expect(terminated.on.transactions()).toEqual([])
})

test('S37: all responses of a transaction have one To tag', () => {
  const on = benchOf(userAgent(configOf()))
  on.receive(requestText())
  const request = on.log.flatMap(({ output }) =>
    output._tag === 'RequestReceived' ? [output.request] : [],
  )[0]!
  for (const status of [180, 183, 486]) on.respond(Message.respond(status)(request))
  const tags = on.sent().map((text) => /To: .*;tag=(\w+)/.exec(text)?.[1])
  expect(tags).toHaveLength(3)
  expect(tags[0]).toMatch(/^[0-9a-f]{16}$/)
  expect(new Set(tags).size).toBe(1)
})

test('S40: the ten invalid messages that Sippet takes are refused, or what is wrong with them is told', () => {
  const parsed = (name: string) =>
    Message.parse(tortureText(torture.find(({ file }) => file === `rfc4475/${name}.dat`)!))
  const refused = ['badaspec', 'baddn', 'lwsstart', 'ltgtruri', 'escruri', 'trws']
  expect(
    refused.map((name) => {
      const result = parsed(name)
      return isLeft(result) ? result.left.status : 'accepted'
    }),
  ).toEqual(refused.map(() => 400))

  const accepted = (name: string): Message.Request => {
    const result = parsed(name)
    if (isLeft(result) || result.right._tag !== 'Request') throw new Error(name)
    return result.right
  }
  // Whoever reads the value is told; nobody else need mind.
  expect(Message.fetch('date')(accepted('baddate'))).toMatchObject({ left: { _tag: 'Malformed' } })
  expect(Message.fetch('contact')(accepted('regbadct'))).toMatchObject({ left: { _tag: 'Malformed' } })
  // A cookie without an identifier identifies nothing: the request is matched as one of RFC 2543.
  const on = bench()
  on.receive(accepted('badbranch').text)
  const keys = on.log.flatMap(({ output }) => (output._tag === 'RequestReceived' ? [output.key] : []))
  expect(keys).toMatchObject([{ value: { legacy: { callId: 'badbranch.sadonfo23i420jv0as0derf3j3n' } } }])
  // An unknown scheme is for the user agent: 416 (8.2.2.1).
  const agent = benchOf(
    userAgent(configOf(), { checks: requestChecks({ schemes: ['sip', 'sips'] }, secret) }),
  )
  agent.receive(accepted('unkscm').text)
  expect(agent.sent().map((text) => text.slice(0, 11))).toEqual(['SIP/2.0 416'])
})
