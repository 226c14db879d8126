import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documents } from './documents.js'
import { type Snippet, snippets, typeErrors, withClaims } from './snippet.js'

const root = resolve(import.meta.dirname, '../..')
const generated = join(root, '.tsbuild/snippets')

const all: readonly Snippet[] = documents.flatMap((file) =>
  snippets(file, readFileSync(join(root, file), 'utf8')),
)

const fileOf = (snippet: Snippet): string =>
  join(generated, `${snippet.at.replaceAll('/', '-').replace(':', '-line-')}.ts`)

const write = (snippet: Snippet): string => {
  const file = fileOf(snippet)
  writeFileSync(file, withClaims(snippet))
  return file
}

/** Three programs whose types are known, checked together with those of the documents: one program is built once. */
const known = "import { none } from 'sippet'\nnone // => []\n"
const samples: readonly Snippet[] = [
  { at: 'known.md:1', code: known, runs: true },
  { at: 'unknown.md:1', code: "import { nothing } from 'sippet'\nnothing()\n", runs: true },
  { at: 'wrong.md:1', code: "const a = 1\nconst b: number = 'x'\n", runs: true },
]

const complaints: string[] = []

beforeAll(() => {
  rmSync(generated, { recursive: true, force: true })
  mkdirSync(generated, { recursive: true })
  complaints.push(...typeErrors(root, [...all, ...samples].map(write)))
}, 60_000)

afterAll(() => rmSync(generated, { recursive: true, force: true }))

const complaintsAbout = (snippets: readonly Snippet[]): readonly string[] =>
  complaints.filter((line) => snippets.some((snippet) => line.startsWith(`${basename(fileOf(snippet))}:`)))

describe.skipIf(all.length === 0)('the programs in the documents', () => {
  test('are well typed', () => {
    expect(complaintsAbout(all)).toEqual([])
  })

  test.each(all.filter((snippet) => snippet.runs))('$at runs and is right', async (snippet) => {
    await import(/* @vite-ignore */ write(snippet))
  })
})

describe('a snippet', () => {
  const only = (markdown: string): Snippet => snippets('x.md', markdown)[0]!

  const run = (code: string): Promise<unknown> => {
    const snippet = only(`\`\`\`ts\n${code}\n\`\`\`\n`)
    return import(/* @vite-ignore */ write({ ...snippet, at: `claim-${code.length}.md:1` }))
  }

  test('is found with its line, its indentation taken off, other languages left out', () => {
    const markdown =
      'a\n```sh\nnpm start\n```\n- b\n  ```ts\n  const a = 1\n    + 2\n  ```\n```ts no-run\nb()\n```\n'
    expect(snippets('docs/x.md', markdown)).toEqual([
      { at: 'docs/x.md:7', code: 'const a = 1\n  + 2\n', runs: true },
      { at: 'docs/x.md:11', code: 'b()\n', runs: false },
    ])
  })

  test('with right claims passes', async () => {
    await run("const a = 1 + 1 // => 2\n;[a,\n  a] // => [2, 2]\n'x'.toUpperCase() // => 'X'")
  })

  test('with a wrong claim about an expression fails', async () => {
    await expect(run('1 + 1 // => 3')).rejects.toThrow('expected 2 to deeply equal 3')
  })

  test('with a wrong claim about a constant fails', async () => {
    await expect(run('const a = 1 + 1 // => 4')).rejects.toThrow('expected 2 to deeply equal 4')
  })

  test('that throws fails', async () => {
    await expect(run("throw new Error('thrown in a snippet')")).rejects.toThrow('thrown in a snippet')
  })

  test('with a claim that would not be checked is refused', () => {
    expect(() => withClaims(only('```ts\nif (true) {\n  f() // => 1\n}\n```\n'))).toThrow('x.md:2')
  })

  test('that is badly typed is reported with its line', () => {
    expect(complaintsAbout(samples)).toEqual([
      `unknown.md-line-1.ts:1 Module '"sippet"' has no exported member 'nothing'.`,
      "wrong.md-line-1.ts:2 Type 'string' is not assignable to type 'number'.",
    ])
  })

  test('imports the package by its name', async () => {
    await run(known)
  })
})
