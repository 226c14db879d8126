/**
 * The non-INVITE server transaction: RFC 3261 17.2.2 with figure 8, provisional responses and 408 by RFC 4320,
 * errors by RFC 6026 8.8.
 *
 * ```
 *                Request: to TU
 *                     |
 *                     V
 *                 [Trying]  Request: -
 *                     |
 *      +--------------+--------------+-------------------------+
 *      | N100: send 100              | 200-699 from TU:        | 408 from TU: -
 *      V                             | send response           |
 * [Proceeding]  Request: send 100    |                         |
 *      |        100 from TU: send it |                         |
 *      |        error: inform TU     |                         |
 *      +--------------+--------------|------------------------>+
 *      | 200-699 from TU:            |          408 from TU: - |
 *      | send response               |                         |
 *      +<----------------------------+                         |
 *      V                                                       |
 * [Completed]  Request: send response                          |
 *      |       error: inform TU                                |
 *      | J                                                     |
 *      +----------------------------+--------------------------+
 *                                   V
 *                             [Terminated]
 * ```
 *
 * What stands beside a box happens without leaving it; `-` is nothing. Over a reliable transport timer J is
 * zero: Completed is passed through in one step (rule Z-8).
 */
import type { Bytes } from '../data/bytes.js'
import type { Request, Response } from '../message/types.js'
import { go, none, type Reducer, type Step, stay } from '../reducer.js'
import type { Reliability } from '../transport/flow.js'
import {
  deliver,
  diagnostic,
  ended,
  fail,
  ignore,
  stale,
  startTimer,
  stopTimer,
  transmit,
} from './effects.js'
import { hundredDue, patience } from './schedule.js'
import { over, type Terminated, terminated } from './terminated.js'
import { trying as hundredTo } from './trying.js'
import type { Config, Effect, ServerEvent } from './types.js'

export type State = Trying | Proceeding | Completed | Terminated

/** The core has the request, nothing was sent. N100 runs where it may come due, the guard where there is one. */
export interface Trying {
  readonly _tag: 'Trying'
  readonly request: Bytes
  readonly reliability: Reliability
}

/** A provisional response went out. */
export interface Proceeding {
  readonly _tag: 'Proceeding'
  readonly response: Bytes
  readonly reliability: Reliability
}

/** The final response went out over an unreliable transport. J runs, to repeat it to repeated requests. */
export interface Completed {
  readonly _tag: 'Completed'
  readonly response: Bytes
}

/** NS-01 "The state machine is initialized in the 'Trying' state … This request is passed up to the TU." */
export const start = (config: Config, request: Request, reliability: Reliability): Step<State, Effect> => {
  const due = hundredDue(config.timing)
  const guard = config.profile.nonInviteGuard ? [startTimer('Guard', patience(config.timing))] : none
  const timers = due === undefined ? guard : [startTimer('N100', due), ...guard]
  return [{ _tag: 'Trying', request: request.text, reliability }, [...timers, deliver(request)]]
}

/** The machine for one configuration. */
export const reducer =
  (config: Config): Reducer<State, ServerEvent, Effect> =>
  (state, event) => {
    switch (state._tag) {
      case 'Trying':
        return trying(config, state, event)
      case 'Proceeding':
        return proceeding(config, state, event)
      case 'Completed':
        return completed(config, state, event)
      case 'Terminated':
        return over(state, event, 'NS-40')
    }
  }

const trying = (config: Config, state: Trying, event: ServerEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'RequestReceived':
      return stay(state) // NS-02 "any further request retransmissions are discarded"
    case 'Respond':
      return event.response.status < 200
        ? provisional(config, state, event.response) // NS-03 to NS-05
        : final(config, state, event.response) // NS-07 to NS-09
    case 'AckReceived':
      return ignore(state, 'unexpected', 'X-3')
    case 'TimerFired':
      if (event.timer === 'N100') return hundred(config, state, event.late)
      if (event.timer === 'Guard') return unanswered(config, state) // NS-11
      return stale(state) // NS-10
    case 'TransportFailed':
      return ignore(state, 'unexpected', 'X-4') // nothing was sent yet
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'NS-46')
    case 'Abort':
      return aborted(config, state)
  }
}

const proceeding = (config: Config, state: Proceeding, event: ServerEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'RequestReceived':
      // NS-20 "the most recently sent provisional response MUST be passed to the transport layer"
      return go(state, transmit(state.response))
    case 'Respond':
      return event.response.status < 200
        ? another(config, state, event.response) // NS-21, NS-42
        : final(config, state, event.response) // NS-22 to NS-24
    case 'AckReceived':
      return ignore(state, 'unexpected', 'X-3')
    case 'TimerFired':
      return event.timer === 'Guard' ? unanswered(config, state) : stale(state) // NS-41, NS-43
    case 'TransportFailed':
      return sendFailed(config, state, running(config, state)) // NS-25
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'NS-46')
    case 'Abort':
      return aborted(config, state)
  }
}

