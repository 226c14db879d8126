import { builtinModules } from 'node:module'
import functional from 'eslint-plugin-functional'
import tseslint from 'typescript-eslint'

/** Globals that read a clock, throw dice, know the locale, reach the outside or defer work. */
const impure = [
  'Atomics',
  'Buffer',
  'Date',
  'FinalizationRegistry',
  'Function',
  'Intl',
  'Promise',
  'SharedArrayBuffer',
  'WeakRef',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'eval',
  'fetch',
  'global',
  'globalThis',
  'navigator',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'self',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'structuredClone',
  'window',
]

const builtins = builtinModules.flatMap((name) => [name, `node:${name}`])

/** `fp-ts/Either` passes tsc and vitest and is dead in Node's own loader; `fp-ts/lib/Either.js` works everywhere. */
const deepImports = {
  regex: '^(fp-ts|io-ts)/(?!lib/.+\\.js$)',
  message: 'Write fp-ts/lib/X.js: the short form does not load in Node.',
}

const runningEffects = {
  regex:
    '^fp-ts/lib/(IO|IOEither|IOOption|IORef|Task|TaskEither|TaskOption|TaskThese|Date|Console|Random|ReaderIO|ReaderTask.*|StateReaderTask.*)(\\.js)?$',
  message: 'The core describes effects as values; it does not run them.',
}

/** Made with fp-ts's `dual`: 650 ns a call since 2.14. `E` and `O` are the customary names of the two modules. */
const dual =
  '(chain|chainW|chainFirst|chainFirstW|flatMap|flatMapNullable|flatMapOption|bind|bindW|bindTo|apS|apSW|tap|orElse|orElseW|filterOrElse|filterOrElseW)'

const slowCombinators = {
  regex: '^fp-ts/lib/(Either|Option)\\.js$',
  importNamePattern: `^${dual}$`,
  message: 'Slow on a hot path: return early with isLeft.',
}

/** What no file of the published source may contain. */
const published = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  {
    selector: 'ExportAllDeclaration[exported=null][exportKind="value"]',
    message: 'Name what the facade exports.',
  },
]

const pure = [
  ...published,
  { selector: 'ImportExpression', message: 'The core is synchronous and loads nothing.' },
  { selector: 'AwaitExpression', message: 'The core is synchronous.' },
  { selector: 'ForOfStatement[await=true]', message: 'The core is synchronous.' },
  { selector: ':function[async=true]', message: 'The core is synchronous.' },
  { selector: ':not(MemberExpression) > Identifier[name="Math"]', message: 'Name the function: Math.floor.' },
  {
    selector: 'Literal[regex.pattern=/\\([^)]*[+*][^)]*\\)[+*{]/]',
    message: 'A repetition inside a repetition backtracks without bound on hostile input.',
  },
]

const hot = [
  ...pure,
  {
    selector: `MemberExpression[object.name=/^(E|O|Either|Option)$/][property.name=/^${dual}$/]`,
    message: slowCombinators.message,
  },
]

const restrictedImports = (patterns) => ['error', { paths: builtins, patterns: [deepImports, ...patterns] }]

const inner = {
  group: ['**/shell/**', '**/testing/**', '**/cli/**'],
  message: 'An arrow may only point inwards.',
}

const noFocus = {
  selector: 'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(only|todo)$/]',
  message: 'Every test runs.',
}

const noSeed = {
  selector:
    'CallExpression[callee.object.name="fc"][callee.property.name=/^(assert|check|sample)$/][arguments.length=1]',
  message: 'Say seed and numRuns: a run is the same run every time.',
}

