/**
 * The INVITE server transaction: RFC 3261 17.2.1 with figure 7 as RFC 6026 8.6 redrew it, errors by its 8.8.
 *
 * ```
 *              INVITE: to TU, 100 if the TU says nothing in 200 ms
 *                     |
 *                     V
 *               [Proceeding]  INVITE, 1xx from TU: send response
 *                     |       error: inform TU
 *      +--------------+--------------------------------+
 *      | 300-699 from TU: send response                | 2xx from TU: send response
 *      V                                               V
 * [Completed]  INVITE, G: send response           [Accepted]  2xx from TU: send response
 *      |       error: inform TU                        |      ACK: to TU
 *      +-------------------+                           |      INVITE: -
 *      | ACK: -            | H: inform TU              |      error: inform TU
 *      V                   |                           |
 * [Confirmed]  ACK: -      |                           |
 *      |       INVITE: -   |                           |
 *      | I                 |                           | L
 *      +-------------------+------+--------------------+
 *                                 V
 *                           [Terminated]
 * ```
 *
 * What stands beside a box happens without leaving it; `-` is nothing. The 2xx and its ACK are the core's:
 * Accepted only absorbs repeated INVITEs and passes what the core sends. Over a reliable transport timer I
 * is zero: Confirmed is passed through in one step (rule Z-8).
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
import { next, patience, type Repetition, repetition } from './schedule.js'
import { over, type Terminated, terminated } from './terminated.js'
import { trying } from './trying.js'
import type { Config, Effect, ServerEvent } from './types.js'

export type State = Proceeding | Completed | Confirmed | Accepted | Terminated

/** The core has the INVITE. */
export interface Proceeding {
  readonly _tag: 'Proceeding'
  readonly reliability: Reliability
  readonly answer: Owed | Sent
  /** Whether the guard runs (policy). */
  readonly guarded: boolean
}

/** Nothing was sent yet: timer Trying runs, and this is the request its 100 answers. */
export interface Owed {
  readonly _tag: 'Owed'
  readonly invite: Bytes
}

/** The latest provisional response. */
export interface Sent {
  readonly _tag: 'Sent'
  readonly response: Bytes
}

/** A non-2xx final went out. G runs on unreliable transports, H on all. */
export type Completed = Repetition & {
  readonly _tag: 'Completed'
  readonly response: Bytes
}

/** The ACK came over an unreliable transport. I runs, to absorb its repetitions. */
export interface Confirmed {
  readonly _tag: 'Confirmed'
}

/** A 2xx went out. L runs. */
export interface Accepted {
  readonly _tag: 'Accepted'
}

/** IS-01 "When a server transaction is constructed for a request, it enters the 'Proceeding' state." */
export const start = (config: Config, invite: Request, reliability: Reliability): Step<State, Effect> => {
  const { trying: delay, guard } = config.timing
  const guarded = guard > 0
  return go(
    { _tag: 'Proceeding', reliability, answer: { _tag: 'Owed', invite: invite.text }, guarded },
    startTimer('Trying', delay),
    ...(guarded ? [startTimer('Guard', guard)] : none),
    deliver(invite), // "The request MUST be passed to the TU."
  )
}

/** The machine for one configuration. */
export const reducer =
  (config: Config): Reducer<State, ServerEvent, Effect> =>
  (state, event) => {
    switch (state._tag) {
      case 'Proceeding':
        return proceeding(config, state, event)
      case 'Completed':
        return completed(config, state, event)
      case 'Confirmed':
        return confirmed(state, event)
      case 'Accepted':
        return accepted(state, event)
      case 'Terminated':
        return over(state, event, 'IS-40')
    }
  }

const proceeding = (config: Config, state: Proceeding, event: ServerEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'RequestReceived':
      return state.answer._tag === 'Sent'
        ? go(state, transmit(state.answer.response)) // IS-04 "the most recent provisional response … MUST be passed"
        : stay(state) // IS-05
    case 'Respond':
      return answered(config, state, event.response) // IS-06 to IS-10
    case 'AckReceived':
      return ignore(state, 'unexpected', 'IS-11')
    case 'TimerFired':
      if (event.timer === 'Trying') return hundred(config, state, event.late)
      if (event.timer === 'Guard') return unanswered(state)
      return stale(state) // IS-13
    case 'TransportFailed':
      return config.profile.serverSendFailed === 'stay'
        ? go(state, fail('transport')) // IS-12 "SHOULD inform the TU …, and MUST remain in the current state"
        : go(terminated, ...running(state), fail('transport'), ended) // 17.2.4 before RFC 6026
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'IS-43') // the next response opens another connection (18.2.2)
    case 'Abort':
      return go(terminated, ...running(state), ended, diagnostic('aborted', 'IS-16')) // the peer will try again
  }
}

