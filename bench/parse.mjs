// npm run bench:parse: messages per CPU-second: parsed, parsed and read as typed values, parsed and written again.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cpu } from './lib/in-process.mjs'
import { interleaved, median, option, report, root } from './lib/measure.mjs'
import { messages } from './lib/messages.mjs'
import * as sippet from './parse-adaptor.mjs'

const rounds = option('rounds', 7)
const budget = option('milliseconds', 400) * 1000
const require = createRequire(import.meta.url)
const installed = (name) => existsSync(join(root, `bench/peers/node_modules/${name}/package.json`))

const limits = [
  {
    name: 'limit: octets to a string',
    input: 'buffer',
    parse: (octets) => octets.latin1Slice(0, octets.length),
  },
  {
    name: 'limit: a loop over every octet',
    input: 'buffer',
    parse: (octets) => {
      let sum = 0
      for (let i = 0; i < octets.length; i++) sum += octets[i]
      return sum
    },
  },
]

const kirm = () => {
  const sip = require('./peers/node_modules/sip')
  return {
    name: 'sip (npm)',
    input: 'string',
    parse: (text) => sip.parse(text),
    touch: ({ headers }) => [
      sip.parseUri(headers.from.uri).host,
      headers.from.params.tag,
      sip.parseUri(headers.to.uri).host,
      headers.to.params.tag,
      headers.via[0].host,
      headers.via[0].params.branch,
      headers.cseq.seq,
      headers.cseq.method,
      headers.contact?.[0] && sip.parseUri(headers.contact[0].uri).host,
    ],
    serialise: (message) => Buffer.from(sip.stringify(message)),
  }
}

const jssip = () => {
  const parser = require('./peers/node_modules/jssip/lib/Parser')
  return { name: 'JsSIP', input: 'string', parse: (text) => parser.parseMessage(text, {}) }
}

const sipjs = async () => {
  const { Parser } = await import('./peers/node_modules/sip.js/lib/core/messages/parser.js')
  const logger = {
    error: () => undefined,
    warn: () => undefined,
    debug: () => undefined,
    log: () => undefined,
  }
  return { name: 'SIP.js', input: 'string', parse: (text) => Parser.parseMessage(text, logger) }
}

const subjects = [
  ...limits,
  { ...sippet, name: 'sippet, from octets', input: 'buffer' },
  { ...sippet, name: 'sippet, from a string', input: 'string' },
  ...(installed('sip') ? [kirm()] : []),
  ...(installed('jssip') ? [jssip()] : []),
  ...(installed('sip.js') ? [await sipjs()] : []),
]

const inputs = { string: messages, buffer: messages.map((text) => Buffer.from(text, 'latin1')) }
const kept = []

/** Messages per CPU-second of some work, over at least `budget` of processor time. */
const rate = (work, all) => {
  let done = 0
  const begun = cpu()
  let spent = 0
  while (spent < budget) {
    for (let i = 0; i < all.length; i++) kept[i & 15] = work(all[i])
    done += all.length
    spent = cpu() - begun
  }
  return (done / spent) * 1e6
}

const once = ({ input, parse, touch, serialise }) => {
  const all = inputs[input]
  return {
    parse: rate(parse, all),
    touch: touch === undefined ? undefined : rate((one) => touch(parse(one)), all),
    serialise: serialise === undefined ? undefined : rate((one) => serialise(parse(one)), all),
  }
}

for (const subject of subjects) {
  const refused = inputs[subject.input].filter((one) => subject.parse(one) === null).length
  if (refused > 0) throw new Error(`${subject.name} refuses ${refused} of the messages`)
  once(subject) // warm-up
}
const results = await interleaved(subjects, rounds, once)
const of = (name, what) => {
  const numbers = results.get(name).map((run) => run[what])
  return numbers[0] === undefined ? '' : Math.round(median(numbers))
}
const ours = of('sippet, from octets', 'parse')
const mean = Math.round(messages.reduce((sum, text) => sum + text.length, 0) / messages.length)
report(
  'parse',
  subjects.map(({ name }) => ({
    parser: name,
    'parsed /CPU-s': of(name, 'parse'),
    '+ typed access': of(name, 'touch'),
    '+ written': of(name, 'serialise'),
    'sippet is × as fast': ours / of(name, 'parse'),
  })),
  [`${messages.length} messages of ${mean} bytes on average; medians of ${rounds} interleaved rounds, warm`],
)
