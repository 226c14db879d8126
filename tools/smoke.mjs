// Packs the package, installs it in an empty folder and loads every entry with plain Node, by import and by require,
// without development dependencies and without the optional fast-check. Ends with `N passed, N failed, N skipped`.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { name, version, exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'sippet-smoke-'))
const npm = (args, cwd) => execFileSync('npm', [...args, '--loglevel=error'], { cwd, encoding: 'utf8' })
const node = (args) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })

/** Entries that need an optional peer, and what they need. */
const peers = { './testing/fast-check': 'fast-check@4.10.2' }

const loads = (entry) => {
  const specifier = name + entry.slice(1)
  const same = `if (Object.keys(a).length === 0) throw new Error('exports nothing')`
  return [
    [`import ${specifier}`, ['--input-type=module', '-e', `import * as a from '${specifier}'; ${same}`]],
    [`require ${specifier}`, ['--input-type=commonjs', '-e', `const a = require('${specifier}'); ${same}`]],
  ]
}

const check = ([what, args]) => {
  try {
    node(args)
    console.log(`ok     ${what}`)
    return true
  } catch (error) {
    console.log(`FAILED ${what}\n${String(error.stderr).trimEnd().replace(/^/gm, '       ')}`)
    return false
  }
}

const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
try {
  npm(['pack', '--pack-destination', folder], '.')
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const install = (...what) =>
    npm(['install', '--no-audit', '--no-fund', '--omit=dev', '--omit=optional', ...what], folder)
  install(`./${name}-${version}.tgz`)
  const commands = Object.keys(bin).map((command) => [
    `npx ${command} --help`,
    [join('node_modules', '.bin', command), '--help'],
  ])
  const results = [...entries.filter((entry) => !(entry in peers)).flatMap(loads), ...commands].map(check)
  const needing = entries.filter((entry) => entry in peers)
  if (needing.length > 0) install(...needing.map((entry) => peers[entry]))
  const all = [...results, ...needing.flatMap(loads).map(check)]
  const failed = all.filter((passed) => !passed).length
  console.log(`${all.length - failed} passed, ${failed} failed, 0 skipped`)
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
