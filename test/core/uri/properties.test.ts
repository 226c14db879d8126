import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { deviations } from '../../../src/core/uri/deviations.js'
import { normalize, unescape } from '../../../src/core/uri/escape.js'
import { parse, print } from '../../../src/core/uri/parse.js'
import { octets } from '../../../src/testing/fast-check/octets.js'
import { absoluteUri, sipUri, telUri, uri } from '../../../src/testing/fast-check/uri.js'

describe('URIs', () => {
  test.each([
    ['sip', sipUri()],
    ['tel', telUri()],
    ['absolute', absoluteUri()],
  ])('%s: what is written is read as the same value', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (of) => {
        const text = print(of)
        if (isLeft(text)) throw new Error(text.left.what)
        expect(text.right).not.toMatch(/[\0-\x20"<>]/)
        expect(parse(text.right)).toEqual({ _tag: 'Right', right: of })
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  test('octets of any kind are read or refused at a place within them; what is read is written as it was', () => {
    const changed = fc.tuple(uri(), fc.nat(), octets).map(([of, at, other]) => {
      const text = print(of)
      if (isLeft(text)) throw new Error(text.left.what)
      const place = at % (text.right.length + 1)
      return text.right.slice(0, place) + other.slice(0, 2) + text.right.slice(place + (at % 3))
    })
    fc.assert(
      fc.property(fc.oneof(octets, changed), (text) => {
        const of = parse(text)
        if (isLeft(of)) {
          expect(of.left.offset).toBeGreaterThanOrEqual(0)
          expect(of.left.offset).toBeLessThanOrEqual(text.length)
          return
        }
        const again = print(of.right)
        if (isLeft(again)) throw new Error(`${text}: ${again.left.what}`)
        expect(parse(again.right)).toEqual(of)
        expect(Array.isArray(deviations(of.right))).toBe(true)
      }),
      { seed: 2, numRuns: Number(process.env['SIPPET_RUNS'] ?? 10_000) },
    )
  })

  test('any text at all is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parse(`sip:${text}`)._tag).toMatch(/Left|Right/)
      }),
      { seed: 3, numRuns: 1000 },
    )
  })

  test('no string in a URI can bring a line with it', () => {
    fc.assert(
      fc.property(
        sipUri(),
        fc.constantFrom('\r\nX: y', '\n', '\0', ' ', '\u010a'),
        fc.nat(7),
        (of, evil, where) => {
          const bad = [
            { ...of, user: `${of.user ?? ''}${evil}` },
            { ...of, password: evil, user: 'a' },
            { ...of, host: of.host + evil },
            { ...of, params: [...of.params, { name: `x${evil}` }] },
            { ...of, params: [...of.params, { name: 'x', value: evil }] },
            { ...of, headers: [...of.headers, { name: `x${evil}`, value: '' }] },
            { ...of, headers: [...of.headers, { name: 'x', value: evil }] },
            { ...of, scheme: `sip${evil}` as 'sip' },
          ][where]
          if (bad !== undefined) expect(isRight(print(bad))).toBe(false)
        },
      ),
      { seed: 4, numRuns: 500 },
    )
  })
})

describe('escapes', () => {
  test('normalizing keeps the meaning and happens once', () => {
    fc.assert(
      fc.property(octets, (text) => {
        const once = normalize(text)
        expect(normalize(once)).toBe(once)
        expect(unescape(once)).toBe(unescape(text.replace(/%(?![0-9a-f]{2})/gi, '%25')))
      }),
      { seed: 5, numRuns: 1000 },
    )
  })
})
