import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalHost,
  isHost,
  isIpv4,
  isIpv6,
  printHostPort,
  sameHost,
  withoutBrackets,
} from '../../../src/core/uri/host.js'

describe('hosts', () => {
  test.each(['0.0.0.0', '192.0.2.1', '255.255.255.255', '010.1.1.1'])('%s is an IPv4 address', (text) => {
    expect([isIpv4(text), isHost(text), isIpv6(text)]).toEqual([true, true, false])
  })

  test.each([
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.',
    '.1.2.3',
    '1.2.3.4.',
    '1.2..4',
    '0001.2.3.4',
    '12',
    '1.2.3.x1.9',
  ])('%s is no IPv4 address and, ending in a number, no name', (text) => {
    expect([isIpv4(text), isHost(text)]).toEqual([false, false])
  })

  test.each([
    '::',
    '::1',
    '1::',
    '1:2:3:4:5:6:7:8',
    '1::8',
    '2001:db8::9:1',
    '::ffff:192.0.2.128',
    '1:2:3:4:5:6:1.2.3.4',
    'FDFB:6E63:7442:92B6:CC1A:DBE6:D33B:DE78',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
  ])('%s is an IPv6 address', (text) => {
    expect([isIpv6(text), isHost(text)]).toEqual([true, true])
  })

  test.each([
    ':',
    ':::',
    '1:::2',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '12345::',
    '1:',
    ':1',
    '::g',
    '::1.2.3',
    '::1.2.3.4:5',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '[::1]',
    '',
  ])('%j is no IPv6 address', (text) => {
    expect([isIpv6(text), isHost(text)]).toEqual([false, false])
  })

  test.each(['a', 'a.b', 'a.b.', 'a-b.c', '1a', '1.a', 'xn--bcher-kva.example', 'a_b', 'A1.2b'])(
    '%s is a name',
    (text) => {
      expect(isHost(text)).toBe(true)
    },
  )

  test.each(['', '.', '..', '.a', 'a..b', 'a.1', 'a b', 'a:1', 'a;b', 'ä', 'a/b', '-.-.1'])(
    '%j is no host',
    (text) => {
      expect(isHost(text)).toBe(false)
    },
  )

  test('IPv6 gets brackets when written, and only IPv6', () => {
    expect([printHostPort('::1', 5060), printHostPort('::1', undefined), printHostPort('h', 1)]).toEqual([
      '[::1]:5060',
      '[::1]',
      'h:1',
    ])
    expect([withoutBrackets('[::1]'), withoutBrackets('::1'), withoutBrackets('[')]).toEqual([
      '::1',
      '::1',
      '[',
    ])
  })

  test('a canonical host is the same host, and canonical', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), fc.domain()), (host) => {
        const form = canonicalHost(host.toUpperCase())
        expect(canonicalHost(form)).toBe(form)
        expect(sameHost(form, host)).toBe(true)
        expect(isHost(form)).toBe(true)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('an address is not the name that looks like it', () => {
    expect(sameHost('::1', '::2')).toBe(false)
    expect(sameHost('::1', 'localhost')).toBe(false)
  })
})
