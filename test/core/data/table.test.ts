import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { hash32 } from '../../../src/core/data/half-sip-hash.js'
import { secretOf } from '../../../src/core/data/hash.js'
import * as Table from '../../../src/core/data/table.js'

const secret = secretOf('a secret')

/** Keys that the generator repeats often, two of which collide in all 32 bits under `secret`. */
const collidingPair = (words: readonly [number, number]): readonly [string, string] => {
  const seen = new Map<number, string>()
  for (let i = 0; ; i++) {
    const key = `key ${i}`
    const hash = hash32(words, key)
    const twin = seen.get(hash)
    if (twin !== undefined) return [twin, key]
    seen.set(hash, key)
  }
}

const words = Table.empty(secret).words
const pair = collidingPair(words)

interface Write {
  readonly key: string
  readonly value: number | undefined
  readonly onto: number
}

const writes: fc.Arbitrary<readonly Write[]> = fc.array(
  fc.record({
    key: fc.oneof(
      fc.constantFrom(...pair, '', '__proto__', 'constructor', '\u0100'),
      fc.integer({ min: 0, max: 60 }).map((i) => `s|${i}|INVITE|h|5060`),
      fc.string({ maxLength: 3 }),
    ),
    value: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    onto: fc.nat(), // which earlier version this is written onto
  }),
  { maxLength: 120 },
)

const freezeDeep = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  Object.values(value).forEach(freezeDeep)
}

type Numbers = Table.Table<number>

const write = (table: Numbers, key: string, value: number | undefined): Numbers =>
  value === undefined ? Table.remove(key)(table) : Table.set(key, value)(table)

describe('a table agrees with Map', () => {
  test('in every version of a history that branches', () => {
    fc.assert(
      fc.property(writes, (history) => {
        const versions: [Numbers, Map<string, number>][] = [[Table.empty(secret), new Map<string, number>()]]
        for (const { key, value, onto } of history) {
          const [table, map] = versions[onto % versions.length]!
          const copy = new Map(map)
          if (value === undefined) copy.delete(key)
          else copy.set(key, value)
          freezeDeep(table)
          versions.push([write(table, key, value), copy])
        }
        for (const [table, map] of versions) {
          expect(Table.size(table)).toBe(map.size)
          expect(new Map(Table.entries(table))).toEqual(map)
          expect(new Set(Table.keys(table))).toEqual(new Set(map.keys()))
          for (const { key } of history) expect(Table.get(key)(table)).toBe(map.get(key))
        }
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  test('and its shape follows from contents and secret, not from the history', () => {
    fc.assert(
      fc.property(writes, (history) => {
        const table = history.reduce((t, { key, value }) => write(t, key, value), Table.empty<number>(secret))
        const map = new Map(Table.entries(table))
        const again = [...map]
          .reverse()
          .reduce((t, [key, value]) => write(t, key, value), Table.empty<number>(secret))
        expect(again).toEqual(table)
      }),
      { seed: 2, numRuns: 300 },
    )
  })
})

test('keys that collide in all 32 bits live side by side', () => {
  const [a, b] = pair
  const both = pipe(Table.empty<number>(secret), Table.set(a, 1), Table.set(b, 2))
  expect([a, b].map((key) => Table.get(key)(both))).toEqual([1, 2])
  expect([a, b].map((key) => Table.visits(key)(both)).sort()).toEqual([1, 2])
  expect(Table.get(a)(Table.remove(b)(both))).toBe(1)
  expect(Table.remove(b)(both)).toEqual(Table.set(a, 1)(Table.empty(secret)))
})

test('a write that changes nothing answers the same table', () => {
  const table = Table.set('a', 1)(Table.empty<number>(secret))
  expect(Table.set('a', 1)(table)).toBe(table)
  expect(Table.remove('b')(table)).toBe(table)
})

test('a table made like another has its secret and nothing else', () => {
  const like = Table.emptyLike<string>(Table.set('a', 1)(Table.empty<number>(secret)))
  expect(like).toEqual(Table.empty<string>(secret))
})

test('the table holds a key made from the secret, not the secret', () => {
  for (const word of secret) expect(JSON.stringify(Table.empty(secret))).not.toContain(String(word))
})
