/** Octets and tokens, of which URIs and header values are made. */
import * as fc from 'fast-check'
import type { Bytes } from '../../core/data/bytes.js'

/** One char of `alphabet`. */
export const char = (alphabet: string): fc.Arbitrary<string> =>
  fc.nat({ max: alphabet.length - 1 }).map((i) => alphabet.charAt(i))

/** Strings of chars of `alphabet`, `minLength` or more of them. */
export const of = (alphabet: string, minLength: number = 0, maxLength: number = 12): fc.Arbitrary<Bytes> =>
  fc.string({ unit: char(alphabet), minLength, maxLength })

export const digits = '0123456789'
export const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
export const alphanum: string = digits + letters
export const unreserved: string = `${alphanum}-_.!~*'()`
/** RFC 3261 25.1 `token`. */
export const tokenChars: string = `${alphanum}-.!%*_+\`'~`
/** RFC 3261 25.1 `word`. */
export const wordChars: string = `${tokenChars}()<>:\\"/[]?{}`

export const token: fc.Arbitrary<string> = of(tokenChars, 1)

/** Any octets at all. */
export const octets: fc.Arbitrary<Bytes> = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
})

/** Octets that a line may hold: no CR, LF or NUL. */
export const line: fc.Arbitrary<Bytes> = octets.map((text) => text.replace(/[\0\r\n]/g, ' '))

/** Octets that a line may hold, without white space at its ends: what free text is. */
export const trimmed: fc.Arbitrary<Bytes> = line.map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))

/** Strings of `alphabet` and of escapes. */
export const escaped = (alphabet: string, minLength: number = 0): fc.Arbitrary<Bytes> =>
  fc.string({
    unit: fc.oneof(
      { weight: 8, arbitrary: char(alphabet) },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 0, max: 255 }).map((code) => `%${code.toString(16).padStart(2, '0')}`),
      },
    ),
    minLength,
    maxLength: 8,
  })
