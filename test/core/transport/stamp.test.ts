import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { popVia } from '../../../src/core/message/build.js'
import { topVia } from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import { received, rport } from '../../../src/core/header/via.js'
import { stamp } from '../../../src/core/transport/stamp.js'
import { octets } from '../../../src/testing/fast-check/octets.js'
import { requestText } from '../../support/messages.js'
import { acceptedRequest } from '../../support/parsed.js'

const source = { host: '192.0.2.9', port: 4711 }
const from = (via: string, at = source): string => {
  const request = acceptedRequest(requestText({ vias: [via, 'SIP/2.0/UDP lower;rport;received=10.0.0.1'] }))
  const stamped = stamp(at, request)
  expect(parse(stamped.text)).toEqual({ _tag: 'Right', right: stamped })
  expect(topVia(stamped)).toStrictEqual(topVia(acceptedRequest(stamped.text)))
  expect(stamped.text).toContain('\r\nVia: SIP/2.0/UDP lower;rport;received=10.0.0.1\r\n')
  return /\r\nVia: (.*)\r\n/.exec(stamped.text)?.[1] ?? ''
}

describe('18.2.1: received', () => {
  test('is added when sent-by is a name or another address, at the end', () => {
    expect(from('SIP/2.0/UDP pc.example.com;branch=z9hG4bK1')).toBe(
      'SIP/2.0/UDP pc.example.com;branch=z9hG4bK1;received=192.0.2.9',
    )
    expect(from('SIP/2.0/UDP 10.1.1.1')).toBe('SIP/2.0/UDP 10.1.1.1;received=192.0.2.9')
  })

  test('is not added when sent-by is that very address, whatever the port and however it is written', () => {
    const request = acceptedRequest(requestText({ sentBy: '192.0.2.9:5060' }))
    expect(stamp(source, request)).toBe(request)
    const six = acceptedRequest(requestText({ sentBy: '[2001:DB8:0::1]:5060' }))
    expect(stamp({ host: '2001:db8::1', port: 1 }, six)).toBe(six)
  })

  test('RFC 5118 4.5: is written without brackets, and without a zone of ours', () => {
    expect(from('SIP/2.0/UDP [2001:db8::1]', { host: 'fe80::1%eth0', port: 5060 })).toBe(
      'SIP/2.0/UDP [2001:db8::1];received=fe80::1',
    )
  })
})

describe('RFC 3581 4: rport', () => {
  test('is filled when it is asked for, and then received is there "even if it is identical"', () => {
    expect(from('SIP/2.0/UDP 192.0.2.9;rport;branch=z9hG4bK1')).toBe(
      'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1;received=192.0.2.9;rport=4711',
    )
  })

  test('is not added when nobody asked', () => {
    expect(from('SIP/2.0/UDP 10.1.1.1')).not.toContain('rport')
  })
})

describe('what the sender claims', () => {
  test.each([
    ['SIP/2.0/UDP 192.0.2.9;received=203.0.113.66', 'SIP/2.0/UDP 192.0.2.9'],
    ['SIP/2.0/UDP h;received=203.0.113.66', 'SIP/2.0/UDP h;received=192.0.2.9'],
    ['SIP/2.0/UDP 192.0.2.9;rport=66', 'SIP/2.0/UDP 192.0.2.9;received=192.0.2.9;rport=4711'],
    [
      'SIP/2.0/UDP h ; RPORT = 66 ;branch=z9hG4bK1; Received=[::66]; rport;x',
      'SIP/2.0/UDP h ;branch=z9hG4bK1;x;received=192.0.2.9;rport=4711',
    ],
    [
      'SIP/2.0/UDP h;x=";received=203.0.113.66";received=203.0.113.66',
      'SIP/2.0/UDP h;x=";received=203.0.113.66";received=192.0.2.9',
    ],
  ])('%s becomes %s', (via, stamped) => {
    expect(from(via)).toBe(stamped)
  })

  test('S: other values of the same field, and lower Vias, stay as they are', () => {
    expect(from('SIP/2.0/UDP h, SIP/2.0/TCP i;received=10.0.0.1')).toBe(
      'SIP/2.0/UDP h;received=192.0.2.9, SIP/2.0/TCP i;received=10.0.0.1',
    )
  })
})

test('whatever stands in the top Via, its response can only go where the request came from', () => {
  const params = fc
    .array(
      fc.oneof(
        octets,
        fc.constantFrom('rport', 'received', '=', ';', '"', '203.0.113.66', ' ', ',', '\r\n '),
      ),
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.constantFrom('h', '192.0.2.9', '[::1]:99'), params, (host, rest) => {
      const parsed = parse(requestText({ vias: [`SIP/2.0/UDP ${host};rport${rest}`] }))
      if (parsed._tag === 'Left' || parsed.right._tag !== 'Request') return
      const stamped = stamp(source, parsed.right)
      const via = topVia(stamped)
      expect(via).toStrictEqual(topVia(acceptedRequest(stamped.text)))
      expect(received(via) ?? via.host).toBe(source.host)
      expect([source.port, undefined]).toContain(rport(via))
      expect(via.params.filter(({ name }) => /^(received|rport)$/i.test(name)).length).toBeLessThan(3)
    }),
    { seed: 18_2_1, numRuns: 2000 },
  )
})

test('a request without Via is left alone', () => {
  const bare = popVia(acceptedRequest(requestText()))
  expect(stamp(source, bare)).toBe(bare)
})
