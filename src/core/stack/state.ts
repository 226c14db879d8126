/** The stack's state and configuration. */
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Listener, Ref, SendOptions } from '../events.js'
import type { LayerConfig } from '../layer/config.js'
import { empty } from '../layer/empty.js'
import type { Layer } from '../layer/state.js'
import type { Role } from '../layer/receive-response.js'
import * as Names from '../locate/names.js'
import type { Place, Ways } from '../locate/types.js'
import type { ParseOptions } from '../message/parse.js'
import type { Request } from '../message/types.js'
import type { ClientKey } from '../transaction/key.js'
import * as Connections from '../transport/connections.js'
import { type FlowLimits, flowLimits } from '../transport/limits.js'
import type { Address } from '../transport/flow.js'
import type { Bytes } from '../data/bytes.js'
import type { Option } from 'fp-ts/lib/Option.js'

/** What one stack is told once. */
export interface StackConfig {
  readonly layer: LayerConfig
  readonly role: Role
  /** How messages are read: profile and limits. */
  readonly parse: ParseOptions
  /** How many requests and parcels may wait for a name or a connection at once. */
  readonly maxPending: number
  /** How long one may wait for them, ms. */
  readonly pendingTimeout: number
  /** How much connections may take; `flowLimits` by default. */
  readonly flows?: Partial<FlowLimits>
  /**
   * What stands before the unguessable part of our branches (letters and digits): by it whoever hands out datagrams to several
   * processes behind one port knows whose responses they are.
   */
  readonly branchMark?: string
  /** Unguessable, never in a snapshot: keys the tables' hash, stateless To tags and nonces. */
  readonly secret: Secret
}

/** A request on its way to a target, of which this is one try. */
export interface Plan {
  readonly message: Request
  readonly options: SendOptions
  readonly key: ClientKey
  /** The key that the application knows. */
  readonly first: ClientKey
  /** When the try set out (ms, monotonic): it believes every answer that was valid then or came since. */
  readonly since: number
  /** The way it is on is its last: the request is being cancelled. */
  readonly settled?: true
}

/** Octets without a transaction that begins when they leave: a response whose connection is gone, a stateless message. */
export interface Parcel {
  readonly bytes: Bytes
  /** The transaction that wants them sent. */
  readonly cause: Option<string>
  /** When they set out (ms, monotonic); as in a plan. */
  readonly since: number
}

/** A try or a parcel that waits for a name or a connection, and until when (ms, monotonic). */
export interface Pending {
  readonly plan: Plan | Parcel
  /** The ways that are left; for one that waits for a connection, those after it. */
  readonly ways: Ways
  /** What it waits for: a question, or an opening. */
  readonly on: string
  readonly generation: number
  readonly due: number
}

/** A connection that we are opening. */
export interface Opening {
  readonly number: number
  readonly place: Place
  readonly local: Address
  readonly generation: number
}

/** A client transaction that can be followed by another, or followed one. */
export interface Try {
  readonly plan: Plan
  readonly place: Place
  readonly rest: Ways
  /** Another one has taken its place: what it still says concerns nobody. */
  readonly superseded: boolean
}

/** A timer of the application. */
export interface Alarm {
  readonly ref: Ref
  readonly generation: number
  readonly due: number
}

/** Everything the stack knows. Plain data; the reducer's other argument brings the rest. */
export interface State {
  readonly listeners: readonly Listener[]
  readonly layer: Layer
  /** Requests that wait, by canonical client key, and parcels by a name of their own. */
  readonly pending: Table.Table<Pending>
  /** Which of them wait for the same, by what they wait for. */
  readonly waiting: Table.Table<readonly string[]>
  /** What is known of names, and which places failed lately. */
  readonly names: Names.Names
  readonly connections: Connections.Connections
  /** Connections that we are opening, by number, and the numbers by place and domain. */
  readonly openings: Table.Table<Opening>
  readonly openingFor: Table.Table<number>
  /** Client transactions with other targets left or behind them, by canonical key. */
  readonly tries: Table.Table<Try>
  /** From the canonical key that the application knows to that of the present try, where it is another. */
  readonly moved: Table.Table<string>
  readonly alarms: Table.Table<Alarm>
  readonly draining: boolean
}

/** The limits of connections under a configuration. */
export const limitsOf = ({ flows }: StackConfig): FlowLimits =>
  flows === undefined ? flowLimits : { ...flowLimits, ...flows }

/** The same stack with the layer in another state; the very same when it is in that already. Written out: every message comes here. */
export const withLayer = (state: State, layer: Layer): State =>
  layer === state.layer
    ? state
    : {
        listeners: state.listeners,
        layer,
        pending: state.pending,
        waiting: state.waiting,
        names: state.names,
        connections: state.connections,
        openings: state.openings,
        openingFor: state.openingFor,
        tries: state.tries,
        moved: state.moved,
        alarms: state.alarms,
        draining: state.draining,
      }

/** A stack that listens nowhere yet. */
export const start = (config: StackConfig): State => ({
  listeners: [],
  layer: empty(config.secret),
  pending: Table.empty(config.secret),
  waiting: Table.empty(config.secret),
  names: Names.empty(config.secret),
  connections: Connections.empty(config.secret),
  openings: Table.empty(config.secret),
  openingFor: Table.empty(config.secret),
  tries: Table.empty(config.secret),
  moved: Table.empty(config.secret),
  alarms: Table.empty(config.secret),
  draining: false,
})
