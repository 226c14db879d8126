// Packs the package, installs it in an empty folder and loads every entry with plain Node, by import and by require, runs its
// command by npx, and bundles and loads what is there for browsers, without development dependencies and without the optional
// fast-check. Ends with `N passed, N failed, N skipped`.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const { name, version, exports, bin, dependencies, devDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
)
const folder = mkdtempSync(join(tmpdir(), 'sippet-smoke-'))
const npm = (args, cwd) => execFileSync('npm', [...args, '--loglevel=error'], { cwd, encoding: 'utf8' })

/** Entries that need an optional peer, and what they need. */
const peers = { './testing/fast-check': 'fast-check@4.10.2' }

const nonEmpty = (all) => `if (Object.keys(${all}).length === 0) throw new Error('exports nothing')`

const loads = (entry) => {
  const specifier = name + entry.slice(1)
  return [
    [
      `import ${specifier}`,
      ['--input-type=module', '-e', `import * as a from '${specifier}'; ${nonEmpty('a')}`],
    ],
    [
      `require ${specifier}`,
      ['--input-type=commonjs', '-e', `const a = require('${specifier}'); ${nonEmpty('a')}`],
    ],
  ]
}

/** What a bundler makes of all of an entry, to be run. */
const bundled = async (entry) => {
  const specifier = name + entry.slice(1)
  const input = join(folder, `entry${entry.replaceAll(/\W/g, '-')}.mjs`)
  const file = input.replace(/mjs$/, 'bundle.mjs')
  writeFileSync(input, `import * as all from '${specifier}'\n${nonEmpty('all')}`)
  const bundle = await rolldown({ input, platform: 'browser' })
  await bundle.write({ file, format: 'esm' })
  await bundle.close()
  return [`bundle ${specifier}`, [file]]
}

const check = ([what, args, file = process.execPath]) => {
  try {
    execFileSync(file, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    console.log(`ok     ${what}`)
    return true
  } catch (error) {
    console.log(`FAILED ${what}\n${`${error.stdout}${error.stderr}`.trimEnd().replace(/^/gm, '       ')}`)
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
  const absent = [
    ...Object.values(peers).map((peer) => peer.split('@', 1)[0]),
    ...Object.keys(devDependencies),
  ]
  const found = absent.filter(
    (one) => existsSync(join(folder, 'node_modules', one)) && !(one in dependencies),
  )
  if (found.length > 0) throw new Error(`installed although nobody asked: ${found.join(', ')}`)
  const commands = Object.keys(bin).flatMap((command) =>
    ['--help', 'demo'].map((word) => [`npx ${command} ${word}`, ['--no-install', command, word], 'npx']),
  )
  const forBrowsers = await Promise.all(entries.filter((entry) => 'browser' in exports[entry]).map(bundled))
  const results = [
    ...entries.filter((entry) => !(entry in peers)).flatMap(loads),
    ...forBrowsers,
    ...commands,
  ].map(check)
  const needing = entries.filter((entry) => entry in peers)
  if (needing.length > 0) install(...needing.map((entry) => peers[entry]))
  const all = [...results, ...needing.flatMap(loads).map(check)]
  const failed = all.filter((passed) => !passed).length
  console.log(`${all.length - failed} passed, ${failed} failed, 0 skipped`)
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
