// Calls `sippet serve` with sipp, over UDP on loopback. Ends with `N passed, N failed, N skipped`, counting runs.
// `node tools/sipp.mjs [word…]` makes only the runs whose name contains each word.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const command = resolve('dist/shell/cli/main.js')
const cancel = resolve('test/sipp/uac-cancel.xml')
const lateAck = resolve('test/sipp/uac-late-ack.xml')

/**
 * What sipp does, and how many calls must succeed with none failed. Ten repetitions outlive its losses. A server with
 * `killed` keeps a snapshot; once that text stands there for every call, SIGKILL ends the server, and another goes on
 * from the file.
 */
const scenarios = [
  { name: 'calls', sipp: ['-sn', 'uac'], calls: 2000, rate: 200, serve: [] },
  {
    name: 'calls, 10 % lost',
    sipp: ['-sn', 'uac', '-lost', '10', '-max_retrans', '10'],
    calls: 2000,
    rate: 200,
    serve: [],
  },
  {
    name: 'cancelled calls',
    sipp: ['-sf', cancel],
    calls: 200,
    rate: 50,
    serve: ['--answer-after', '2000'],
  },
  {
    name: 'killed while ringing',
    sipp: ['-sn', 'uac'],
    calls: 5,
    rate: 100,
    serve: ['--answer-after', '2000'],
    killed: '"response":"SIP/2.0 180 ',
  },
  {
    name: 'killed with the ACK outstanding',
    sipp: ['-sf', lateAck, '-nr'],
    calls: 5,
    rate: 100,
    serve: [],
    killed: '"_tag":"Waiting"',
  },
]

const hosts = ['127.0.0.1', '::1']

const runs = hosts.flatMap((host) =>
  scenarios.map((scenario) => ({ ...scenario, host, name: `${scenario.name} over ${host}` })),
)

/** A port of `host` that is free, or undefined when the machine does not have that address. */
const freePort = (host) =>
  new Promise((done) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', () => done(undefined))
    socket.bind(0, host, () => {
      const { port } = socket.address()
      socket.close(() => done(port))
    })
  })

const exit = (child, ms) =>
  Promise.race([
    new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal))),
    new Promise((done) => setTimeout(() => done(`nothing within ${ms / 1000} s`), ms).unref()),
  ])

/** Starts the server; resolves once it says that it listens, rejects with what it said if it ends or hangs. */
const serve = async (host, port, more) => {
  const server = spawn(
    process.execPath,
    [command, 'serve', '--host', host, '--port', String(port), '--quiet', ...more],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  const listening = new Promise((done) => {
    const hear = (chunk) => {
      said += chunk
      if (/^listening /m.test(said)) done('listening')
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
  })
  const first = await Promise.race([listening, exit(server, 10_000)])
  if (first === 'listening') return server
  server.kill('SIGKILL')
  throw new Error(`serve: ${first}\n${said}`)
}

const stop = async (server) => {
  const ended = exit(server, 10_000)
  server.kill('SIGINT')
  const code = await ended
  server.kill('SIGKILL')
  return code
}

/** The last line of sipp's statistics as a record. */
const statistics = (folder) => {
  const file = readdirSync(folder).find((name) => name.endsWith('statistics.csv'))
  if (file === undefined) return {}
  const [names, ...lines] = readFileSync(join(folder, file), 'utf8').trim().split('\n')
  const values = lines.at(-1)?.split(';') ?? []
  return Object.fromEntries(names.split(';').map((name, column) => [name, Number(values[column])]))
}

const call = async ({ sipp, calls, rate, host }, port) => {
  const folder = mkdtempSync(join(tmpdir(), 'sippet-sipp-'))
  const remote = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const limits = [
    '-m',
    String(calls),
    '-l',
    String(calls),
    '-r',
    String(rate),
    '-timeout',
    '150',
    '-timeout_error',
  ]
  const traces = [
    '-trace_stat',
    '-stf',
    'statistics.csv',
    '-fd',
    '1',
    '-trace_err',
    '-error_file',
    'errors.log',
  ]
  try {
    const child = spawn('sipp', [...sipp, '-i', host, remote, ...limits, ...traces, '-nostdin'], {
      cwd: folder,
      stdio: 'ignore',
    })
    const code = await exit(child, 170_000)
    child.kill('SIGKILL')
    const counted = statistics(folder)
    const errors = readdirSync(folder).includes('errors.log')
      ? readFileSync(join(folder, 'errors.log'), 'utf8')
      : ''
    return {
      code,
      successful: counted['SuccessfulCall(C)'],
      failed: counted['FailedCall(C)'],
      repeated: counted['Retransmissions(C)'],
      errors: errors.slice(0, 2000),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const text = (file) => (existsSync(file) ? readFileSync(file, 'latin1') : '')

/** Waits until `killed` stands in the snapshot for every call, kills the server and starts another from the file. */
const restart = async (server, { host, killed, calls, serve: more }, port, file) => {
  const seen = () => text(file).split(killed).length - 1
  const end = performance.now() + 20_000
  while (seen() < calls && performance.now() < end) await new Promise((done) => setTimeout(done, 10))
  const gone = exit(server, 10_000)
  server.kill('SIGKILL')
  const signal = await gone
  const left = seen()
  if (signal !== 'SIGKILL' || left < calls)
    throw new Error(`the server ended with ${signal}, and its snapshot has ${left} of ${calls} calls so far`)
  return serve(host, port, [...more, '--snapshot', file])
}

const outcome = async (run) => {
  const port = await freePort(run.host)
  if (port === undefined) return { verdict: 'skipped', detail: `no address ${run.host} here` }
  const folder = mkdtempSync(join(tmpdir(), 'sippet-sipp-'))
  try {
    return await served(run, port, join(folder, 'snapshot.json'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const served = async (run, port, file) => {
  const first = await serve(run.host, port, [
    ...run.serve,
    ...(run.killed === undefined ? [] : ['--snapshot', file]),
  ])
  const calling = call(run, port)
  const server = run.killed === undefined ? first : await restart(first, run, port, file)
  const result = await calling
  const ended = await stop(server)
  const right = result.code === 0 && result.successful === run.calls && result.failed === 0 && ended === 0
  const detail = `${result.successful} successful, ${result.failed} failed, ${result.repeated} repeated`
  return right
    ? { verdict: 'passed', detail }
    : {
        verdict: 'failed',
        detail: `${detail}; sipp ended with ${result.code}, serve with ${ended}\n${result.errors}`,
      }
}

const words = process.argv.slice(2)
const count = { passed: 0, failed: 0, skipped: 0 }
for (const run of runs.filter(({ name }) => words.every((word) => name.includes(word)))) {
  const { verdict, detail } = await outcome(run).catch((error) => ({
    verdict: 'failed',
    detail: error.message,
  }))
  count[verdict] += 1
  const mark = { passed: 'ok    ', failed: 'FAILED', skipped: 'skip  ' }[verdict]
  console.log(`${mark} ${run.name}: ${detail.replaceAll('\n', '\n       ')}`)
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exitCode = count.failed === 0 ? 0 : 1
