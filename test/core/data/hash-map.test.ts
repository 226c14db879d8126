/** Maps from hashes do what native maps do, whatever falls together. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as HashMap from '../../../src/core/data/hash-map.js'

/** Few of them, many of which want the same place: the lowest eight bits say nothing, and small maps look at few of the others. */
const hash = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 20 }), fc.nat({ max: 3 }))
  .map(([high, middle, low]) => (high << 24) | (middle << 8) | low)
  .filter((n) => n !== 0)

const sorted = <A>(pairs: Iterable<A>): A[] =>
  [...pairs].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

const parameters = { seed: 1, numRuns: 500 }

describe('a map', () => {
  const writes = fc.array(fc.tuple(hash, fc.option(fc.integer(), { nil: undefined })), { maxLength: 300 })

  const write = (map: HashMap.HashMap, [at, n]: readonly [number, number | undefined]): void => {
    const place = HashMap.first(map, at)
    if (n === undefined) HashMap.removeAt(map, place)
    else if (place >= 0) HashMap.setAt(map, place, n)
    else expect(HashMap.add(map, at, n)).toBe(HashMap.first(map, at))
  }

  test('has what was set and not removed', () => {
    fc.assert(
      fc.property(writes, (list) => {
        const map = HashMap.hashMap()
        const model = new Map<number, number>()
        for (const [at, n] of list) {
          write(map, [at, n])
          if (n === undefined) model.delete(at)
          else model.set(at, n)
          expect(map.size).toBe(model.size)
        }
        expect(sorted(HashMap.entries(map))).toEqual(sorted(model.entries()))
        for (const [at] of list) {
          const place = HashMap.first(map, at)
          expect(place < 0 ? undefined : HashMap.valueAt(map, place)).toBe(model.get(at))
        }
      }),
      parameters,
    )
  })

  test('is not what its copy is', () => {
    fc.assert(
      fc.property(writes, writes, (before, after) => {
        const map = HashMap.hashMap()
        for (const one of before) write(map, one)
        const copy = HashMap.copy(map)
        const had = HashMap.entries(map)
        for (const one of after) write(map, one)
        expect(HashMap.entries(copy)).toEqual(had)
        expect(copy.size).toBe(had.length)
      }),
      parameters,
    )
  })

  test('has every value that was added to a hash and not removed', () => {
    const adding = fc.array(fc.tuple(hash, fc.nat({ max: 5 }), fc.boolean()), { maxLength: 300 })
    fc.assert(
      fc.property(adding, (list) => {
        const map = HashMap.hashMap()
        const model: [number, number][] = []
        const placeOf = (at: number, n: number): number => {
          let place = HashMap.first(map, at)
          while (place >= 0 && HashMap.valueAt(map, place) !== n) place = HashMap.after(map, place)
          return place
        }
        for (const [at, n, isAdded] of list) {
          if (isAdded) {
            HashMap.add(map, at, n)
            model.push([at, n])
          } else {
            HashMap.removeAt(map, placeOf(at, n))
            const i = model.findIndex(([a, b]) => a === at && b === n)
            if (i >= 0) model.splice(i, 1)
          }
          expect(map.size).toBe(model.length)
        }
        expect(sorted(HashMap.entries(map))).toEqual(sorted(model))
        for (const [at] of list) {
          const found: unknown[] = []
          for (let i = HashMap.first(map, at); i >= 0; i = HashMap.after(map, i))
            found.push(HashMap.valueAt(map, i))
          expect(sorted(found)).toEqual(sorted(model.filter(([a]) => a === at).map(([, b]) => b)))
        }
      }),
      parameters,
    )
  })

  test('takes room for what it has, and little more', () => {
    const map = HashMap.hashMap()
    for (let n = 1; n <= 10_000; n++) HashMap.add(map, n << 8, n)
    expect(map.pairs).toHaveLength(32_768)
    for (let n = 4; n <= 10_000; n++) HashMap.removeAt(map, HashMap.first(map, n << 8))
    expect(map.pairs.length).toBeLessThanOrEqual(64)
    expect(sorted(HashMap.entries(map))).toEqual([1, 2, 3].map((n) => [n << 8, n]))
  })
})
