// npm run bench:steady: OPTIONS after 40 s of load, when timer J expires for as many transactions as begin.
import { interleaved, load, median, option, report, serve } from './lib/measure.mjs'
import { missing, optionsServers } from './lib/servers.mjs'

const rounds = option('rounds', 3)
const warmUp = option('warm-up', 40)
const seconds = option('seconds', 10)
const subjects = optionsServers.filter(({ name }) => name !== 'kamailio stateless')

const once = async (subject) => {
  const server = await serve(subject)
  await load('options', subject.port, warmUp)
  const before = server.cpu()
  const got = await load('options', subject.port, seconds)
  const cpu = server.cpu() - before
  await server.stop()
  return { micros: cpu / got.done, p50: got.p50, p99: got.p99, lost: got.lost, refused: got.refused }
}

const results = await interleaved(subjects, rounds, once)
const of = (name, what) => median(results.get(name).map((run) => run[what]))
const limit = of('node echo', 'micros')
report(
  'steady',
  subjects.map(({ name }) => ({
    server: name,
    'CPU µs': of(name, 'micros'),
    '× echo': limit / of(name, 'micros'),
    'p50 µs': of(name, 'p50'),
    'p99 µs': of(name, 'p99'),
    lost: of(name, 'lost'),
    refused: of(name, 'refused'),
  })),
  [
    `medians of ${rounds} interleaved rounds of ${seconds} s after ${warmUp} s of load, 64 outstanding`,
    ...missing,
  ],
)
