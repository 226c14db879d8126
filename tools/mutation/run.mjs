// `npm run mutation [-- file…]`: what the tests notice of small faults put into the machines and the layer.
//
// First the tests of the rows alone judge every mutant; then those that survive are judged by all tests of the core, so
// that the second figure is that of both together. Prints both figures and every survivor. What was judged before is judged
// again only where code or tests have changed. SIPPET_JOBS: how many mutants at a time, 2.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { install } from '../install.mjs'

const files = process.argv.slice(2)
const everything = ['src/core/transaction/*.ts', 'src/core/layer/*.ts']

const stryker = (scope, mutate) => {
  const { status } = spawnSync(
    process.execPath,
    ['tools/node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'tools/mutation/stryker.config.mjs'],
    {
      stdio: 'inherit',
      env: { ...process.env, SIPPET_MUTATION: scope, SIPPET_MUTANTS: JSON.stringify(mutate) },
    },
  )
  if (status !== 0) process.exit(status ?? 1)
  return mutants(scope)
}

/** The judged mutants of a report, each with where it is and what it puts there. */
const mutants = (scope) => {
  const report = JSON.parse(readFileSync(`reports/mutation-${scope}.json`, 'utf8'))
  return Object.entries(report.files).flatMap(([file, { source, mutants: found }]) =>
    found
      .filter(({ status }) => !['Ignored', 'CompileError', 'RuntimeError'].includes(status))
      .map(({ location: { start, end }, replacement, status }) => ({
        file,
        range: `${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
        replacement,
        before: cut(source, start, end),
        killed: status === 'Killed' || status === 'Timeout',
      })),
  )
}

const cut = (source, start, end) => {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  lines[last] = lines[last].slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join(' ').replace(/\s+/g, ' ')
}

const nameOf = ({ file, range, replacement }) => `${file}:${range} ${replacement}`
const perCent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`

if (!existsSync('node_modules')) install('.')
install('tools')

const byRows = stryker('rows', files.length === 0 ? everything : files)
const survivors = byRows.filter(({ killed }) => !killed)
const noticed = new Set(
  survivors.length === 0
    ? []
    : stryker(
        'all',
        survivors.map(({ file, range }) => `${file}:${range}`),
      )
        .filter(({ killed }) => killed)
        .map(nameOf),
)
const survivesAll = (mutant) => !mutant.killed && !noticed.has(nameOf(mutant))

console.log('\n| file | mutants | killed by rows | killed by all |\n|---|---|---|---|')
const line = (name, some) => {
  const rows = some.filter(({ killed }) => killed).length
  const all = some.filter((mutant) => !survivesAll(mutant)).length
  console.log(
    `| ${name} | ${some.length} | ${rows} (${perCent(rows, some.length)}) | ${all} (${perCent(all, some.length)}) |`,
  )
}
for (const file of new Set(byRows.map((mutant) => mutant.file)))
  line(
    `\`${file}\``,
    byRows.filter((mutant) => mutant.file === file),
  )
line('together', byRows)

console.log('\nSurvivors of all tests:')
for (const { file, range, before, replacement } of byRows.filter(survivesAll))
  console.log(`${file}:${range.split('-')[0]}  ${before}  →  ${replacement.replace(/\s+/g, ' ')}`)
