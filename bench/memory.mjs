// npm run bench:memory: managed bytes per completed server transaction, 50,000 of them; the process's own memory beside.
import { readFileSync } from 'node:fs'
import { load, option, report, serve } from './lib/measure.mjs'
import { sippet, optionsServers } from './lib/servers.mjs'

const wanted = option('transactions', 50_000)

/** Proportional set size, bytes. */
const pss = (pid) => {
  const line = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    .split('\n')
    .find((one) => one.startsWith('Pss:'))
  return Number(line.split(/\s+/)[1]) * 1024
}

const measure = async (subject) => {
  const server = await serve(subject)
  await load('options', subject.port, 1, 16)
  await new Promise((done) => setTimeout(done, 40_000)) // what the warm-up left has expired
  const before = { managed: (await server.ask('SIGUSR2', 'MEM')).managed, pss: pss(server.pid) }
  let done = 0
  while (done < wanted) done += (await load('options', subject.port, 1, 64)).done
  const after = { managed: (await server.ask('SIGUSR2', 'MEM')).managed, pss: pss(server.pid) }
  await server.stop()
  return { done, managed: (after.managed - before.managed) / done, pss: (after.pss - before.pss) / done }
}

const subjects = [sippet, ...optionsServers.filter(({ name }) => name === 'sip (npm)')]
const rows = []
for (const subject of subjects) {
  const { done, managed, pss: set } = await measure(subject)
  rows.push({
    server: subject.name,
    transactions: done,
    'managed bytes each': Math.round(managed),
    'PSS bytes each': Math.round(set),
  })
}
report('memory', rows, [
  'OPTIONS answered and in Completed until timer J; garbage collected before each reading',
])
