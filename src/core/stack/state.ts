/** The stack's state and configuration. */
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Listener, Ref, SendOptions, Target } from '../events.js'
import type { LayerConfig } from '../layer/config.js'
import { empty, type Layer } from '../layer/state.js'
import type { Role } from '../layer/receive-response.js'
import type { ParseOptions } from '../message/parse.js'
import type { Request } from '../message/types.js'
import type { ClientKey } from '../transaction/key.js'

/** What one stack is told once. */
export interface StackConfig {
  readonly layer: LayerConfig
  readonly role: Role
  /** How messages are read: profile and limits. */
  readonly parse: ParseOptions
  /** How many requests may wait for a name or a connection at once. */
  readonly maxPending: number
  /** How long a request may wait for them, ms. */
  readonly pendingTimeout: number
  /** Unguessable, never in a snapshot: keys the tables' hash, stateless To tags and nonces. */
  readonly secret: Secret
}

/** A request that waits for the address of its target, and until when (ms, monotonic). */
export interface Pending {
  readonly plan: Plan
  readonly generation: number
  readonly due: number
}

/** A request whose target is known by name, and whose key the application knows. */
export interface Plan {
  readonly message: Request
  readonly options: SendOptions
  readonly key: ClientKey
  readonly target: Target
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
  /** Requests that wait, by canonical client key. */
  readonly pending: Table.Table<Pending>
  /** Which of them wait for a host name, by name. */
  readonly waiting: Table.Table<readonly string[]>
  readonly alarms: Table.Table<Alarm>
  readonly draining: boolean
}

/** A stack that listens nowhere yet. */
export const start = (config: StackConfig): State => ({
  listeners: [],
  layer: empty(config.secret),
  pending: Table.empty(config.secret),
  waiting: Table.empty(config.secret),
  alarms: Table.empty(config.secret),
  draining: false,
})
