import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { parse } from '../../../src/core/message/parse.js'
import type { Message, Request, Response } from '../../../src/core/message/types.js'
import {
  acknowledgedIds,
  cancelledIds,
  clientIdOfResponse,
  clientKey,
  clientKeyOfResponse,
  Eq,
  id,
  inviteKeyOfCancel,
  type Key,
  serverId,
  serverIdOfResponse,
  serverKey,
  twinId,
} from '../../../src/core/transaction/key.js'
import { K } from '../../../src/core/transaction/key-text.js'

interface Facts {
  readonly method?: string
  readonly uri?: string
  readonly via?: string
  readonly from?: string
  readonly to?: string
  readonly callId?: string
  readonly cseq?: string
}

const VIA = 'SIP/2.0/UDP client.biloxi.example.com:5060;branch=z9hG4bK74b21'
const OLD = 'SIP/2.0/UDP old.example.com;branch=1'

const head = (start: string, facts: Facts): string =>
  [
    start,
    `Via: ${facts.via ?? VIA}`,
    `From: <sip:alice@example.com>;tag=${facts.from ?? 'from'}`,
    `To: <sip:bob@example.com>${facts.to === undefined ? '' : `;tag=${facts.to}`}`,
    `Call-ID: ${facts.callId ?? 'one@example.com'}`,
    `CSeq: ${facts.cseq ?? '1'} ${facts.method ?? 'INVITE'}`,
    'Max-Forwards: 70',
    '',
    '',
  ].join('\r\n')

const read = (text: string): Message => {
  const message = parse(text)
  if (!isRight(message)) throw new Error(JSON.stringify(message))
  return message.right
}

const request = (facts: Facts = {}): Request =>
  read(head(`${facts.method ?? 'INVITE'} ${facts.uri ?? 'sip:bob@example.com'} SIP/2.0`, facts)) as Request

const response = (status: number, facts: Facts = {}): Response =>
  read(head(`SIP/2.0 ${status} OK`, facts)) as Response

const same = (a: Key, b: Key): boolean => Eq.equals(a, b)

describe('client keys (17.1.3)', () => {
  test('K-1: a response has the key of its request: branch of the top Via, method of CSeq', () => {
    const key = clientKey(request())
    expect(key).toEqual({ _tag: 'ClientKey', branch: 'z9hG4bK74b21', method: 'INVITE' })
    expect(clientKeyOfResponse(response(200))).toEqual(key)
    expect(clientIdOfResponse(response(200))).toBe(id(key))
    expect(clientIdOfResponse(response(200, { via: `${VIA}x` }))).not.toBe(id(key))
  })

  test('K-2: a response to CANCEL is not one to its INVITE, though the branch is the same', () => {
    expect(clientIdOfResponse(response(200, { method: 'CANCEL' }))).toBe(id(K`z9hG4bK74b21|CANCEL`))
    expect(same(K`z9hG4bK74b21|CANCEL`, K`z9hG4bK74b21|INVITE`)).toBe(false)
  })

  test('K-9 K-11: what stands below the top Via, received and rport are no part of the key', () => {
    const facts = { via: `${VIA};received=192.0.2.1;rport=9\r\nVia: SIP/2.0/TCP other;branch=z9hG4bKo` }
    expect(clientIdOfResponse(response(200, facts))).toBe(id(K`z9hG4bK74b21|INVITE`))
  })

  test('K-12: neither To tag nor cookie is looked at', () => {
    const ids = ['a', 'b', undefined].map((to) =>
      clientIdOfResponse(response(200, to === undefined ? {} : { to })),
    )
    expect(new Set(ids).size).toBe(1)
    expect(clientIdOfResponse(response(200, { via: 'SIP/2.0/UDP h;branch=77' }))).toBe(id(K`77|INVITE`))
    expect(same(K`77|INVITE`, K`z9hG4bK77|INVITE`)).toBe(false)
  })
})

