// npm run bench:parse: messages per CPU-second: parsed, parsed and read as typed values, parsed and written again.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cPeers } from './lib/c-peers.mjs'
import { cpu } from './lib/in-process.mjs'
import { asHttp, llhttp } from './lib/llhttp.mjs'
import { median, option, report, root } from './lib/measure.mjs'
import { messages } from './lib/messages.mjs'
import * as sippet from './parse-adaptor.mjs'

const rounds = option('rounds', 9)
const milliseconds = option('milliseconds', 300)
const require = createRequire(import.meta.url)

const octets = messages.map((text) => Buffer.from(text, 'latin1'))
const http = messages.map((text) => Buffer.from(asHttp(text), 'latin1'))
const out = Buffer.alloc(65536)
const kept = []

/** A parser in this process; its rate over at least so many milliseconds of processor time. */
const inProcess = ({ name, input, parse, touch, serialise }) => {
  const refused = input.filter((one) => parse(one) === null).length
  if (refused > 0) throw new Error(`${name} refuses ${refused} of the messages`)
  const works = {
    parse,
    ...(touch && { touch: (one) => touch(parse(one)) }),
    ...(serialise && { serialise: (one) => serialise(parse(one)) }),
  }
  const rate = (work, milliseconds) => {
    const handle = works[work]
    const begun = cpu()
    let done = 0
    let spent = 0
    while (spent < milliseconds * 1000) {
      for (let i = 0; i < input.length; i++) kept[i & 15] = handle(input[i])
      done += input.length
      spent = cpu() - begun
    }
    return (done / spent) * 1e6
  }
  return { name, works: Object.keys(works), rate }
}

const limits = () => [
  {
    name: 'limit: octets to a string',
    input: octets,
    parse: (octets) => octets.latin1Slice(0, octets.length),
  },
  {
    name: 'limit: a string, its lines by indexOf',
    input: octets,
    parse: (octets) => {
      const text = octets.latin1Slice(0, octets.length)
      const lines = []
      for (let at = 0, end = 0; (end = text.indexOf('\r\n', at)) > at; at = end + 2)
        lines.push(text.slice(at, end))
      return lines
    },
  },
  {
    name: 'limit: a loop over every octet',
    input: octets,
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
    name: 'sip',
    input: messages,
    parse: (text) => sip.parse(text) ?? null,
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
    serialise: (message) => out.latin1Write(sip.stringify(message), 0),
  }
}

const jssip = () => {
  const parser = require('./peers/node_modules/jssip/lib/Parser')
  return { name: 'jssip', input: messages, parse: (text) => parser.parseMessage(text, {}) ?? null }
}

const sipjs = async () => {
  const { Parser } = await import('./peers/node_modules/sip.js/lib/core/messages/parser.js')
  const silent = () => undefined
  const logger = { error: silent, warn: silent, debug: silent, log: silent }
  return { name: 'sip.js', input: messages, parse: (text) => Parser.parseMessage(text, logger) ?? null }
}

const npm = [
  ['sip', kirm],
  ['jssip', jssip],
  ['sip.js', sipjs],
]
const manifest = (name) => join(root, `bench/peers/node_modules/${name}/package.json`)
const installed = npm.filter(([name]) => existsSync(manifest(name)))
const made = await Promise.all(
  installed.map(async ([name, make]) => {
    const { version } = JSON.parse(readFileSync(manifest(name), 'utf8'))
    return { ...(await make()), name: `${name} ${version}` }
  }),
)

const c = cPeers(messages)
const http1 = { name: `llhttp ${process.versions.llhttp}, heads of HTTP`, input: http, parse: llhttp() }
const subjects = [
  ...limits().map(inProcess),
  inProcess(http1),
  inProcess({ ...sippet, name: 'sippet, from octets', input: octets }),
  inProcess({ ...sippet, name: 'sippet, from a string', input: messages }),
  ...c.subjects,
  ...made.map(inProcess),
]

const kinds = ['parse', 'touch', 'serialise']
const rates = Object.fromEntries(kinds.map((work) => [work, new Map(subjects.map(({ name }) => [name, []]))]))
// Kind by kind and subject by subject, so that what is compared was measured within a moment.
for (let round = -1; round < rounds; round++)
  for (const work of kinds)
    for (const { name, works, rate } of subjects)
      if (works.includes(work)) {
        const found = await rate(work, milliseconds)
        if (round >= 0) rates[work].get(name).push(found) // the first is the warm-up
      }

const middle = (numbers) => (numbers.length === 0 ? '' : median(numbers))
/** How many times as fast as another sippet is: the median of the rounds, each compared with itself. */
const ratio = (work, name) =>
  middle(rates[work].get(name).map((rate, round) => rates[work].get('sippet, from octets')[round] / rate))
const perSecond = (work, name) => {
  const found = middle(rates[work].get(name))
  return found === '' ? '' : Math.round(found)
}

const mean = Math.round(messages.reduce((sum, text) => sum + text.length, 0) / messages.length)
const absent = [
  ...npm.filter((peer) => !installed.includes(peer)).map(([name]) => `${name} (npm ci --prefix bench/peers)`),
  ...c.absent,
]
report(
  'parse',
  subjects.map(({ name }) => ({
    parser: name,
    'parsed /CPU-s': perSecond('parse', name),
    '+ typed access': perSecond('touch', name),
    '+ written': perSecond('serialise', name),
    'sippet is ×': ratio('parse', name),
    '× typed': ratio('touch', name),
    '× written': ratio('serialise', name),
  })),
  [
    `${messages.length} messages of ${mean} bytes on average; medians of ${rounds} interleaved rounds of ${milliseconds} CPU-ms, warm`,
    ...absent.map((name) => `absent: ${name}`),
  ],
)
