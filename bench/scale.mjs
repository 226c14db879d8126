// npm run bench:scale: what one event costs with 1 k to 500 k live transactions, sockets left out.
import { agent, cpu, options } from './lib/in-process.mjs'
import { median, option, report } from './lib/measure.mjs'

const rounds = option('rounds', 5)
const events = option('events', 20_000)

/** Cost of a request with its expiry while `live` transactions live: as many end as begin. */
const costs = (live) => {
  const one = agent()
  let n = 0
  const step = () => {
    one.clock.at = (n * 32_000) / live // each request finds the one `live` before it expiring
    one.receive(options(n++))
    one.turn()
  }
  while (n < live + events) step()
  return Array.from({ length: rounds }, () => {
    const texts = cpu()
    for (let i = 0; i < events; i++) options(n + i)
    const begun = cpu()
    const preparing = begun - texts
    for (let i = 0; i < events; i++) step()
    return (cpu() - begun - preparing) / events
  })
}

const sizes = [1000, 10_000, 100_000, 500_000]
const rows = sizes.map((live) => ({ live, micros: median(costs(live)) }))
report(
  'scale',
  rows.map(({ live, micros }) => ({
    'live transactions': live,
    'CPU µs a request': micros,
    '× 1 k': micros / rows[0].micros,
  })),
  [`a request, its answer and one expiry; medians of ${rounds} rounds of ${events} in one process`],
)