const completed = (config: Config, state: Completed, event: ServerEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'RequestReceived':
      return go(state, transmit(state.response)) // NS-30 "MUST pass the final response to the transport layer"
    case 'Respond':
      return ignore(state, 'tu-misuse', 'NS-31') // "Any other final responses … MUST be discarded"
    case 'AckReceived':
      return ignore(state, 'unexpected', 'X-3')
    case 'TimerFired':
      return event.timer === 'J' ? go(terminated, ended) : stale(state) // NS-32, NS-34
    case 'TransportFailed':
      return sendFailed(config, state, [stopTimer('J')]) // NS-33
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'NS-46')
    case 'Abort':
      return ignore(state, 'aborted', 'X-1') // J is running and ends it
  }
}

/** A first provisional response from the core. */
const provisional = (config: Config, state: Trying, { status, text }: Response): Step<State, Effect> => {
  const strict = config.profile.nonInvite === 'strict'
  // NS-05 RFC 4320 4.1 "MUST NOT send any provisional response with a Status-Code other than 100"
  if (strict && status > 100) return ignore(state, 'tu-misuse', 'NS-05')
  // NS-03 nor 100 "over any unreliable transport … before" N100, which sends it then
  if (strict && state.reliability === 'unreliable') return ignore(state, 'tu-misuse', 'NS-03')
  return go(
    { _tag: 'Proceeding', response: text, reliability: state.reliability }, // NS-04 "MAY … at any time"
    ...hundredStop(config),
    transmit(text),
  )
}

/** A further provisional response from the core: "MUST be passed to the transport layer for transmission". */
const another = (config: Config, state: Proceeding, { status, text }: Response): Step<State, Effect> =>
  status > 100 && config.profile.nonInvite === 'strict'
    ? ignore(state, 'tu-misuse', 'NS-42')
    : go({ ...state, response: text }, transmit(text)) // NS-21

/** NS-06 RFC 4320 4.1 "MUST respond … with a Status-Code of 100 if it has not otherwise responded", any transport. */
const hundred = (config: Config, state: Trying, late: number): Step<State, Effect> => {
  const due = hundredDue(config.timing)
  if (due === undefined) return stale(state)
  const response = hundredTo(state.request, due + late)
  return go({ _tag: 'Proceeding', response, reliability: state.reliability }, transmit(response))
}

/** The final response from the core. */
const final = (config: Config, state: Trying | Proceeding, response: Response): Step<State, Effect> => {
  const stops = running(config, state)
  // NS-09, NS-24 RFC 4320 4.2 "MUST NOT send a response with Status-Code of 408 to a non-INVITE request"
  if (response.status === 408 && config.profile.nonInvite === 'strict')
    return go(
      terminated,
      ...stops,
      ended,
      diagnostic('withheld', state._tag === 'Trying' ? 'NS-09' : 'NS-24'),
    )
  const { text } = response
  return state.reliability === 'unreliable'
    ? // "it MUST set Timer J to fire in 64*T1 seconds for unreliable transports"
      [
        { _tag: 'Completed', response: text },
        [...stops, transmit(text), startTimer('J', patience(config.timing))],
      ]
    : [terminated, [...stops, transmit(text), ended]] // J is zero
}

/** RFC 6026 8.8 "SHOULD inform the TU …, and MUST remain in the current state"; RFC 3261 17.2.4 ended it. */
const sendFailed = (
  config: Config,
  state: Proceeding | Completed,
  stops: readonly Effect[],
): Step<State, Effect> =>
  config.profile.serverSendFailed === 'stay'
    ? go(state, fail('transport'))
    : go(terminated, ...stops, fail('transport'), ended)

/** NS-11, NS-41: the client gave up at timer F, so a final response is of no use any more (RFC 4320 4.2; policy). */
const unanswered = (config: Config, state: Trying | Proceeding): Step<State, Effect> =>
  config.profile.nonInviteGuard
    ? go(terminated, ...pending(config, state), fail('tu-timeout'), ended)
    : stale(state)

/** X-5, as IS-16: the core takes the transaction away without an answer, and the peer will try again (policy). */
const aborted = (config: Config, state: Trying | Proceeding): Step<State, Effect> =>
  go(terminated, ...running(config, state), ended, diagnostic('aborted', 'X-5'))

const hundredStop = (config: Config): readonly Effect[] =>
  hundredDue(config.timing) === undefined ? none : hundredStopped

const hundredStopped: readonly Effect[] = [stopTimer('N100')]

const pending = (config: Config, state: Trying | Proceeding): readonly Effect[] =>
  state._tag === 'Trying' ? hundredStop(config) : none

const running = (config: Config, state: Trying | Proceeding): readonly Effect[] =>
  config.profile.nonInviteGuard ? [...pending(config, state), stopTimer('Guard')] : pending(config, state)
