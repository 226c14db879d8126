// npm run bench:options: OPTIONS over UDP loopback, requests per second of server CPU, as a share of a plain echo's.
import { interleaved, load, median, option, report, serve } from './lib/measure.mjs'
import { missing, optionsServers } from './lib/servers.mjs'

const rounds = option('rounds', 5)
const seconds = option('seconds', 5)
const warmUp = option('warm-up', 3)

const once = async (subject) => {
  const server = await serve(subject)
  await load('options', subject.port, warmUp)
  const before = server.cpu()
  const got = await load('options', subject.port, seconds)
  const cpu = server.cpu() - before
  await server.stop()
  return {
    micros: cpu / got.done,
    rate: got.done / got.seconds,
    p50: got.p50,
    p99: got.p99,
    lost: got.lost,
    refused: got.refused,
  }
}

const results = await interleaved(optionsServers, rounds, once)
const of = (name, what) => median(results.get(name).map((run) => run[what]))
const limit = of('node echo', 'micros')
report(
  'options',
  optionsServers.map(({ name }) => ({
    server: name,
    'CPU µs': of(name, 'micros'),
    'per CPU-second': Math.round(1e6 / of(name, 'micros')),
    '× echo': limit / of(name, 'micros'),
    'p50 µs': of(name, 'p50'),
    'p99 µs': of(name, 'p99'),
    lost: of(name, 'lost'),
    refused: of(name, 'refused'),
  })),
  [
    `medians of ${rounds} interleaved rounds of ${seconds} s after ${warmUp} s of warm-up, 64 outstanding`,
    ...missing,
  ],
)
