import { execSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs the packages of `folder` from its lock, unless they are there already, whoever installed them.
 * Uses only Node's own modules, since it runs before anything is there.
 */
export const install = (folder) => {
  if (isInstalled(folder)) return
  process.stderr.write(`installing the packages of ${folder === '.' ? 'sippet' : folder} …\n`)
  execSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Whether what npm wrote down at the end of its last installation is what the lock asks for. */
const isInstalled = (folder) => {
  const written = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(written)) return false
  const present = packages(written)
  return Object.entries(packages(join(folder, 'package-lock.json')))
    .filter(([path, { optional, devOptional }]) => path !== '' && !optional && !devOptional)
    .every(([path, { version }]) => present[path]?.version === version)
}

const packages = (lock) => JSON.parse(readFileSync(lock, 'utf8')).packages
