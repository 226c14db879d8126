/**
 * How the table keeps a transaction. One that has sent its last response only waits, 32 s as a rule, for timer J or L to end it: a
 * busy server has hundreds of thousands of these and a handful of others. A garbage collector copies and marks whatever it
 * finds, so each is kept as a record in a slab, into which it does not look, and becomes an entry again when something happens
 * to it.
 */
import { type Bytes, flat } from '../data/bytes.js'
import type { Place } from '../data/slab.js'
import { type Form, hashOfName, type Keeper } from '../data/table-store.js'
import type { ServerKey } from '../transaction/key.js'
import type { Flow } from '../transport/flow.js'
import { isServer } from './entry.js'
import type { Entry, ServerEntry } from './state.js'

/** The form of the table of transactions. A request without To tag is known by its fingerprint too (8.2.2.2). */
export const form: Form<Entry, Entry | Place> = {
  records: true,
  keep: (_, entry, before, keeper) => (entry === before ? before : (record(entry, keeper) ?? entry)),
  keyOf: (kept, keeper) => (typeof kept === 'number' ? idOf(kept, keeper) : kept.id),
  is: (kept, id, keeper) => (typeof kept === 'number' ? isOf(kept, keeper, id) : kept.id === id),
  valueOf: (kept, keeper) => (typeof kept === 'number' ? risen(kept, keeper) : kept),
  name: {
    hash: (kept, keeper) =>
      typeof kept === 'number'
        ? nameOf(kept, keeper)
        : isServer(kept) && kept.indexed
          ? hashOfName(keeper, kept.fingerprint)
          : undefined,
    is: (kept, fingerprint, keeper) => {
      const entry = form.valueOf(kept, keeper)
      return isServer(entry) && entry.indexed && entry.fingerprint === fingerprint
    },
  },
}

/*
 * A record is of a server transaction in Completed with timer J running, or of one of an INVITE in Accepted with timer L, and no
 * other timer. It shares its flow with others. Its text is the id and the response that may be repeated, in which nearly all else is found
 * that there is to know, so that this is kept as where it stands there: its first char times 256, and its length. What is not
 * found stands behind.
 */
/** When its timer is due (ms, monotonic), and which start of it this is. */
const DOUBLES = 2
const DUE = 0
const GENERATION = 1
/** Then numbers: the length of its id and three flags, and the length of the response. */
const ID = 0
const RESPONSE = 1
/** The port of its key, or -1. */
const PORT = 2
/** The hash of its fingerprint, where it is found by that, and of what that is made: CSeq, From tag and Call-ID. */
const NAME = 3
const CSEQ = 4
const FROM_TAG = 5
const CALL_ID = 6
const BRANCH = 7
const HOST = 8
const METHOD = 9
const TAG = 10
const SOURCE = 11

const LONGEST = 256
const LENGTH = LONGEST - 1
const ID_LENGTH = (1 << 16) - 1
const INDEXED = 1 << 24
const RELIABLE = 1 << 25
const INVITE = 1 << 26

