/**
 * How the table keeps a transaction. One that has sent its last response only waits, 32 s as a rule, for timer J or L to end it: a
 * busy server has hundreds of thousands of these and a handful of others. A garbage collector copies octets fast and objects
 * slowly, so each is kept as a few numbers, what it is known by and its response in a slab, and becomes an entry again when
 * something happens to it.
 */
import { type Bytes, flat } from '../data/bytes.js'
import { read, type Slab, type Slabs, write } from '../data/slab.js'
import type { Form } from '../data/table-store.js'
import type { ServerKey } from '../transaction/key.js'
import type { Flow } from '../transport/flow.js'
import { isServer } from './entry.js'
import type { Entry, ServerEntry } from './state.js'

/** A server transaction in Completed with timer J running, or one of an INVITE in Accepted with timer L, and no other. */
interface Resting {
  readonly id: string
  /** Fingerprint, branch, host, To tag and method, one behind the other. */
  readonly text: Bytes
  /** The lengths of the first three, eight bits each, and three flags; the length of the fourth. */
  readonly front: number
  readonly back: number
  readonly source: string
  readonly port: number | undefined
  readonly flow: Flow
  /** When its timer is due (ms, monotonic), and which start of it this is. */
  readonly due: number
  readonly generation: number
  /** Where the response lies that may be repeated. */
  readonly slab: Slab | undefined
  readonly from: number
  readonly length: number
}

/** The form of the table of transactions. A request without To tag is known by its fingerprint too (8.2.2.2). */
export const form: Form<Entry, Entry | Resting> = {
  keep: (_, entry, before, slabs) => (entry === before ? before : resting(entry, slabs)),
  keyOf: (kept) => kept.id,
  is: (kept, id) => kept.id === id,
  valueOf: (kept) => (isResting(kept) ? risen(kept) : kept),
  name: {
    of: (kept) =>
      isResting(kept)
        ? (kept.front & INDEXED) === 0
          ? undefined
          : kept.text.slice(0, kept.front & OCTET)
        : 'indexed' in kept && kept.indexed
          ? kept.fingerprint
          : undefined,
    is: (kept, fingerprint) => form.name?.of(kept) === fingerprint,
  },
  slabOf: (kept) => (isResting(kept) ? kept.slab : undefined),
}

const OCTET = 255
const INDEXED = 1 << 24
const RELIABLE = 1 << 25
const INVITE = 1 << 26

const isResting = (kept: Entry | Resting): kept is Resting => 'text' in kept

const resting = (entry: Entry, slabs: Slabs): Entry | Resting => {
  const response = lastResponse(entry)
  if (response === undefined || !isServer(entry) || entry.timers === undefined) return entry
  if (entry.timers.next !== undefined || entry.legacy !== undefined) return entry
  const { id, fingerprint, tag, source, flow } = entry
  const { branch, host, method, port } = entry.key
  // Each length has eight bits; what is longer is rare and stays as it is.
  if ((fingerprint.length | branch.length | host.length | tag.length) > OCTET) return entry
  const slab = response === '' ? undefined : slabs.room(response)
  if (slab === undefined && response !== '') return entry
  const from = slab === undefined ? 0 : slab.used
  return {
    id,
    text: flat(fingerprint + branch + host + tag + method),
    front: fingerprint.length | (branch.length << 8) | (host.length << 16) | flagsOf(entry),
    back: tag.length,
    source,
    port,
    flow,
    due: entry.timers.due,
    generation: entry.timers.generation,
    slab,
    from,
    length: slab === undefined ? 0 : write(slab, response),
  }
}

/** What it may have to repeat; undefined when there is more to come. A 2xx to INVITE is the core's to repeat (13.3.1.4). */
const lastResponse = ({ kind, state, timers }: Entry): Bytes | undefined => {
  if (kind === 'non-invite-server')
    return state._tag === 'Completed' && timers?.timer === 'J' ? state.response : undefined
  return kind === 'invite-server' && state._tag === 'Accepted' && timers?.timer === 'L' ? '' : undefined
}

const flagsOf = ({ indexed, reliability, kind }: ServerEntry): number =>
  (indexed ? INDEXED : 0) |
  (reliability === 'reliable' ? RELIABLE : 0) |
  (kind === 'invite-server' ? INVITE : 0)

const risen = ({
  id,
  text,
  front,
  back,
  source,
  port,
  flow,
  due,
  generation,
  slab,
  from,
  length,
}: Resting): Entry => {
  const branch = front & OCTET
  const host = branch + ((front >>> 8) & OCTET)
  const tag = host + ((front >>> 16) & OCTET)
  const method = tag + back
  const isInvite = (front & INVITE) !== 0
  return {
    kind: isInvite ? 'invite-server' : 'non-invite-server',
    id,
    key: keyFrom(text.slice(branch, host), text.slice(method), text.slice(host, tag), port),
    flow,
    reliability: (front & RELIABLE) === 0 ? 'unreliable' : 'reliable',
    timers: { timer: isInvite ? 'L' : 'J', due, generation, next: undefined },
    tag: text.slice(tag, method),
    fingerprint: text.slice(0, branch),
    indexed: (front & INDEXED) !== 0,
    source,
    legacy: undefined,
    state: isInvite
      ? { _tag: 'Accepted' }
      : { _tag: 'Completed', response: slab === undefined ? '' : read(slab, from, length) },
  } as ServerEntry
}

/** Written out: an engine makes a class of its own for what a spread adds a field to, each time. */
const keyFrom = (branch: string, method: string, host: string, port: number | undefined): ServerKey =>
  port === undefined
    ? { _tag: 'ServerKey', branch, method, host }
    : { _tag: 'ServerKey', branch, method, host, port }
