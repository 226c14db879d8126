import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { type BuiltIn, headerFrom, headers } from '../../../src/core/header/builtin.js'
import type { Header } from '../../../src/core/header/define.js'
import { print } from '../../../src/core/header/field.js'
import { fits } from '../../../src/core/header/shape.js'
import { parseList } from '../../../src/core/header/split.js'
import { headerValue } from '../../../src/testing/fast-check/header.js'
import { octets } from '../../../src/testing/fast-check/octets.js'

const names = Object.keys(headers) as BuiltIn[]

const header = (name: BuiltIn): Header<unknown> => headerFrom(name) as Header<unknown>

const value = (name: BuiltIn): fc.Arbitrary<unknown> => headerValue(name)

/** What is written of a value; a value of our own making can be written. */
const written = (name: BuiltIn, of: unknown): string => {
  const text = header(name).print(of)
  if (isLeft(text)) throw new Error(`${name}: ${text.left.what}`)
  return text.right
}

/** Every string in a value replaced by what `change` makes of it. */
const everywhere = (of: unknown, change: (text: string) => string): unknown => {
  if (typeof of === 'string') return change(of)
  if (Array.isArray(of)) return of.map((each) => everywhere(each, change))
  if (typeof of !== 'object' || of === null) return of
  return Object.fromEntries(
    Object.entries(of).map(([key, each]) => [
      key,
      key === '_tag' ? (each as string) : everywhere(each, change),
    ]),
  )
}

describe.each(names)('%s', (name) => {
  test('what is written is read as the same value', () => {
    fc.assert(
      fc.property(value(name), (of) => {
        const text = written(name, of)
        expect(header(name).parse(text, 0, text.length)).toEqual({ _tag: 'Right', right: of })
        expect(text).not.toMatch(/[\0\r\n]/)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  test('and in the middle of other octets, folded or with other space around it, too', () => {
    fc.assert(
      fc.property(value(name), fc.constantFrom(' ', '\t', '\r\n ', ' \r\n\t'), (of, space) => {
        const text = `x${space}${written(name, of)}${space}y`
        expect(header(name).parse(text, 1, text.length - 1)).toEqual({ _tag: 'Right', right: of })
      }),
      { seed: 2, numRuns: 25 },
    )
  })

  test('has the shape that its definition states', () => {
    fc.assert(fc.property(value(name), fits(header(name).shape ?? 'true')), { seed: 3, numRuns: 25 })
  })

  test('octets of any kind are read or refused at a place within them; what is read can be written again', () => {
    const changed = fc.tuple(value(name), fc.nat(), octets).map(([of, at, other]) => {
      const text = written(name, of)
      const place = at % (text.length + 1)
      return text.slice(0, place) + other.slice(0, 3) + text.slice(place + (at % 3))
    })
    fc.assert(
      fc.property(fc.oneof(octets, changed), (text) => {
        const first = header(name).parse(text, 0, text.length)
        if (isLeft(first)) {
          expect(first.left.offset).toBeGreaterThanOrEqual(0)
          expect(first.left.offset).toBeLessThanOrEqual(text.length)
          expect(first.left.what).not.toBe('')
          return
        }
        const again = header(name).print(first.right)
        if (isLeft(again)) return // NUL, which a quoted pair may hold
        expect(header(name).parse(again.right, 0, again.right.length)).toEqual(first)
      }),
      { seed: 4, numRuns: 100 },
    )
  })

  test('no string in a value can bring a line with it', () => {
    const bad = fc.constantFrom('\r\nX: y', '\n', '\r', '\0', '\u010d\u010a', '\u2028')
    fc.assert(
      fc.property(value(name), bad, fc.boolean(), (of, evil, front) => {
        const text = header(name).print(everywhere(of, (old) => (front ? evil + old : old + evil)))
        if (isRight(text)) expect(text.right).not.toMatch(/[^\x01-\x09\x0b\x0c\x0e-\xff]/)
      }),
      { seed: 5, numRuns: 25 },
    )
  })
})

describe.each(names.filter((name) => headers[name].list))('a list of %s', (name) => {
  test('is read as it was written', () => {
    const it = header(name)
    fc.assert(
      fc.property(fc.array(value(name), { minLength: 1, maxLength: 4 }), (of) => {
        fc.pre(it.together?.(of) === undefined)
        const fields = print(name)(of as never)
        if (isLeft(fields)) throw new Error(fields.left.what)
        expect(fields.right.length).toBe(it.ownField === true ? of.length : 1)
        const read: unknown[] = fields.right.flatMap((text): readonly unknown[] => {
          const values = parseList(it, text, 0, text.length)
          return isLeft(values) ? [values.left] : values.right
        })
        expect(read).toEqual(of)
      }),
      { seed: 6, numRuns: 50 },
    )
  })

  test('of any octets is read or refused', () => {
    fc.assert(
      fc.property(octets, (text) => {
        expect(parseList(header(name), text, 0, text.length)._tag).toMatch(/Left|Right/)
      }),
      { seed: 7, numRuns: 50 },
    )
  })
})
