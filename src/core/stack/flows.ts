/** What the shell says of connections: opened, refused, closed, with room again (RFC 3261 18, RFC 5922 7). */
import type { Listener, Output } from '../events.js'
import * as Names from '../locate/names.js'
import { go, none, type Step } from '../reducer.js'
import { isSecure } from '../transport/address.js'
import * as Connections from '../transport/connections.js'
import * as Frame from '../transport/frame.js'
import { shows } from '../transport/identity.js'
import { diagnostic, forgotten, withConnection } from './connection.js'
import { depart } from './depart.js'
import { accepted, entered, type Opened } from './entrance.js'
import { listenerOf } from './listeners.js'
import type { Instant } from './moment.js'
import { closed, openingKey } from './openings.js'
import { ended, proceed, release } from './pending.js'
import { limitsOf, type Opening, type StackConfig, type State } from './state.js'

/** A connection stands: one that we opened if it is asked for, else one that a peer opened. */
export const flowOpened = (
  state: State,
  config: StackConfig,
  event: Opened,
  instant: Instant,
): Step<State, Output> => {
  const { flow, opening: number } = event
  const listener = listenerOf(state.listeners, flow)
  if (listener === undefined || flow.id === undefined)
    return go(
      state,
      { _tag: 'CloseFlow', flow },
      diagnostic('unexpected', 'a connection of no listener', flow),
    )
  if (number === undefined) return accepted(state, config, listener, event, instant.at)
  const over = closed(state, number)
  // Nobody waits for it any more, but it stands and is as good as any.
  if (over === undefined) return entered(state, config, listener, event, instant.at)
  const { opening, step } = over
  const domain = opening.place.domain ?? opening.place.host
  if (isSecure(flow.protocol) && !shows(event.names, domain))
    return mismatch(step, config, opening, event, domain, instant)
  const [ready, orders] = entered(step[0], config, listener, event, instant.at)
  const [next, outputs] = boarded(ready, config, listener, opening, event, instant)
  return [next, [...step[1], ...orders, ...outputs]]
}

/** The connection that was asked for could not be had. */
export const flowRefused = (
  state: State,
  config: StackConfig,
  number: number,
  why: string,
  instant: Instant,
): Step<State, Output> => {
  const over = closed(state, number)
  if (over === undefined) return [state, none]
  const [next, outputs] = unreached(over.step[0], config, over.opening, why, instant)
  return [next, [...over.step[1], ...outputs]]
}

/** A connection closed, by the peer or by the network; the transactions on it hear of it. */
export const flowClosed = (
  state: State,
  config: StackConfig,
  id: number,
  at: number,
): Step<State, Output> => {
  const connection = Connections.get(state.connections, id)
  if (connection === undefined) return [state, none]
  const [next, outputs] = forgotten(state, config, connection, at)
  return Frame.isPartial(connection.framer)
    ? [next, [...outputs, diagnostic('flow-lost', 'closed in the middle of a message', connection.flow)]]
    : [next, outputs]
}

/** A connection takes output again, or for now no more. */
export const blocked = (state: State, id: number, isBlocked: boolean): State => {
  const connection = Connections.get(state.connections, id)
  return connection === undefined || connection.blocked === isBlocked
    ? state
    : withConnection(state, connection, { ...connection, blocked: isBlocked })
}

/** Everything that waited for the connection leaves on it. */
const boarded = (
  state: State,
  config: StackConfig,
  listener: Listener,
  { number, place }: Opening,
  { flow }: Opened,
  instant: Instant,
): Step<State, Output> =>
  release(state, openingKey(number), (now, { plan, ways }) => {
    if ('bytes' in plan) return go(now, { _tag: 'Transmit', flow, bytes: plan.bytes, cause: plan.cause })
    const sent = depart(now, config, plan, { listener, flow, place, rest: ways }, instant.at)
    return '_tag' in sent ? ended(now, plan, 'transport') : sent.step
  })

/** Nothing is sent to somebody whose certificate shows another domain. */
const mismatch = (
  [state, stops]: Step<State, Output>,
  config: StackConfig,
  opening: Opening,
  { flow }: Opened,
  domain: string,
  instant: Instant,
): Step<State, Output> => {
  const [next, outputs] = unreached(
    state,
    config,
    opening,
    `its certificate does not show ${domain}`,
    instant,
  )
  return [
    next,
    [
      ...stops,
      { _tag: 'CloseFlow', flow },
      ...outputs,
      {
        _tag: 'Diagnostic',
        code: 'identity',
        what: `the certificate does not show ${domain}`,
        row: 'RFC 5922 7.2',
        flow,
      },
    ],
  ]
}

/** Whatever waited goes its next way, or came to nothing. */
const unreached = (
  state: State,
  config: StackConfig,
  { number, place, local }: Opening,
  why: string,
  instant: Instant,
): Step<State, Output> => {
  const grey = { ...state, names: Names.avoid(state.names, place, instant.at + limitsOf(config).grey) }
  const [next, outputs] = proceed(grey, config, openingKey(number), 'transport', instant)
  const flow = { protocol: place.protocol, local, remote: { host: place.host, port: place.port } }
  return [next, [...outputs, diagnostic('flow-refused', why, flow)]]
}
