/** The sieves accept only what the readers behind them accept: whatever passes one was never read by the other. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { via } from '../../../src/core/header/via.js'
import { octetsOf } from '../../../src/core/message/octets.js'
import { isPlainUri, isPlainVia, plainHostEnd } from '../../../src/core/message/plain.js'
import { requestUriFault } from '../../../src/core/message/start-line.js'
import { isDomain } from '../../../src/core/uri/host.js'

/** Up to `maxLength` of those, one behind the other. */
const pieces = (maxLength: number, ...all: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...all), { maxLength }).map((parts) => parts.join(''))

const number = fc.constantFrom('0', '1', '00', '192', '0192', '255', '256')
const host = fc.oneof(
  fc.tuple(number, number, number, number).map((parts) => parts.join('.')),
  pieces(6, '0', '1', '192', '256', '.', '.', '-', 'a', 'Zb', '_'),
)
const param = fc.constantFrom(';rport', ';ttl', ';received', ';branch', ';lr', ';x=y', ';maddr')
const value = fc.oneof(fc.constantFrom('', '=', '=5060', '=65536', '="', '=%', '=x', '=[::1]'), host)
const after = fc
  .tuple(
    fc.constantFrom('', ':', ':5060', ':65536'),
    fc.array(
      fc.tuple(param, value).map((both) => both.join('')),
      { maxLength: 2 },
    ),
  )
  .map(([port, params]) => `${port}${params.join('')}`)

const octets = (text: string) => octetsOf(text, 0, text.length)

/** Whether it passed the sieve; a text that did must be accepted. */
const sieved = (passes: boolean, isAccepted: () => boolean): boolean => {
  if (passes) expect(isAccepted()).toBe(true)
  return passes
}

/** Runs the property, and makes sure that it spoke of something. */
const often = (one: fc.Arbitrary<string>, seed: number, check: (text: string) => boolean): void => {
  let passed = 0
  fc.assert(
    fc.property(one, (text) => {
      if (check(text)) passed++
    }),
    { seed, numRuns: 10_000 },
  )
  expect(passed).toBeGreaterThan(400)
}

test('a plain host is a host', () => {
  often(host, 1, (text) =>
    sieved(plainHostEnd(octets(text), 0, text.length) === text.length, () => isDomain(text)),
  )
})

test('a plain Via is a Via', () => {
  const text = fc.tuple(host, after).map((parts) => `SIP/2.0/UDP ${parts.join('')}`)
  often(text, 2, (one) =>
    sieved(isPlainVia(octets(one), 0, one.length, 32), () => isRight(via.parse(one, 0, one.length))),
  )
})

test('a plain URI is one that a request may have', () => {
  const rest = fc.tuple(fc.constantFrom('', 'a@', 'a%@', 'a:b@'), host, after).map((parts) => parts.join(''))
  often(rest, 3, (text) =>
    sieved(isPlainUri(octets(`sip:${text}`), 0, text.length + 4), () => {
      const slow = `SIP:${text}` // no sieve knows that
      return requestUriFault(slow, octets(slow), 0, slow.length) === undefined
    }),
  )
})

test.each(['0192.0.2.198', '192.0002.2.1', '192.0.2.0001', '256.0.2.1', '192.0.2', '1.2.3.4.5', 'a.1'])(
  '%s is in doubt',
  (text) => {
    expect(plainHostEnd(octets(text), 0, text.length)).toBe(-1)
  },
)
