/**
 * docs/from-sippet.md against three authorities: the inventory of the original (inventory.json), which it must cover
 * and not exceed; our exports, among which every counterpart must be; and the tests it names for the defects.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as sippet from '../../src/core/index.js'
import * as node from '../../src/shell/node/index.js'

interface Inventory {
  readonly functions: Readonly<Record<string, readonly string[]>>
  readonly states: Readonly<Record<string, readonly string[]>>
  readonly fields: Readonly<Record<string, readonly string[]>>
  readonly types: Readonly<Record<string, readonly string[]>>
  readonly headers: readonly string[]
  readonly defects: readonly string[]
}

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(`${root}/docs/from-sippet.md`, 'utf8')
const inventory = JSON.parse(readFileSync(`${import.meta.dirname}/inventory.json`, 'utf8')) as Inventory

/** A row of a table: what Elixir has, what is here, and the programs of its section. */
interface Row {
  readonly original: readonly string[]
  readonly here: readonly string[]
  readonly programs: string
}

const code = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)

/** The names of a cell, one an arity: `get/2,3` is `get/2` and `get/3`; states stand in words behind their machine. */
const originals = (cell: string): readonly string[] => {
  const states = /^`([\w.]+)` ([a-z, ]+)$/.exec(cell)
  if (states !== null) return (states[2] ?? '').split(', ').map((state) => `${states[1]} ${state}`)
  return code(cell).flatMap((name) => {
    const [, head = name, arities] = /^(.+)\/([\d,]+)$/.exec(name) ?? []
    return arities === undefined ? [head] : arities.split(',').map((arity) => `${head}/${arity}`)
  })
}

const cells = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))

const rowsUnder = (section: string, heading: RegExp): readonly (readonly string[])[] =>
  section
    .split('\n\n')
    .filter((block) => heading.test(block))
    .flatMap((block) =>
      block
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .slice(2)
        .map(cells),
    )

const sections = page.split(/^## /m)

const rows: readonly Row[] = sections.flatMap((section) => {
  const programs = [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text).join('\n')
  return rowsUnder(section, /^\| Elixir \| TypeScript \| \|$/m).map(([original = '', here = '']) => ({
    original: originals(original),
    here: code(here),
    programs,
  }))
})

/** A module as the page writes it: without the leading `Sippet.`. */
const short = (module: string): string => module.replace(/^Sippet\./, '')

const all = (of: Readonly<Record<string, readonly string[]>>, between: string): readonly string[] =>
  Object.entries(of).flatMap(([module, names]) => names.map((name) => short(module) + between + name))

const wanted: readonly string[] = [
  ...all(inventory.functions, '.'),
  ...all(inventory.fields, '.'),
  ...all(inventory.types, '.'),
  ...all(inventory.states, ' '),
]

test.each(wanted)('%s has a counterpart', (name) => {
  const row = rows.find(({ original }) => original.includes(name))
  expect(row, `${name} is in no table`).toBeDefined()
  expect(row?.here.length).toBeGreaterThan(0)
})

test('the page names nothing that the original does not have, and nothing twice', () => {
  const named = rows.flatMap(({ original }) => original)
  expect(named.filter((name) => !wanted.includes(name))).toEqual([])
  expect(new Set(named).size).toBe(named.length)
})

describe('a counterpart', () => {
  /** Names that are members of values and not exports: live ones are made for them. */
  const live: Record<string, unknown> = {}

  beforeAll(async () => {
    const core: Required<node.Callbacks> = {
      receiveRequest: () => undefined,
      receiveResponse: () => undefined,
      receiveError: () => undefined,
    }
    const transport: node.Transport = node.udp({ port: 0 })
    const started = await node.createStack({ name: 'parity', core })()
    if (isLeft(started)) throw new Error(started.left.what)
    const stack = started.right
    const opened = await stack.registerTransport('udp', false, {
      ...transport,
      open: (reports) => {
        live['reports'] = reports
        return transport.open(reports)
      },
    })()
    if (isLeft(opened)) throw new Error(opened.left.what)
    const invite = node.request('INVITE', 'sip:bob@biloxi.com', { from: 'sip:alice@atlanta.com' })
    if (isLeft(invite)) throw new Error(invite.left.what)
    const ok = sippet.Message.respond(200)(invite.right)
    Object.assign(live, { core, transport, stack, invite: invite.right, ok })
  })

  afterAll(() => (live['stack'] as node.Stack).close())

  const existing = (name: string): unknown =>
    name.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], {
      ...sippet,
      ...node,
      ...live,
    })

  const named = [...new Set(rows.flatMap(({ here }) => here))]

  test.each(named.filter((name) => !name.startsWith('type ')))('%s exists', (name) => {
    expect(existing(name)).toBeDefined()
  })

  test('that does not exist would be noticed', () => {
    for (const name of ['Message.front.gets', 'stack.shutdown', 'Nothing.at.all'])
      expect(existing(name)).toBeUndefined()
  })

  const used = rows.flatMap(({ here, programs }) => here.map((name) => ({ name, programs })))

  test.each(used)('$name is in a program of its section', ({ name, programs }) => {
    const words = name.replace(/^type /, '').split('.')
    // A member of a value goes by its own name, whatever the value is called there.
    const text = String(Object.keys(live).includes(words[0] ?? '') ? words.at(-1) : words.join('\\.'))
    expect(new RegExp(`(?<!\\w)${text}\\b`).test(programs)).toBe(true)
  })
})

test.each(inventory.headers)('%s is a typed header', (name) => {
  expect(sippet.Header.named(name)).toMatchObject({ name })
})

describe('the defects', () => {
  const defects = rowsUnder(sections.at(-1) ?? '', /^\| \| Sippet \| the test \|$/m)

  test('are listed, each once and in order', () => {
    expect(defects.map(([id]) => id)).toEqual(inventory.defects)
  })

  /** The titles in a test file, as `test` and `describe` are given them. */
  const titles = (file: string): readonly string[] =>
    [
      ...readFileSync(`${root}/test/${file}`, 'utf8').matchAll(
        /\b(?:test|describe)(?:\.each\([^`]*?\))?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g,
      ),
    ].map(([, , title = '']) => title.replaceAll("\\'", "'"))

  test.each(defects)('%s is shown right by the tests named', (_id, _what, cell = '') => {
    const named = cell.split('; `').map((part) => ({
      file: /^`?([^`]+)`/.exec(part)?.[1] ?? '',
      titles: [...part.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
    }))
    for (const { file, titles: each } of named) {
      expect(each.length, file).toBeGreaterThan(0)
      expect(
        each.filter((title) => !titles(file).includes(title)),
        file,
      ).toEqual([])
    }
  })
})
