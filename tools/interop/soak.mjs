// `node tools/interop/soak.mjs [minutes]`: mixed load by sipp with reconnects on one server; every half minute its heap after
// a collection, its resident memory and its open descriptors. Fails when any grows after the first third. Needs a build.
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { tcp, udp } from '../../dist/shell/node/index.js'
import { answering, portOf, run, sleep } from './kit.mjs'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

const minutes = Number(process.argv[2] ?? 30)
const end = performance.now() + minutes * 60_000
const stack = await answering([udp({ port: 0 }), tcp({ port: 0 })])
/** One that lets it ring, so that a CANCEL comes in time. */
const ringing = await answering([udp({ port: 0 })], { answerAfter: 8000 })

const loads = [
  { protocol: 'udp', args: ['-sn', 'uac', '-t', 'u1', '-lost', '5', '-max_retrans', '10'], rate: 20 },
  { protocol: 'tcp', args: ['-sn', 'uac', '-t', 't1'], rate: 20 },
  { protocol: 'tcp', args: ['-sn', 'uac', '-t', 'tn', '-max_socket', '2000'], rate: 20 },
  { at: ringing, protocol: 'udp', args: ['-sf', resolve('test/sipp/uac-cancel.xml'), '-t', 'u1'], rate: 5 },
]

let calls = 0
let failed = 0

/** One kind of load, begun anew every twenty seconds' worth of calls: each time with new connections. */
const lane = async ({ at = stack, protocol, args, rate }) => {
  while (performance.now() < end) {
    const count = rate * 20
    const limits = [
      '-m',
      String(count),
      '-r',
      String(rate),
      '-l',
      String(count),
      '-timeout',
      '90',
      '-timeout_error',
      '-nostdin',
    ]
    const child = run('sipp', [...args, '-i', '127.0.0.1', `127.0.0.1:${portOf(at, protocol)}`, ...limits])
    const code = await child.ended
    calls += count
    if (code !== 0) {
      failed += 1
      console.log(`sipp ${args.join(' ')} ended with ${code}: ${child.said.slice(-300)}`)
    }
  }
}

const descriptors = () => readdirSync('/proc/self/fd').length

const samples = []
const sample = () => {
  collect()
  const { heapUsed, rss } = process.memoryUsage()
  const one = {
    minute: (minutes * 60_000 - (end - performance.now())) / 60_000,
    heap: heapUsed / 2 ** 20,
    rss: rss / 2 ** 20,
    fds: descriptors(),
  }
  samples.push(one)
  console.log(
    `${one.minute.toFixed(1)} min: heap ${one.heap.toFixed(1)} MiB, resident ${one.rss.toFixed(0)} MiB, ${one.fds} descriptors, ${calls} calls, ${failed} runs failed`,
  )
}

const watch = async () => {
  while (performance.now() < end) {
    await sleep(30_000)
    sample()
  }
}

await Promise.all([...loads.map(lane), watch()])
await sleep(70_000) // the longest transaction
sample()

const middle = (part, key) => part.map((one) => one[key]).sort((a, b) => a - b)[part.length >> 1]
const third = Math.max(1, Math.floor(samples.length / 3))
const early = samples.slice(third, 2 * third)
const late = samples.slice(-third)
const grew = middle(late, 'heap') - middle(early, 'heap')
const leaked = samples.at(-1).fds - samples[0].fds
console.log(
  `heap grew ${grew.toFixed(1)} MiB from the second third to the last; ${leaked} more descriptors at the end`,
)
await stack.close()
await ringing.close()
process.exit(failed === 0 && grew < 5 && leaked <= 0 ? 0 : 1)
