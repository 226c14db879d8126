// npm run bench:instructions: what an OPTIONS and a call cost in process, counted instead of timed: no mood of the machine is in it.
// Valgrind's cachegrind runs Node on a simulated processor, with caches of 32 and 48 kB and 1.25 MB, twice: the difference of a long
// and a longer run is what the rest of it cost. Takes a quarter of an hour.
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { has, option, report, root } from './lib/measure.mjs'

const counted = { options: [option('from', 90_000), option('to', 110_000)], call: [30_000, 36_000] }

const figures = {
  instructions: /I +refs: +([\d,]+)/,
  'misses of code': /I1 +misses: +([\d,]+)/,
  'accesses to data': /D +refs: +([\d,]+)/,
  'misses of data': /D1 +misses: +([\d,]+)/,
}

const simulated = (kind, count) =>
  new Promise((done, failed) => {
    const child = spawn(
      'valgrind',
      [
        ...['--tool=cachegrind', '--cache-sim=yes', '--smc-check=all-non-file'],
        ...['--I1=32768,8,64', '--D1=49152,12,64', '--LL=1310720,20,64'],
        `--cachegrind-out-file=${join(tmpdir(), `sippet-${kind}-${count}.out`)}`,
        ...[process.execPath, '--single-threaded', '--predictable-gc-schedule', '--expose-gc'],
        ...['bench/lib/repeat.mjs', kind, String(count)],
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.on('data', (text) => (said += text))
    child.on('exit', (code) => {
      if (code !== 0) failed(new Error(`valgrind ended with ${code}: ${said.slice(-300)}`))
      else done(Object.values(figures).map((figure) => Number(figure.exec(said)?.[1]?.replaceAll(',', ''))))
    })
  })

if (!has('valgrind')) {
  console.log('valgrind is not installed: apt-get install valgrind')
  process.exit(1)
}
const rows = []
for (const [kind, [from, to]] of Object.entries(counted)) {
  const [less, more] = await Promise.all([simulated(kind, from), simulated(kind, to)])
  rows.push({
    what: kind === 'call' ? 'a call' : 'an OPTIONS and an expiry',
    ...Object.fromEntries(
      Object.keys(figures).map((name, i) => [name, Math.round((more[i] - less[i]) / (to - from))]),
    ),
  })
}
report('instructions', rows, [
  `each: the difference of ${counted.options.join(' and ')} OPTIONS, ${counted.call.join(' and ')} calls, collections and compiling included`,
])
