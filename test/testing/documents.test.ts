/** The ladder in docs/testing.md is the one that its program finds. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { snippets } from '../docs/snippet.js'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, '.tsbuild/ladder')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the ladder of the planted bug is what the program finds', async () => {
  const markdown = readFileSync(join(root, 'docs/testing.md'), 'utf8')
  const program = snippets('docs/testing.md', markdown).find(({ code }) => code.includes('survivesCallers'))
  const shown = /```text\n([\s\S]*?)\n```/.exec(markdown)?.[1]
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'story.ts')
  writeFileSync(file, `${program?.code ?? ''}\nexport { found }\n`)
  const { found } = (await import(/* @vite-ignore */ file)) as {
    readonly found: { readonly errorInstance: unknown }
  }
  expect((found.errorInstance as Error).message.replace(/[0-9a-f]{32}/g, '…')).toBe(shown)
})
