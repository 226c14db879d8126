/** Maps from hashes do what native maps do, whatever falls together. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HashMap, HashPairs } from '../../../src/core/data/hash-map.js'

/** Few of them, many of which want the same place: the lowest eight bits say nothing, and small maps look at few of the others. */
const hash = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 20 }), fc.nat({ max: 3 }))
  .map(([high, middle, low]) => (high << 24) | (middle << 8) | low)
  .filter((n) => n !== 0)

const sorted = <A>(pairs: Iterable<A>): A[] =>
  [...pairs].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

const parameters = { seed: 1, numRuns: 500 }

describe('a map', () => {
  const writes = fc.array(fc.tuple(hash, fc.option(fc.nat(), { nil: undefined })), { maxLength: 300 })

  test('has what was set and not deleted', () => {
    fc.assert(
      fc.property(writes, (list) => {
        const map = new HashMap<{ readonly n: number }>()
        const model = new Map<number, { readonly n: number }>()
        for (const [at, n] of list) {
          if (n === undefined) {
            map.delete(at)
            model.delete(at)
          } else {
            map.set(at, { n })
            model.set(at, { n })
          }
          expect(map.size).toBe(model.size)
        }
        expect(sorted(map.entries())).toEqual(sorted(model.entries()))
        expect(sorted(map.values())).toEqual(sorted(model.values()))
        for (const [at] of list) expect(map.get(at)).toEqual(model.get(at))
      }),
      parameters,
    )
  })

  test('is not what its copy is', () => {
    fc.assert(
      fc.property(writes, writes, (before, after) => {
        const map = new HashMap<{ readonly n: number }>()
        const write = ([at, n]: (typeof before)[number]): void =>
          n === undefined ? map.delete(at) : map.set(at, { n })
        before.forEach(write)
        const copy = map.copy()
        const had = map.entries()
        after.forEach(write)
        expect(copy.entries()).toEqual(had)
        expect(copy.size).toBe(had.length)
      }),
      parameters,
    )
  })

  test('becomes small again', () => {
    const map = new HashMap<object>()
    const hashes = Array.from({ length: 10_000 }, (_, n) => (n + 1) << 8)
    for (const at of hashes) map.set(at, {})
    for (const at of hashes.slice(3)) map.delete(at)
    expect(map.places).toBeLessThan(32)
    expect(map.entries().map(([at]) => at)).toEqual(expect.arrayContaining(hashes.slice(0, 3)))
  })
})

describe('pairs', () => {
  const writes = fc.array(fc.tuple(hash, hash, fc.boolean()), { maxLength: 300 })

  test('are there as often as they were added and not deleted', () => {
    fc.assert(
      fc.property(writes, (list) => {
        const pairs = new HashPairs()
        const model: [number, number][] = []
        for (const [from, to, isAdded] of list) {
          const at = model.findIndex(([a, b]) => a === from && b === to)
          if (isAdded) {
            pairs.add(from, to)
            model.push([from, to])
          } else {
            pairs.delete(from, to)
            if (at >= 0) model.splice(at, 1)
          }
          expect(pairs.size).toBe(model.length)
        }
        expect(sorted(pairs.pairs())).toEqual(sorted(model))
        expect(sorted(pairs.copy().pairs())).toEqual(sorted(model))
        for (const [from] of list) {
          const found: number[] = []
          for (let i = pairs.first(from); i >= 0; i = pairs.after(i)) found.push(pairs.to(i))
          expect(sorted(found)).toEqual(sorted(model.filter(([a]) => a === from).map(([, b]) => b)))
        }
      }),
      parameters,
    )
  })

  test('become few again', () => {
    const pairs = new HashPairs()
    for (let n = 1; n <= 10_000; n++) pairs.add(n << 8, n)
    for (let n = 4; n <= 10_000; n++) pairs.delete(n << 8, n)
    expect(pairs.places).toBeLessThan(32)
    expect(sorted(pairs.pairs())).toEqual([1, 2, 3].map((n) => [n << 8, n]))
  })
})
