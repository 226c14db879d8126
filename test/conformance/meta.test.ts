/** The table and the tests hold each other to account: no row of this round without a test, no test of no row. */
import { describe, expect, test } from 'vitest'
import { named } from './named.js'
import { casesOf, rows } from './rows.js'

/** Rows of this round that wait for the test of a layer or helper. A row that gets one must leave the list. */
// biome-ignore format: one line a family
const pending: readonly string[] = [
]

describe('the conformance table', () => {
  test('names each row once', () => {
    const ids = rows.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('says of each row when and where it is shown, or why not', () => {
    for (const { id, round, level, reason } of rows) {
      expect(level !== undefined, id).toBe(round === 'now')
      expect(reason !== undefined, id).toBe(round === 'deferred')
    }
  })

  test('has well-formed cases', () => {
    for (const { id, cases } of rows) expect(cases?.length, id).not.toBe(0)
    for (const row of rows)
      for (const { machine, on, text } of casesOf(row)) {
        expect(on.length, text).toBeGreaterThan(0)
        expect(machine, text).toMatch(/^(non-)?invite-(client|server)$/)
      }
  })

  test.each(rows.filter(({ round }) => round === 'now'))('$id is tested', ({ id, cases }) => {
    const tested = named.has(id) || cases !== undefined
    if (pending.includes(id)) expect(tested, `${id} has a test: take it from the pending list`).toBe(false)
    else expect(tested, `${id} has no test`).toBe(true)
  })

  test('knows every row that a test names', () => {
    const known = new Set(rows.map(({ id }) => id))
    expect([...named.keys()].filter((id) => !known.has(id))).toEqual([])
  })
})
