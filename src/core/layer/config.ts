/** Configuration of the transaction layer, and the machines made from it once. */
import type { Reducer } from '../reducer.js'
import * as InviteClient from '../transaction/invite-client.js'
import * as InviteServer from '../transaction/invite-server.js'
import * as NonInviteClient from '../transaction/non-invite-client.js'
import * as NonInviteServer from '../transaction/non-invite-server.js'
import type { ClientEvent, Config, Effect, ServerEvent } from '../transaction/types.js'
import type { Flow } from '../transport/flow.js'

/** How much of the layer peers may take. */
export interface Bounds {
  /** Live server transactions; above it new requests are answered 503. */
  readonly servers: number
  /** Live server transactions of one source host. */
  readonly perSource: number
  /** What `Retry-After` says in such a 503, seconds. */
  readonly retryAfter: number
}

/** Other timer values for some flows, for example a satellite link. The first that matches holds. */
export interface FlowConfig {
  readonly protocol?: string
  readonly host?: string
  readonly config: Config
}

/** What the layer needs to know of the element it works in. */
export interface LayerConfig {
  readonly machines: Machines
  readonly flows: readonly { readonly match: FlowConfig; readonly machines: Machines }[]
  readonly bounds: Bounds
}

/** The four reducers with their configuration inside. */
export interface Machines {
  readonly config: Config
  readonly inviteClient: Reducer<InviteClient.State, ClientEvent, Effect>
  readonly nonInviteClient: Reducer<NonInviteClient.State, ClientEvent, Effect>
  readonly inviteServer: Reducer<InviteServer.State, ServerEvent, Effect>
  readonly nonInviteServer: Reducer<NonInviteServer.State, ServerEvent, Effect>
}

/** Bounds that a single process can carry. */
export const defaultBounds: Bounds = { servers: 200_000, perSource: 200_000, retryAfter: 5 }

/** The four machines under one configuration. */
export const machines = (config: Config): Machines => ({
  config,
  inviteClient: InviteClient.reducer(config),
  nonInviteClient: NonInviteClient.reducer(config),
  inviteServer: InviteServer.reducer(config),
  nonInviteServer: NonInviteServer.reducer(config),
})

/** A layer's configuration from a stack-wide one and those of single flows. */
export const layerConfig = (
  config: Config,
  bounds: Bounds = defaultBounds,
  flows: readonly FlowConfig[] = [],
): LayerConfig => ({
  machines: machines(config),
  flows: flows.map((match) => ({ match, machines: machines(match.config) })),
  bounds,
})

/** The machines for one flow. */
export const machinesFor = (config: LayerConfig, flow: Flow): Machines =>
  config.flows.length === 0
    ? config.machines
    : (config.flows.find(
        ({ match }) =>
          (match.protocol === undefined || match.protocol === flow.protocol) &&
          (match.host === undefined || match.host === flow.remote.host),
      )?.machines ?? config.machines)
