/** Octets from the network: read, stamped, and handed to the layer (RFC 3261 18.1.2, 18.2.1). */
import { isLeft } from 'fp-ts/lib/Either.js'
import { none as nothing } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../data/bytes.js'
import type { Diagnostic, Input, Output } from '../events.js'
import { overBound } from '../layer/bounds.js'
import { place, receiveRequest } from '../layer/receive-request.js'
import { receiveResponse } from '../layer/receive-response.js'
import { find } from '../header/params.js'
import { received, type Via } from '../header/via.js'
import { topVia, viaCount } from '../message/head.js'
import { answerTo, type ParseError } from '../message/error.js'
import { parse } from '../message/parse.js'
import type { Request, Response } from '../message/types.js'
import { go, type Step } from '../reducer.js'
import { defaultPort, isSecure, placeKey } from '../transport/address.js'
import * as Connections from '../transport/connections.js'
import type { Flow, Reliability } from '../transport/flow.js'
import { shows } from '../transport/identity.js'
import { replyFlow } from '../transport/reply.js'
import { stamp } from '../transport/stamp.js'
import { isOurs, listenerOf } from './listeners.js'
import { type StackConfig, type State, withLayer } from './state.js'
import { acknowledges, answer, tagOfUnreadable } from './stateless.js'

/** A datagram, or a message cut out of what a connection brought, arrived on `flow`. */
export const receive = (
  state: State,
  config: StackConfig,
  input: Input<unknown>,
  flow: Flow,
  bytes: Bytes,
  octets?: Uint8Array,
): Step<State, Output> => {
  const parsed = parse(bytes, config.parse, octets)
  if (isLeft(parsed)) return refuse(state, config, flow, parsed.left)
  const message = parsed.right
  return message._tag === 'Request'
    ? request(state, config, input, flow, stamp(flow.remote, message))
    : response(state, config, input.at, flow, message)
}

/** The head of a message on a stream that nobody can find the end of: answered as far as it can be (18.3, 8.2.6). */
export const breaks = (
  state: State,
  config: StackConfig,
  flow: Flow,
  head: Bytes,
  what: string,
): Step<State, Output> => {
  const parsed = parse(head, config.parse)
  if (isLeft(parsed)) return refuse(state, config, flow, parsed.left)
  const said = diagnostic('malformed', what, flow)
  return parsed.right._tag === 'Response' || parsed.right.method === 'ACK'
    ? go(state, said)
    : go(state, answer(config.secret, stamp(flow.remote, parsed.right), flow, 400), said)
}

const request = (
  before: State,
  config: StackConfig,
  { at, entropy }: Input<unknown>,
  flow: Flow,
  message: Request,
): Step<State, Output> => {
  const state =
    flow.id !== undefined && isSecure(flow.protocol) ? aliased(before, flow.id, topVia(message)) : before
  const reliability = reliabilityOf(state, flow)
  const reply = replyFlow(flow, topVia(message), reliability)
  const found = place(state.layer, message)
  if (found._tag === 'Unmatched' && acknowledges(config.secret, message)) return go(state)
  if (found._tag === 'New' && found.cancels === undefined) {
    const over = state.draining ? 'draining' : overBound(state.layer, config.layer.bounds, flow.remote.host)
    if (over !== undefined) return overload(state, config, message, reply, over)
  }
  const arrival = { request: message, flow, reply, reliability, at, entropy }
  const step = receiveRequest(state.layer, config.layer, found, arrival)
  return [withLayer(state, step[0]), step[1]]
}

/** "If there is any transport … the client transport … examines the value of the sent-by … MUST be silently discarded" (18.1.2). */
const response = (
  state: State,
  config: StackConfig,
  at: number,
  flow: Flow,
  message: Response,
): Step<State, Output> => {
  if (!isOurs(state.listeners, topVia(message)))
    return go(state, diagnostic('not-ours', 'the sent-by of its top Via is not one of ours', flow, '18.1.2'))
  if (config.role === 'user-agent' && viaCount(message) > 1)
    return go(
      state,
      diagnostic('stray', 'a response with more than one Via reached a user agent', flow, 'K-9'),
    )
  const [layer, outputs] = receiveResponse(state.layer, config.layer, config.role, message, at)
  return [withLayer(state, layer), outputs]
}

/**
 * RFC 5923 8.1: the peer asks that requests to its sent-by come on this connection. Only its certificate can show that
 * the name is its own; without one, or over TCP, the parameter counts as absent.
 */
const aliased = (state: State, id: number, via: Via): State => {
  if (find(via.params, 'alias') === undefined) return state
  const connection = Connections.get(state.connections, id)
  if (connection?.accepted !== true || !shows(connection.names, via.host)) return state
  const host = received(via) ?? via.host
  const place = placeKey(connection.flow.protocol, host, via.port ?? defaultPort(via.transport))
  const connections = Connections.alias(state.connections, connection, place)
  return connections === state.connections ? state : { ...state, connections }
}

const refuse = (state: State, config: StackConfig, flow: Flow, error: ParseError): Step<State, Output> => {
  if (error.kind === 'keep-alive') return go(state, diagnostic('keep-alive', error.what, flow))
  const said = diagnostic('malformed', `${error.what} (octet ${error.offset})`, flow)
  const text = answerTo(error, tagOfUnreadable(config.secret, error.readable))
  return text === undefined
    ? go(state, said)
    : go(state, { _tag: 'Transmit', flow, bytes: text, cause: nothing }, said)
}

const overload = (
  state: State,
  config: StackConfig,
  message: Request,
  reply: Flow,
  why: string,
): Step<State, Output> => {
  const said = diagnostic('overload', why, reply)
  // "MUST ignore ACK requests … MUST ignore CANCEL requests" (8.2.7): its INVITE got the 503 already.
  if (message.method === 'ACK' || message.method === 'CANCEL') return go(state, said)
  return go(
    state,
    answer(config.secret, message, reply, 503, `Retry-After: ${config.layer.bounds.retryAfter}`),
    said,
  )
}

const reliabilityOf = (state: State, flow: Flow): Reliability =>
  listenerOf(state.listeners, flow)?.reliable === true ? 'reliable' : 'unreliable'

const diagnostic = (code: Diagnostic['code'], what: string, flow: Flow, row?: string): Diagnostic =>
  row === undefined ? { _tag: 'Diagnostic', code, what, flow } : { _tag: 'Diagnostic', code, what, flow, row }
