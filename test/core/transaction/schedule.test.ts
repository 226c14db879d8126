import { describe, expect, test } from 'vitest'
import { hundredDue, next, timeouts } from '../../../src/core/transaction/schedule.js'
import { rfc3261 } from '../../../src/core/transaction/types.js'
import { row } from '../../conformance/rows.js'
import { allTimers } from './machines.js'

describe('a series of retransmissions', () => {
  test('doubles without cap', () => {
    expect(next(500, Number.POSITIVE_INFINITY, 0)).toEqual({ delay: 1000, interval: 1000 })
    expect(next(16_000, Number.POSITIVE_INFINITY, 0)).toEqual({ delay: 32_000, interval: 32_000 })
  })

  test('doubles up to its cap, and obeys a cap below it', () => {
    expect(next(2000, 4000, 0)).toEqual({ delay: 4000, interval: 4000 })
    expect(next(3000, 4000, 0)).toEqual({ delay: 4000, interval: 4000 })
    expect(next(4000, 4000, 0)).toEqual({ delay: 4000, interval: 4000 })
    expect(next(1000, 400, 0)).toEqual({ delay: 400, interval: 400 })
  })

  row('Z-4', 'the next instant counts from when the last was due: a late firing comes no later', () => {
    for (const late of [0, 1, 10, 999]) expect(next(500, 4000, late)).toEqual({ delay: 1000, interval: 1000 })
  })

  row('Z-5', 'instants that have passed are skipped, the interval doubling through them', () => {
    expect(next(500, 4000, 1000)).toEqual({ delay: 3000, interval: 2000 })
    expect(next(500, 4000, 2999)).toEqual({ delay: 3000, interval: 2000 })
    expect(next(500, 4000, 3000)).toEqual({ delay: 7000, interval: 4000 })
    expect(next(500, 4000, 6999)).toEqual({ delay: 7000, interval: 4000 })
    expect(next(500, 4000, 7000)).toEqual({ delay: 11_000, interval: 4000 })
    expect(next(500, Number.POSITIVE_INFINITY, 7000)).toEqual({ delay: 15_000, interval: 8000 })
  })

  test('a year of sleep costs no more than a second of it', () => {
    const year = 365 * 86_400_000
    expect(next(4000, 4000, year)).toEqual({ delay: year + 4000, interval: 4000 })
    const { delay, interval } = next(500, Number.POSITIVE_INFINITY, year)
    expect(delay).toBeGreaterThan(year)
    expect(delay - interval).toBeLessThanOrEqual(year)
  })
})

test.each([
  [500, 4000, 3500],
  [100, 4000, 6300],
  [1000, 4000, 3000],
  [500, 500, 500], // T2 = T1: at the first firing
  [500, 100, 500],
  [500, 1001, 1500],
  [500, 32_000, 31_500],
  [500, 32_001, undefined], // later than timer F: never due
])('T1 = %i, T2 = %i: 100 to a non-INVITE is due at %s', (t1, t2, due) => {
  expect(hundredDue({ ...rfc3261.timing, t1, t2 })).toBe(due)
})

row('Z-3', 'every timer but those that only send something ends a wait, and goes first', () => {
  expect(allTimers.filter((timer) => !timeouts.has(timer))).toEqual(['A', 'E', 'G', 'Trying', 'N100'])
})
