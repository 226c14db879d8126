/**
 * The non-INVITE client transaction: RFC 3261 17.1.2 with figure 6, errors by 17.1.4.
 *
 * ```
 *         Request from TU: send request
 *                     |
 *                     V
 *                 [Trying]  E: send request
 *                     |
 *      +--------------+--------------+-------------------------+
 *      | 1xx: to TU                  | 200-699: to TU          | F, error: inform TU
 *      V                             |                         |
 * [Proceeding]  E: send request      |                         |
 *      |        1xx: to TU           |                         |
 *      |                             |                         |
 *      +--------------+--------------|------------------------>+
 *      | 200-699: to TU              |     F, error: inform TU |
 *      +<----------------------------+                         |
 *      V                                                       |
 * [Completed]  1xx, 200-699: -                                 |
 *      | K                                                     |
 *      +----------------------------+--------------------------+
 *                                   V
 *                             [Terminated]
 * ```
 *
 * What stands beside a box happens without leaving it; `-` is nothing. Over a reliable transport timer K is
 * zero: Completed is passed through in one step (rule Z-8).
 */
import type { Bytes } from '../data/bytes.js'
import type { Request, Response } from '../message/types.js'
import { go, none, type Reducer, type Step, stay } from '../reducer.js'
import type { Reliability } from '../transport/flow.js'
import { deliver, ended, fail, ignore, stale, startTimer, stopTimer, transmit } from './effects.js'
import { next, patience, type Repetition, repetition } from './schedule.js'
import { over, type Terminated, terminated } from './terminated.js'
import type { ClientEvent, Config, Effect } from './types.js'

export type State = Trying | Proceeding | Completed | Terminated

/** The request is out, nothing came back. E runs on unreliable transports, F on all. */
export type Trying = Repetition & {
  readonly _tag: 'Trying'
  readonly request: Bytes
}

/** A provisional response came. E goes on, every T2 from its next firing; F goes on. */
export interface Proceeding {
  readonly _tag: 'Proceeding'
  readonly request: Bytes
  readonly reliability: Reliability
}

/** A final response came over an unreliable transport. K runs, to absorb its repetitions. */
export interface Completed {
  readonly _tag: 'Completed'
}

/** "The 'Trying' state is entered when the TU initiates a new client transaction with a request." */
export const start = (config: Config, request: Request, reliability: Reliability): Step<State, Effect> => {
  const { t1 } = config.timing
  const giveUp = startTimer('F', patience(config.timing))
  const state: State = { _tag: 'Trying', request: request.text, ...repetition(reliability, t1) }
  return reliability === 'unreliable'
    ? go(state, transmit(request.text), startTimer('E', t1), giveUp) // NC-01
    : go(state, transmit(request.text), giveUp) // NC-02
}

/** The machine for one configuration. */
export const reducer =
  (config: Config): Reducer<State, ClientEvent, Effect> =>
  (state, event) => {
    switch (state._tag) {
      case 'Trying':
        return trying(config, state, event)
      case 'Proceeding':
        return proceeding(config, state, event)
      case 'Completed':
        return completed(state, event)
      case 'Terminated':
        return over(state, event, 'NC-40')
    }
  }

const trying = (config: Config, state: Trying, event: ClientEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'ResponseReceived':
      return answered(config, state, event.response) // NC-05 to NC-07
    case 'TimerFired':
      if (event.timer === 'E') return repeatDoubling(config, state, event.late)
      if (event.timer === 'F') return timedOut(state) // NC-04
      return stale(state) // NC-09
    case 'TransportFailed': // 17.1.4 "SHOULD inform the TU … SHOULD transition directly to the 'Terminated' state"
    case 'FlowClosed': // no final came, so the request counts as not sent (policy)
      return go(terminated, ...running(state), fail('transport'), ended) // NC-08
    case 'Abort':
      return go(terminated, ...running(state), ended) // NC-10
  }
}

const proceeding = (config: Config, state: Proceeding, event: ClientEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'ResponseReceived':
      return answered(config, state, event.response) // NC-22 to NC-24
    case 'TimerFired':
      if (event.timer === 'E') return repeatCapped(config, state, event.late)
      if (event.timer === 'F') return timedOut(state) // NC-21
      return stale(state) // NC-26
    case 'TransportFailed':
    case 'FlowClosed':
      return go(terminated, ...running(state), fail('transport'), ended) // NC-25
    case 'Abort':
      return go(terminated, ...running(state), ended) // NC-10
  }
}

const completed = (state: Completed, event: ClientEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'ResponseReceived':
      return stay(state) // NC-30, NC-31, NC-42: the state "exists to buffer any additional response retransmissions"
    case 'TimerFired':
      return event.timer === 'K' ? go(terminated, ended) : stale(state) // NC-32, NC-33
    case 'TransportFailed':
      return stay(state) // NC-34: late news of an earlier send
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'X-2')
    case 'Abort':
      return ignore(state, 'aborted', 'X-1') // K is running and ends it
  }
}

/** A response in Trying or Proceeding, the same for both but for the timers that go on. */
const answered = (config: Config, state: Trying | Proceeding, response: Response): Step<State, Effect> => {
  if (response.status < 200)
    // NC-05, NC-22 "MUST be passed to the TU"; timer E "is not altered during the transition" (RFC 4321 1.2)
    return go(
      { _tag: 'Proceeding', request: state.request, reliability: state.reliability },
      deliver(response),
    )
  return state.reliability === 'reliable'
    ? go(terminated, ...running(state), deliver(response), ended) // K is zero
    : // "MUST set Timer K to fire in T4 seconds for unreliable transports"
      go({ _tag: 'Completed' }, ...running(state), startTimer('K', config.timing.t4), deliver(response))
}

/** NC-03 "the timer is reset, but this time with a value of MIN(2*T1, T2)", then MIN(4*T1, T2) and so on. */
const repeatDoubling = (config: Config, state: Trying, late: number): Step<State, Effect> => {
  if (state.reliability === 'reliable') return stale(state)
  const { delay, interval } = next(state.interval, config.timing.t2, late)
  return go({ ...state, interval }, transmit(state.request), startTimer('E', delay))
}

/** NC-20 "the request MUST be passed to the transport layer …, and Timer E MUST be reset with a value of T2 seconds". */
const repeatCapped = (config: Config, state: Proceeding, late: number): Step<State, Effect> => {
  if (state.reliability === 'reliable') return stale(state)
  const { t2 } = config.timing
  return go(state, transmit(state.request), startTimer('E', next(t2, t2, late).delay))
}

/** "SHOULD inform the TU about the timeout, and then it SHOULD enter the 'Terminated' state" (in Proceeding: MUST). */
const timedOut = (state: Trying | Proceeding): Step<State, Effect> =>
  go(terminated, ...retransmission(state), fail('timeout'), ended)

const retransmission = ({ reliability }: Trying | Proceeding): readonly Effect[] =>
  reliability === 'unreliable' ? [stopTimer('E')] : none

const running = (state: Trying | Proceeding): readonly Effect[] => [...retransmission(state), stopTimer('F')]
