/** Connections: opened, refused, closed, and the octets that come on them (RFC 3261 18, RFC 5626 3.5.1, RFC 7118). */
import { none as nothing } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../data/bytes.js'
import { nth } from '../data/entropy.js'
import { foldSteps } from '../data/fold.js'
import * as Table from '../data/table.js'
import type { Diagnostic, FromShell, Input, Listener, Output } from '../events.js'
import { closeFlow } from '../layer/fire.js'
import * as Names from '../locate/names.js'
import { limits as messageLimits } from '../message/limits.js'
import { go, none, type Step } from '../reducer.js'
import { isSecure, placeKey } from '../transport/address.js'
import * as Connections from '../transport/connections.js'
import type { Connection } from '../transport/connections.js'
import * as Frame from '../transport/frame.js'
import { shows } from '../transport/identity.js'
import { listenerOf } from './listeners.js'
import { failed } from './lost.js'
import type { Instant } from './moment.js'
import { closed, openingKey } from './openings.js'
import { depart } from './depart.js'
import { ended, proceed, release } from './pending.js'
import { breaks, receive } from './receive.js'
import { limitsOf, type Opening, type StackConfig, type State } from './state.js'

type Opened = Extract<FromShell, { _tag: 'FlowOpened' }>

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

/** Octets came on a connection: whole messages go up, one after the other. */
export const receiveOn = (
  state: State,
  config: StackConfig,
  input: Input<unknown>,
  id: number,
  bytes: Bytes,
): Step<State, Output> => {
  const before = Connections.get(state.connections, id)
  if (before === undefined) return [state, none] // it came while we were closing it
  const { flow } = before
  const [framer, frames] =
    before.framing === 'stream'
      ? Frame.feed(before.framer, bytes, config.parse.limits?.message ?? messageLimits.message)
      : [before.framer, [whole(bytes)]]
  const after = hearing(before, framer, frames.length > 0, input.at)
  const [heard, restarts] = after === before ? [state, none] : rearmed(state, config, before, after)
  const single = frames.length === 1
  const [next, outputs] = foldSteps(heard, frames, (now, frame) =>
    framed(
      now,
      config,
      single ? input : { ...input, entropy: nth(input.entropy, frames.indexOf(frame)) },
      flow,
      frame,
    ),
  )
  return [next, restarts.length === 0 ? outputs : [...outputs, ...restarts]]
}

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

/** A peer's connection, if there is room for one more. */
const accepted = (
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

const entered = (
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

/** Everything that waited for the connection leaves on it. */
const boarded = (
  state: State,
  config: StackConfig,
  listener: Listener,
  { number, parked, place }: Opening,
  { flow }: Opened,
  instant: Instant,
): Step<State, Output> => {
  const [next, outputs] = release(state, openingKey(number), (now, { plan, ways }) => {
    const sent = depart(now, config, plan, { listener, flow, place, rest: ways }, instant.at)
    return '_tag' in sent ? ended(now, plan, 'transport') : sent.step
  })
  return [
    next,
    [...parked.map(({ bytes, cause }): Output => ({ _tag: 'Transmit', flow, bytes, cause })), ...outputs],
  ]
}

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
  { number, place, local, parked }: Opening,
  why: string,
  instant: Instant,
): Step<State, Output> => {
  const grey = { ...state, names: Names.avoid(state.names, place, instant.at + limitsOf(config).grey) }
  const [moved, outputs] = proceed(grey, config, openingKey(number), 'transport', instant)
  const flow = { protocol: place.protocol, local, remote: { host: place.host, port: place.port } }
  const [next, more] = foldSteps(moved, parked, (now, { cause }) =>
    failed(now, config, { cause, flow }, instant.at),
  )
  return [next, [...outputs, ...more, diagnostic('flow-refused', why, flow)]]
}

/** A connection that we close, and why. */
const shut = (
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

const forgotten = (
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

/** A WebSocket message is one SIP message (RFC 7118 5), or a keep-alive as on any connection. */
const whole = (bytes: Bytes): Frame.Frame =>
  bytes === PING ? { _tag: 'Ping' } : bytes === PONG ? { _tag: 'Pong' } : { _tag: 'Message', bytes }

const framed = (
  state: State,
  config: StackConfig,
  input: Input<unknown>,
  flow: Connection['flow'],
  frame: Frame.Frame,
): Step<State, Output> => {
  switch (frame._tag) {
    case 'Message':
      return receive(state, config, input, flow, frame.bytes)
    case 'Ping':
      return go(state, { _tag: 'Transmit', flow, bytes: PONG, cause: nothing })
    case 'Pong':
      return [state, none]
    case 'Broken': {
      const [next, outputs] = breaks(state, config, flow, frame.bytes, frame.what)
      const connection = flow.id === undefined ? undefined : Connections.get(next.connections, flow.id)
      if (connection === undefined) return [next, outputs]
      const [done, more] = shut(next, config, connection, frame.what, input.at)
      return [done, [...outputs, ...more]]
    }
  }
}

/** The connection with what its octets change; the very same when that is nothing. */
const hearing = (before: Connection, framer: Frame.State, isWhole: boolean, at: number): Connection => {
  const began = Frame.isPartial(framer) && (isWhole || !Frame.isPartial(before.framer))
  if (
    framer === before.framer &&
    (before.spoken || !isWhole) &&
    before.pinged === undefined &&
    at - before.heard < A_SECOND
  )
    return before
  const { pinged: _, ...rest } = before
  return { ...rest, framer, spoken: before.spoken || isWhole, heard: at, since: began ? at : before.since }
}

/** The connection in its next state; its timer is set anew only when something is due sooner than it would ring. */
const rearmed = (
  state: State,
  config: StackConfig,
  before: Connection,
  after: Connection,
): Step<State, Output> => {
  const next = withConnection(state, before, after)
  const { due } = Connections.deadline(after, limitsOf(config))
  return due < after.timer.due ? started(next, after, due) : [next, none]
}

const started = (state: State, connection: Connection, due: number): Step<State, Output> => {
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

const withConnection = (state: State, before: Connection, after: Connection): State => ({
  ...state,
  connections: Connections.update(state.connections, before, after),
})

const timer = (flow: number) => ({ _tag: 'Flow', flow }) as const

const diagnostic = (code: Diagnostic['code'], what: string, flow: Connection['flow']): Diagnostic => ({
  _tag: 'Diagnostic',
  code,
  what,
  flow,
})

const PING = '\r\n\r\n'
const PONG = '\r\n'
const A_SECOND = 1000
