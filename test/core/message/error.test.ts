import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { answerTo } from '../../../src/core/message/error.js'
import { toTag } from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import { requestText } from '../../support/messages.js'
import { acceptedResponse, refused } from '../../support/parsed.js'

const broken = requestText({
  vias: ['SIP/2.0/UDP a;branch=z9hG4bK1', 'SIP/2.0/TCP b, SIP/2.0/UDP c'],
}).replace('CSeq: 1 INVITE', 'CSeq: 1 BYE')

describe('what can be read of an unreadable request', () => {
  test('is what a response needs, as it came', () => {
    expect(refused(broken).readable).toEqual({
      method: 'INVITE',
      vias: ['SIP/2.0/UDP a;branch=z9hG4bK1', 'SIP/2.0/TCP b, SIP/2.0/UDP c'],
      from: '<sip:alice@192.0.2.9>;tag=atag',
      to: '<sip:bob@192.0.2.1>',
      callId: 'call1',
      cseq: '1 BYE',
    })
  })

  test('holds no value that could break a line, but folds', () => {
    const { readable } = refused(
      broken
        .replace('To: <', 'To: "a\nX-Injected: 1" <')
        .replace('Call-ID: call1', 'Call-ID: a\rb')
        .replace('From: <', 'From:\r\n <'),
    )
    expect(readable.callId).toBeUndefined()
    expect(readable.to).toBe('"a')
    expect(readable.from).toBe('<sip:alice@192.0.2.9>;tag=atag')
  })

  test('names no method when the first line is no request line', () => {
    expect(refused(broken.replace('INVITE sip', 'SIP/2.0 999 sip')).readable.method).toBeUndefined()
  })
})

describe('the answer to an unreadable request', () => {
  test('8.2.6.2: carries all Vias, From, To, Call-ID and CSeq, and says what is wrong', () => {
    expect(answerTo(refused(broken))).toBe(
      [
        'SIP/2.0 400 Bad Request - CSeq: the method is not that of the request',
        'Via: SIP/2.0/UDP a;branch=z9hG4bK1',
        'Via: SIP/2.0/TCP b, SIP/2.0/UDP c',
        'From: <sip:alice@192.0.2.9>;tag=atag',
        'To: <sip:bob@192.0.2.1>',
        'Call-ID: call1',
        'CSeq: 1 BYE',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    )
  })

  test('8.2.6.2: gets a To tag where there is none', () => {
    expect(answerTo(refused(broken), 'xyz')).toContain('\r\nTo: <sip:bob@192.0.2.1>;tag=xyz\r\n')
    const tagged = broken.replace('To: <sip:bob@192.0.2.1>', 'To: <sip:bob@192.0.2.1>;TAG = old')
    expect(answerTo(refused(tagged), 'xyz')).toContain('\r\nTo: <sip:bob@192.0.2.1>;TAG = old\r\n')
  })

  test('is a message that its receiver can read', () => {
    const answer = answerTo(refused(broken), 'xyz') as string
    expect(toTag(acceptedResponse(answer))).toBe('xyz')
  })

  test('17.1.1.3: an ACK gets none; nor does what has no Via to go back by', () => {
    const ack = requestText({ method: 'ACK' }).replace('CSeq: 1', 'CSeq: x')
    expect([refused(ack).status, answerTo(refused(ack))]).toEqual([undefined, undefined])
    const lost = requestText().replace(/Via:.*\r\n/, '')
    expect([refused(lost).status, answerTo(refused(lost))]).toEqual([400, undefined])
  })

  test('never repeats an octet of what it complains about in its reason', () => {
    const evil = requestText().replace('Max-Forwards: 70', 'Max-Forwards: \x1b[31mevil')
    expect(answerTo(refused(evil))).toMatch(/^SIP\/2\.0 400 Bad Request - Max-Forwards: is not a number\r\n/)
  })

  test('reads no more of a message than its limit', () => {
    const long = requestText({ body: 'x'.repeat(1000) })
    const error = refused(long, { limits: { message: 120 } })
    expect([error.kind, error.status, error.offset]).toEqual(['limit', 513, 120])
    expect(error.readable.callId).toBeUndefined()
    expect(isLeft(parse(long, { limits: { message: 120 } }))).toBe(true)
  })
})
