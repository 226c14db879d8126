/** One connection and its one timer: started anew, closed by us, and what is due on it (RFC 3261 18, RFC 5626 3.5.1). */
import { none as nothing } from 'fp-ts/lib/Option.js'
import * as Table from '../data/table.js'
import type { Diagnostic, Output, TimerId } from '../events.js'
import { closeFlow } from '../layer/fire.js'
import { go, none, type Step } from '../reducer.js'
import type { Connection } from '../transport/connections.js'
import * as Connections from '../transport/connections.js'
import { limitsOf, type StackConfig, type State } from './state.js'

/** A connection's timer: what is due is done, and the next deadline set. */
export const flowFired = (
  state: State,
  config: StackConfig,
  id: number,
  generation: number,
  at: number,
): Step<State, Output> => {
  const connection = Connections.get(state.connections, id)
  if (connection?.timer.generation !== generation) return [state, none]
  const { what, due } = Connections.deadline(connection, limitsOf(config))
  if (due > at) return started(state, connection, due)
  switch (what) {
    case 'ping': {
      const asking = { ...connection, pinged: at }
      const [next, orders] = started(state, asking, Connections.deadline(asking, limitsOf(config)).due)
      return [next, [{ _tag: 'Transmit', flow: connection.flow, bytes: PING, cause: nothing }, ...orders]]
    }
    case 'idle':
      return Table.get(String(id))(state.layer.flows) === undefined
        ? shut(state, config, connection, what, at)
        : started(state, connection, at + limitsOf(config).idle)
    case 'dead':
    case 'silent':
    case 'slow':
      return shut(state, config, connection, what, at)
  }
}

/** The connection in its next state; its timer is set anew only when something is due sooner than it would ring. */
export const rearmed = (
  state: State,
  config: StackConfig,
  before: Connection,
  after: Connection,
): Step<State, Output> => {
  const next = withConnection(state, before, after)
  const { due } = Connections.deadline(after, limitsOf(config))
  return due < after.timer.due ? started(next, after, due) : [next, none]
}

/** The connection with its timer set anew. */
export const started = (state: State, connection: Connection, due: number): Step<State, Output> => {
  const generation = state.layer.generation + 1
  const { id } = connection
  return go(
    {
      ...withConnection(state, connection, { ...connection, timer: { generation, due } }),
      layer: { ...state.layer, generation },
    },
    { _tag: 'StopTimer', id: timer(id), generation: connection.timer.generation },
    { _tag: 'StartTimer', id: timer(id), generation, due },
  )
}

/** The state with a connection in its next state. */
export const withConnection = (state: State, before: Connection, after: Connection): State => ({
  ...state,
  connections: Connections.update(state.connections, before, after),
})

/** A connection that we close, and why. */
export const shut = (
  state: State,
  config: StackConfig,
  connection: Connection,
  what: string,
  at: number,
): Step<State, Output> => {
  const [next, outputs] = forgotten(state, config, connection, at)
  return [
    next,
    [
      { _tag: 'CloseFlow', flow: connection.flow },
      ...outputs,
      diagnostic('flow-lost', what, connection.flow),
    ],
  ]
}

/** Without the connection; the transactions on it hear of it. */
export const forgotten = (
  state: State,
  config: StackConfig,
  connection: Connection,
  at: number,
): Step<State, Output> => {
  const [layer, outputs] = closeFlow(state.layer, config.layer, connection.id, at)
  return [
    { ...state, layer, connections: Connections.remove(state.connections, connection) },
    [{ _tag: 'StopTimer', id: timer(connection.id), generation: connection.timer.generation }, ...outputs],
  ]
}

/** The name of a connection's one timer. */
export const timer = (flow: number): Extract<TimerId, { readonly _tag: 'Flow' }> => ({ _tag: 'Flow', flow })

/** What an operator may want to know of a flow. */
export const diagnostic = (code: Diagnostic['code'], what: string, flow: Connection['flow']): Diagnostic => ({
  _tag: 'Diagnostic',
  code,
  what,
  flow,
})

const PING = '\r\n\r\n'
