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
 * other timer. It shares its flow with others. Its text is id, fingerprint, branch, host, To tag, method, source and the response that may be
 * repeated, one behind the other, and its numbers are these:
 */
/** The lengths of fingerprint, branch and host, eight bits each, and three flags. */
const FRONT = 0
/** The lengths of To tag and method, eight bits each, and of the id. */
const BACK = 1
/** The length of the source, eight bits, and the port of its key or -1. */
const SOURCE = 2
/** The hash of its fingerprint, where it is found by that. */
const NAME = 3
/** When its timer is due (ms, monotonic), and which start of it this is. */
const DUE = 4
const GENERATION = 5

const OCTET = 255
const INDEXED = 1 << 24
const RELIABLE = 1 << 25
const INVITE = 1 << 26

/** The place of its record, where it is kept as one. */
const record = (entry: Entry, keeper: Keeper): Place | undefined => {
  const response = lastResponse(entry)
  if (response === undefined || !isServer(entry) || entry.timers === undefined) return undefined
  if (entry.timers.next !== undefined || entry.legacy !== undefined) return undefined
  const { id, kind, flow, reliability, timers, tag, fingerprint, indexed, source } = entry
  const { branch, host, method, port = -1 } = entry.key
  // Each length has its bits; what is longer is rare and stays as it is.
  const longest =
    fingerprint.length | branch.length | host.length | tag.length | method.length | source.length
  if (longest > OCTET || id.length > 0x7fff) return undefined
  const flags =
    (indexed ? INDEXED : 0) |
    (reliability === 'reliable' ? RELIABLE : 0) |
    (kind === 'invite-server' ? INVITE : 0)
  return keeper.slabs.put(
    [
      fingerprint.length | (branch.length << 8) | (host.length << 16) | flags,
      tag.length | (method.length << 8) | (id.length << 16),
      source.length | (port << 8),
      indexed ? hashOfName(keeper, fingerprint) : 0,
      timers.due,
      timers.generation,
    ],
    flow,
    id + fingerprint + branch + host + tag + method + source + response,
  )
}

/** What it may have to repeat; undefined when there is more to come. A 2xx to INVITE is the core's to repeat (13.3.1.4). */
const lastResponse = ({ kind, state, timers }: Entry): Bytes | undefined => {
  if (kind === 'non-invite-server')
    return state._tag === 'Completed' && timers?.timer === 'J' ? state.response : undefined
  return kind === 'invite-server' && state._tag === 'Accepted' && timers?.timer === 'L' ? '' : undefined
}

const idOf = (place: Place, { slabs }: Keeper): string =>
  slabs.text(place).slice(0, slabs.number(place, BACK) >> 16)

const isOf = (place: Place, { slabs }: Keeper, id: string): boolean =>
  slabs.number(place, BACK) >> 16 === id.length && slabs.text(place).startsWith(id)

const nameOf = (place: Place, { slabs }: Keeper): number | undefined =>
  (slabs.number(place, FRONT) & INDEXED) === 0 ? undefined : slabs.number(place, NAME)

const risen = (place: Place, { slabs }: Keeper): Entry => {
  const front = slabs.number(place, FRONT)
  const back = slabs.number(place, BACK)
  const port = slabs.number(place, SOURCE)
  const id = back >> 16
  const print = id + (front & OCTET)
  const branch = print + ((front >> 8) & OCTET)
  const host = branch + ((front >> 16) & OCTET)
  const tag = host + (back & OCTET)
  const method = tag + ((back >> 8) & OCTET)
  const source = method + (port & OCTET)
  const text = slabs.text(place)
  const isInvite = (front & INVITE) !== 0
  return {
    kind: isInvite ? 'invite-server' : 'non-invite-server',
    id: text.slice(0, id),
    key: keyFrom(text.slice(print, branch), text.slice(tag, method), text.slice(branch, host), port >> 8),
    flow: slabs.shared(place) as Flow,
    reliability: (front & RELIABLE) === 0 ? 'unreliable' : 'reliable',
    timers: {
      timer: isInvite ? 'L' : 'J',
      due: slabs.number(place, DUE),
      generation: slabs.number(place, GENERATION),
      next: undefined,
    },
    tag: text.slice(host, tag),
    fingerprint: text.slice(id, print),
    indexed: (front & INDEXED) !== 0,
    source: text.slice(method, source),
    legacy: undefined,
    state: isInvite ? { _tag: 'Accepted' } : { _tag: 'Completed', response: text.slice(source) },
  } as ServerEntry
}

/** Written out: an engine makes a class of its own for what a spread adds a field to, each time. */
const keyFrom = (branch: string, method: string, host: string, port: number): ServerKey =>
  port < 0 ? { _tag: 'ServerKey', branch, method, host } : { _tag: 'ServerKey', branch, method, host, port }
