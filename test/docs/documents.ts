import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

const markdown = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { encoding: 'utf8' }).filter((file) => file.endsWith('.md'))

/** Every document of the repository, as a path from its root; etc/ holds reports, not documents. */
export const documents: readonly string[] = [
  ...markdown('.'),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].sort()