describe('server keys of requests with a cookie (17.2.3)', () => {
  test('K-3: branch, sent-by and method; branch, cookie and host in any case; the method in its own', () => {
    const key = K`z9hG4bK74b21|INVITE|client.biloxi.example.com:5060`
    expect(serverKey(request())).toEqual(key)
    expect(serverId(request())).toBe(id(key))
    expect(serverId(request({ via: VIA.replace('z9hG4bK74b21', 'Z9HG4BK74B21') }))).toBe(id(key))
    expect(serverId(request({ via: VIA.replace('client', 'CLIENT') }))).toBe(id(key))
    expect(serverId(request({ method: 'invite' }))).not.toBe(id(key))
  })

  test.each([
    ['UDP', 5060],
    ['TCP', 5060],
    ['SCTP', 5060],
    ['TLS', 5061],
    ['TLS-SCTP', 5061],
    ['tls', 5061],
    ['WS', 80],
    ['WSS', 443],
    ['X', 5060],
  ])('K-3: an absent port is the default of %s, %i', (transport, port) => {
    const absent = request({ via: `SIP/2.0/${transport} h;branch=z9hG4bK1` })
    const written = request({ via: `SIP/2.0/${transport} h:${port};branch=z9hG4bK1` })
    const other = request({ via: `SIP/2.0/${transport} h:${port + 1};branch=z9hG4bK1` })
    expect(serverId(absent)).toBe(serverId(written))
    expect(serverId(absent)).toBe(id(serverKey(absent)))
    expect(serverId(other)).not.toBe(serverId(written))
  })

  test('K-3: addresses of IPv6 are compared by value (RFC 5954 4.2)', () => {
    const key = serverKey(request({ via: 'SIP/2.0/UDP [2001:DB8:0:0::9:1]:5070;branch=z9hG4bK1' }))
    expect(key).toEqual({ ...key, host: '2001:DB8:0:0::9:1', port: 5070 })
    expect(same(key, K`z9hG4bK1|INVITE|[2001:db8::9:1]:5070`)).toBe(true)
    expect(same(key, K`z9hG4bK1|INVITE|[2001:db8::9:2]:5070`)).toBe(false)
  })

  test('K-4: an ACK has the key of its INVITE', () => {
    const ack = request({ method: 'ACK', to: 'b' })
    expect(serverKey(ack)).toEqual(serverKey(request()))
    expect(acknowledgedIds(ack)).toEqual([serverId(request())])
    expect(serverId(ack)).toBe(serverId(request()))
  })

  test('K-5: a CANCEL has a key of its own, and finds any method but CANCEL and ACK', () => {
    const cancel = request({ method: 'CANCEL' })
    expect(serverKey(cancel)).toEqual(K`z9hG4bK74b21|CANCEL|client.biloxi.example.com:5060`)
    expect(inviteKeyOfCancel(cancel)).toEqual(serverKey(request()))
    expect(cancelledIds(cancel)[0]).toBe(serverId(request()))
    expect(cancelledIds(cancel)).toContain(serverId(request({ method: 'REGISTER' })))
    expect(cancelledIds(cancel)).not.toContain(serverId(cancel))
    expect(cancelledIds(cancel).some((found) => found.includes('|ACK|'))).toBe(false)
  })

  test('K-7 K-8: another sent-by or another method is another transaction', () => {
    const ids = [
      request(),
      request({ via: VIA.replace('client', 'server') }),
      request({ via: VIA.replace('5060', '5062') }),
      request({ method: 'BYE' }),
      request({ method: 'OPTIONS' }),
    ].map(serverId)
    expect(new Set(ids).size).toBe(5)
  })

  test('K-10: the transport is no part of the key', () => {
    expect(serverId(request({ via: VIA.replace('UDP', 'TCP') }))).toBe(serverId(request()))
  })

  test('K-11: received, rport and other parameters are no part of the key', () => {
    const stamped = request({ via: `${VIA};received=192.0.2.1;rport=4711;ttl=1;x=y` })
    expect(serverId(stamped)).toBe(serverId(request()))
  })

  test('K-13: nor are Call-ID, From, CSeq number and Request-URI', () => {
    const other = request({ callId: 'two', from: 'x', cseq: '2', uri: 'sip:carol@example.com', to: 'y' })
    expect(serverId(other)).toBe(serverId(request()))
  })

  test('a response goes through the transaction of its request', () => {
    expect(serverIdOfResponse(response(200, { to: 'b' }))).toBe(serverId(request()))
    expect(serverIdOfResponse(response(200, { method: 'CANCEL' }))).toBe(
      serverId(request({ method: 'CANCEL' })),
    )
    expect(twinId(request())).toBeUndefined()
  })

  test('no server key has the id of a client key', () => {
    expect(id(K`z9hG4bK1|INVITE`)).not.toBe(id(K`z9hG4bK1|INVITE|h`))
    expect(same(K`z9hG4bK1|INVITE`, K`z9hG4bK1|INVITE|h`)).toBe(false)
  })
})

