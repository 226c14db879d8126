import { describe, expect, test } from 'vitest'
import { trying } from '../../../src/core/transaction/trying.js'
import { inviteServer, nonInviteServer, rfc3261 } from '../../../src/core/transaction.js'
import { row } from '../../conformance/rows.js'
import { hundredText, invite, options, request, response } from './fixtures.js'

describe('the automatic 100', () => {
  row(['IS-02', 'NS-06'], 'its Timestamp says how long it took, lateness included', () => {
    const fired = (timer: 'Trying' | 'N100') => ({ _tag: 'TimerFired', timer, late: 1234.5678 }) as const
    const [proceeding] = inviteServer.start(rfc3261, invite, 'unreliable')
    expect(inviteServer.reducer(rfc3261)(proceeding, fired('Trying'))[1]).toEqual([
      { _tag: 'Transmit', bytes: hundredText('INVITE', '1.435') },
    ])
    const [waiting] = nonInviteServer.start(rfc3261, options, 'reliable')
    expect(nonInviteServer.reducer(rfc3261)(waiting, fired('N100'))[1]).toEqual([
      { _tag: 'Transmit', bytes: hundredText('OPTIONS', '4.735') },
    ])
  })

  row(
    'IS-02',
    'copies Via, From, To, Call-ID and CSeq octet by octet and nothing else, and can be read',
    () => {
      const folded = request(
        'INVITE sip:bob@example.com SIP/2.0',
        'v: SIP/2.0/UDP a.example.com;branch=z9hG4bKa, SIP/2.0/TCP b.example.com;branch=z9hG4bKb',
        'Record-Route: <sip:p.example.com;lr>',
        'f: <sip:alice@example.com>',
        '\t;tag=1',
        't: <sip:bob@example.com>',
        'i: c1',
        'CSeq: 1  INVITE',
        'Max-Forwards: 70',
        'Contact: <sip:alice@a.example.com>',
        '',
        '',
      )
      const hundred = trying(folded.text, 200)
      expect(hundred.split('\r\n')).toEqual([
        'SIP/2.0 100 Trying',
        'v: SIP/2.0/UDP a.example.com;branch=z9hG4bKa, SIP/2.0/TCP b.example.com;branch=z9hG4bKb',
        'f: <sip:alice@example.com>',
        '\t;tag=1',
        't: <sip:bob@example.com>',
        'i: c1',
        'CSeq: 1  INVITE',
        'Content-Length: 0',
        '',
        '',
      ])
      expect(response(...hundred.split('\r\n')).status).toBe(100)
    },
  )

  test.each([
    ['54', '54 0.200'],
    ['54.21', '54.21 0.200'],
    ['54.', '54. 0.200'],
    ['54 3.1', '54 3.1'],
    ['soon', 'soon'],
    ['-1', '-1'],
    ['1.2.3', '1.2.3'],
  ])('a Timestamp of %s becomes %s', (value, copied) => {
    const { text } = request(...invite.text.replace('Timestamp: 54', `TimeStamp: ${value}`).split('\r\n'))
    expect(trying(text, 200)).toMatch(new RegExp(`\r\ntimestamp: ${copied.replace(/[.]/g, '\\.')}\r\n`, 'i'))
  })
})
