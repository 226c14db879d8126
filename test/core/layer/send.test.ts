/** Responses on their way to their server transaction: tags, keys, refusals (RFC 3261 8.2.6.2, 9.2, 17.2.3). */
import { isSome } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import type { Output } from '../../../src/core/events.js'
import { toTag } from '../../../src/core/message/head.js'
import { serverKey } from '../../../src/core/transaction/key.js'
import { row } from '../../conformance/rows.js'
import { bench, udp } from '../../support/bench.js'
import { ackTo, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const tagsSent = (texts: readonly string[]) =>
  texts
    .map((text) => read(text))
    .map((message) => [message._tag === 'Response' && message.status, toTag(message)])

const arrived = (outputs: readonly Output[]) => outputs.find((output) => output._tag === 'RequestReceived')

describe('the To tag', () => {
  row(['IS-06'], 'is the same from 180 on, and a 100 has none', () => {
    const on = bench()
    on.receive(requestText())
    for (const status of [100, 180, 486]) on.respond(responseTo(requestOf(), status))
    const [hundred, ringing, busy] = tagsSent(on.sent())
    expect(hundred).toEqual([100, undefined])
    expect(ringing?.[1]).toMatch(/^[0-9a-f]{16}$/)
    expect(busy).toEqual([486, ringing?.[1]])
  })

  test('is the one that the core brought first, for what the core leaves open afterwards', () => {
    const on = bench()
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 180, { toTag: 'mine' }))
    on.respond(responseTo(requestOf(), 486))
    expect(tagsSent(on.sent())).toEqual([
      [180, 'mine'],
      [486, 'mine'],
    ])
  })

  test('is not decided by a tag in a 100', () => {
    const on = bench()
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 100, { toTag: 'early' }))
    on.respond(responseTo(requestOf(), 180))
    const [hundred, ringing] = tagsSent(on.sent())
    expect(hundred).toEqual([100, 'early'])
    expect(ringing?.[1]).not.toBe('early')
    expect(ringing?.[1]).toMatch(/^[0-9a-f]{16}$/)
  })
})

describe('without cookie', () => {
  const old = { branch: 'old' }

  row(['K-14'], 'an ACK is the transaction’s when its To tag is that of a final response sent', () => {
    const on = bench()
    on.receive(requestText(old))
    on.respond(responseTo(requestOf(old), 180, { toTag: 'ringing' }))
    on.respond(responseTo(requestOf(old), 486, { toTag: 'busy' }))
    const ack = (tag: string) =>
      on.tell({ _tag: 'Received', flow: udp, bytes: ackTo(old, tag) }).map(({ _tag }) => _tag)
    expect(ack('ringing')).toEqual(['RequestReceived']) // a provisional does not count
    expect(ack('other')).toEqual(['RequestReceived'])
    expect(ack('busy')).not.toContain('RequestReceived')
  })
})

describe('the key of a server transaction', () => {
  test.each([
    { sentBy: '192.0.2.9' },
    { sentBy: '192.0.2.9:5060' },
    { sentBy: '192.0.2.9:5070' },
    { sentBy: 'client.example.com' },
    { sentBy: 'client.example.com:5062' },
    { sentBy: '192.0.2.9', branch: 'of-an-old-client' },
    { sentBy: '192.0.2.9:5070', branch: '' },
  ])('is that of its request, as the client wrote it: %j', (parts) => {
    const on = bench()
    const request = requestOf({ ...parts, method: 'OPTIONS' })
    const found = arrived(on.tell({ _tag: 'Received', flow: udp, bytes: request.text }))
    const key = found?._tag === 'RequestReceived' && isSome(found.key) ? found.key.value : undefined
    expect(key).toStrictEqual(serverKey(request))
    const ref = 'answer'
    const outputs = on.tell({ _tag: 'SendResponse', ref, response: responseTo(request, 200) })
    const accepted = outputs.find((output) => output._tag === 'Accepted')
    expect(accepted).toMatchObject({ ref, key: serverKey(request) })
  })
})

describe('a response that may not go', () => {
  const answer = (on: ReturnType<typeof bench>, status: number, parts = {}) =>
    on.tell({
      _tag: 'SendResponse',
      ref: 'late',
      response: responseTo(requestOf({ method: 'OPTIONS', ...parts }), status),
    })

  test('belongs to no transaction: refused, and nothing changes', () => {
    const on = bench()
    const before = on.state()
    expect(answer(on, 200)).toEqual([{ _tag: 'Refused', ref: 'late', reason: { _tag: 'NoTransaction' } }])
    expect(on.state()).toEqual(before)
  })

  row(['NS-31'], 'is a second final one: refused by its row, and nothing changes', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS' }))
    answer(on, 200)
    const before = on.transactions()
    const outputs = answer(on, 486)
    expect(outputs.find((output) => output._tag === 'Refused')).toEqual({
      _tag: 'Refused',
      ref: 'late',
      reason: { _tag: 'NotAllowed', row: 'NS-31' },
    })
    expect(outputs.find((output) => output._tag === 'Diagnostic')).toMatchObject({
      code: 'tu-misuse',
      what: 'non-invite-server in Completed ignored it',
      row: 'NS-31',
    })
    expect(outputs.some((output) => output._tag === 'Transmit')).toBe(false)
    expect(on.transactions()).toEqual(before)
  })
})
