// node bench/lib/repeat.mjs options|call COUNT: that many in process, each with the expiry of the one 500 before it.
import { agent, call, options } from './in-process.mjs'

const LIVE = 500
const [, , kind, count] = process.argv
const one = agent()
const ask = (n) => {
  const octets = Buffer.from(options(n), 'latin1')
  one.receive(octets.latin1Slice(0, octets.length), octets)
}
for (let n = 0; n < Number(count); n++) {
  one.clock.at = (n * 32_000) / LIVE
  if (kind === 'call') call(one, n)
  else ask(n)
  one.turn()
}
