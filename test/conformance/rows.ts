/** The conformance table as the tests use it: rows.json read, and the one way to name a test after a row. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

export type Level = 'machine' | 'layer' | 'helper'

export interface Row {
  readonly id: string
  readonly what: string
  readonly expected?: string
  readonly source: string
  readonly round: 'now' | 'transport' | 'digest' | 'deferred'
  readonly reason?: string
  readonly level?: Level
  readonly policy?: true
  readonly machine?: string
  readonly cases?: readonly string[]
}

/** A line of `cases`, taken apart. */
export interface Case {
  readonly text: string
  readonly machine: string
  readonly on: readonly ('U' | 'R')[]
  readonly config: 'strict' | 'guarded' | 'legacy'
  readonly state: string
  readonly after: readonly string[]
  readonly event: string
  readonly next: string
  readonly keeps: ReadonlyMap<string, string>
  readonly effects: readonly string[]
}

interface Table {
  readonly notation: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
}

export const { notation, rows } = JSON.parse(
  readFileSync(new URL('rows.json', import.meta.url), 'utf8'),
) as Table

export const casesOf = (of: Row): readonly Case[] => (of.cases ?? []).map((text) => parseCase(of, text))

/**
 * A test of one row, or of several that are the same situation: its title begins with the ids, and it fails when it
 * asserts nothing. The meta test finds it by the text `row('ID'` or `row(['ID', …]`, so write ids as literals.
 */
export const row = (ids: string | readonly string[], what: string, body: () => void): void => {
  test(`${[ids].flat().join(' ')}: ${what}`, () => {
    expect.hasAssertions()
    body()
  })
}

const parseCase = (of: Row, text: string): Case => {
  const columns = text.split(' | ')
  const [conditions, from, event, to, effects] = columns
  if (columns.length !== 5 || !conditions || !from || !event || !to || !effects)
    throw new Error(`${of.id}: five columns expected in ${text}`)
  const words = conditions.split(' ')
  const [state, after] = from.split(' after ')
  const [next, keeps] = to.split(': ')
  return {
    text,
    machine: of.machine ?? words.find((word) => word.includes('-')) ?? '',
    on: words.includes('both') ? ['U', 'R'] : words.filter((word) => word === 'U' || word === 'R'),
    config: words.includes('guarded') ? 'guarded' : words.includes('legacy') ? 'legacy' : 'strict',
    state: state ?? '',
    after: after?.split(', ') ?? [],
    event,
    next: next ?? '',
    keeps: new Map(keeps?.split(', ').map((keep) => splitAt(keep, keep.indexOf(' ')))),
    effects: effects === '-' ? [] : effects.split('; '),
  }
}

const splitAt = (text: string, at: number): readonly [string, string] => [
  text.slice(0, at),
  text.slice(at + 1),
]
