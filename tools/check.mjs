// `npm run check`: everything that can be said about the code without running it. Ends with `N passed, N failed,
// N skipped`, counting steps. Installs its own tools the first time.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { install } from './install.mjs'

const tool = (name) => `tools/node_modules/.bin/${name}`

const build = ['build', 'npm', 'run', 'build', '--silent']

const sourceSteps = [
  ['types', 'npx', 'tsc', '-b'],
  ['lint', 'npx', 'eslint', '.', '--cache', '--cache-location', 'node_modules/.cache/eslint/'],
  ['format', 'npx', 'biome', 'format', '.'],
  ['locks', 'node', 'tools/check-lock.mjs', '.', 'tools'],
  ['arrows', tool('depcruise'), 'src', '--config', '.dependency-cruiser.cjs'],
  ['unused', tool('knip'), '--no-progress'],
]

const builtSteps = [
  ['package', tool('publint'), '--strict'],
  ['package types', tool('attw'), '--pack', '.', '--profile', 'esm-only', '--no-emoji'],
  ['surface', 'node', 'tools/api.mjs', '--check'],
  ['size', 'node', 'tools/size.mjs'],
]

const run = promisify(execFile)

const step = async ([name, command, ...args]) => {
  const begun = performance.now()
  const failure = await run(command, args, { maxBuffer: 1 << 26 }).then(
    () => undefined,
    (error) => `${error.stdout}${error.stderr}` || String(error),
  )
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`${failure === undefined ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (failure !== undefined) console.log(failure.trimEnd().replace(/^/gm, '       '))
  return failure === undefined
}

/** Two steps at a time: as many as a small machine has cores. */
const twoAtATime = async (steps) => {
  const waiting = [...steps]
  const results = []
  const lane = async () => {
    while (waiting.length > 0) results.push(await step(waiting.shift()))
  }
  await Promise.all([lane(), lane()])
  return results
}

if (!existsSync('node_modules')) install('.')
install('tools')

const built = await step(build)
const results = [built, ...(await twoAtATime(built ? [...sourceSteps, ...builtSteps] : sourceSteps))]
const failed = results.filter((passed) => !passed).length
console.log(`${results.length - failed} passed, ${failed} failed, ${built ? 0 : builtSteps.length} skipped`)
process.exitCode = failed === 0 ? 0 : 1
