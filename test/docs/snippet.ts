/**
 * The programs in our documents. Each ```ts block of a Markdown file is a module of its own: it is type-checked and
 * run, and `expression // => literal` in it is a claim. A ```ts no-run block is only type-checked.
 */
import { basename } from 'node:path'
import ts from 'typescript'

export interface Snippet {
  /** File and line of the block's first line, `README.md:12`. */
  readonly at: string
  readonly code: string
  readonly runs: boolean
}

/** The snippets of one Markdown file. */
export const snippets = (file: string, markdown: string): readonly Snippet[] =>
  [...markdown.matchAll(FENCE)].map((match) => {
    const [, indent = '', info = '', code = ''] = match
    const line = markdown.slice(0, match.index).split('\n').length + 1
    return {
      at: `${file}:${line}`,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      runs: info.trim() !== 'no-run',
    }
  })

/**
 * The snippet as a module in which each claim is an assertion. A claim stands behind a statement at the top level, on
 * its last line: an expression, or a `const` with one name. Throws on a claim that stands anywhere else.
 */
export const withClaims = (snippet: Snippet): string => {
  const { code } = snippet
  const source = ts.createSourceFile(basename(snippet.at), code, ts.ScriptTarget.ES2022, true)
  const claims = source.statements.flatMap((statement) => claimAfter(source, statement))
  const written = code.split('\n').filter((line) => line.includes(ARROW)).length
  if (claims.length !== written)
    throw new Error(`${snippet.at}: a claim stands behind no statement of its own`)
  return [...claims]
    .reverse()
    .reduce((text, { start, end, value, literal, keep }) => {
      const assertion = `;__expect(${value}).toEqual(${literal})`
      return `${text.slice(0, start)}${keep ? text.slice(start, end) : ''}${assertion}${text.slice(end)}`
    }, code)
    .concat(claims.length === 0 ? '' : "\nimport { expect as __expect } from 'vitest'\n")
    .concat('\nexport {}\n')
}

/** The complaints of the compiler about `files`, each one line. `root` is the folder of the repository. */
export const typeErrors = (root: string, files: readonly string[]): readonly string[] => {
  const { config } = ts.readConfigFile(`${root}/tsconfig.base.json`, (file) => ts.sys.readFile(file)) as {
    readonly config: { readonly compilerOptions: object }
  }
  const { options } = ts.parseJsonConfigFileContent(
    { compilerOptions: { ...config.compilerOptions, ...SNIPPET_OPTIONS }, files: [] },
    ts.sys,
    root,
  )
  const program = ts.createProgram(files, options)
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (fault) => {
        const line =
          source === undefined ? 0 : source.getLineAndCharacterOfPosition(fault.start ?? 0).line + 1
        return `${basename(file)}:${line} ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`
      },
    )
  })
}

const FENCE = /^([ \t]*)```ts(?: (no-run))?[ \t]*\n([\s\S]*?)^\1```[ \t]*$/gm

const ARROW = '// => '

/** A document may declare what it does not use, and needs no declaration files. */
const SNIPPET_OPTIONS = {
  composite: false,
  declaration: false,
  declarationMap: false,
  isolatedDeclarations: false,
  noEmit: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  skipLibCheck: true,
  types: ['node'],
  paths: {
    sippet: ['./src/core/index.ts'],
    'sippet/node': ['./src/shell/node/index.ts'],
    'sippet/browser': ['./src/shell/browser/index.ts'],
    'sippet/testing': ['./src/testing/index.ts'],
    'sippet/testing/fast-check': ['./src/testing/fast-check/index.ts'],
  },
}

interface Claim {
  readonly start: number
  readonly end: number
  readonly value: string
  readonly literal: string
  /** Whether the statement itself stays: a declaration does, an expression becomes the assertion. */
  readonly keep: boolean
}

const claimAfter = (source: ts.SourceFile, statement: ts.Statement): readonly Claim[] => {
  const written = ts.isExpressionStatement(statement)
    ? statement.expression
    : ts.isVariableStatement(statement)
      ? statement.declarationList
      : undefined
  if (written === undefined) return []
  const [start, end] = [statement.getStart(source), written.getEnd()]
  const rest = source.text.slice(end).split('\n', 1)[0] ?? ''
  const literal = /^;?\s*\/\/ => (.+)$/.exec(rest)?.[1]
  if (literal === undefined) return []
  if (!ts.isVariableDeclarationList(written)) {
    return [{ start, end, value: written.getText(source), literal, keep: false }]
  }
  const [declared, more] = written.declarations
  if (declared === undefined || more !== undefined || !ts.isIdentifier(declared.name)) return []
  return [{ start, end, value: declared.name.text, literal, keep: true }]
}
