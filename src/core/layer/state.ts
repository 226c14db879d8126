/**
 * The transaction layer's state: every live transaction, and the few indexes that find one without searching.
 *
 * | table | from | to | written |
 * |---|---|---|---|
 * | `transactions` | canonical key; for a request without To tag Call-ID, From tag and CSeq too | entry | once an event |
 * | `twins` | what a response to a request without cookie shares with it | canonical key | at start and end, RFC 2543 only |
 * | `flows` | number of a connection | canonical keys that depend on it | at start and end, connections only |
 * | `sources` | host of a peer | how many server transactions it has | at start and end |
 *
 * None is ever scanned while messages flow; snapshots alone walk `transactions`.
 */
import type { Bytes } from '../data/bytes.js'
import type * as Table from '../data/table.js'
import type * as InviteClient from '../transaction/invite-client.js'
import type * as InviteServer from '../transaction/invite-server.js'
import type { ClientKey, Key, ServerKey } from '../transaction/key.js'
import type * as NonInviteClient from '../transaction/non-invite-client.js'
import type * as NonInviteServer from '../transaction/non-invite-server.js'
import type { Timer } from '../transaction/types.js'
import type { Flow, Reliability } from '../transport/flow.js'

/**
 * A timer that runs: when it is due (ms, monotonic) and which start of it this is. `next` is another one of the same
 * transaction: hardly any has more than one, so a list of them costs no more than this.
 */
export interface Running {
  readonly timer: Timer
  readonly due: number
  readonly generation: number
  readonly next: Running | undefined
}

/** The timers of a transaction, in the order in which they started. */
export type Timers = Running | undefined

interface Common {
  /** The canonical form of `key`: what the tables and timers know the transaction by. */
  readonly id: string
  /** Where it transmits. */
  readonly flow: Flow
  readonly reliability: Reliability
  readonly timers: Timers
}

interface Client extends Common {
  readonly key: ClientKey
  /** The key that the application knows: of the first try, when this is a later one. */
  readonly first: Key
}

interface Server extends Common {
  readonly key: ServerKey
  /** The local To tag: minted once, in every response above 100 that brings none. */
  readonly tag: Bytes
  /** Call-ID, From tag and CSeq, by which the same request by another path is known (8.2.2.2). */
  readonly fingerprint: string
  /** Whether the transaction is found by `fingerprint` (requests without To tag only). */
  readonly indexed: boolean
  /** The host it came from, for the share a source may take; empty where a source may take all. */
  readonly source: string
  /** Only for a request without cookie (RFC 2543). */
  readonly legacy?: LegacyAnswers | undefined
}

/** What finds a transaction of RFC 2543 again: its key tells of the request, responses and ACKs tell of other things. */
export interface LegacyAnswers {
  /** What its responses are known by. */
  readonly twin: string
  /** The To tags of the final responses sent: an ACK with another belongs to the core (17.2.3, K-14). */
  readonly tags: readonly Bytes[]
}

export type ClientEntry =
  | (Client & { readonly kind: 'invite-client'; readonly state: InviteClient.State })
  | (Client & { readonly kind: 'non-invite-client'; readonly state: NonInviteClient.State })

export type ServerEntry =
  | (Server & { readonly kind: 'invite-server'; readonly state: InviteServer.State })
  | (Server & { readonly kind: 'non-invite-server'; readonly state: NonInviteServer.State })

/** A live transaction: its machine's state and what the machine need not know. */
export type Entry = ClientEntry | ServerEntry

/** The layer's state. */
export interface Layer {
  readonly transactions: Table.Table<Entry>
  readonly twins: Table.Table<string>
  readonly flows: Table.Table<Table.Table<true>>
  readonly sources: Table.Table<number>
  /** How many server transactions live. */
  readonly servers: number
  /** The last number given to a timer; never given twice. */
  readonly generation: number
}
