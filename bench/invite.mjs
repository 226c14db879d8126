// npm run bench:invite: whole calls (INVITE, 180, 200, ACK, BYE, 200) over UDP loopback, calls per second of server CPU.
import { interleaved, load, median, option, report, serve } from './lib/measure.mjs'
import { callServers, missing } from './lib/servers.mjs'

const rounds = option('rounds', 5)
const seconds = option('seconds', 5)
const warmUp = option('warm-up', 10) // until then a good part of it is compiling: a call goes through much code

const once = async (subject) => {
  const server = await serve(subject)
  await load('invite', subject.port, warmUp, 16)
  const before = server.cpu()
  const got = await load('invite', subject.port, seconds, 16)
  const cpu = server.cpu() - before
  await server.stop()
  return { micros: cpu / got.done, p50: got.p50, p99: got.p99, lost: got.lost, refused: got.refused }
}

const results = await interleaved(callServers, rounds, once)
const of = (name, what) => median(results.get(name).map((run) => run[what]))
report(
  'invite',
  callServers.map(({ name }) => ({
    server: name,
    'CPU µs a call': of(name, 'micros'),
    'calls per CPU-second': Math.round(1e6 / of(name, 'micros')),
    'INVITE to 200, p50 µs': of(name, 'p50'),
    'p99 µs': of(name, 'p99'),
    lost: of(name, 'lost'),
    refused: of(name, 'refused'),
  })),
  [
    `medians of ${rounds} interleaved rounds of ${seconds} s after ${warmUp} s of warm-up, 16 calls at once`,
    ...missing,
  ],
)
