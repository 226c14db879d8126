/** The pages that name files and events must name what there is. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** The tags of one of the four unions of events.ts, as they stand in its source. */
const tagsOf = (union: string): readonly string[] => {
  const source = read('src/core/events.ts')
  const start = source.indexOf(`export type ${union} =`)
  const end = source.indexOf('\n\n', start)
  return [...source.slice(start, end).matchAll(/^ {2,6}(?:\| \{ )?readonly _tag: '(\w+)'/gm)].map(
    ([, tag]) => tag ?? '',
  )
}

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md')

  test.each(['FromShell', 'FromApplication', 'ToShell', 'ToApplication'])(
    'names every tag of %s',
    (union) => {
      const tags = tagsOf(union)
      expect(tags.length).toBeGreaterThan(3)
      expect(tags.filter((tag) => !page.includes(`\`${tag}\``))).toEqual([])
    },
  )
})

test('docs/rfc3261.md names files that exist', () => {
  const named = [...read('docs/rfc3261.md').matchAll(/`([a-z0-9/-]+(?:\.ts|\/))`/g)].map(
    ([, path]) => path ?? '',
  )
  expect(named.length).toBeGreaterThan(20)
  const somewhere = (path: string): boolean =>
    ['src/core', 'src', 'test/core', 'test', '.'].some((base) => existsSync(join(root, base, path)))
  expect(named.filter((path) => !somewhere(path))).toEqual([])
})
