/**
 * How the table keeps a transaction. One that has sent its final response over an unreliable transport only waits, 32 s as a rule, to
 * repeat it: a server has hundreds of thousands of these and a handful of others. So it is kept as one object of nothing
 * but strings and numbers, and becomes an entry again when something happens to it.
 */
import type { Bytes } from '../data/bytes.js'
import type { Form } from '../data/table.js'
import type { ServerKey } from '../transaction/key.js'
import type { Flow } from '../transport/flow.js'
import type { Entry } from './state.js'

/** A non-INVITE server transaction in Completed, with timer J and no other running. */
interface Resting {
  readonly id: string
  readonly branch: string
  readonly method: string
  readonly host: string
  readonly port: number | undefined
  readonly flow: Flow
  readonly response: Bytes
  readonly tag: Bytes
  readonly fingerprint: string
  readonly indexed: boolean
  readonly source: string
  /** When J is due (ms, monotonic), and which start of it this is. */
  readonly due: number
  readonly generation: number
}

/** The form of the table of transactions. */
export const form: Form<Entry, Entry | Resting> = {
  keep: (_, entry, before) => (entry === before ? before : resting(entry)),
  keyOf: ({ id }) => id,
  valueOf: (kept) => ('response' in kept ? risen(kept) : kept),
}

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
  const { id, flow, tag, fingerprint, indexed, source } = entry
  const { branch, method, host, port } = entry.key
  const { due, generation } = entry.timers
  const { response } = entry.state
  return {
    id,
    branch,
    method,
    host,
    port,
    flow,
    response,
    tag,
    fingerprint,
    indexed,
    source,
    due,
    generation,
  }
}

const risen = ({
  id,
  branch,
  method,
  host,
  port,
  flow,
  response,
  tag,
  fingerprint,
  indexed,
  source,
  due,
  generation,
}: Resting): Entry => ({
  kind: 'non-invite-server',
  id,
  key: keyFrom(branch, method, host, port),
  flow,
  reliability: 'unreliable',
  timers: { timer: 'J', due, generation, next: undefined },
  tag,
  fingerprint,
  indexed,
  source,
  legacy: undefined,
  state: { _tag: 'Completed', response },
})

const keyFrom = (branch: string, method: string, host: string, port: number | undefined): ServerKey =>
  port === undefined
    ? { _tag: 'ServerKey', branch, method, host }
    : { _tag: 'ServerKey', branch, method, host, port }
