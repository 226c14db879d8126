/**
 * What was to leave on a connection that is gone (RFC 3261 18.2.2, row TR-6): a response goes on a new connection "to the
 * IP address in the received parameter, if present, using the port in the sent-by value, or the default port", an ACK
 * where its INVITE went (17.1.1.3).
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { foldSteps } from '../data/fold.js'
import type { Output } from '../events.js'
import { received } from '../header/via.js'
import { tell } from '../layer/fire.js'
import type { Place } from '../locate/types.js'
import { topVia } from '../message/head.js'
import { parse } from '../message/parse.js'
import { go, type Step } from '../reducer.js'
import { defaultPort } from '../transport/address.js'
import * as Connections from '../transport/connections.js'
import { listenerOf } from './listeners.js'
import { opened, park } from './openings.js'
import type { StackConfig, State } from './state.js'

type Transmit = Extract<Output, { _tag: 'Transmit' }>

/**
 * The outputs of one step, with what cannot leave as it is sent another way, or its sender told. What the step itself
 * closes still takes what it says before: `before` is the state that the step began with.
 */
export const reroute = (
  before: State,
  [state, outputs]: Step<State, Output>,
  config: StackConfig,
  at: number,
): Step<State, Output> =>
  outputs.some(isOnConnection) && outputs.some((output) => isLost(before, state, output))
    ? foldSteps(state, outputs, (now, output) =>
        isLost(before, now, output) ? again(now, config, output as Transmit, at) : [now, [output]],
      )
    : [state, outputs]

/** Most messages of most stacks are datagrams: they are told apart without a closure. */
const isOnConnection = (output: Output): boolean => output._tag === 'Transmit' && output.flow.id !== undefined

const isLost = (before: State, after: State, output: Output): boolean =>
  output._tag === 'Transmit' &&
  output.flow.id !== undefined &&
  Connections.get(after.connections, output.flow.id) === undefined &&
  Connections.get(before.connections, output.flow.id) === undefined

const again = (state: State, config: StackConfig, output: Transmit, at: number): Step<State, Output> => {
  const { flow, bytes, cause } = output
  const listener = listenerOf(state.listeners, flow)
  const place = placeOf(output)
  // "the WebSocket server MUST use the existing connection": a WebSocket client accepts none (RFC 7118 5.3).
  if (listener?.framing !== 'stream' || place === undefined) return failed(state, config, output, at)
  const connection = Connections.find(state.connections, place)
  if (connection !== undefined) return go(state, { ...output, flow: connection.flow })
  const [number, [ready, orders]] = opened(state, config, listener, place, at)
  const parked = park(ready, config, number, bytes, cause)
  return parked === undefined ? failed(state, config, output, at) : [parked, orders]
}

/** The transaction that wanted it sent hears of it. */
export const failed = (
  state: State,
  config: StackConfig,
  { cause, flow }: Pick<Transmit, 'cause' | 'flow'>,
  at: number,
): Step<State, Output> => {
  const said: Output = { _tag: 'Diagnostic', code: 'send-failed', what: 'closed', flow }
  if (!isSome(cause)) return go(state, said)
  const [layer, outputs] = tell(state.layer, config.layer, cause.value, { _tag: 'TransportFailed' }, at)
  return [{ ...state, layer }, [...outputs, { ...said, transaction: cause.value }]]
}

const placeOf = ({ flow, bytes }: Transmit): Place | undefined => {
  const { protocol, remote } = flow
  if (!bytes.startsWith('SIP/')) return { protocol, ...remote }
  const response = parse(bytes)
  if (isLeft(response)) return undefined
  const via = topVia(response.right)
  return {
    protocol,
    host: received(via) ?? via.host,
    port: via.port ?? defaultPort(protocol),
    domain: via.host,
  }
}
