import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, defaultPort, Eq, equals, LazyEq } from '../../../src/core/uri/equality.js'
import { normalize } from '../../../src/core/uri/escape.js'
import type { SipUri, Uri } from '../../../src/core/uri/types.js'
import { sipUri, telUri, uri } from '../../../src/testing/fast-check/uri.js'
import { read, write } from './read.js'

const equal = (a: string, b: string): boolean => Eq.equals(read(a), read(b))

describe('19.1.4: equivalent', () => {
  test.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
  ])('%s and %s', (a, b) => {
    expect([equal(a, b), equal(b, a)]).toEqual([true, true])
  })
})

describe('19.1.4: not equivalent', () => {
  test.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@h', 'sips:a@h'], // "A SIP and SIPS URI are never equivalent."
    ['sip:a@h', 'sip:h'], // "A URI omitting the user component will not match a URI that includes one."
    ['sip:a@h', 'sip:a:p@h'], // the same for the password
    ['sip:a:P@h', 'sip:a:p@h'], // "including … passwords"
    ['sip:a@h;user=phone', 'sip:a@h'], // "A user, ttl, or method uri-parameter appearing in only one URI never matches"
    ['sip:a@h;ttl=1', 'sip:a@h'],
    ['sip:a@h;method=INVITE', 'sip:a@h'],
    ['sip:a@h;maddr=239.255.255.1', 'sip:a@h'], // the same for maddr
    ['sip:a%3Bb@h', 'sip:a;b@h'], // a reserved character is not equivalent to its escape
    ['sip:a@h?x=1', 'sip:a@h?x=1&y=2'], // "URI header components are never ignored."
    ['sip:a@h?call-id=A', 'sip:a@h?call-id=a'], // 20.8: case-sensitive
    ['sip:a@h?via=x&via=y', 'sip:a@h?via=y&via=x'], // the order of values of one header means something
    ['sip:a@h;x', 'sip:a@h;x=1'],
  ])('%s and %s', (a, b) => {
    expect([equal(a, b), equal(b, a)]).toEqual([false, false])
  })

  test('"Note that equality is not transitive": security=on, none, security=off', () => {
    const [on, none, off] = ['sip:c@h;security=on', 'sip:c@h', 'sip:c@h;security=off'] as const
    expect([equal(on, none), equal(none, off), equal(on, off)]).toEqual([true, true, false])
  })
})

describe('RFC 5954 4.2: IPv6 addresses are compared by value', () => {
  test.each([
    ['sip:bob@[::ffff:192.0.2.128]', 'sip:bob@[::ffff:c000:280]', true],
    ['sip:[2001:db8::9:1]', 'sip:[2001:DB8:0:0:0:0:9:01]', true],
    ['sip:h;maddr=[::1]', 'sip:h;maddr=[0:0::01]', true],
    ['sip:[2001:db8::9:1]', 'sip:[2001:db8::9:10]', false],
  ])('%s and %s: %s', (a, b, is) => {
    expect(equal(a, b)).toBe(is)
  })
})

describe('RFC 3966 4', () => {
  test.each([
    ['tel:+1(201)555.0123', 'tel:+1-201-555-0123', true],
    ['tel:+358-555-1234567;postd=pp22', 'tel:+358-555-1234567;POSTD=PP22', true],
    ['tel:+1;ext=(1)2', 'tel:+1;ext=12', true],
    ['tel:7042;phone-context=example.com', 'tel:7042;phone-context=Example.COM', true],
    ['tel:7042;phone-context=+1-201', 'tel:7042;phone-context=+1201', true],
    ['tel:+1;a=1;b=2', 'tel:+1;b=2;a=1', true],
    ['tel:7a#;phone-context=a.b', 'tel:7A#;phone-context=a.b', true],
    ['tel:+12015550123;ext=1', 'tel:+12015550123', false],
    ['tel:7042;phone-context=example.com', 'tel:7042;phone-context=example.org', false],
    ['tel:+1', 'tel:1', false], // "Both must be either a 'local-number' or a 'global-number'"
    ['tel:+1', 'sip:+1@h;user=phone', false],
  ])('%s and %s: %s', (a, b, is) => {
    expect([equal(a, b), equal(b, a)]).toEqual([is, is])
  })
})

