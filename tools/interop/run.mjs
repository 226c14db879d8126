// `node tools/interop/run.mjs [word…]`: runs against real peers on loopback, only those whose name contains each word.
// Installs what is missing with apt-get and npm where it may. Ends with `N passed, N failed, N skipped`. Needs a build.
import { execFileSync, spawnSync } from 'node:child_process'
import { has } from './kit.mjs'

const packages = {
  sipp: ['sip-tester'],
  socat: ['socat'],
  kamailio: ['kamailio', 'kamailio-tls-modules', 'kamailio-websocket-modules'],
  dnsmasq: ['dnsmasq-base'],
  chromium: ['chromium'],
  tshark: ['tshark'],
  sipsak: ['sipsak'],
  baresip: ['baresip-core'],
}

const words = process.argv.slice(2)

/** Whether a Debian package is there: the modules of a program are no commands. */
const isInstalled = (name) =>
  spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' }).stdout ===
  'installed'

/** What is not there is installed; where that cannot be, the runs that need it are skipped and counted. */
const install = (commands) => {
  const missing = commands.flatMap((command) => {
    const [main, ...more] = packages[command] ?? []
    return [
      ...(main === undefined || has(command) ? [] : [main]),
      ...more.filter((name) => !isInstalled(name)),
    ]
  })
  if (missing.length === 0) return
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...args) => {
    const [first, ...rest] = [...root, 'apt-get', '-qq', ...args]
    execFileSync(first, rest, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  }
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...missing)
  } catch {
    console.log(`could not install ${missing.join(' ')}`)
  }
}

const folders = [
  'sipp',
  'dissected',
  'kamailio',
  'digest',
  'dns',
  'browser',
  'processes',
  'conform',
  'worker',
]
const all = (await Promise.all(folders.map((name) => import(`./${name}.mjs`)))).flatMap(({ runs }) => runs)
const chosen = all.filter(({ name }) => words.every((word) => name.includes(word)))
install([...new Set(chosen.flatMap(({ needs }) => needs))])

const count = { passed: 0, failed: 0, skipped: 0 }
for (const { name, needs, go } of chosen) {
  const missing = needs.filter((command) => !has(command))
  const begun = performance.now()
  const [verdict, detail] =
    missing.length > 0
      ? ['skipped', `no ${missing.join(', no ')}`]
      : await go().then(
          (result) => ['passed', result ?? ''],
          (error) => ['failed', error.stack],
        )
  count[verdict] += 1
  const word = { passed: 'ok     ', failed: 'FAILED ', skipped: 'skipped' }[verdict]
  console.log(`${word} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s) ${detail}`)
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exit(count.failed === 0 ? 0 : 1)
