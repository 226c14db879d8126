import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Recent from '../../../src/core/auth/recent.js'
import { secretOf } from '../../../src/core/data/hash.js'

const secret = secretOf('a secret')

/** The same, slowly: a Map keeps the order of insertion. */
const model = (max: number) => {
  const map = new Map<string, number>()
  return {
    map,
    put: (key: string, value: number): number | undefined => {
      map.delete(key)
      map.set(key, value)
      if (map.size <= max) return undefined
      const [oldest, forgotten] = [...map][0]!
      map.delete(oldest)
      return forgotten
    },
    forget: (isOver: (value: number) => boolean): void => {
      for (const [key, value] of map) {
        if (!isOver(value)) return
        map.delete(key)
      }
    },
  }
}

test('keeps what was written last, never more than its bound', () => {
  const step = fc.record({
    action: fc.constantFrom('put', 'put', 'put', 'remove', 'forget'),
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    value: fc.nat(9),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (max, steps) => {
      const expected = model(max)
      let recent = Recent.empty<number>(secret, max)
      for (const { action, key, value } of steps) {
        if (action === 'put') {
          const [next, forgotten] = Recent.put(key, value)(recent)
          recent = next
          expect(forgotten).toBe(expected.put(key, value))
        } else if (action === 'remove') {
          recent = Recent.remove(key)(recent)
          expected.map.delete(key)
        } else {
          recent = Recent.forget<number>((old) => old < value)(recent)
          expected.forget((old) => old < value)
        }
        expect(Recent.size(recent)).toBe(expected.map.size)
        for (const k of ['a', 'b', 'c', 'd', 'e', 'f'])
          expect(Recent.get(k)(recent)).toBe(expected.map.get(k))
      }
    }),
    { seed: 5, numRuns: 200 },
  )
})

test('a key written again and again leaves nothing behind', () => {
  const put = (recent: Recent.Recent<number>, key: string, value: number): Recent.Recent<number> =>
    Recent.put(key, value)(recent)[0]
  const once = put(put(Recent.empty<number>(secret, 2), 'a', 1), 'b', 2)
  const often = [2, 1, 2, 1].reduce(
    (recent, value) => put(recent, value === 1 ? 'a' : 'b', value),
    put(once, 'a', 1),
  )
  expect(put(often, 'b', 2)).toEqual(once)
})
