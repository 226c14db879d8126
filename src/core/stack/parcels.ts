/**
 * Octets on their way without a transaction that begins when they leave: a response or an ACK whose connection is gone
 * (RFC 3261 18.2.2), a stateless message. They look for a place as requests do, and wait for names and connections
 * among them; when no way is left, the transaction that wanted them sent hears of it, if there is one.
 */
import { isSome, none as nothing, type Option } from 'fp-ts/lib/Option.js'
import * as Table from '../data/table.js'
import type { Event, Output, Refusal } from '../events.js'
import { tell } from '../layer/fire.js'
import { next } from '../locate/next.js'
import type { Place, Ways } from '../locate/types.js'
import { waysTo } from '../locate/ways.js'
import { go, none, type Step } from '../reducer.js'
import { clientKey, clientKeyOfResponse } from '../transaction/key.js'
import * as Connections from '../transport/connections.js'
import type { Flow } from '../transport/flow.js'
import { flowTo, listenerFor } from './listeners.js'
import type { Instant } from './moment.js'
import { openingKey, opened } from './openings.js'
import { answered } from './answered.js'
import { limitsOf, type Parcel, type StackConfig, type State } from './state.js'
import { ask, protocolOf, surroundings, wait } from './travel.js'

/** Sends a parcel the first way that can be had; a refusal says that there is none, and then nothing has changed. */
export const carry = (
  state: State,
  config: StackConfig,
  parcel: Parcel,
  ways: Ways,
  instant: Instant,
): Step<State, Output> | Refusal => {
  const seed = isSome(parcel.cause) ? parcel.cause.value : ''
  const found = next(ways, surroundings(state, parcel.since, seed, instant))
  switch (found._tag) {
    case 'Ready':
      return board(state, config, parcel, found.place, found.rest, instant)
    case 'Ask':
      return ask(state, config, { plan: parcel, ways: found.ways }, found.question, instant.at)
    case 'Nowhere':
      return { _tag: 'NoTransport', protocol: protocolOf(ways[0]) }
  }
}

/** The same, and whoever wanted it sent hears when it cannot be. */
export const carryOrFail = (
  state: State,
  config: StackConfig,
  parcel: Parcel,
  ways: Ways,
  instant: Instant,
): Step<State, Output> => {
  const sent = carry(state, config, parcel, ways, instant)
  return '_tag' in sent ? failed(state, config, parcel.cause, instant.at) : sent
}

/** The transaction that wanted octets sent hears that they were not. */
export const failed = (
  state: State,
  config: StackConfig,
  cause: Option<string>,
  at: number,
  flow?: Flow,
): Step<State, Output> => {
  const said: Output = {
    _tag: 'Diagnostic',
    code: 'send-failed',
    what: 'closed',
    ...(flow === undefined ? {} : { flow }),
  }
  if (!isSome(cause)) return go(state, said)
  const [layer, outputs] = tell(state.layer, config.layer, cause.value, { _tag: 'TransportFailed' }, at)
  return [{ ...state, layer }, [...outputs, { ...said, transaction: cause.value }]]
}

/** 16.11, 8.2.7: octets out, no transaction, nothing kept; as soon as there is an address and a connection. */
export const sendStateless = (
  state: State,
  config: StackConfig,
  { ref, message, target }: Extract<Event, { _tag: 'SendStateless' }>,
  instant: Instant,
): Step<State, Output> => {
  const parcel: Parcel = { bytes: message.text, cause: nothing, since: instant.at }
  const sent = carry(state, config, parcel, waysTo(target), instant)
  if ('_tag' in sent) return go(state, { _tag: 'Refused', ref, reason: sent })
  const key = message._tag === 'Request' ? clientKey(message) : clientKeyOfResponse(message)
  return [sent[0], answered(sent[1], { _tag: 'Accepted', ref, key, message })]
}

const board = (
  state: State,
  config: StackConfig,
  parcel: Parcel,
  place: Place,
  rest: Ways,
  { at }: Instant,
): Step<State, Output> | Refusal => {
  const { bytes, cause } = parcel
  const listener = listenerFor(state.listeners, place.protocol, place.host, place.port)
  if (listener === undefined) return { _tag: 'NoTransport', protocol: place.protocol }
  const to = listener.peer ?? place
  const flow =
    listener.framing === undefined ? flowTo(listener, place) : Connections.find(state.connections, to)?.flow
  if (flow !== undefined) return go(state, { _tag: 'Transmit', flow, bytes, cause })
  const [number, [ready, orders]] = opened(state, config, listener, to, at)
  const on = openingKey(number)
  if ((Table.get(on)(ready.waiting) ?? none).length >= limitsOf(config).parked) return { _tag: 'Overload' }
  const waiting = wait(ready, config, { plan: parcel, ways: rest, on }, at)
  return '_tag' in waiting ? waiting : [waiting[0], [...orders, ...waiting[1]]]
}
