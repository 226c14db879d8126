/** `sippet ladder FILE`: draws a recording of `serve --record`, or the SIP over UDP in a pcap capture. */
import { readFileSync } from 'node:fs'
import { type Either, isLeft, left, right, tryCatch } from 'fp-ts/lib/Either.js'
import { ladder, mermaid } from '../../testing/ladder.js'
import { callOf } from '../../testing/summary.js'
import { counter, type Observation, printAddress, type Trace, watch } from '../../testing/trace.js'
import { aboutRecording, replay } from '../node/recorder.js'
import { ink } from './ink.js'
import { type Captured, readPcap } from './pcap.js'
import { serving } from './serving.js'

/** Which file, and whether as a Mermaid diagram. */
export interface LadderOptions {
  readonly file: string
  readonly mermaid: boolean
  readonly write?: (text: string) => void
}

/** Draws; answers the exit code: 0 drawn, 1 the file cannot be read. */
export const ladderCommand = ({ file, mermaid: isMermaid, write = console.log }: LadderOptions): number => {
  const trace = traceOf(file)
  if (isLeft(trace)) {
    console.error(`sippet: ${trace.left}`)
    return 1
  }
  for (const [call, part] of byCall(trace.right)) {
    write(isMermaid ? `%% ${call}` : `${ink('bold', call)}\n`)
    write(`${isMermaid ? mermaid(part) : ladder(part, { paint: ink })}\n`)
  }
  return 0
}

/** One trace for each Call-ID, in the order in which calls begin; octets that are no message stand together. */
const byCall = ({ participants, observations }: Trace): ReadonlyMap<string, Trace> => {
  const calls = new Map<string, Observation[]>()
  for (const one of observations) {
    if (one._tag !== 'Sent' && one._tag !== 'Received') continue
    const call = callOf(one.text) || 'no message'
    const own = calls.get(call)
    if (own === undefined) calls.set(call, [one])
    else own.push(one)
  }
  return new Map([...calls].map(([call, own]) => [call, { participants, observations: own }]))
}

/** The trace in a file of either kind, by what the file begins with. */
export const traceOf = (file: string): Either<string, Trace> => {
  const octets = tryCatch(
    () => readFileSync(file),
    (error) => (error instanceof Error ? error.message : String(error)),
  )
  if (isLeft(octets)) return octets
  return octets.right.toString('latin1', 0, 1) === '{' ? recorded(file) : captured(octets.right)
}

const captured = (octets: Buffer): Either<string, Trace> => {
  const read = readPcap(octets)
  if (isLeft(read)) return read
  const { datagrams, cut } = read.right
  if (cut) console.error('sippet: the capture ends within a packet; what is before it is drawn')
  const copies = counter()
  const observations = datagrams.filter(({ text }) => isSip(text)).map((one) => sentBy(copies, one))
  return observations.length === 0
    ? left(`no SIP among the ${datagrams.length} UDP datagrams of the capture`)
    : right({ participants: [], observations })
}

const isSip = (text: string): boolean =>
  /^[!-~]+ [^\r\n]*\r?\n/.test(text) && text.slice(0, 4096).includes('SIP/2.0')

const sentBy = (copies: (name: string) => number, { at, from, to, text }: Captured): Observation => {
  const who = printAddress(from)
  const peer = printAddress(to)
  return {
    _tag: 'Sent',
    at,
    who,
    peer,
    protocol: 'udp',
    text,
    copy: copies(`${who} ${peer} ${text}`),
    of: '',
  }
}

/** A recording holds inputs; what was sent comes out of the reducer once more. */
const recorded = (file: string): Either<string, Trace> => {
  const about = aboutRecording(file)
  if (isLeft(about)) return about
  const { secret, answerAfter } = about.right
  if (typeof secret !== 'string') return left(`${file} names no secret`)
  const observations: Observation[] = []
  const watching = watch('serve')
  const stack = serving({ secret, answerAfter: typeof answerAfter === 'number' ? answerAfter : 0 })
  const replayed = replay(file, stack, (input, effects) => {
    observations.push(...watching(input, effects))
  })
  if (isLeft(replayed)) return replayed
  const { sha256, recorded: said } = replayed.right
  return said === undefined || said.sha256 === sha256
    ? right({ participants: [{ name: 'serve', addresses: [] }], observations })
    : left(`${file} was recorded by another stack than serve: what it answers is not known here`)
}
