/**
 * Peers choose the keys of a stack's tables: branches, tags, Call-IDs. What chosen keys cost is counted, not timed: the
 * entries that a look-up visits in the table, and how many keys share the lowest bits of their hash, which is how the
 * native map below distributes them.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { hash32, type Words } from '../../../src/core/data/half-sip-hash.js'
import { secretOf } from '../../../src/core/data/hash.js'
import * as Table from '../../../src/core/data/table.js'

const COUNT = 100_000
const ours = Table.empty<number>(secretOf('ours'))

/** Deterministic numbers for the cases, not for the code: a 32-bit xorshift. */
const dice = (seed: number): (() => number) => {
  let x = seed
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return x >>> 0
  }
}

const fill = (table: Table.Table<number>, keys: readonly string[]): Table.Table<number> =>
  keys.reduce((filled, key, i) => Table.set(key, i)(filled), table)

const BUCKETS = 1 << 16

/** Mean number of entries and neighbours that a look-up of these keys meets once all are in the table. */
const cost = (table: Table.Table<number>, keys: readonly string[]): number => {
  const full = fill(table, keys)
  expect(Table.size(full)).toBe(keys.length)
  const crowd = new Uint32Array(BUCKETS)
  for (const key of keys) crowd[hash32(table.words, key) & (BUCKETS - 1)]! += 1
  const neighbours = crowd.reduce((sum, n) => sum + n * n, 0)
  return (keys.reduce((sum, key) => sum + Table.visits(key)(full), 0) + neighbours) / keys.length
}

const randomKeys = (): readonly string[] => {
  const next = dice(1)
  return Array.from({ length: COUNT }, (_, i) => `z9hG4bK${next().toString(16)}${i}`)
}

/** A hash that goes through a text char by char with 32 bits of state and no secret. */
type Chain = (hash: number, char: number) => number

const chains: readonly (readonly [name: string, start: number, step: Chain])[] = [
  ['h·31+c', 0, (h, c) => (Math.imul(h, 31) + c) | 0],
  ['FNV-1a', 0x811c9dc5 | 0, (h, c) => Math.imul(h ^ c, 0x01000193)],
  ['djb2', 5381, (h, c) => (Math.imul(h, 33) + c) | 0],
]

const run = (step: Chain, start: number, text: string): number => {
  let hash = start
  for (let i = 0; i < text.length; i++) hash = step(hash, text.charCodeAt(i))
  return hash
}

const blockOf = (n: number): string => n.toString(36).padStart(7, '0')

/** Two blocks that take the state `from` to the same state. A slot remembers the last block whose hash ends in its number. */
const twins = (step: Chain, from: number): readonly [string, string] => {
  const next = dice(from | 1)
  const slots = new Uint32Array(1 << 18)
  for (;;) {
    const n = next()
    const block = blockOf(n)
    const hash = run(step, from, block)
    const slot = hash & (slots.length - 1)
    const other = slots[slot] ?? 0
    if (other !== 0 && other !== n && run(step, from, blockOf(other)) === hash) return [blockOf(other), block]
    slots[slot] = n
  }
}

/** A. Joux: n pairs of such blocks, one behind the other, give 2^n keys of one and the same hash. */
const colliding = (step: Chain, start: number, count: number): readonly string[] => {
  let state = start
  let keys: readonly string[] = ['']
  while (keys.length < count) {
    const [a, b] = twins(step, state)
    keys = keys.flatMap((key) => [key + a, key + b])
    state = run(step, state, a)
  }
  return keys.slice(0, count)
}

/** Keys whose hash under `words` begins the same way: as many bits as can be tried in a test. */
const aligned = (words: Words, bits: number): readonly string[] => {
  const mask = (1 << bits) - 1
  const keys: string[] = []
  for (let i = 0; keys.length < COUNT; i++) {
    const key = i.toString(36)
    if ((hash32(words, key) & mask) === 0) keys.push(key)
  }
  return keys
}

describe(`${COUNT} keys that somebody chose cost no more than random ones`, () => {
  const random = cost(ours, randomKeys())

  test.each(chains)('to collide under %s', (_name, start, step) => {
    const keys = colliding(step, start, COUNT)
    expect(new Set(keys.map((key) => run(step, start, key))).size).toBe(1)
    expect(cost(ours, keys)).toBeLessThan(1.1 * random)
  })

  test('to collide under the same function with another secret', () => {
    const theirs = Table.empty<number>(secretOf('theirs'))
    const keys = aligned(theirs.words, 5)
    expect(cost(theirs, keys)).toBeGreaterThan(10 * random) // they do collide where they should
    expect(cost(ours, keys)).toBeLessThan(1.1 * random)
  })
})

test('without a secret such keys would all share one node', () => {
  const [name, start, step] = chains[0]!
  expect(name).toBe('h·31+c')
  const keys = colliding(step, start, 1000)
  const seeded = (seed: number): number => new Set(keys.map((key) => run(step, seed, key))).size
  expect([1, 2, 3].map(seeded)).toEqual([1, 1, 1]) // a secret start value does not help that function
  expect(pipe(fill(ours, keys), Table.visits(keys[0]!))).toBe(1)
})
