// Parsers in C, built where gcc and the headers of the library are there. Each is a program that does one kind of work
// for some time and prints its rate per CPU-second: see bench/c/rate.h.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { built, has, root } from './measure.mjs'

const run = promisify(execFile)

const libraries = [
  { name: 'sofia-sip', pkg: 'sofia-sip-ua', debian: 'libsofia-sip-ua-dev' },
  { name: 'osip2', pkg: 'libosip2', debian: 'libosip2-dev' },
]

/** Those that are there as subjects, and the Debian packages of those that are not. */
export const cPeers = (messages) => {
  const can = has('gcc') && has('pkg-config')
  const present = can
    ? libraries.filter(({ pkg }) => spawnSync('pkg-config', ['--exists', pkg]).status === 0)
    : []
  if (present.length > 0) mkdirSync(built, { recursive: true })
  return {
    subjects: present.map((library) => subject(library, messages)),
    absent: libraries
      .filter((library) => !present.includes(library))
      .map(({ name, debian }) => `${name} (gcc, pkg-config and Debian's ${debian})`),
  }
}

const subject = ({ name, pkg }, messages) => {
  const ask = (...args) => execFileSync('pkg-config', [...args, pkg], { encoding: 'utf8' }).trim()
  const program = join(built, name)
  const input = join(built, 'messages')
  const flags = ask('--cflags', '--libs').split(/\s+/)
  execFileSync('gcc', ['-O2', '-Wall', '-o', program, join(root, `bench/c/${name}.c`), ...flags])
  writeFileSync(input, messages.map((text) => `${text.length}\n${text}`).join(''), 'latin1')
  return {
    name: `${name} ${ask('--modversion').split('+')[0]} (C)`,
    works: ['parse', 'touch', 'serialise'],
    rate: async (work, milliseconds) =>
      Number((await run(program, [input, work, String(milliseconds)])).stdout),
  }
}
