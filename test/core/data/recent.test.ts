import fc from 'fast-check'
import { expect, test } from 'vitest'
import { empty, get, put, type Recent } from '../../../src/core/data/recent.js'
import * as Table from '../../../src/core/data/table.js'
import { secret } from '../../support/bench.js'

const after = (keys: readonly number[], limit: number): Recent<number> =>
  keys.reduce((table, key, at) => put(String(key), at)(table), empty<number>(secret, limit))

test('the last value of a key is found, and it stays until `limit` other keys were put in after it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { maxLength: 80 }), fc.integer({ min: 1, max: 8 }), (keys, limit) => {
      const table = after(keys, limit)
      for (const key of new Set(keys)) {
        const last = keys.lastIndexOf(key)
        const since = new Set(keys.slice(last + 1)).size
        const found = get(String(key))(table)
        if (since < limit) expect(found).toBe(last)
        else expect([undefined, last]).toContain(found)
      }
    }),
    { seed: 11, numRuns: 500 },
  )
})

test('it never holds more than twice `limit` keys, however many were put in', () => {
  const table = after(
    Array.from({ length: 5000 }, (_, n) => n),
    10,
  )
  expect(Table.size(table.young) + Table.size(table.old)).toBeLessThanOrEqual(20)
  expect(get('0')(table)).toBeUndefined()
  expect(get('4999')(table)).toBe(4999)
})

test('what was never put in is not there', () => {
  expect(get('x')(empty(secret, 3))).toBeUndefined()
})
