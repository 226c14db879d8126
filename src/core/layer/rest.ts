/**
 * How the table keeps a transaction. One that has sent its final response over an unreliable transport only waits, 32 s as a rule, to
 * repeat it: a busy server has hundreds of thousands of these and a handful of others. A garbage collector copies octets fast and
 * objects slowly, so each is kept as one string and a few numbers, and becomes an entry again when something happens to it.
 */
import { type Bytes, flat } from '../data/bytes.js'
import type { Form } from '../data/table-store.js'
import type { Flow } from '../transport/flow.js'
import type { Entry } from './state.js'

/** A non-INVITE server transaction in Completed, with timer J and no other running. */
interface Resting {
  /** Id, fingerprint, branch, host, To tag, method and source, one behind the other, and the response. */
  readonly text: Bytes
  /** Whether it is indexed, and the lengths of the first three; those of the next three. Eight bits each. */
  readonly front: number
  readonly back: number
  readonly source: string
  readonly port: number | undefined
  readonly flow: Flow
  /** When J is due (ms, monotonic), and which start of it this is. */
  readonly due: number
  readonly generation: number
}

/** The form of the table of transactions. A request without To tag is known by its fingerprint too (8.2.2.2). */
export const form: Form<Entry, Entry | Resting> = {
  keep: (_, entry, before) => (entry === before ? before : resting(entry)),
  keyOf: (kept) => (isResting(kept) ? kept.text.slice(0, kept.front & OCTET) : kept.id),
  is: (kept, id) =>
    isResting(kept) ? (kept.front & OCTET) === id.length && kept.text.startsWith(id) : kept.id === id,
  valueOf: (kept) => (isResting(kept) ? risen(kept) : kept),
  name: {
    of: (kept) =>
      isResting(kept)
        ? (kept.front & INDEXED) === 0
          ? undefined
          : fingerprintOf(kept)
        : 'indexed' in kept && kept.indexed
          ? kept.fingerprint
          : undefined,
    is: (kept, fingerprint) => form.name?.of(kept) === fingerprint,
  },
}

const OCTET = 255
const INDEXED = 1 << 24

const isResting = (kept: Entry | Resting): kept is Resting => 'text' in kept

const resting = (entry: Entry): Entry | Resting => {
  if (
    entry.kind !== 'non-invite-server' ||
    entry.state._tag !== 'Completed' ||
    entry.timers?.timer !== 'J' ||
    entry.timers.next !== undefined ||
    entry.reliability === 'reliable' ||
    entry.legacy !== undefined
  )
    return entry
  const { id, fingerprint, tag, source, flow, indexed } = entry
  const { branch, host, method, port } = entry.key
  // Each length has eight bits; what is longer is rare and stays as it is.
  if ((id.length | fingerprint.length | branch.length | host.length | tag.length | method.length) > OCTET)
    return entry
  return {
    text: flat(id + fingerprint + branch + host + tag + method + entry.state.response),
    front: id.length | (fingerprint.length << 8) | (branch.length << 16) | (indexed ? INDEXED : 0),
    back: host.length | (tag.length << 8) | (method.length << 16),
    source,
    port,
    flow,
    due: entry.timers.due,
    generation: entry.timers.generation,
  }
}

const fingerprintOf = ({ text, front }: Resting): string => {
  const id = front & OCTET
  return text.slice(id, id + ((front >>> 8) & OCTET))
}

const risen = (kept: Resting): Entry => {
  const { text, front, back, source, port, flow, due, generation } = kept
  const fingerprint = front & OCTET
  const branch = fingerprint + ((front >>> 8) & OCTET)
  const host = branch + ((front >>> 16) & OCTET)
  const tag = host + (back & OCTET)
  const method = tag + ((back >>> 8) & OCTET)
  const response = method + ((back >>> 16) & OCTET)
  const key = {
    _tag: 'ServerKey',
    branch: text.slice(branch, host),
    method: text.slice(method, response),
    host: text.slice(host, tag),
  } as const
  return {
    kind: 'non-invite-server',
    id: text.slice(0, fingerprint),
    key: port === undefined ? key : { ...key, port },
    flow,
    reliability: 'unreliable',
    timers: { timer: 'J', due, generation, next: undefined },
    tag: text.slice(tag, method),
    fingerprint: text.slice(fingerprint, branch),
    indexed: (front & INDEXED) !== 0,
    source,
    legacy: undefined,
    state: { _tag: 'Completed', response: text.slice(response) },
  }
}