describe('server keys of requests without cookie, RFC 2543 (17.2.3)', () => {
  const invite = request({ via: OLD })

  test('K-6: an INVITE is known by Request-URI, To tag, From tag, Call-ID, CSeq and top Via', () => {
    const same = request({ via: `${OLD};received=192.0.2.1` })
    const others = [
      request({ via: OLD, uri: 'sip:carol@example.com' }),
      request({ via: OLD, to: 'b' }),
      request({ via: OLD, from: 'x' }),
      request({ via: OLD, callId: 'two' }),
      request({ via: OLD, cseq: '2' }),
      request({ via: OLD, method: 'BYE' }),
      request({ via: `${OLD};x=y` }),
      request({ via: OLD.replace('old', 'new') }),
      request({ via: OLD.replace('UDP', 'TCP') }),
      request({ via: OLD.replace('branch=1', 'branch=2') }),
      request({ via: 'SIP/2.0/UDP old.example.com' }),
      request({ via: OLD.replace('.com', '.com:5060') }),
      request({ via: OLD.replace('.com', '.com:5061') }),
      request({ via: `${OLD};x` }),
      request({ via: `${OLD};x=1` }),
      request({ via: `${OLD};x=undefined` }),
      request({ via: 'SIP/2.0/UDP old.example.com;branch=1x' }),
    ]
    expect(serverId(same)).toBe(serverId(invite))
    expect(new Set([invite, ...others].map(serverId)).size).toBe(others.length + 1)
    for (const { id: given, key } of others.map((r) => ({ id: serverId(r), key: serverKey(r) })))
      expect(id(key)).toBe(given)
  })

  test('K-6: by the rules of these fields: URIs as in 19.1.4, Via as in 20.42', () => {
    const written = request({
      uri: 'sip:%62ob@EXAMPLE.com;Transport=UDP;maddr=192.0.2.9',
      via: 'SIP / 2.0 / udp OLD.example.com ; a=B ; branch=1',
    })
    const otherwise = request({
      uri: 'SIP:bob@example.com;maddr=192.0.2.9;transport=udp',
      via: 'SIP/2.0/UDP old.example.com;BRANCH=1;A=b',
    })
    expect(serverId(written)).toBe(serverId(otherwise))
    const filled = (rport: string) => serverId(request({ via: `${OLD};rport${rport};received=192.0.2.1` }))
    expect(filled('')).toBe(serverId(invite))
    expect(filled('=5061')).toBe(serverId(invite))
    expect(serverId(request({ via: OLD, uri: 'sip:Bob@example.com' }))).not.toBe(serverId(invite))
    expect(serverId(request({ via: OLD, uri: 'sip:bob@example.com:5060' }))).not.toBe(serverId(invite))
    expect(serverId(request({ via: OLD, uri: 'sip:bob@example.com;user=phone' }))).not.toBe(serverId(invite))
  })

  test('K-6 K-14 IS-44: an ACK finds the INVITE that had no To tag, or had the one of the ACK', () => {
    const ack = request({ via: OLD, method: 'ACK', to: 'answer' })
    expect(acknowledgedIds(ack)).toContain(serverId(invite))
    expect(acknowledgedIds(ack)).toContain(serverId(request({ via: OLD, to: 'answer' })))
    expect(acknowledgedIds(ack)).not.toContain(serverId(request({ via: OLD, to: 'other' })))
    expect(acknowledgedIds({ ...ack, uri: 'sip:x@example.com' })).not.toContain(serverId(invite))
  })

  test('K-5 K-6: a CANCEL finds its INVITE', () => {
    expect(cancelledIds(request({ via: OLD, method: 'CANCEL' }))[0]).toBe(serverId(invite))
    expect(cancelledIds(request({ via: OLD, method: 'CANCEL', cseq: '2' }))[0]).not.toBe(serverId(invite))
  })

  test('a response, which has no Request-URI, is found by what it shares with its request', () => {
    expect(serverIdOfResponse(response(200, { via: `${OLD};received=192.0.2.1`, to: 'b' }))).toBe(
      twinId(invite),
    )
    expect(serverIdOfResponse(response(200, { via: OLD, cseq: '2' }))).not.toBe(twinId(invite))
    expect(serverIdOfResponse(response(200, { via: OLD, method: 'BYE' }))).not.toBe(twinId(invite))
  })

  test('the bare cookie identifies nothing (RFC 4475 3.2.1)', () => {
    const bare = request({ via: 'SIP/2.0/UDP h;branch=z9hG4bK' })
    const other = request({ via: 'SIP/2.0/UDP h;branch=z9hG4bK', callId: 'two' })
    expect(serverId(bare)).not.toBe(serverId(other))
  })
})
