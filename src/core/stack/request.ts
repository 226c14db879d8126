/**
 * A request on its way out: target, listener, Via, transaction (RFC 3261 8.1.2, 18.1.1, 17.1).
 *
 * The stack writes the Via: transport and advertised address of the listener, a branch from entropy, `rport` on
 * unreliable transports (RFC 3581 3). A caller who says `via: 'present'` wrote it; its branch is the key.
 */
import { branch as branchOf, nth } from '../data/entropy.js'
import * as Table from '../data/table.js'
import type { Output, Ref, Refusal, SendOptions } from '../events.js'
import { branch } from '../header/via.js'
import { client } from '../layer/receive-response.js'
import type { Ways } from '../locate/types.js'
import { waysOf, waysTo } from '../locate/ways.js'
import { defaulted, popVia } from '../message/build.js'
import { topVia } from '../message/head.js'
import type { Request } from '../message/types.js'
import { sendable } from '../message/validate.js'
import { go, none, type Step } from '../reducer.js'
import { type ClientKey, id as idOf } from '../transaction/key.js'
import * as Connections from '../transport/connections.js'
import type { Flow } from '../transport/flow.js'
import { nextHop } from '../transport/target.js'
import { answered } from './answered.js'
import { type Departed, depart } from './depart.js'
import { isOurs, listenerOf } from './listeners.js'
import type { Instant } from './moment.js'
import type { Plan, StackConfig, State } from './state.js'
import { travel } from './travel.js'
import { settled } from './settle.js'

/** What the application asked for. */
export interface Wish {
  readonly ref: Ref
  readonly request: Request
  readonly options: SendOptions
}

/** Sends a request, or says why not; then nothing has changed. */
export const request = (
  state: State,
  config: StackConfig,
  { ref, request: wished, options }: Wish,
  instant: Instant,
): Step<State, Output> => {
  const refused = (reason: Refusal): Step<State, Output> => go(state, { _tag: 'Refused', ref, reason })
  const message = defaulted(wished)
  const wrong = sendable(message, options.via === 'present')
  if (wrong !== undefined) return refused({ _tag: 'Invalid', what: wrong })
  if (options.via === 'present' && !isOurs(state.listeners, topVia(message)))
    return refused({
      _tag: 'Invalid',
      what: 'the sent-by of the top Via is none of ours: no response could come',
    })
  const id =
    options.via === 'present'
      ? (branch(topVia(message)) ?? '')
      : branchOf(`${config.branchMark ?? ''}${nth(instant.entropy, 0)}`)
  const key: ClientKey = { _tag: 'ClientKey', branch: id, method: message.method }
  const plan: Plan = { message, options, key, first: key, since: instant.at }
  const [ready, sent] = sentOff(state, config, plan, instant)
  if (typeof sent === 'string') return refused({ _tag: 'Invalid', what: sent })
  if ('_tag' in sent) return refused(sent)
  const { step, request: complete } = sent
  return [step[0], answered(step[1], { _tag: 'Accepted', ref, key: ready, message: complete })]
}

/** The request on its way, and the key it goes by; or in words or as a refusal why it cannot go. */
const sentOff = (
  state: State,
  config: StackConfig,
  plan: Plan,
  instant: Instant,
): readonly [ClientKey, Departed | Refusal | string] => {
  const { message, options, key } = plan
  if (message.method === 'CANCEL' && options.via === 'present') {
    const follows = cancel(state, config, plan, instant)
    if (follows !== undefined) return follows
  }
  if (options.target !== undefined && 'remote' in options.target)
    return [key, along(state, config, plan, options.target, instant)]
  const ways = options.target === undefined ? waysFor(state, message) : waysTo(options.target)
  return [
    key,
    typeof ways === 'string' ? ways : travel(state, config, plan, throughPeer(state, ways), instant),
  ]
}

const waysFor = (state: State, message: Request): Ways | string => {
  const uri = nextHop(message)
  return typeof uri === 'string'
    ? uri
    : waysOf(
        uri,
        state.listeners.map(({ protocol }) => protocol),
      )
}

/** Who knows one server only sends everything there, whatever it is called (RFC 7118: an outbound proxy). */
const throughPeer = ({ listeners }: State, ways: Ways): Ways => {
  const [only] = listeners
  return only?.peer !== undefined && listeners.every(({ peer }) => peer !== undefined)
    ? [{ _tag: 'Address', place: only.peer }]
    : ways
}

/** On that connection and no other, or from that address to that one (RFC 5626: a flow is where a client is). */
const along = (
  state: State,
  config: StackConfig,
  plan: Plan,
  flow: Flow,
  { at }: Instant,
): Departed | Refusal => {
  const listener = listenerOf(state.listeners, flow)
  const isOpen = flow.id === undefined || Connections.get(state.connections, flow.id) !== undefined
  if (listener === undefined || !isOpen) return { _tag: 'NoTransport', protocol: flow.protocol }
  const place = { protocol: flow.protocol, host: flow.remote.host, port: flow.remote.port }
  return depart(state, config, plan, { listener, flow, place, rest: none }, at)
}

/**
 * "The destination address, port, and transport for the CANCEL MUST be identical to those used to send the original
 * request" (9.1), and so must the Via: that of the try which is under way, after which no other follows (policy).
 */
const cancel = (
  state: State,
  config: StackConfig,
  plan: Plan,
  { at }: Instant,
): readonly [ClientKey, Departed | Refusal] | undefined => {
  const first = idOf({ ...plan.key, method: 'INVITE' })
  const id = Table.get(first)(state.moved) ?? first
  const entry = client(state.layer, id)
  const listener = entry === undefined ? undefined : listenerOf(state.listeners, entry.flow)
  if (entry === undefined || listener === undefined) return undefined
  const { flow } = entry
  const place = { protocol: flow.protocol, host: flow.remote.host, port: flow.remote.port }
  const key: ClientKey = { ...plan.key, branch: entry.key.branch }
  const moved: Plan =
    id === first ? plan : { ...plan, message: popVia(plan.message), options: {}, key, first: key }
  return [key, depart(settled(state, id), config, moved, { listener, flow, place, rest: none }, at)]
}
