/**
 * The stack: everything between octets and application as one pure function. Each event has its function; what an
 * event cannot concern is answered all the same.
 */
import { isSome, some } from 'fp-ts/lib/Option.js'
import type { Diagnostic, FromShell, Input, Listener, Output, TimerId } from '../events.js'
import { fire, tell } from '../layer/fire.js'
import { sendResponse } from '../layer/send.js'
import type { Response } from '../message/types.js'
import * as Table from '../data/table.js'
import { go, type Reducer, type Step } from '../reducer.js'
import { type ClientKey, id as idOf, type Key } from '../transaction/key.js'
import { after, elapse, forget } from './alarm.js'
import { cancel } from './cancel.js'
import { flowFired } from './connection.js'
import { blocked, flowClosed, flowOpened, flowRefused } from './flows.js'
import { elsewhere, reroute } from './lost.js'
import type { Instant } from './moment.js'
import { receiveOn } from './octets.js'
import { sendStateless } from './parcels.js'
import { abandon, expire, resolved, unresolved } from './pending.js'
import { receive } from './receive.js'
import { answered } from './answered.js'
import { request } from './request.js'
import { settle } from './settle.js'
import { type StackConfig, type State, withLayer } from './state.js'
import { relay } from './tries.js'

/** The stack's reducer under a configuration; `start(config)` is its first state. */
export const reducer =
  (config: StackConfig): Reducer<State, Input, Output> =>
  (state, input) =>
    relay(state, config, reroute(state, step(state, config, input), config, input), input)

const step = (state: State, config: StackConfig, input: Input): Step<State, Output> => {
  const { event, at } = input
  switch (event._tag) {
    case 'Received':
      return event.flow.id === undefined
        ? receive(state, config, input, event.flow, event.bytes, event.octets)
        : receiveOn(state, config, input, event.flow.id, event.bytes)
    case 'TimerFired':
      return timerFired(state, config, event.id, event.generation, input)
    case 'SendResponse':
      return respond(state, config, event.ref, event.response, at)
    case 'SendRequest':
      return request(state, config, event, input)
    case 'SendStateless':
      return sendStateless(state, config, event, input)
    case 'After':
      return after(state, event.ref, event.ms, at)
    case 'Forget':
      return forget(state, event.ref)
    case 'Cancel':
      return cancel(state, config, event, at)
    case 'Settle':
      return go(settle(state, event.key))
    case 'Terminate':
      return terminate(state, config, event.key, at)
    case 'Drain':
      return go({ ...state, draining: true })
    case 'Listening':
      return go({ ...state, listeners: [...without(state, event.listener), event.listener] })
    case 'Unlistened':
      return go({ ...state, listeners: without(state, event) })
    case 'FlowOpened':
      return flowOpened(state, config, event, input)
    case 'FlowRefused':
      return flowRefused(state, config, event.opening, event.what, input)
    case 'FlowClosed':
      return event.flow.id === undefined ? go(state) : flowClosed(state, config, event.flow.id, at)
    case 'Writable':
      return go(event.flow.id === undefined ? state : blocked(state, event.flow.id, false))
    case 'SendFailed':
      return sendFailed(state, config, event, input)
    case 'Resolved':
      return resolved(state, config, event, input)
    case 'Unresolved':
      return unresolved(state, config, event, input)
    case 'AccountFound': // for a helper; none has asked
      return go(state)
  }
}

const inLayer = (state: State, step: Step<State['layer'], Output>): Step<State, Output> => [
  withLayer(state, step[0]),
  step[1],
]

const timerFired = (
  state: State,
  config: StackConfig,
  id: TimerId,
  generation: number,
  instant: Instant,
): Step<State, Output> => {
  switch (id._tag) {
    case 'Transaction':
      return inLayer(state, fire(state.layer, config.layer, id, generation, instant.at))
    case 'Pending':
      return expire(state, config, id.transaction, generation, instant.at)
    case 'Flow':
      return flowFired(state, config, id.flow, generation, instant.at)
    case 'Opening':
      return flowRefused(state, config, id.opening, 'no connection in time', instant)
    case 'Application':
      return elapse(state, id.ref, generation, instant.at)
  }
}

const respond = (
  state: State,
  config: StackConfig,
  ref: string | number,
  response: Response,
  at: number,
): Step<State, Output> => {
  const result = sendResponse(state.layer, config.layer, response, at)
  const answer: Output =
    result._tag === 'Sent'
      ? { _tag: 'Accepted', ref, key: result.key, message: result.response }
      : { _tag: 'Refused', ref, reason: result.reason }
  return [withLayer(state, result.step[0]), answered(result.step[1], answer)]
}

const terminate = (state: State, config: StackConfig, key: Key, at: number): Step<State, Output> => {
  const first = idOf(key)
  const id = Table.find(state.moved, first) ?? first
  return abandon(state, id) ?? inLayer(state, tell(state.layer, config.layer, id, { _tag: 'Abort' }, at))
}

const sendFailed = (
  before: State,
  config: StackConfig,
  { flow, why, cause }: Extract<FromShell, { _tag: 'SendFailed' }>,
  instant: Instant,
): Step<State, Output> => {
  const said: Diagnostic = { _tag: 'Diagnostic', code: 'send-failed', what: why, flow }
  const state = why === 'overflow' && flow.id !== undefined ? blocked(before, flow.id, true) : before
  if (!isSome(cause)) return go(state, said)
  if (Table.find(state.layer.transactions, cause.value) !== undefined) {
    const [next, outputs] =
      elsewhere(state, config, flow, cause.value, instant) ??
      inLayer(state, tell(state.layer, config.layer, cause.value, { _tag: 'TransportFailed' }, instant.at))
    return [next, [...outputs, { ...said, transaction: cause.value }]]
  }
  // An ACK for a 2xx has no transaction that could tell (CC-5).
  const key = ackKey(cause.value)
  return key !== undefined
    ? go(state, { _tag: 'ErrorReceived', reason: 'transport', key: some(key), first: some(key) }, said)
    : go(state, said)
}

/** The key of an ACK from its id, which is all that the shell hands back. */
const ackKey = (id: string): ClientKey | undefined => {
  const [kind, branch, method] = id.split('|')
  return kind === 'c' && method === 'ACK' && branch !== undefined
    ? { _tag: 'ClientKey', branch: `z9hG4bK${branch}`, method }
    : undefined
}

const without = (
  { listeners }: State,
  { protocol, local }: Pick<Listener, 'protocol' | 'local'>,
): readonly Listener[] =>
  listeners.filter(
    (one) => one.protocol !== protocol || one.local.port !== local.port || one.local.host !== local.host,
  )