const completed = (config: Config, state: Completed, event: ServerEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'RequestReceived':
      return go(state, transmit(state.response)) // IS-17 "SHOULD pass the response to the transport", G goes on
    case 'Respond':
      return ignore(state, 'tu-misuse', 'IS-20')
    case 'AckReceived':
      return state.reliability === 'unreliable'
        ? // IS-23 "MUST transition to the 'Confirmed' state"; "timer I is set to fire in T4 seconds"
          go({ _tag: 'Confirmed' }, ...running(state), startTimer('I', config.timing.t4))
        : go(terminated, ...running(state), ended) // IS-24: I is zero
    case 'TimerFired':
      if (event.timer === 'G') return repeat(config, state, event.late)
      // IS-19 "MUST transition to the 'Terminated' state, and MUST indicate to the TU that … failure has occurred"
      if (event.timer === 'H') return go(terminated, ...retransmission(state), fail('timeout'), ended)
      return stale(state) // IS-22
    case 'TransportFailed':
      return config.profile.serverSendFailed === 'stay'
        ? go(state, fail('transport')) // IS-21: G and H run on
        : go(terminated, ...running(state), fail('transport'), ended) // 17.2.4 before RFC 6026
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'IS-43')
    case 'Abort':
      return ignore(state, 'aborted', 'X-1') // the ACK is still to come; H ends it
  }
}

const confirmed = (state: Confirmed, event: ServerEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'RequestReceived':
    case 'AckReceived':
      return stay(state) // IS-25, IS-26: its purpose "is to absorb any additional ACK messages that arrive"
    case 'Respond':
      return ignore(state, 'tu-misuse', 'IS-28')
    case 'TimerFired':
      return event.timer === 'I' ? go(terminated, ended) : stale(state) // IS-27, IS-28
    case 'TransportFailed':
      return ignore(state, 'unexpected', 'IS-28') // late news of a response that was acknowledged since
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'IS-43')
    case 'Abort':
      return ignore(state, 'aborted', 'X-1') // I is running and ends it
  }
}

const accepted = (state: Accepted, event: ServerEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'RequestReceived':
      return stay(state) // IS-30 "absorbed entirely", "MUST NOT generate 2xx retransmissions on its own"
    case 'Respond':
      return isSuccess(event.response)
        ? go(state, transmit(event.response.text)) // IS-31 "MUST pass the response to the transport layer"
        : ignore(state, 'tu-misuse', 'IS-32')
    case 'AckReceived':
      return go(state, deliver(event.request)) // IS-33, IS-44 "MUST be passed directly to the TU and not absorbed"
    case 'TimerFired':
      return event.timer === 'L' ? go(terminated, ended) : stale(state) // IS-34, IS-36
    case 'TransportFailed':
      return go(state, fail('transport')) // IS-35, IS-37: L runs on, in every profile: the state is RFC 6026's own
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'IS-43')
    case 'Abort':
      return ignore(state, 'aborted', 'X-1') // repeated INVITEs must be absorbed; L ends it
  }
}

/** The core answers in Proceeding. */
const answered = (config: Config, state: Proceeding, { status, text }: Response): Step<State, Effect> => {
  if (status < 200)
    // IS-06, IS-07 "each of these MUST be passed to the transport layer for transmission"
    return go({ ...state, answer: { _tag: 'Sent', response: text } }, ...owing(state), transmit(text))
  const giveUp = patience(config.timing)
  if (status < 300)
    // IS-08 RFC 6026 7.1 "MUST transition to the 'Accepted' state and set Timer L to 64*T1"
    return go({ _tag: 'Accepted' }, ...running(state), transmit(text), startTimer('L', giveUp))
  const { t1 } = config.timing
  const next: State = { _tag: 'Completed', response: text, ...repetition(state.reliability, t1) }
  return state.reliability === 'unreliable'
    ? go(next, ...running(state), transmit(text), startTimer('G', t1), startTimer('H', giveUp)) // IS-09
    : go(next, ...running(state), transmit(text), startTimer('H', giveUp)) // IS-10 "not set … for reliable transports"
}

/** IS-02 "MUST generate a 100 (Trying) response unless it knows that the TU will … within 200 ms". */
const hundred = (config: Config, state: Proceeding, late: number): Step<State, Effect> => {
  if (state.answer._tag === 'Sent') return stale(state) // IS-03: must not replace what the core said
  const response = trying(state.answer.invite, config.timing.trying + late)
  return go({ ...state, answer: { _tag: 'Sent', response } }, transmit(response))
}

/** IS-15: the core is told once that it is late; it decides (policy). */
const unanswered = (state: Proceeding): Step<State, Effect> =>
  state.guarded ? go({ ...state, guarded: false }, fail('tu-timeout')) : stale(state)

/** IS-18 "timer G is reset with a value that doubles, unless that value exceeds T2". */
const repeat = (config: Config, state: Completed, late: number): Step<State, Effect> => {
  if (state.reliability === 'reliable') return stale(state)
  const { delay, interval } = next(state.interval, config.timing.t2, late)
  return go({ ...state, interval }, transmit(state.response), startTimer('G', delay))
}

const isSuccess = ({ status }: Response): boolean => status >= 200 && status < 300

const owing = ({ answer }: Proceeding): readonly Effect[] =>
  answer._tag === 'Owed' ? [stopTimer('Trying')] : none

const retransmission = ({ reliability }: Completed): readonly Effect[] =>
  reliability === 'unreliable' ? [stopTimer('G')] : none

const running = (state: Proceeding | Completed): readonly Effect[] =>
  state._tag === 'Proceeding'
    ? [...owing(state), ...(state.guarded ? [stopTimer('Guard')] : none)]
    : [...retransmission(state), stopTimer('H')]
