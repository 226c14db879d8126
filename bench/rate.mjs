// npm run bench:rate: the highest rate of calls that sipp's own UAC makes without one in a thousand failing or repeating.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { has, option, report, serve } from './lib/measure.mjs'
import { callServers, missing } from './lib/servers.mjs'

const seconds = option('seconds', 5)
const highest = option('highest', 24_000)
const rates = [500, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10_000, 12_000, 16_000, 20_000, 24_000]

/** The last line of sipp's statistics, by the names of its columns. */
const statistics = (folder) => {
  const file = readdirSync(folder).find((name) => name.endsWith('.csv'))
  const [names, ...rows] = readFileSync(join(folder, file), 'utf8').trim().split('\n')
  const last = rows.at(-1).split(';')
  return new Map(names.split(';').map((name, i) => [name, Number(last[i])]))
}

/** How many calls were made, and how many failed or had to repeat a message. */
const call = (port, rate) =>
  new Promise((done) => {
    const folder = mkdtempSync(join(tmpdir(), 'rate-'))
    const words = `-c 1 sipp -sn uac 127.0.0.1:${port} -i 127.0.0.1 -r ${rate} -m ${rate * seconds} -l ${rate * 4}`
    const more = `-d 0 -nostdin -buff_size 8388608 -timeout ${seconds * 4} -trace_stat -stf ${join(folder, 'run.csv')}`
    const child = spawn('taskset', `${words} ${more}`.split(' '), { cwd: folder, stdio: 'ignore' })
    child.on('exit', () => {
      const read = statistics(folder)
      rmSync(folder, { recursive: true })
      const made = read.get('TotalCallCreated')
      const bad = read.get('FailedCall(C)') + read.get('Retransmissions(C)')
      done({ made, bad, wanted: rate * seconds })
    })
  })

const isClean = ({ made, bad, wanted }) => made >= wanted * 0.99 && bad < made / 1000

const best = async (subject) => {
  let reached = 0
  for (const rate of rates.filter((one) => one <= highest)) {
    let clean = false
    // A second chance: the machine may have been elsewhere.
    for (let attempt = 0; attempt < 2 && !clean; attempt++) {
      const server = await serve(subject)
      await call(subject.port, 300)
      clean = isClean(await call(subject.port, rate))
      await server.stop()
    }
    if (!clean) break
    reached = rate
  }
  return reached
}

if (!has('sipp') || !has('taskset')) {
  console.log('sipp and taskset are needed: apt-get install sip-tester util-linux')
  process.exit(1)
}
const rows = []
for (const subject of callServers) rows.push({ server: subject.name, 'calls a second': await best(subject) })
report('rate', rows, [
  `INVITE, 180, 200, ACK, BYE, 200 for ${seconds} s at each rate; the highest at which less than one call in a thousand failed or repeated`,
  ...missing,
])
