import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode, isUtf8 } from '../../../src/core/data/utf8.js'
import { octets } from '../../../src/testing/fast-check/octets.js'

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

describe('UTF-8', () => {
  test('goes there and back as Node does it, half surrogate pairs included', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\ud800', '\udfff', 'x\ud83d'),
        (text, half) => {
          const whole = text + half
          expect(encode(whole)).toBe(latin1(whole))
          expect(decode(encode(whole))).toBe(Buffer.from(whole, 'utf8').toString('utf8'))
        },
      ),
      { seed: 1, numRuns: 1000 },
    )
  })

  test('octets that are none become U+FFFD and are told apart', () => {
    fc.assert(
      fc.property(octets, (bytes) => {
        const text = Buffer.from(bytes, 'latin1').toString('utf8')
        const valid = latin1(text) === bytes
        expect(isUtf8(bytes)).toBe(valid)
        if (valid) expect(decode(bytes)).toBe(text)
      }),
      { seed: 2, numRuns: 2000 },
    )
  })

  test.each([
    '\xc0\x80',
    '\xc1\xbf',
    '\xe0\x80\x80',
    '\xed\xa0\x80',
    '\xf0\x80\x80\x80',
    '\xf4\x90\x80\x80',
    '\xf5\x80\x80\x80',
    '\x80',
    '\xe2\x82',
    '\xff',
  ])('%j is refused: too long, a surrogate, beyond the last, or cut off', (bytes) => {
    expect(isUtf8(bytes)).toBe(false)
    expect(decode(bytes)).toMatch(/^\ufffd+$/)
  })

  test('ASCII costs nothing: it is the same string', () => {
    expect([encode('abc'), decode('abc')]).toEqual(['abc', 'abc'])
  })
})