describe('LazyEq', () => {
  test.each([
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060', true],
    ['sip:bob@biloxi.com;transport=UDP', 'sip:bob@biloxi.com', true],
    ['sip:bob@biloxi.com;transport=UDP', 'sip:bob@biloxi.com:5060', true],
    ['sips:bob@biloxi.com', 'sips:bob@biloxi.com:5061;transport=tls', true],
    ['sip:bob@biloxi.com:5061', 'sip:bob@biloxi.com', false],
    ['tel:+1', 'tel:+1', true],
  ])('%s and %s: %s', (a, b, is) => {
    expect(LazyEq.equals(read(a), read(b))).toBe(is)
  })

  test.each([
    ['sip', '', 5060],
    ['SIPS', '', 5061],
    ['sip', 'TLS', 5061],
    ['sip', 'ws', 80],
    ['sips', 'ws', 443],
    ['sip', 'wss', 443],
    ['tel', '', undefined],
  ])('the default port of %s %s is %s', (scheme, transport, port) => {
    expect(defaultPort(scheme, transport)).toBe(port)
  })
})

describe('laws', () => {
  /** The same URI as somebody else might write it: letters of names in other case, parameters in other order. */
  const respelled = (of: SipUri, shift: number): SipUri => ({
    ...of,
    host: of.host.toUpperCase(),
    params: [...of.params.slice(shift), ...of.params.slice(0, shift)].map(({ name, value }) =>
      value === undefined ? { name: swap(name) } : { name: swap(name), value: swap(value) },
    ),
  })

  const swap = (text: string): string =>
    text.replace(/%..|[a-z]/gi, (part) =>
      part.startsWith('%') ? part : part === part.toLowerCase() ? part.toUpperCase() : part.toLowerCase(),
    )

  test('reflexive, also for a copy', () => {
    fc.assert(
      fc.property(
        uri(),
        (a) => equals(a, a) && equals(a, read(write(a))) && LazyEq.equals(a, read(write(a))),
      ),
      { seed: 1, numRuns: 500 },
    )
  })

  test('symmetric', () => {
    fc.assert(
      fc.property(uri(), uri(), (a, b) => equals(a, b) === equals(b, a)),
      { seed: 2, numRuns: 500 },
    )
  })

  test('the same in other spelling is equivalent and has the same canonical form', () => {
    const once = (of: SipUri): boolean =>
      new Set(of.params.map(({ name }) => normalize(name).toLowerCase())).size === of.params.length
    fc.assert(
      fc.property(sipUri().filter(once), fc.nat(3), (a, shift) => {
        const b = respelled(a, shift)
        expect(equals(a, b)).toBe(true)
        expect(canonical(b)).toBe(canonical(a))
      }),
      { seed: 3, numRuns: 500 },
    )
  })

  test('canonical forms are URIs, equivalent to what they are of, and their own canonical form', () => {
    fc.assert(
      fc.property(uri(), (a) => {
        const form = read(canonical(a))
        expect(equals(a, form)).toBe(true)
        expect(canonical(form)).toBe(canonical(a))
      }),
      { seed: 4, numRuns: 500 },
    )
  })

  /** Close relatives, so that equal ones are not rare. */
  const family: fc.Arbitrary<Uri> = fc
    .tuple(
      fc.constantFrom('sip:', 'sips:'),
      fc.constantFrom('', 'a@', 'A@', '%61@', 'a:p@'),
      fc.constantFrom('h', 'H', '[::1]', '[0::1]'),
      fc.constantFrom('', ':5060'),
      fc.constantFrom('', ';x=1', ';X=1', ';x=2', ';lr', ';user=ip', ';x=1;lr', ';lr;x=1'),
      fc.constantFrom('', '?s=b', '?S=B'),
    )
    .map((parts) => read(parts.join('')))

  test('equal canonical forms imply equivalence; so does the converse where names of parameters agree', () => {
    const names = (a: Uri): string =>
      a._tag === 'Sip'
        ? a.params
            .map(({ name }) => name.toLowerCase())
            .sort()
            .join()
        : ''
    fc.assert(
      fc.property(family, family, (a, b) => {
        if (canonical(a) === canonical(b)) expect(equals(a, b)).toBe(true)
        if (names(a) === names(b)) expect(equals(a, b)).toBe(canonical(a) === canonical(b))
      }),
      { seed: 5, numRuns: 2000 },
    )
  })

  test('tel: equivalence is an equivalence', () => {
    fc.assert(
      fc.property(telUri(), telUri(), (a, b) => equals(a, b) === (canonical(a) === canonical(b))),
      { seed: 6, numRuns: 500 },
    )
  })
})
