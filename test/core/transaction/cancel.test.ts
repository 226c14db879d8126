import { describe, expect } from 'vitest'
import { cancel } from '../../../src/core/transaction/cancel.js'
import { row } from '../../conformance/rows.js'
import { invite, request } from './fixtures.js'

/** An INVITE with all that a CANCEL must copy and must not, in forms that are easily copied wrong. */
const rich = (via: string): string =>
  request(
    'INVITE sips:bob@[2001:db8::1]:5061;maddr=10.0.0.1 SIP/2.0',
    `${via}: SIP/2.0/UDP a.example.com;branch=z9hG4bKa;x="1,2;3", SIP/2.0/UDP b.example.com;branch=z9hG4bKb`,
    'Via: SIP/2.0/UDP c.example.com;branch=z9hG4bKc',
    'v: SIP/2.0/UDP d.example.com;branch=z9hG4bKd',
    'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
    'f: "A, B" <sip:alice@example.com>',
    '  ;tag=1928',
    'ROUTE : <sip:p3.example.com;lr>',
    't: <sip:bob@example.com>;tag=7',
    'i: a84b4c76e66710',
    'cSeq: 0314159\t INVITE',
    'Max-Forwards: 9',
    'Require: 100rel',
    'Proxy-Require: foo',
    'Authorization: Digest username="alice"',
    'Contact: <sip:alice@a.example.com>',
    'l: 7',
    '',
    'To: x\r\n',
  ).text

describe('the CANCEL of an INVITE', () => {
  row(
    'CN-2',
    'has its Request-URI, top Via, Route, From, To, Call-ID and CSeq number, and nothing else',
    () => {
      for (const via of ['Via', 'v'])
        expect(cancel(rich(via)).split('\r\n')).toEqual([
          'CANCEL sips:bob@[2001:db8::1]:5061;maddr=10.0.0.1 SIP/2.0',
          `${via}: SIP/2.0/UDP a.example.com;branch=z9hG4bKa;x="1,2;3"`,
          'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
          'f: "A, B" <sip:alice@example.com>',
          '  ;tag=1928',
          'ROUTE : <sip:p3.example.com;lr>',
          't: <sip:bob@example.com>;tag=7',
          'i: a84b4c76e66710',
          'CSeq: 0314159 CANCEL',
          'Max-Forwards: 70',
          'Content-Length: 0',
          '',
          '',
        ])
    },
  )

  row('CN-2', 'can be read, with the long names too', () => {
    expect(request(...cancel(invite.text).split('\r\n')).text.split('\r\n')).toEqual([
      'CANCEL sip:bob@biloxi.com SIP/2.0',
      'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff',
      'To: Bob <sip:bob@biloxi.com>',
      'From: Alice <sip:alice@atlanta.com>;tag=88sja8x',
      'Call-ID: 987asjd97y7atg',
      'CSeq: 986759 CANCEL',
      'Max-Forwards: 70',
      'Content-Length: 0',
      '',
      '',
    ])
  })
})
