/**
 * A request on its way to the first target that can be had: asks, connects or leaves, whichever is next (RFC 3263 4,
 * RFC 3261 18.1.1). The same function serves the first try and every later one.
 */
import { nth } from '../data/entropy.js'
import * as Table from '../data/table.js'
import type { Listener, Output, Question, Refusal } from '../events.js'
import * as Names from '../locate/names.js'
import { next, type Surroundings } from '../locate/next.js'
import type { Place, Way, Ways } from '../locate/types.js'
import type { Request } from '../message/types.js'
import { go, none, type Step } from '../reducer.js'
import { id as idOf } from '../transaction/key.js'
import * as Connections from '../transport/connections.js'
import { type Departed, depart, withVia } from './depart.js'
import { flowTo, listenerFor } from './listeners.js'
import type { Instant } from './moment.js'
import { openingKey, opened } from './openings.js'
import { limitsOf, type Pending, type Plan, type StackConfig, type State } from './state.js'

/** Goes on with `ways`. A refusal says that none of them leads anywhere; then nothing has changed. */
export const travel = (
  state: State,
  config: StackConfig,
  plan: Plan,
  ways: Ways,
  instant: Instant,
): Departed | Refusal => {
  const [head] = ways
  if (ways.length === 1 && head?._tag === 'Address')
    return board(state, config, plan, head.place, none, instant)
  const found = next(ways, surroundings(state, plan.since, plan.key.branch, instant))
  switch (found._tag) {
    case 'Ready':
      return board(state, config, plan, found.place, found.rest, instant)
    case 'Ask': {
      const step = ask(state, config, { plan, ways: found.ways }, found.question, instant.at)
      return '_tag' in step ? step : { step, request: shown(state, plan, found.ways) }
    }
    case 'Nowhere':
      return { _tag: 'NoTransport', protocol: protocolOf(head) }
  }
}

/** Lets a try or a parcel wait; `on` is what for. Nothing has been asked or opened yet. */
export const wait = (
  state: State,
  config: StackConfig,
  { plan, ways, on }: Pick<Pending, 'plan' | 'ways' | 'on'>,
  at: number,
): Step<State, Output> | Refusal => {
  const generation = state.layer.generation + 1
  const id = 'bytes' in plan ? `parcel ${generation}` : idOf(plan.key)
  if (!('bytes' in plan) && Table.get(id)(state.pending) !== undefined)
    return { _tag: 'AlreadyStarted', key: plan.key }
  if (Table.size(state.pending) >= config.maxPending) return { _tag: 'Overload' }
  const due = at + config.pendingTimeout
  return go(
    {
      ...state,
      layer: { ...state.layer, generation },
      pending: Table.set<Pending>(id, { plan, ways, on, generation, due })(state.pending),
      waiting: Table.set<readonly string[]>(on, [...(Table.get(on)(state.waiting) ?? none), id])(
        state.waiting,
      ),
    },
    { _tag: 'StartTimer', id: { _tag: 'Pending', transaction: id }, generation, due },
  )
}

/** What a search that set out at `since` sees; `seed` makes its dice its own. */
export const surroundings = (
  state: State,
  since: number,
  seed: string,
  { at, entropy }: Instant,
): Surroundings => ({
  look: (question) => Names.look(state.names, question, since),
  dice: (n) => Number.parseInt(nth(entropy, `weight ${n} ${seed}`).slice(0, 8), 16) / 2 ** 32,
  reaches: (protocol, host) => listenerFor(state.listeners, protocol, host) !== undefined,
  isGrey: (place) => Names.isGrey(state.names, place, at),
})

