/** A connection on its way into the table: whether there is room for it, and what is due on it first (RFC 3261 18). */
import type { FromShell, Listener, Output } from '../events.js'
import { go, type Step } from '../reducer.js'
import { placeKey } from '../transport/address.js'
import type { Connection } from '../transport/connections.js'
import * as Connections from '../transport/connections.js'
import * as Frame from '../transport/frame.js'
import { diagnostic, timer } from './connection.js'
import { limitsOf, type StackConfig, type State } from './state.js'

/** A connection that stands. */
export type Opened = Extract<FromShell, { _tag: 'FlowOpened' }>

/** A peer's connection, if there is room for one more. */
export const accepted = (
  state: State,
  config: StackConfig,
  listener: Listener,
  event: Opened,
  at: number,
): Step<State, Output> => {
  const { flow } = event
  const over = state.draining
    ? 'draining'
    : Connections.overLimit(state.connections, limitsOf(config), flow.remote.host)
  return over === undefined
    ? entered(state, config, listener, event, at)
    : go(state, { _tag: 'CloseFlow', flow }, diagnostic('overload', over, flow))
}

/** A connection in the table, its timer running: of a peer until it speaks, else until nobody needs it. */
export const entered = (
  state: State,
  config: StackConfig,
  listener: Listener,
  { flow, names, opening }: Opened,
  at: number,
): Step<State, Output> => {
  const generation = state.layer.generation + 1
  const { protocol, remote, id = 0 } = flow
  const connection: Connection = {
    id,
    flow,
    accepted: opening === undefined,
    framing: listener.framing ?? 'stream',
    names,
    framer: Frame.start,
    since: at,
    spoken: false,
    heard: at,
    blocked: false,
    places: [placeKey(protocol, remote.host, remote.port)],
    timer: { generation, due: at },
  }
  const { due } = Connections.deadline(connection, limitsOf(config))
  return go(
    {
      ...state,
      layer: { ...state.layer, generation },
      connections: Connections.add(state.connections, { ...connection, timer: { generation, due } }),
    },
    { _tag: 'StartTimer', id: timer(id), generation, due },
  )
}
