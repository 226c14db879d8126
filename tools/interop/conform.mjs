// `sippet conform` against our own server, and against software that nobody here wrote: what those are known to do
// otherwise is listed by row. A row that fails and is not listed fails the run, and so does one that is listed and holds.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, freePort, outcome, read, run, scratch, stop, until } from './kit.mjs'
import { modules } from './kamailio.mjs'

const command = resolve('dist/shell/cli/main.js')

const callsOnly = 'the built-in scenario of sipp knows calls, and is silent about all else'
const noChecks = 'no check of requests: sipp plays what its scenario says'

/** Whether somebody listens on that UDP port of loopback; asked so that nobody is disturbed. */
const isBound = (port) =>
  read('/proc/net/udp').includes(` 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `)

const examinees = [
  {
    name: 'sippet serve',
    needs: [],
    start: (port) =>
      run(process.execPath, [command, 'serve', '--port', String(port), '--answer-after', '300']),
    known: {},
  },
  {
    name: 'sipp -sn uas',
    needs: ['sipp'],
    start: (port) => run('sipp', ['-sn', 'uas', '-i', '127.0.0.1', '-p', String(port), '-nostdin']),
    known: {
      'NS-07': callsOnly,
      'NS-30': callsOnly,
      '8.2.6.2': callsOnly,
      'TR-4': callsOnly,
      'K-7': callsOnly,
      'K-8': callsOnly,
      7.3: callsOnly,
      '21.4.1': callsOnly,
      'CN-5': 'the call ends with the CANCEL, whose 200 has a tag of its own',
      'CN-7': 'any CANCEL has 200',
      'CU-13': 'any BYE has 200',
      'RV-1': callsOnly,
      'RV-2': callsOnly,
      'RV-3': callsOnly,
      'RV-4': noChecks,
      '21.5.6': noChecks,
      'MR-1': 'calls are told apart by Call-ID alone, so the second INVITE is unexpected',
    },
  },
  {
    name: 'kamailio',
    needs: ['kamailio'],
    start: (port) => {
      const config = join(scratch, `kamailio-conform-${port}.cfg`)
      const text = read(resolve('tools/interop/kamailio-conform.cfg'))
      writeFileSync(config, text.replaceAll('PORT', port).replaceAll('MODULES', modules()))
      return run('kamailio', ['-DD', '-E', '-f', config, '-Y', scratch, '-m', '64', '-M', '8'])
    },
    known: {
      7.3: 'a CSeq with a folded line between number and method is not read (20.16: LWS)',
      'CN-5': 'sl answers the CANCEL with a tag of its own',
      'RV-2': 'a Request-URI of another scheme is no URI, and has 400 from the sanity module',
      'RV-3': 'Require is for the script, and kamailio is a proxy: it looks at Proxy-Require',
      'RV-4': 'bodies are for the script',
      '21.5.6': 'another version is dropped by the parser without an answer',
      'MR-1': 'no check of merged requests',
    },
  },
]

export const runs = examinees.map(({ name, needs, start, known }) => ({
  name: `conform: ${name}`,
  needs,
  go: async () => {
    const port = await freePort()
    const child = start(port)
    try {
      await until(() => isBound(port) || child.exitCode !== null, 15_000, name)
      expect(child.exitCode === null, `${name} ended: ${child.said.slice(-1500)}`)
      const rows = Object.keys(known)
      const listed = rows.length === 0 ? [] : ['--known', rows.join(',')]
      const examiner = run(process.execPath, [command, 'conform', `127.0.0.1:${port}`, ...listed])
      const code = await outcome(examiner, 60_000)
      expect(code === 0, `conform ended with ${code}\n${examiner.said}`)
      return examiner.said.trim().split('\n').at(-1)
    } finally {
      await stop(child)
    }
  },
}))
