import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode } from '../../../src/core/data/utf8.js'

const latin1 = (octets: Buffer): string => octets.toString('latin1')

test('encodes as every runtime does, half surrogate pairs included', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.nat(0xffff).map((c) => String.fromCharCode(c)) }),
      ),
      (text) => {
        expect(encode(text)).toBe(latin1(Buffer.from(text, 'utf8')))
      },
    ),
    { seed: 6, numRuns: 200 },
  )
})

test('decodes what it encodes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decode(encode(text))).toBe(text)
    }),
    { seed: 7, numRuns: 1000 },
  )
})

test('never throws, and lets nothing through that is no UTF-8', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (octets) => {
      const text = decode(latin1(Buffer.from(octets)))
      const strict = Buffer.from(octets).toString('utf8')
      expect(text.includes('\ufffd')).toBe(strict.includes('\ufffd'))
      if (!strict.includes('\ufffd')) expect(text).toBe(strict)
    }),
    { seed: 8, numRuns: 2000 },
  )
})

test.each([
  ['overlong', '\u00c0\u00af'],
  ['overlong', '\u00e0\u0080\u00af'],
  ['a surrogate', '\u00ed\u00a0\u0080'],
  ['above U+10FFFF', '\u00f4\u0090\u0080\u0080'],
  ['cut', '\u00e2\u0082'],
])('%s: one U+FFFD an octet', (_what, octets) => {
  expect(decode(octets)).toBe('\ufffd'.repeat(octets.length))
})
