// Before `npm start`: installs and builds what is missing, using only Node's own modules.
import { execSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const stamp = 'node_modules/.ready'
const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
const run = (command) => execSync(command, { stdio: ['ignore', 'ignore', 'inherit'] })

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('installing …\n')
  run('npm ci --no-audit --no-fund --loglevel=error')
  writeFileSync(stamp, lock)
}
run('npm run build --silent')
