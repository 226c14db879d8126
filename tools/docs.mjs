// `npm run docs`: the reference of the public surface, as a site in `site/`.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { install } from './install.mjs'

if (!existsSync('node_modules')) install('.')
install('tools')
const { status } = spawnSync('tools/node_modules/.bin/typedoc', ['--options', 'tools/typedoc.json'], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
