// Running what is measured: a server on one core, the load on the other, processor time read from the kernel.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const built = join(root, 'node_modules/.cache/bench')
const TICK = 1e6 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Whether a command is there. */
export const has = (command) => spawnSync('which', [command]).status === 0

/** `taskset` where it exists: the server on core 0, the load on core 1. */
const pinned = (core, command, args) =>
  has('taskset') ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]

/** The load generator, built when its source is newer. */
export const generator = () => {
  const source = join(root, 'bench/load/load.c')
  const binary = join(built, 'load')
  if (!existsSync(binary) || statSync(binary).mtimeMs < statSync(source).mtimeMs) {
    mkdirSync(built, { recursive: true })
    execFileSync('gcc', ['-O2', '-Wall', '-o', binary, source], { stdio: 'inherit' })
  }
  return binary
}

/** Load of a kind ('options' or 'invite') for some seconds with `window` outstanding: what the generator counted. */
export const load = (kind, port, seconds, window = 64) =>
  new Promise((done, failed) => {
    const [command, args] = pinned(1, generator(), [kind, String(port), String(seconds), String(window)])
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (text) => (out += text))
    child.on('exit', (code) =>
      code === 0 ? done(JSON.parse(out)) : failed(new Error(`the load generator ended with ${code}`)),
    )
  })

/** Starts a server on core 0 and waits for the line that says it is ready. */
export const serve = ({ command = process.execPath, args, ready = /listening|ready/, settle = 0, asked }) =>
  new Promise((done, failed) => {
    const [program, words] = pinned(0, command, args)
    const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const late = setTimeout(() => failed(new Error(`${command} did not start`)), 20_000)
    let said = ''
    const server = {
      pid: child.pid,
      /** Processor time so far, microseconds. */
      cpu: () => cpuOf(child.pid),
      /** Answers to a signal: the next line with that word. */
      ask: (signal, word) =>
        new Promise((told) => {
          const from = said.length
          const look = setInterval(() => {
            const line = said
              .slice(from)
              .split('\n')
              .find((one) => one.startsWith(word) && one.endsWith('}'))
            if (line === undefined) return
            clearInterval(look)
            told(JSON.parse(line.slice(word.length)))
          }, 20)
          process.kill(child.pid, signal)
        }),
      stop: () =>
        new Promise((gone) => {
          child.on('exit', gone)
          child.kill(ready === null ? 'SIGTERM' : 'SIGKILL') // what forks ends its children itself
        }),
    }
    const hear = (text) => {
      said += text
      if (ready !== null && ready.test(said)) begin()
    }
    const begin = () => {
      clearTimeout(late)
      setTimeout(() => done(server), settle)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    if (asked !== undefined) answers(asked).then(begin, failed)
    else if (ready === null) begin()
    child.on('exit', (code) => failed(new Error(`${command} ended with ${code}: ${said.slice(-300)}`)))
  })

/** Asks until somebody answers. */
const answers = async (port) => {
  while ((await load('options', port, 1, 1)).done === 0);
}

/** User and system time of a process with all its threads and children that live, microseconds. */
const cpuOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const own = (Number(fields[11]) + Number(fields[12])) * TICK
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return children === ''
    ? own
    : own + children.split(' ').reduce((sum, child) => sum + cpuOf(Number(child)), 0)
}

/** The middle one of some numbers. */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Runs each subject once a round, so that the machine's moods meet all alike; answers the rounds of each. */
export const interleaved = async (subjects, rounds, run) => {
  const results = new Map(subjects.map((subject) => [subject.name, []]))
  for (let round = 0; round < rounds; round++)
    for (const subject of subjects) results.get(subject.name).push(await run(subject))
  return results
}

/** Prints a table and writes the same as JSON. */
export const report = (name, rows, notes = []) => {
  const columns = Object.keys(rows[0])
  const text = rows.map((row) => columns.map((column) => show(row[column])))
  const widths = columns.map((column, i) => Math.max(column.length, ...text.map((row) => row[i].length)))
  const line = (cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
  console.log(line(columns))
  console.log(widths.map((width) => '─'.repeat(width)).join('  '))
  for (const row of text) console.log(line(row))
  for (const note of notes) console.log(note)
  mkdirSync(join(root, 'bench/results'), { recursive: true })
  const file = join(root, `bench/results/${name}.json`)
  writeFileSync(file, `${JSON.stringify({ name, node: process.version, rows, notes }, undefined, 2)}\n`)
  console.log(`written to bench/results/${name}.json`)
}

const show = (value) => {
  if (typeof value !== 'number') return String(value ?? '')
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1)
}

/** An option of the command line such as `--rounds 5`. */
export const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
