import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type BuiltIn, headerFrom, headers } from '../../src/core/header/builtin.js'
import { describe as inWords } from '../../src/core/header/shape.js'
import { examples } from '../core/header/examples.js'

const root = resolve(import.meta.dirname, '../..')
const file = `${root}/docs/headers.md`

/** The RFC and section that stand above each name in the definitions. */
const sources = new Map(
  [
    ...readFileSync(`${root}/src/core/header/builtin.ts`, 'utf8').matchAll(
      /\/\*\* (RFC [\d. ]+) \*\/\n {2}readonly '?([\w-]+)'?:/g,
    ),
  ].map(([, source = '', name = '']) => [name, source]),
)

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

const row = (name: BuiltIn): string => {
  const header = headerFrom(name)
  const shape = inWords(header.shape ?? 'true')
  const written = examples.find((each) => each.name === name && each.written[0] !== '')?.written[0] ?? ''
  const example = written.length > 70 ? `${written.slice(0, 70)}…` : written
  return [
    '',
    header.name,
    header.compact ?? '',
    header.list ? 'list' : '',
    code(shape),
    sources.get(name) ?? '',
    code(example),
    '',
  ]
    .join(' | ')
    .trim()
}

const table = (): string =>
  [
    '| header | compact | | value | defined in | for example |',
    '|---|---|---|---|---|---|',
    ...(Object.keys(headers) as BuiltIn[]).map(row),
  ].join('\n')

test('the table of the headers says what their definitions say', () => {
  const text = readFileSync(file, 'utf8')
  const [before = '', rest = ''] = text.split(/(?<=<!-- headers: .* -->\n)/, 2)
  const after = rest.slice(rest.indexOf('<!-- end of headers -->'))
  const next = `${before}${table()}\n${after}`
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, next)
  expect(readFileSync(file, 'utf8')).toBe(next)
})

test('every built-in header names the RFC that defines it', () => {
  expect(Object.keys(headers).filter((name) => !sources.has(name))).toEqual([])
})
