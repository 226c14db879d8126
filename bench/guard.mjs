// Whether anything has become much slower: each kind of work against a fixed piece of JavaScript in the same process,
// so that the machine does not matter, and against a ratio that was measured once, with a factor of two to spare.
// Ends with `N passed, N failed, N skipped`.
import { agent, call, cpu, options } from './lib/in-process.mjs'
import { median, option } from './lib/measure.mjs'
import { messages } from './lib/messages.mjs'
import { parse, serialise, touch } from './parse-adaptor.mjs'

const rounds = option('rounds', 7)
const milliseconds = option('milliseconds', 120)
const SLACK = 2

const octets = messages.map((text) => Buffer.from(text, 'latin1'))
const one = agent()
let requests = 0
const called = agent()
let calls = 0

const loop = (i) => {
  const message = octets[i % octets.length]
  let sum = 0
  for (let p = 0; p < message.length; p++) sum += message[p]
  return sum
}

/** The lines of a message in a Map: strings, objects and hashing, as a transaction is made of. */
const lines = (i) => {
  const text = messages[i % messages.length]
  const found = new Map()
  for (let at = 0, end = 0; (end = text.indexOf('\r\n', at)) > at; at = end + 2)
    found.set(text.slice(at, text.indexOf(':', at)), { at, end, value: text.slice(at, end) })
  return found
}

/** A new OPTIONS that is answered, while the one from 32 seconds ago is forgotten: Timer J runs for each. */
const transaction = () => {
  one.receive(options(requests++))
  one.clock.at += 32
  one.turn()
}

/** A whole call, while what is left of the one from 32 seconds ago is forgotten. */
const invite = () => {
  call(called, calls++)
  called.clock.at += 32
  called.turn()
}

const subjects = [
  { name: 'parse', work: (i) => parse(octets[i % octets.length]), against: loop, recorded: 2.4 },
  {
    name: 'parse and typed access',
    work: (i) => touch(parse(octets[i % octets.length])),
    against: loop,
    recorded: 6.2,
  },
  {
    name: 'parse and write',
    work: (i) => serialise(parse(octets[i % octets.length])),
    against: loop,
    recorded: 2.4,
  },
  { name: 'OPTIONS through a server transaction', work: transaction, against: lines, recorded: 19 },
  { name: 'a whole call', work: invite, against: lines, recorded: 50 },
]

const kept = []
/** Nanoseconds of processor time for one of it. */
const time = (work, milliseconds) => {
  const begun = cpu()
  let done = 0
  let spent = 0
  while (spent < milliseconds * 1000) {
    for (let i = 0; i < 320; i++) kept[i & 15] = work(i)
    done += 320
    spent = cpu() - begun
  }
  return (spent / done) * 1000
}

const ratios = subjects.map(() => [])
for (const { work, against } of subjects) {
  time(against, 200)
  time(work, 1500) // a transaction goes through much code: it is slow until all of that is compiled
}
for (let round = 0; round < rounds; round++)
  subjects.forEach(({ work, against }, k) => {
    const reference = time(against, milliseconds)
    ratios[k].push(time(work, milliseconds) / reference)
  })

const held = subjects.map(({ name, recorded }, k) => {
  const ratio = median(ratios[k])
  const holds = ratio <= SLACK * recorded
  console.log(
    `${holds ? 'ok    ' : 'FAILED'} ${name}: ${ratio.toFixed(2)} of its reference; recorded ${recorded}, bound ${(SLACK * recorded).toFixed(1)}`,
  )
  return holds
})
const failed = held.filter((holds) => !holds).length
console.log(`${held.length - failed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed === 0 ? 0 : 1
