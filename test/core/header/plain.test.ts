/**
 * What nearly everybody writes has readers of its own. Written with white space where the grammar allows it, or with
 * another case of the scheme, the same goes past them: both must come to the same value, or to none.
 */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import type { Header } from '../../../src/core/header/define.js'
import { contact, from, route } from '../../../src/core/header/name-addr.js'
import { via } from '../../../src/core/header/via.js'

const pieces = (maxLength: number, ...all: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...all), { maxLength }).map((parts) => parts.join(''))

const host = fc.oneof(
  fc.constantFrom(
    'h',
    'a.b.example.com',
    'a.b.',
    '192.0.2.1',
    '192.0.2.256',
    '[2001:db8::1]',
    '[x]',
    '-_',
    '',
  ),
  pieces(5, '0', '1', '25', '6', '.', '.', '-', 'a', '_'),
)
const port = fc.constantFrom('', '', ':0', ':5060', ':65535', ':65536', ':', ':x')
const user = fc.oneof(
  fc.constantFrom('', '', 'bob@', '+1-212@', 'a:b@', 'a:b:c@', '@', 'a%20b@', 'a%2@', 'a;b?c/d@', 'a@b@'),
  pieces(4, 'a', '%41', '+', ':', ';', '=', '!', '"', '\u00e9').map((text) => `${text}@`),
)
const uriParams = pieces(
  3,
  ...[
    ';lr',
    ';transport=udp',
    ';transport=',
    ';ttl=1',
    ';ttl=256',
    ';maddr=[::1]',
    ';maddr=.',
    ';user=phone',
  ],
  ...[';x%41=%42', ';x=%4', ';', ';=a', ';a=b=c', ';x=@', ';method=a/b', '?a=b', '?a', '\u00e9'],
)
const rest = fc.tuple(user, host, port, uriParams).map((parts) => parts.join(''))

const name = fc.constantFrom(
  'tag',
  'branch',
  'rport',
  'ttl',
  'received',
  'maddr',
  'expires',
  '+sip.instance',
  '%',
)
const value = fc.oneof(
  fc.constantFrom(
    'a',
    '1',
    '256',
    '70000',
    '[::1]',
    '::1',
    '192.0.2.1',
    'a[',
    '"a"',
    '"a b"',
    '"\\""',
    '"<;,>"',
  ),
  fc.constantFrom('"::1"', '""', '"\u00e9"', '', '@'),
)
const params = fc.array(fc.tuple(name, fc.option(value, { nil: undefined })), { maxLength: 3 })
const display = fc.constantFrom('', '', '"Bob"', '"B\\"ob"', '""', '"\u00e9"', 'Bob')

type Pairs = readonly (readonly [string, string | undefined])[]

const tight = (all: Pairs): string =>
  all.map(([key, value]) => (value === undefined ? `;${key}` : `;${key}=${value}`)).join('')

const loose = (all: Pairs): string =>
  all.map(([key, value]) => (value === undefined ? ` ; ${key}` : ` ; ${key} = ${value}`)).join('')

/** Whether both texts say the same; a text that is refused is refused both ways. Says whether it was one that is read. */
const agree = (header: Header<unknown>, plain: string, spaced: string): boolean => {
  const [one, other] = [plain, spaced].map((text) => header.parse(text, 0, text.length))
  if (one === undefined || other === undefined) throw new Error('two texts make two values')
  expect([plain, isRight(one)]).toEqual([plain, isRight(other)])
  if (isRight(one)) expect(one).toEqual(other)
  return isRight(one)
}

/** Runs the property, and makes sure that it spoke of values that are read and of others. */
const holdsOf = <A>(texts: fc.Arbitrary<A>, property: (text: A) => boolean): void => {
  const counted = { read: 0, refused: 0 }
  fc.assert(
    fc.property(texts, (text) => {
      counted[property(text) ? 'read' : 'refused']++
    }),
    { seed: 20261125, numRuns: 4000 },
  )
  expect(Math.min(counted.read, counted.refused)).toBeGreaterThan(200)
}

test('an address', () => {
  holdsOf(
    fc.tuple(fc.constantFrom(from, contact, route), display, rest, params),
    ([header, shown, uri, all]) =>
      agree(
        header as Header<unknown>,
        `${shown}<sip:${uri}>${tight(all)}`,
        `${shown} <SIP:${uri}>${loose(all)}`,
      ),
  )
})

test('a Via', () => {
  holdsOf(
    fc.tuple(fc.constantFrom('UDP', 'tls-sctp', 'X%', '', '@'), host, port, params),
    ([transport, sentBy, number, all]) =>
      agree(
        via as Header<unknown>,
        `SIP/2.0/${transport} ${sentBy}${number}${tight(all)}`,
        `SIP/2.0/${transport}  ${sentBy}${number}${loose(all)}`,
      ),
  )
})

test('a value ends where it is said to end, whatever stands behind', () => {
  const text = '"Bob" <sip:bob@h:5060;lr>;tag=a'
  for (let end = 0; end <= text.length; end++)
    expect(from.parse(text, 0, end)).toEqual(from.parse(text.slice(0, end), 0, end))
  const hop = 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa;rport'
  for (let end = 0; end <= hop.length; end++)
    expect(via.parse(hop, 0, end)).toEqual(via.parse(hop.slice(0, end), 0, end))
})