/** The place of its record, where it is kept as one. */
const record = (entry: Entry, keeper: Keeper): Place | undefined => {
  const response = lastResponse(entry)
  if (response === undefined || !isServer(entry) || entry.timers === undefined) return undefined
  if (entry.timers.next !== undefined || entry.legacy !== undefined || entry.id.length > ID_LENGTH)
    return undefined
  const { id, kind, key, flow, reliability, timers, tag, fingerprint, indexed, source } = entry
  // `OPTIONS 1 from-tag call-id`: see `fingerprint`
  const number = fingerprint.indexOf(' ')
  const from = fingerprint.indexOf(' ', number + 1)
  const call = fingerprint.indexOf(' ', from + 1)
  const cseq = fingerprint.slice(number + 1, from)
  if (call < 0 || fingerprint.slice(0, number) !== key.method || String(Number(cseq) | 0) !== cseq)
    return undefined
  const { branch, host, method, port = -1 } = key
  const longest =
    fingerprint.length | branch.length | host.length | method.length | tag.length | source.length
  if (longest >= LONGEST) return undefined
  let text = flat(id + response)
  const placed = (part: string): number => {
    const found = text.indexOf(part)
    const at = found < 0 ? text.length : found
    if (found < 0) text += part
    return at * LONGEST + part.length
  }
  const flags =
    (indexed ? INDEXED : 0) |
    (reliability === 'reliable' ? RELIABLE : 0) |
    (kind === 'invite-server' ? INVITE : 0)
  const numbers = [
    id.length | flags,
    response.length,
    port,
    indexed ? hashOfName(keeper, fingerprint) : 0,
    Number(cseq),
    placed(fingerprint.slice(from + 1, call)),
    placed(fingerprint.slice(call + 1)),
    placed(branch),
    placed(host),
    placed(method),
    placed(tag),
    placed(source),
  ]
  return keeper.slabs.put(numbers, [timers.due, timers.generation], flow, text)
}

/** What it may have to repeat; undefined when there is more to come. A 2xx to INVITE is the core's to repeat (13.3.1.4). */
const lastResponse = ({ kind, state, timers }: Entry): Bytes | undefined => {
  if (kind === 'non-invite-server')
    return state._tag === 'Completed' && timers?.timer === 'J' ? state.response : undefined
  return kind === 'invite-server' && state._tag === 'Accepted' && timers?.timer === 'L' ? '' : undefined
}

const number = (place: Place, { slabs }: Keeper, n: number): number => slabs.number(place, DOUBLES, n)

const idOf = (place: Place, keeper: Keeper): string =>
  keeper.slabs.text(place).slice(0, number(place, keeper, ID) & ID_LENGTH)

const isOf = (place: Place, keeper: Keeper, id: string): boolean =>
  (number(place, keeper, ID) & ID_LENGTH) === id.length && keeper.slabs.text(place).startsWith(id)

const nameOf = (place: Place, keeper: Keeper): number | undefined =>
  (number(place, keeper, ID) & INDEXED) === 0 ? undefined : number(place, keeper, NAME)

const risen = (place: Place, keeper: Keeper): Entry => {
  const { slabs } = keeper
  const text = slabs.text(place)
  const first = number(place, keeper, ID)
  const id = first & ID_LENGTH
  const part = (n: number): string => {
    const at = number(place, keeper, n)
    return text.slice(at >> 8, (at >> 8) + (at & LENGTH))
  }
  const method = part(METHOD)
  const isInvite = (first & INVITE) !== 0
  return {
    kind: isInvite ? 'invite-server' : 'non-invite-server',
    id: text.slice(0, id),
    key: keyFrom(part(BRANCH), method, part(HOST), number(place, keeper, PORT)),
    flow: slabs.shared(place) as Flow,
    reliability: (first & RELIABLE) === 0 ? 'unreliable' : 'reliable',
    timers: {
      timer: isInvite ? 'L' : 'J',
      due: slabs.double(place, DUE),
      generation: slabs.double(place, GENERATION),
      next: undefined,
    },
    tag: part(TAG),
    fingerprint: `${method} ${number(place, keeper, CSEQ)} ${part(FROM_TAG)} ${part(CALL_ID)}`,
    indexed: (first & INDEXED) !== 0,
    source: part(SOURCE),
    legacy: undefined,
    state: isInvite
      ? { _tag: 'Accepted' }
      : { _tag: 'Completed', response: text.slice(id, id + number(place, keeper, RESPONSE)) },
  } as ServerEntry
}

/** Written out: an engine makes a class of its own for what a spread adds a field to, each time. */
const keyFrom = (branch: string, method: string, host: string, port: number): ServerKey =>
  port < 0 ? { _tag: 'ServerKey', branch, method, host } : { _tag: 'ServerKey', branch, method, host, port }
