/** Which test files name which rows: what `row('ID', …)` and `row(['ID', …], …)` say in their text. */
import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)

const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\brow\(\s*\[?\s*((?:'[A-Z]+-\d+',?\s*)+)/g)].flatMap(([, ids = '']) =>
    [...ids.matchAll(/'([A-Z]+-\d+)'/g)].map(([, id = '']) => id),
  )

const files: readonly string[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort()

/** From an id to the files whose tests name it, relative to test/. */
export const named: ReadonlyMap<string, readonly string[]> = files.reduce((map, file) => {
  for (const id of new Set(idsIn(readFileSync(new URL(file, root), 'utf8'))))
    map.set(id, [...(map.get(id) ?? []), file])
  return map
}, new Map<string, readonly string[]>())
