/** The tables of a state get stores of their own, or lose their past. */
import { describe, expect, test } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import * as Table from '../../../src/core/data/table.js'
import type { Input } from '../../../src/core/events.js'
import { run } from '../../../src/core/runtime/run.js'
import { copied, forgetful } from '../../../src/core/runtime/tables.js'

const empty = Table.empty<number>(secretOf('a secret'))
const one = () => Table.set('a', 1)(empty)

const state = () => ({
  inner: { layer: { live: one(), servers: 1 }, idle: empty },
  filter: one(),
  names: ['a'],
})

describe.each([
  { what: 'copied', change: copied },
  { what: 'forgetful', change: forgetful },
])('$what', ({ change }) => {
  test('says the same, and what it has no business with stays what it is', () => {
    const before = state()
    const after = change(before)
    expect(after).toEqual(state())
    expect(after.names).toBe(before.names)
    expect(after.inner.idle).toBe(empty)
    expect(after.filter === before.filter).toBe(false)
  })

  test('leaves what has no tables alone', () => {
    const plain = { a: { b: [1, 'c', null, undefined] }, idle: empty }
    expect(change(plain)).toBe(plain)
    for (const value of [1, 'text', null, undefined]) expect(change(value)).toBe(value)
  })
})

test('a copy and its original go ways of their own', () => {
  const before = state()
  const after = copied(before)
  const { filter: newer } = { filter: Table.set('b', 2)(after.filter) }
  expect(Table.entries(before.filter)).toEqual([['a', 1]])
  expect(Table.entries(forgetful({ newer }).newer)).toEqual([
    ['a', 1],
    ['b', 2],
  ])
  expect(Table.entries(before.filter)).toEqual([['a', 1]])
})

test('a version that was forgotten is an error, not another answer', () => {
  const first = one()
  const second = Table.set('b', 2)(first)
  const kept = Table.forget(second)
  expect(() => Table.get('a')(first)).toThrow('forgotten')
  expect(() => Table.entries(second)).toThrow('forgotten')
  expect(Table.keys(Table.remove('a')(kept))).toEqual(['b'])
  expect(Table.keys(kept)).toEqual(['a', 'b'])
})

describe('a run', () => {
  const writing = (table: Table.Table<number>, { event }: Input<number>) =>
    [Table.set(`key ${event}`, event)(table), [event]] as const
  const moment = () => ({ at: 1, wall: 2, entropy: '0'.repeat(32) })
  const running = (start: Table.Table<number>) => run(writing, start, { moment, perform: () => undefined })
  const numbers = Array.from({ length: 2000 }, (_, n) => n)

  test('forgets what nobody has, and nothing else', () => {
    const start = one()
    const it = running(start)
    it.dispatch(0)
    const stolen = it.peek((table) => table)
    for (const n of numbers) it.dispatch(n)
    expect(() => Table.entries(stolen)).toThrow('forgotten')
    expect(Table.entries(start)).toEqual([['a', 1]])
    expect(it.peek(Table.size)).toBe(2001)
  })

  test('keeps every state that may be had', () => {
    const it = running(empty)
    for (const n of numbers) it.dispatch(n)
    const had = it.state()
    for (const n of numbers) it.dispatch(2000 + n)
    expect(Table.size(had)).toBe(2000)
    expect(Table.get('key 2500')(had)).toBeUndefined()
    expect(Table.get('key 2500')(it.state())).toBe(2500)
    expect(Table.get('key 999')(had)).toBe(999)
  })
})
