import { describe, expect, test } from 'vitest'
import {
  body,
  callId,
  cseqMethod,
  cseqNumber,
  fieldNamed,
  fromTag,
  has,
  maxForwards,
  noVia,
  toTag,
  topVia,
  viaCount,
} from '../../../src/core/message/head.js'
import * as Message from '../../../src/core/message.js'
import { requestText } from '../../support/messages.js'
import { acceptedRequest, right } from '../../support/parsed.js'

const request = acceptedRequest(
  requestText({
    vias: ['SIP/2.0/UDP a:5070;branch=z9hG4bK1;x="a,b", SIP/2.0/TCP b ,SIP/2.0/TLS c', 'SIP/2.0/UDP d'],
    fromTag: '"quoted tag"',
    toTag: 'b-tag',
    callId: 'a b@c',
    body: 'hello',
  }),
)

test('every fact of the head is there, as it is written', () => {
  expect(topVia(request)).toMatchObject({ transport: 'UDP', host: 'a', port: 5070 })
  expect(viaCount(request)).toBe(4)
  expect(cseqNumber(request)).toBe(1)
  expect(cseqMethod(request)).toBe('INVITE')
  expect(callId(request)).toBe('a b@c')
  expect(fromTag(request)).toBe('"quoted tag"')
  expect(toTag(request)).toBe('b-tag')
  expect(maxForwards(request)).toBe(70)
  expect(body(request)).toBe('hello')
  expect([has(request, 'CALL-id'), has(request, 'Subject')]).toEqual([true, false])
})

test('a copy that is none of ours says the same', () => {
  const copy = { ...request }
  expect([callId(copy), topVia(copy), fromTag(copy)]).toEqual([
    callId(request),
    topVia(request),
    fromTag(request),
  ])
})

test('a name is found in any case, its compact form only where it is given', () => {
  const short = acceptedRequest(requestText({ fields: ['s: hello', 'x-foo: 1'] }))
  expect(fieldNamed(short, 'Subject')).toBe(-1)
  expect(fieldNamed(short, 'Subject', 's')).toBeGreaterThan(0)
  expect(fieldNamed(short, 'X-FOO')).toBeGreaterThan(0)
})

describe('a message with nothing in it', () => {
  const empty = right(Message.request('OPTIONS', 'sip:a', []))

  test('says of everything that it is not there', () => {
    expect(topVia(empty)).toBe(noVia)
    expect(viaCount(empty)).toBe(0)
    expect([cseqNumber(empty), cseqMethod(empty), callId(empty)]).toEqual([-1, '', ''])
    expect([fromTag(empty), toTag(empty), maxForwards(empty)]).toEqual([undefined, undefined, undefined])
    expect(body(empty)).toBe('')
  })

  test('says the same of values that are none', () => {
    const odd = right(
      Message.request('OPTIONS', 'sip:a', [
        ['Via', 'nonsense'],
        ['CSeq', 'x'],
        ['Max-Forwards', 'y'],
        ['From', '"never closed'],
      ]),
    )
    expect(topVia(odd)).toBe(noVia)
    expect([cseqNumber(odd), cseqMethod(odd), maxForwards(odd), fromTag(odd)]).toEqual([
      -1,
      'x',
      undefined,
      undefined,
    ])
  })
})
