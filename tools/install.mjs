import { execSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs the packages of `folder` from its lock, unless that very lock has been installed before.
 * Uses only Node's own modules, since it runs before anything is there.
 */
export const install = (folder) => {
  const stamp = join(folder, 'node_modules', '.ready')
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  process.stderr.write(`installing the packages of ${folder === '.' ? 'sippet' : folder} …\n`)
  execSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  writeFileSync(stamp, lock)
}