/** Asks once a question, however many wait for its answer. */
export const ask = (
  state: State,
  config: StackConfig,
  { plan, ways }: Pick<Pending, 'plan' | 'ways'>,
  question: Question,
  at: number,
): Step<State, Output> | Refusal => {
  const on = Names.questionKey(question)
  const isAsked = Table.get(on)(state.waiting) !== undefined
  const waiting = wait(state, config, { plan, ways, on }, at)
  return '_tag' in waiting || isAsked ? waiting : [waiting[0], [...waiting[1], { _tag: 'Resolve', question }]]
}

/** Leaves for a place that is known: at once by datagram or on a connection that stands, else once one does. */
const board = (
  state: State,
  config: StackConfig,
  plan: Plan,
  place: Place,
  others: Ways,
  instant: Instant,
): Departed | Refusal => {
  const rest = plan.settled === true ? none : others
  if (isTooLong(state, config, plan, place))
    return travel(state, config, plan, overStream(place, rest), instant)
  const listener = listenerFor(state.listeners, place.protocol, place.host, place.port)
  if (listener === undefined) return { _tag: 'NoTransport', protocol: place.protocol }
  if (listener.framing === undefined)
    return depart(state, config, plan, { listener, flow: flowTo(listener, place), place, rest }, instant.at)
  const target = listener.peer ?? place
  const connection = Connections.find(state.connections, target)
  if (connection === undefined) return connect(state, config, plan, listener, target, rest, instant)
  if (connection.blocked)
    return rest.length === 0 ? { _tag: 'Overload' } : travel(state, config, plan, rest, instant)
  return depart(state, config, plan, { listener, flow: connection.flow, place, rest }, instant.at)
}

const connect = (
  state: State,
  config: StackConfig,
  plan: Plan,
  listener: Listener,
  place: Place,
  rest: Ways,
  { at }: Instant,
): Departed | Refusal => {
  const [opening, [ready, orders]] = opened(state, config, listener, place, at)
  const waiting = wait(ready, config, { plan, ways: rest, on: openingKey(opening) }, at)
  if ('_tag' in waiting) return waiting
  return { step: [waiting[0], [...orders, ...waiting[1]]], request: withVia(plan, listener, place) }
}

/**
 * "If a request is within 200 bytes of the path MTU, or if it is larger than 1300 bytes and the path MTU is unknown, the
 * request MUST be sent using an RFC 2914 congestion controlled transport protocol, such as TCP" (18.1.1). Where there is
 * none here, or the caller fixed the Via, it goes as it is.
 */
const isTooLong = (state: State, config: StackConfig, { message, options }: Plan, place: Place): boolean =>
  place.protocol === 'udp' &&
  place.instead !== true &&
  options.via !== 'present' &&
  message.text.length + VIA > limitsOf(config).datagram &&
  listenerFor(state.listeners, 'tcp', place.host) !== undefined

/** "If … the attempt to establish the connection generates … a reset, the element SHOULD retry the request, using UDP." */
const overStream = (place: Place, rest: Ways): Ways => [
  { _tag: 'Address', place: { ...place, protocol: 'tcp' } },
  { _tag: 'Address', place: { ...place, instead: true } },
  ...rest,
]

/** What the application is shown of a request whose way is not decided: the Via of the way that is likeliest. */
const shown = (state: State, plan: Plan, ways: Ways): Request => {
  const protocols = ways.flatMap((way) => (way._tag === 'Naptr' ? [] : [protocolOf(way)]))
  const listener =
    protocols
      .map((protocol) => state.listeners.find((one) => one.protocol === protocol))
      .find((one) => one !== undefined) ?? state.listeners[0]
  return listener === undefined ? plan.message : withVia(plan, listener, { host: '' })
}

/** The protocol of a way, or that which its domain most likely speaks. */
export const protocolOf = (way: Way | undefined): string => {
  switch (way?._tag) {
    case 'Address':
      return way.place.protocol
    case 'Host':
    case 'Srv':
      return way.protocol
    case 'Naptr':
    case undefined:
      return way?.secure === true ? 'tls' : 'udp'
  }
}

/** About what our Via adds. */
const VIA = 100
