// Writes docs/machines/: the test that compares the pages with the code writes them when told to.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}docs/machines`
mkdirSync(folder, { recursive: true })
for (const page of [
  'invite-client',
  'non-invite-client',
  'invite-server',
  'non-invite-server',
  'conformance',
])
  closeSync(openSync(`${folder}/${page}.md`, 'a'))
const { status } = spawnSync('npx', ['vitest', 'run', 'test/conformance/pages.test.ts', '--update'], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
