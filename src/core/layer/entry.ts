/** How an entry of the table becomes its successor. Written out field by field: every message comes through here. */
import type { ClientEntry, Entry, ServerEntry, Timers } from './state.js'

/** Whether a transaction is a server's. */
export const isServer = (entry: Entry): entry is ServerEntry =>
  entry.kind === 'invite-server' || entry.kind === 'non-invite-server'

/** The same transaction with its machine in `state`, which must be one of that machine, and `timers` running. */
export const inState = (entry: Entry, state: Entry['state'], timers: Timers): Entry => {
  if (!isServer(entry)) {
    const { kind, id, key, first, flow, reliability } = entry
    return { kind, id, key, first, flow, reliability, timers, state } as ClientEntry
  }
  const { kind, id, key, flow, reliability, tag, fingerprint, indexed, source, legacy } = entry
  return {
    kind,
    id,
    key,
    flow,
    reliability,
    timers,
    tag,
    fingerprint,
    indexed,
    source,
    legacy,
    state,
  } as ServerEntry
}
