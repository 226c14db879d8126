/** Octets that come on a connection: cut into messages, and each handed on (RFC 3261 18.3, RFC 5626 3.5.1, RFC 7118 5). */
import { none as nothing } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../data/bytes.js'
import { nth } from '../data/entropy.js'
import { foldSteps } from '../data/fold.js'
import type { Input, Output } from '../events.js'
import { limits as messageLimits } from '../message/limits.js'
import { go, none, type Step } from '../reducer.js'
import type { Connection } from '../transport/connections.js'
import * as Connections from '../transport/connections.js'
import * as Frame from '../transport/frame.js'
import { rearmed, shut } from './connection.js'
import { breaks, receive } from './receive.js'
import type { StackConfig, State } from './state.js'

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

const PING = '\r\n\r\n'
const PONG = '\r\n'
const A_SECOND = 1000