export default tseslint.config(
  {
    ignores: ['dist', 'coverage', '.tsbuild', '**/node_modules', 'reports', '.stryker-tmp', 'site'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { functional },
    rules: {
      eqeqeq: 'error',
      'func-style': ['error', 'expression'],
      'object-shorthand': 'error',
      'no-param-reassign': ['error', { props: true }],
      'prefer-arrow-callback': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, considerDefaultExhaustiveForUnions: false },
      ],
      'no-restricted-imports': ['error', { patterns: [deepImports] }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...published],
      '@typescript-eslint/prefer-readonly': 'error',
    },
  },
  {
    // The testing kit is as deterministic as the core; it may count and loop.
    files: ['src/core/**/*.ts', 'src/testing/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...impure.map((name) => ({ name, message: 'Impure: comes in from outside.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Entropy comes with the event.' },
        { property: 'constructor', message: 'A way round the other bans.' },
        { property: 'localeCompare', message: 'Depends on the machine.' },
        { property: 'toLocaleLowerCase', message: 'Depends on the machine.' },
        { property: 'toLocaleUpperCase', message: 'Depends on the machine.' },
        { property: 'toLocaleString', message: 'Depends on the machine.' },
      ],
      'no-restricted-syntax': ['error', ...pure],
      'no-restricted-imports': restrictedImports([
        runningEffects,
        { ...inner, group: ['**/shell/**', '**/cli/**'] },
      ]),
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-imports': restrictedImports([runningEffects, inner]),
      'functional/immutable-data': 'error',
      'functional/no-classes': 'error',
      'functional/no-let': 'error',
      'functional/no-loop-statements': 'error',
      'functional/no-this-expressions': 'error',
      'functional/no-throw-statements': 'error',
      'functional/no-try-statements': 'error',
      'functional/prefer-property-signatures': 'error',
      'functional/prefer-immutable-types': [
        'error',
        { enforcement: 'None', parameters: { enforcement: 'ReadonlyShallow', ignoreInferredTypes: true } },
      ],
      'functional/type-declaration-immutability': [
        'error',
        {
          rules: [
            {
              identifiers: '^(?!(Cursor|Reading|Draft)$)',
              immutability: 'ReadonlyShallow',
              comparator: 'AtLeast',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    ignores: ['src/core/codec/**'],
    rules: {
      'no-restricted-syntax': ['error', ...hot],
      'no-restricted-imports': restrictedImports([runningEffects, inner, slowCombinators]),
    },
  },
  {
    // Characters and headers: loops over fresh local data. What comes in is never changed, but for the cursor (c)
    // that moves along the text, the reading (r) and the result (out) that helpers fill for the one who made them.
    files: ['src/core/{data,uri,header,message,auth}/**/*.ts', 'src/core/transport/frame.ts'],
    rules: {
      'functional/immutable-data': 'off',
      'functional/no-let': 'off',
      'functional/no-loop-statements': 'off',
      'functional/prefer-immutable-types': 'off',
      'no-param-reassign': [
        'error',
        { props: true, ignorePropertyModificationsFor: ['c', 'cursor', 'r', 'out'] },
      ],
      // `return fail(c, …)`: notes the fault and returns undefined.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An index checked by the loop around it.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Where a reducer meets the world: the one place in the core that holds a state and changes it. And a pass through the
    // filters, filled while its step lasts.
    files: ['src/core/runtime/**/*.ts', 'src/core/user-agent/filter.ts'],
    rules: {
      'functional/immutable-data': 'off',
      'functional/no-let': 'off',
      'functional/no-loop-statements': 'off',
      'functional/prefer-immutable-types': 'off',
      'functional/type-declaration-immutability': 'off',
      'no-param-reassign': 'off',
    },
  },
  {
    // A filter answers a few of all things that pass; its default is to let the rest go on.
    files: ['src/core/user-agent/**/*.ts'],
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // What every message goes through: lists and texts that the step makes for itself.
    files: ['src/core/layer/{rest,settle,timers}.ts'],
    rules: {
      'functional/immutable-data': 'off',
      'functional/no-let': 'off',
      'functional/no-loop-statements': 'off',
    },
  },
  {
    // A class: private cells hold what the versions of a table share, invisible to equality, freezing and JSON.
    // Below it what they share, written in place: nobody else has it.
    files: ['src/core/data/{table,table-store,hash-map,slab}.ts'],
    rules: {
      'functional/no-classes': 'off',
      'functional/no-this-expressions': 'off',
      'functional/type-declaration-immutability': 'off',
      'no-param-reassign': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    // Another class: a private cell remembers decoded values, invisible to equality, freezing and JSON.
    files: ['src/core/message/message.ts', 'src/core/message/memory.ts'],
    rules: {
      'functional/no-classes': 'off',
      'functional/no-this-expressions': 'off',
      'functional/type-declaration-immutability': 'off',
      'no-param-reassign': 'off',
    },
  },
  {
    files: ['src/shell/**/*.ts', 'src/testing/**/*.ts'],
    rules: {
      'functional/no-classes': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/shell/cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noFocus, noSeed],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.base],
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-arrow-callback': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      'no-restricted-imports': ['error', { patterns: [deepImports] }],
    },
  },
)
