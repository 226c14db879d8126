import { expect, test } from 'vitest'
import { byPreference, byPriority } from '../../../src/core/locate/order.js'
import { nth } from '../../../src/core/data/entropy.js'

const srv = (priority: number, weight: number, target: string) => ({ priority, weight, port: 5060, target })
const naptr = (order: number, preference: number, service: string) => ({
  order,
  preference,
  service,
  flags: 's',
  replacement: '',
})

const dice =
  (seed: number) =>
  (n: number): number =>
    Number.parseInt(nth(seed.toString(16).padStart(32, '0'), n).slice(0, 8), 16) / 2 ** 32

test('priorities ascend whatever the weights', () => {
  const records = [srv(20, 100, 'c'), srv(10, 1, 'a'), srv(10, 0, 'b'), srv(30, 0, 'd')]
  for (let seed = 1; seed < 50; seed++) {
    const order = byPriority(records, dice(seed)).map(({ target }) => target)
    expect(order.slice(0, 2).sort()).toEqual(['a', 'b'])
    expect(order.slice(2)).toEqual(['c', 'd'])
  }
})

test('each server comes first as often as its weight says (RFC 2782), over 20,000 seeded draws', () => {
  const records = [srv(1, 60, 'a'), srv(1, 30, 'b'), srv(1, 10, 'c')]
  const draws = 20_000
  const first = new Map<string, number>()
  for (let seed = 1; seed <= draws; seed++) {
    const name = byPriority(records, dice(seed))[0]?.target ?? ''
    first.set(name, (first.get(name) ?? 0) + 1)
  }
  // The running-sum rule draws from 0 to the sum inclusive, so the shares are off by at most one part in 101.
  for (const { target, weight } of records)
    expect(Math.abs((first.get(target) ?? 0) / draws - weight / 100)).toBeLessThan(0.015)
})

test('a weight of 0 is chosen seldom, and not never', () => {
  const records = [srv(1, 9, 'a'), srv(1, 0, 'z')]
  const firsts = Array.from({ length: 2000 }, (_, seed) => byPriority(records, dice(seed + 1))[0]?.target)
  const share = firsts.filter((name) => name === 'z').length / 2000
  expect(share).toBeGreaterThan(0.05)
  expect(share).toBeLessThan(0.15)
})

test('every record comes once', () => {
  const records = Array.from({ length: 12 }, (_, i) => srv(i % 3, i, `h${i}`))
  expect(
    byPriority(records, dice(3))
      .map(({ target }) => target)
      .sort(),
  ).toEqual(records.map(({ target }) => target).sort())
})

test('NAPTR: of the lowest order that has something wanted, by preference (RFC 3403 4.1)', () => {
  const records = [naptr(100, 50, 'x'), naptr(50, 50, 'unwanted'), naptr(90, 60, 'b'), naptr(90, 10, 'a')]
  expect(
    byPreference(records, ({ service }) => service !== 'unwanted').map(({ service }) => service),
  ).toEqual(['a', 'b'])
  expect(byPreference(records, () => false)).toEqual([])
})
