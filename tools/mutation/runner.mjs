// A test runner for Stryker that runs vitest's tests in its own process: vitest begins a worker and loads every file anew
// for each mutant, which is most of the hours that takes. The files are one module here, loaded once; it is loaded again
// only for mutants that matter while loading.
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'

const rowsAlone = process.env.SIPPET_MUTATION === 'rows'

/** Nearest first: the first failure ends a mutant. */
const places = [
  /^conformance\/machines/,
  /^core\/transaction\//,
  /^core\/layer\//,
  /^core\/(stack|user-agent|transport|codec|reference)\//,
  /^testing\/(world|invariants|known-bugs)/,
]

const testFiles = () => {
  const all = readdirSync('test', { recursive: true }).filter((file) => file.endsWith('.test.ts'))
  return places
    .flatMap((place) => all.filter((file) => place.test(file)).sort())
    .map((file) => `test/${file}`)
}

const isRow = (name) => /^[A-Z]+-\d+[ :]/.test(name)

class InProcess {
  #loads = 0
  #tests = []

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    const build = await rolldown({
      input: 'all-tests',
      platform: 'node',
      treeshake: false,
      plugins: [oneModule(testFiles())],
      external: (id) => !/^(\.|\/|\0|all-tests$|file-of:|vitest$)/.test(id),
      resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
      logLevel: 'silent',
    })
    await build.write({ file: 'dist-of-tests.mjs', format: 'esm' })
  }

  async dryRun() {
    await this.#load()
    const tests = []
    for (const test of this.#tests) tests.push(await run(test, true))
    return { status: 'complete', tests, mutantCoverage: space().mutantCoverage }
  }

  async mutantRun({ testFilter, activeMutant, mutantActivation, reloadEnvironment, hitLimit }) {
    const ns = space()
    ns.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined
    ns.hitLimit = hitLimit
    ns.hitCount = 0
    try {
      if (reloadEnvironment || this.#loads === 0) await this.#load()
    } catch (error) {
      return {
        status: 'killed',
        killedBy: testFilter?.slice(0, 1) ?? [],
        failureMessage: String(error),
        nrOfTests: 0,
      }
    }
    ns.activeMutant = activeMutant.id
    ns.hitCount = 0
    const wanted = testFilter && new Set(testFilter)
    let ran = 0
    for (const test of this.#tests.filter(({ id }) => wanted?.has(id) ?? true)) {
      ran += 1
      const result = await run(test, false)
      if (ns.hitCount > hitLimit) return { status: 'timeout', reason: `${ns.hitCount} hits` }
      if (result.status === 1)
        return {
          status: 'killed',
          killedBy: [test.id],
          failureMessage: result.failureMessage,
          nrOfTests: ran,
        }
    }
    return { status: 'survived', nrOfTests: ran }
  }

  async #load() {
    globalThis.sippetTests = []
    this.#loads += 1
    await import(`${pathToFileURL('dist-of-tests.mjs')}?${this.#loads}`)
    const names = new Map()
    this.#tests = globalThis.sippetTests
      .filter(({ name }) => !rowsAlone || isRow(name))
      .map(({ file, path, name, body }) => {
        const full = `${file} ${[...path, name].join(' ')}`
        const nth = (names.get(full) ?? 0) + 1
        names.set(full, nth)
        return { id: nth === 1 ? full : `${full} (${nth})`, file, body }
      })
  }
}

/** What Stryker's instrumented code reads: the active mutant, and whose coverage it is. */
const space = () => (globalThis.__stryker__ ??= {})

const run = async ({ id, file, body }, covering) => {
  const ns = space()
  if (covering) ns.currentTestId = id
  const begun = performance.now()
  const result = { id, name: id, fileName: resolve(file) }
  try {
    await body()
    return { ...result, status: 0, timeSpentMs: performance.now() - begun }
  } catch (error) {
    const failureMessage = error instanceof Error ? (error.message ?? String(error)) : String(error)
    return { ...result, status: 1, failureMessage, timeSpentMs: performance.now() - begun }
  } finally {
    if (covering) ns.currentTestId = undefined
  }
}

/** All test files in one module, each behind a line that says which file follows, with vitest's part played by `vitest.mjs`. */
const oneModule = (files) => ({
  name: 'one-module',
  resolveId: (id) => {
    if (id === 'vitest') return resolve('tools/mutation/vitest.mjs')
    if (id === 'all-tests' || id.startsWith('file-of:')) return `\0${id}`
    const entry = /^sippet(\/[a-z/-]+)?$/.exec(id)
    return entry === null
      ? null
      : resolve(`src/${entry[1]?.slice(1).replace(/^node|^browser/, 'shell/$&') ?? 'core'}/index.ts`)
  },
  load: (id) => {
    if (id === '\0all-tests')
      return files
        .flatMap((file) => [`import 'file-of:${file}'`, `import ${JSON.stringify(resolve(file))}`])
        .join('\n')
    if (id.startsWith('\0file-of:')) return `globalThis.sippetFile = ${JSON.stringify(id.slice(9))}`
    return null
  },
  transform: (code, id) =>
    code.includes('import.meta.')
      ? code
          .replaceAll('import.meta.url', JSON.stringify(String(pathToFileURL(id))))
          .replaceAll('import.meta.dirname', JSON.stringify(resolve(id, '..')))
      : null,
})

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcess)]
