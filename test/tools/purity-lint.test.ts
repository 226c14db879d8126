import { ESLint, type Linter } from 'eslint'
import functional from 'eslint-plugin-functional'
import tseslint from 'typescript-eslint'
import { describe, expect, test } from 'vitest'

/** The project's own configuration without the rules that need a file on disk to know its types. */
const eslint = new ESLint({
  overrideConfig: [
    { languageOptions: { parserOptions: { projectService: false } } },
    tseslint.configs.disableTypeChecked,
    functional.configs.disableTypeChecked,
  ],
})

const rulesHit = async (file: string, code: string): Promise<readonly string[]> => {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: file })
  return result!.messages.map((message) => message.ruleId ?? `fatal: ${message.message}`)
}

const faults: readonly (readonly [rule: string, code: string])[] = [
  ['no-restricted-globals', 'export const now = (): number => Date.now()'],
  ['no-restricted-globals', 'export const later = (f: () => void): unknown => setTimeout(f, 1)'],
  ['no-restricted-globals', 'export const all = (): unknown => globalThis'],
  ['no-restricted-globals', 'export const who = (): unknown => process.env'],
  ['no-restricted-globals', 'export const log = (): void => console.log(1)'],
  ['no-restricted-globals', 'export const run = (): unknown => eval("1")'],
  ['no-restricted-globals', 'export const run = (): unknown => new Function("return 1")'],
  ['no-restricted-globals', 'export const money = (): unknown => new Intl.NumberFormat()'],
  ['no-restricted-globals', 'export const soon = (): unknown => new Promise(() => undefined)'],
  ['no-restricted-globals', 'export const key = (): unknown => crypto.getRandomValues'],
  ['no-restricted-properties', 'export const dice = (): number => Math.random()'],
  ['no-restricted-properties', 'export const dice = (): number => Math["random"]()'],
  ['no-restricted-properties', 'export const order = (a: string, b: string): number => a.localeCompare(b)'],
  ['no-restricted-properties', 'export const run = (): unknown => [].constructor.constructor("return 1")'],
  ['no-restricted-syntax', 'const { random } = Math\nexport const dice = (): number => random()'],
  ['no-restricted-syntax', 'const m = Math\nexport const dice = (): number => m.random()'],
  ['no-restricted-syntax', 'export const wait = async (): Promise<void> => undefined'],
  ['no-restricted-syntax', 'export const load = (): unknown => import("./x.js")'],
  ['no-restricted-syntax', 'export const bad = /^(a+)+$/'],
  ['no-restricted-syntax', 'export default 1'],
  ['no-restricted-syntax', 'import * as E from "fp-ts/lib/Either.js"\nexport const c = E.chain'],
  ['no-restricted-imports', 'import { flatMap } from "fp-ts/lib/Either.js"\nexport const c = flatMap'],
  ['no-restricted-imports', 'import { right } from "fp-ts/Either"\nexport const r = right'],
  ['no-restricted-imports', 'import { of } from "fp-ts/lib/TaskEither.js"\nexport const r = of'],
  ['no-restricted-imports', 'import { createSocket } from "node:dgram"\nexport const r = createSocket'],
  ['no-restricted-imports', 'import { createSocket } from "dgram"\nexport const r = createSocket'],
  ['no-restricted-imports', 'import { run } from "../../shell/run.js"\nexport const r = run'],
  ['functional/no-try-statements', 'export const f = (): void => {\n  try {\n    f()\n  } catch {}\n}'],
  ['functional/no-let', 'export const f = (): number => {\n  let n = 1\n  return n\n}'],
  ['functional/no-loop-statements', 'export const f = (): void => {\n  for (;;) f()\n}'],
  ['functional/no-classes', 'export class A {}'],
  ['no-param-reassign', 'export const f = (o: { a: number }): void => {\n  o.a = 1\n}'],
]

describe('a fault planted in a state machine is reported', () => {
  test.each(faults)('%s: %j', async (rule, code) => {
    expect(await rulesHit('src/core/transaction/planted.ts', code)).toContain(rule)
  })
})

test.each([
  'functional/no-throw-statements',
  'functional/immutable-data',
  'functional/prefer-immutable-types',
  '@typescript-eslint/switch-exhaustiveness-check',
])('%s, which needs types, is an error in a state machine', async (rule) => {
  const { rules } = (await new ESLint().calculateConfigForFile(
    'src/core/transaction/planted.ts',
  )) as Linter.Config
  expect(rules?.[rule]).toEqual(expect.arrayContaining([2]))
})

describe('the lifted rules', () => {
  const loop =
    'export const f = (): number => {\n  let n = 0\n  for (let i = 0; i < 3; i++) n += i\n  return n\n}'

  test.each(['data', 'uri', 'header', 'message', 'auth'])('core/%s may loop', async (folder) => {
    expect(await rulesHit(`src/core/${folder}/planted.ts`, loop)).toEqual([])
  })

  test.each(['layer', 'stack', 'user-agent', 'transport', 'locate', 'codec'])(
    'core/%s may not',
    async (folder) => {
      expect(await rulesHit(`src/core/${folder}/planted.ts`, loop)).toContain('functional/no-loop-statements')
    },
  )

  test('a loop does not lift the purity of a parser', async () => {
    expect(await rulesHit('src/core/header/planted.ts', 'export const now = Date.now')).toContain(
      'no-restricted-globals',
    )
  })

  test('the shell may read the clock', async () => {
    expect(await rulesHit('src/shell/planted.ts', 'export const now = (): number => Date.now()')).toEqual([])
  })
})

test('a property without a seed is reported', async () => {
  const property = 'fc.assert(fc.property(fc.nat(), () => true)'
  expect(await rulesHit('test/planted.test.ts', `${property})`)).toContain('no-restricted-syntax')
  expect(await rulesHit('test/planted.test.ts', `${property}, { seed: 1 })`)).toEqual([])
})

test('a focused test is reported', async () => {
  expect(await rulesHit('test/planted.test.ts', 'test.only("x", () => undefined)')).toContain(
    'no-restricted-syntax',
  )
})
