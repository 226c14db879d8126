import { describe, expect } from 'vitest'
import { ack } from '../../../src/core/transaction/ack.js'
import { inviteClient, rfc3261 } from '../../../src/core/transaction.js'
import type { Request, Response } from '../../../src/core/message/types.js'
import { row } from '../../conformance/rows.js'
import { ackText, answer, invite, request, response } from './fixtures.js'

/** An INVITE with all that an ACK must copy and must not, in forms that are easily copied wrong. */
const rich: Request = request(
  'INVITE sips:bob@[2001:db8::1]:5061;maddr=10.0.0.1 SIP/2.0',
  'v: SIP/2.0/UDP a.example.com;branch=z9hG4bKa;x="1,2;3" , SIP/2.0/UDP b.example.com;branch=z9hG4bKb',
  'Via: SIP/2.0/UDP c.example.com;branch=z9hG4bKc',
  'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
  'f: "A, B" <sip:alice@example.com>',
  '  ;tag=1928',
  'ROUTE : <sip:p3.example.com;lr>',
  't: <sip:bob@example.com>',
  'i: a84b4c76e66710',
  'cSeq: 0314159\t INVITE',
  'Require: 100rel',
  'Proxy-Require: foo',
  'Authorization: Digest username="alice"',
  'Proxy-Authorization: Digest username="a",',
  ' realm="one"',
  'Proxy-Authorization: Digest username="a", realm="two"',
  'Contact: <sip:alice@a.example.com>',
  'c: application/sdp',
  'l: 7',
  '',
  'To: x\r\n',
)

const refusal: Response = response(
  'SIP/2.0 407 Proxy Authentication Required',
  'Via: SIP/2.0/UDP a.example.com;branch=z9hG4bKa;x="1,2;3";received=192.0.2.1',
  'TO: "Bob"',
  ' <sip:bob@example.com> ;tag=99',
  'From: "A, B" <sip:alice@example.com>;tag=1928',
  'Call-ID: a84b4c76e66710',
  'CSeq: 314159 INVITE',
  'Require: 100rel',
  'Route: <sip:elsewhere.example.com>',
  'Content-Length: 0',
  '',
  '',
)

const lines = (): readonly string[] => ack(rich.text, refusal).split(/\r\n(?! )/)
const named = (name: string): readonly string[] =>
  lines().filter((line) => new RegExp(`^(${name}) *:`, 'i').test(line))

describe('the ACK of the transaction', () => {
  row('AK-1', 'Request-URI, Call-ID and From are the INVITE’s', () => {
    expect(lines()[0]).toBe('ACK sips:bob@[2001:db8::1]:5061;maddr=10.0.0.1 SIP/2.0')
    expect(named('call-id|i')).toEqual(['i: a84b4c76e66710'])
    expect(named('from|f')).toEqual(['f: "A, B" <sip:alice@example.com>\r\n  ;tag=1928'])
  })

  row('AK-2', 'To is the response’s', () => {
    expect(named('to|t')).toEqual(['TO: "Bob"\r\n <sip:bob@example.com> ;tag=99'])
    const compact = response(...answer('INVITE', 404).text.replace('To:', 't :').split('\r\n'))
    expect(ack(invite.text, compact)).toBe(ackText().replace('To:', 't :'))
  })

  row('AK-3', 'exactly one Via, the INVITE’s top one', () => {
    expect(named('via|v')).toEqual(['v: SIP/2.0/UDP a.example.com;branch=z9hG4bKa;x="1,2;3" '])
    expect(ack(invite.text, answer('INVITE', 404)).match(/^Via: .*$/gm)).toEqual([
      'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff',
    ])
  })

  row('AK-4', 'the INVITE’s CSeq number, method ACK', () => {
    expect(named('cseq')).toEqual(['CSeq: 0314159 ACK'])
  })

  row('AK-5', 'the INVITE’s Route fields, in order', () => {
    expect(named('route')).toEqual([
      'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
      'ROUTE : <sip:p3.example.com;lr>',
    ])
  })

  row('AK-7', 'Max-Forwards is the INVITE’s, or 70 where it had none', () => {
    expect(named('max-forwards')).toEqual(['Max-Forwards: 70'])
    const hops = request(...invite.text.replace('Max-Forwards: 70', 'Max-Forwards: 9').split('\r\n'))
    expect(ack(hops.text, answer('INVITE', 404))).toContain('\r\nMax-Forwards: 9\r\n')
    expect(ack(hops.text, answer('INVITE', 404)).match(/max-forwards/gi)).toHaveLength(1)
  })

  row('AK-8', 'no body', () => {
    expect(named('content-length|l')).toEqual(['Content-Length: 0'])
    expect(named('content-type|c')).toEqual([])
    expect(ack(rich.text, refusal)).toMatch(/\r\nContent-Length: 0\r\n\r\n$/)
  })

  row('AK-9', 'no Require, no Proxy-Require', () => {
    expect(named('require|proxy-require')).toEqual([])
  })

  row('AK-10', 'the INVITE’s credentials, all of them', () => {
    expect(named('authorization|proxy-authorization')).toEqual([
      'Authorization: Digest username="alice"',
      'Proxy-Authorization: Digest username="a",\r\n realm="one"',
      'Proxy-Authorization: Digest username="a", realm="two"',
    ])
  })

  row(
    ['IC-09', 'IC-10', 'IC-22', 'IC-23'],
    'is a request that can be read, over either transport, from either state',
    () => {
      const reducer = inviteClient.reducer(rfc3261)
      for (const on of ['unreliable', 'reliable'] as const) {
        const [calling] = inviteClient.start(rfc3261, invite, on)
        const [proceeding] = reducer(calling, { _tag: 'ResponseReceived', response: answer('INVITE', 180) })
        for (const state of [calling, proceeding]) {
          const [, effects] = reducer(state, {
            _tag: 'ResponseReceived',
            response: answer('INVITE', 603, 'zz'),
          })
          const sent = effects.flatMap((effect) => (effect._tag === 'Transmit' ? [effect.bytes] : []))
          expect(sent).toEqual([ackText('zz')])
          expect(request(...sent.join('').split('\r\n')).method).toBe('ACK')
        }
      }
    },
  )

  row(['IC-30', 'CN-12'], 'is the first one again when the 487 comes again, whatever its To', () => {
    const reducer = inviteClient.reducer(rfc3261)
    const [calling] = inviteClient.start(rfc3261, invite, 'unreliable')
    const [completed] = reducer(calling, { _tag: 'ResponseReceived', response: answer('INVITE', 487, 'one') })
    for (const again of [answer('INVITE', 487, 'one'), answer('INVITE', 603, 'two')])
      expect(reducer(completed, { _tag: 'ResponseReceived', response: again })).toEqual([
        completed,
        [{ _tag: 'Transmit', bytes: ackText('one') }],
      ])
  })
})
