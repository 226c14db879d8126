import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { pages } from './pages.js'

test.each(pages())(
  'docs/machines/$file is what the code says (else: node tools/machines.mjs)',
  async ({ file, text }) => {
    const path = fileURLToPath(new URL(`../../docs/machines/${file}`, import.meta.url))
    expect(existsSync(path)).toBe(true)
    await expect(text).toMatchFileSnapshot(path)
  },
)
