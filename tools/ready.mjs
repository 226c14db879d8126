// Before `npm start`: installs and builds what is missing, using only Node's own modules.
import { execFileSync } from 'node:child_process'
import { install } from './install.mjs'

install('.')
// What the command line needs of `npm run build`; the bundles for browsers are not.
execFileSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-b', 'src/core', 'src/testing', 'src/shell'],
  { stdio: ['ignore', 'inherit', 'inherit'] },
)
