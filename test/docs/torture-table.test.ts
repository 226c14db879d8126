import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { parse } from '../../src/core/message/parse.js'
import { type Torture, torture, tortureText } from '../support/torture.js'
import { answerOf } from '../support/torture-answers.js'

const file = resolve(import.meta.dirname, '../../docs/torture.md')

const verdicts = { accept: 'accept', reject: 'refuse', either: 'either' } as const

/** What we make of it. */
const ours = (message: Torture): string => {
  const parsed = parse(tortureText(message))
  if (isLeft(parsed)) {
    const { status, field, what } = parsed.left
    return `${status ?? 'dropped'}: ${field === undefined ? '' : `${field}: `}${what}`
  }
  const listed = parsed.right.deviations.map(({ field = '', what }) => `${field} ${what}`.trim())
  return ['accepted', ...new Set(listed)].join('; ')
}

const row = (message: Torture): string => {
  const [rfc = '', name = ''] = message.file.split('/')
  const section = `${rfc.slice(3)} ${message.section}`
  const cells = [
    `\`${name.replace('.dat', '')}\``,
    section,
    message.title,
    verdicts[message.verdict],
    ours(message),
    message.answer,
    answerOf(message),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
}

const table = (): string =>
  [
    '| message | RFC | what it is | verdict | read here as | deserves | answer |',
    '|---|---|---|---|---|---|---|',
    ...torture.map(row),
  ].join('\n')

test('the table of the torture messages says what we make of them', () => {
  const text = readFileSync(file, 'utf8')
  const [before = '', rest = ''] = text.split(/(?<=<!-- torture: .* -->\n)/, 2)
  const next = `${before}${table()}\n${rest.slice(rest.indexOf('<!-- end of torture -->'))}`
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, next)
  expect(readFileSync(file, 'utf8')).toBe(next)
  expect(next.match(/^\| `/gm)).toHaveLength(61)
})
