/**
 * How the table keeps a transaction. One that has sent its last response only waits, 32 s as a rule, for timer J or L to end it: a
 * busy server has hundreds of thousands of these and a handful of others. A garbage collector copies and marks whatever it
 * finds, so each is kept as a record in a slab, into which it does not look, and becomes an entry again when something happens
 * to it.
 */
import type { Bytes } from '../data/bytes.js'
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
 * other timer. It shares its flow with others. Its text is all that there is to know one behind the other: the id, by which it is
 * asked for, then fingerprint, tag, branch, host, source if that is another host, and the response that may be repeated.
 */
/** When its timer is due (ms, monotonic), and which start of it this is. */
const DOUBLES = 2
const DUE = 0
const GENERATION = 1
/** Then numbers: the length of its id and four flags. */
const ID = 0
/** The port of its key, or -1. */
const PORT = 1
/** The hash of its fingerprint, where it is found by that. */
const NAME = 2
/** Lengths, eight bits each: of fingerprint, method (with which that begins) and tag; and of branch, host and source. */
const WHAT = 3
const WHO = 4

const LONGEST = 255
const ID_LENGTH = (1 << 16) - 1
const INDEXED = 1 << 24
const RELIABLE = 1 << 25
const INVITE = 1 << 26
const AT_HOME = 1 << 27

/** The place of its record, where it is kept as one. */
const record = (entry: Entry, keeper: Keeper): Place | undefined => {
  const response = lastResponse(entry)
  if (response === undefined || !isServer(entry) || entry.timers === undefined) return undefined
  if (entry.timers.next !== undefined || entry.legacy !== undefined || entry.id.length > ID_LENGTH)
    return undefined
  const { id, kind, key, flow, reliability, timers, tag, fingerprint, indexed } = entry
  const { branch, host, method, port = -1 } = key
  const source = entry.source === host ? '' : entry.source
  const longest = fingerprint.length | branch.length | host.length | tag.length | source.length
  if (longest > LONGEST || !fingerprint.startsWith(method)) return undefined
  const flags =
    (indexed ? INDEXED : 0) |
    (reliability === 'reliable' ? RELIABLE : 0) |
    (kind === 'invite-server' ? INVITE : 0) |
    (entry.source === host ? AT_HOME : 0)
  const numbers = [
    id.length | flags,
    port,
    indexed ? hashOfName(keeper, fingerprint) : 0,
    fingerprint.length | (method.length << 8) | (tag.length << 16),
    branch.length | (host.length << 8) | (source.length << 16),
  ]
  const text = id + fingerprint + tag + branch + host + source + response
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
  (number(place, keeper, ID) & ID_LENGTH) === id.length && keeper.slabs.begins(place, id)

const nameOf = (place: Place, keeper: Keeper): number | undefined =>
  (number(place, keeper, ID) & INDEXED) === 0 ? undefined : number(place, keeper, NAME)

const risen = (place: Place, keeper: Keeper): Entry => {
  const { slabs } = keeper
  const text = slabs.text(place)
  const first = number(place, keeper, ID)
  const what = number(place, keeper, WHAT)
  const who = number(place, keeper, WHO)
  const fingerprintAt = first & ID_LENGTH
  const tagAt = fingerprintAt + (what & LONGEST)
  const branchAt = tagAt + (what >> 16)
  const hostAt = branchAt + (who & LONGEST)
  const sourceAt = hostAt + ((who >> 8) & LONGEST)
  const responseAt = sourceAt + (who >> 16)
  const fingerprint = text.slice(fingerprintAt, tagAt)
  const host = text.slice(hostAt, sourceAt)
  const method = fingerprint.slice(0, (what >> 8) & LONGEST)
  const isInvite = (first & INVITE) !== 0
  return {
    kind: isInvite ? 'invite-server' : 'non-invite-server',
    id: text.slice(0, fingerprintAt),
    key: keyFrom(text.slice(branchAt, hostAt), method, host, number(place, keeper, PORT)),
    flow: slabs.shared(place) as Flow,
    reliability: (first & RELIABLE) === 0 ? 'unreliable' : 'reliable',
    timers: {
      timer: isInvite ? 'L' : 'J',
      due: slabs.double(place, DUE),
      generation: slabs.double(place, GENERATION),
      next: undefined,
    },
    tag: text.slice(tagAt, branchAt),
    fingerprint,
    indexed: (first & INDEXED) !== 0,
    source: (first & AT_HOME) === 0 ? text.slice(sourceAt, responseAt) : host,
    legacy: undefined,
    state: isInvite ? { _tag: 'Accepted' } : { _tag: 'Completed', response: text.slice(responseAt) },
  } as ServerEntry
}

/** Written out: an engine makes a class of its own for what a spread adds a field to, each time. */
const keyFrom = (branch: string, method: string, host: string, port: number): ServerKey =>
  port < 0 ? { _tag: 'ServerKey', branch, method, host } : { _tag: 'ServerKey', branch, method, host, port }
