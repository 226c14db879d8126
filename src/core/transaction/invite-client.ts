/**
 * The INVITE client transaction: RFC 3261 17.1.1 with figure 5 as RFC 6026 8.4 redrew it, errors by 17.1.4.
 *
 * ```
 *               INVITE from TU: send INVITE
 *                          |
 *                          V
 *                      [Calling]  A: send INVITE
 *                          |
 *      +-------------------+--------------------+----------------------+
 *      | 300-699: send     | 1xx: to TU         | 2xx: to TU           | B, error: inform TU
 *      | ACK, to TU        V                    |                      |
 *      |             [Proceeding]  1xx: to TU   |                      |
 *      |                   |                    |                      |
 *      | 300-699: send     |         2xx: to TU |                      |
 *      | ACK, to TU        |                    |                      |
 *      +<------------------+------------------->+                      |
 *      V                                        V                      |
 * [Completed]  300-699: send ACK           [Accepted]  2xx: to TU      |
 *      |                                        |                      |
 *      | D; error: inform TU                    | M                    |
 *      +------------------------+---------------+----------------------+
 *                               V
 *                         [Terminated]
 * ```
 *
 * What stands beside a box happens without leaving it; `-` is nothing. It acknowledges every final response
 * but 2xx, which are the core's to acknowledge (13.2.2.4). Over a reliable transport timer D is zero:
 * Completed is passed through in one step (rule Z-8).
 */
import type { Bytes } from '../data/bytes.js'
import type { Request, Response } from '../message/types.js'
import { go, none, type Reducer, type Step, stay } from '../reducer.js'
import type { Reliability } from '../transport/flow.js'
import { ack } from './ack.js'
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
import type { ClientEvent, Config, Effect } from './types.js'

export type State = Calling | Proceeding | Completed | Accepted | Terminated

/** The INVITE is out, nothing came back. A runs on unreliable transports, B on all. */
export type Calling = Repetition & {
  readonly _tag: 'Calling'
  readonly invite: Bytes
}

/** A provisional response came. No timer runs; only the core can give up. */
export interface Proceeding {
  readonly _tag: 'Proceeding'
  readonly invite: Bytes
  readonly reliability: Reliability
}

/** A non-2xx final came over an unreliable transport. D runs; the ACK is kept to be sent again. */
export interface Completed {
  readonly _tag: 'Completed'
  readonly ack: Bytes
}

/** A 2xx came. M runs, to hand further 2xx to the core. */
export interface Accepted {
  readonly _tag: 'Accepted'
}

/** "The initial state, 'calling', MUST be entered when the TU initiates a new client transaction with an INVITE." */
export const start = (config: Config, invite: Request, reliability: Reliability): Step<State, Effect> => {
  const { t1 } = config.timing
  const giveUp = startTimer('B', patience(config.timing))
  const state: State = { _tag: 'Calling', invite: invite.text, ...repetition(reliability, t1) }
  return reliability === 'unreliable'
    ? go(state, transmit(invite.text), startTimer('A', t1), giveUp) // IC-01
    : go(state, transmit(invite.text), giveUp) // IC-02 "SHOULD NOT start timer A"
}

/** The machine for one configuration. */
export const reducer =
  (config: Config): Reducer<State, ClientEvent, Effect> =>
  (state, event) => {
    switch (state._tag) {
      case 'Calling':
        return calling(config, state, event)
      case 'Proceeding':
        return proceeding(config, state, event)
      case 'Completed':
        return completed(state, event)
      case 'Accepted':
        return accepted(state, event)
      case 'Terminated':
        return over(state, event, 'IC-50')
    }
  }

const calling = (config: Config, state: Calling, event: ClientEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'ResponseReceived':
      return answered(config, state, event.response, running(state)) // IC-06 to IC-10
    case 'TimerFired':
      if (event.timer === 'A') return repeat(state, event.late)
      // "SHOULD inform the TU that a timeout has occurred. The client transaction MUST NOT generate an ACK."
      if (event.timer === 'B') return go(terminated, ...retransmission(state), fail('timeout'), ended) // IC-05
      return stale(state) // IC-13
    case 'TransportFailed': // 17.1.4 "SHOULD inform the TU … SHOULD transition directly to the 'Terminated' state"
    case 'FlowClosed': // nothing came back yet, so the INVITE counts as not sent (policy)
      return go(terminated, ...running(state), fail('transport'), ended) // IC-11
    case 'Abort':
      return go(terminated, ...running(state), ended) // IC-14
  }
}

const proceeding = (config: Config, state: Proceeding, event: ClientEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'ResponseReceived':
      return answered(config, state, event.response, none) // IC-20 to IC-23
    case 'TimerFired':
      return stale(state) // IC-24 "SHOULD NOT retransmit the request any longer", IC-25
    case 'TransportFailed':
    case 'FlowClosed': // no arrow: nothing was being sent, and the response may come another way (18.2.2)
      return go(state, fail('flow-lost'), diagnostic('flow-closed', 'IC-26'))
    case 'Abort':
      return go(terminated, ended) // IC-27 9.1: 64·T1 after a CANCEL "SHOULD … destroy the client transaction"
  }
}

const completed = (state: Completed, event: ClientEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'ResponseReceived': {
      const { status } = event.response
      if (status < 200) return stay(state) // IC-31
      // 13.2.2.3: later finals "MUST be ignored"; RFC 6026 8.4 narrowed the repeated ACK to 300-699
      if (status < 300) return ignore(state, 'late-2xx', 'IC-32')
      return go(state, transmit(state.ack)) // IC-30 "MUST cause the ACK to be re-passed … MUST NOT be passed up"
    }
    case 'TimerFired':
      return event.timer === 'D' ? go(terminated, ended) : stale(state) // IC-33, IC-36
    case 'TransportFailed':
      return go(terminated, stopTimer('D'), fail('transport'), ended) // IC-34
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'X-2')
    case 'Abort':
      return ignore(state, 'aborted', 'X-1') // the peer's retransmissions still want their ACK
  }
}

const accepted = (state: Accepted, event: ClientEvent): Step<State, Effect> => {
  switch (event._tag) {
    case 'ResponseReceived':
      // IC-40, IC-41 "MUST be passed up to the TU", whatever the To tag; IC-42, IC-43: no arrow, and no ACK
      return isSuccess(event.response) ? go(state, deliver(event.response)) : stay(state)
    case 'TimerFired':
      return event.timer === 'M' ? go(terminated, ended) : stale(state) // IC-44, IC-45
    case 'TransportFailed':
      return ignore(state, 'unexpected', 'IC-46') // this machine sends nothing now: the ACK is the core's
    case 'FlowClosed':
      return ignore(state, 'flow-closed', 'IC-46')
    case 'Abort':
      return ignore(state, 'aborted', 'IC-47') // RFC 6026 6: must not be destroyed before M
  }
}

/** A response in Calling or Proceeding, the same for both; `stops` ends the timers that run. */
const answered = (
  config: Config,
  { invite, reliability }: Calling | Proceeding,
  response: Response,
  stops: readonly Effect[],
): Step<State, Effect> => {
  if (response.status < 200)
    // "the provisional response MUST be passed to the TU"
    return go({ _tag: 'Proceeding', invite, reliability }, ...stops, deliver(response))
  if (response.status < 300)
    // RFC 6026 8.4 "MUST transition to the 'Accepted' state, and Timer M MUST be started with a value of 64*T1"
    return go({ _tag: 'Accepted' }, ...stops, startTimer('M', patience(config.timing)), deliver(response))
  // "MUST generate an ACK request, even if the transport is reliable"
  const bytes = ack(invite, response)
  return reliability === 'reliable'
    ? go(terminated, ...stops, transmit(bytes), deliver(response), ended) // D is zero
    : go(
        { _tag: 'Completed', ack: bytes },
        ...stops,
        transmit(bytes),
        startTimer('D', absorb(config)),
        deliver(response),
      )
}

/** IC-03 "MUST retransmit the request", "with intervals that double after each transmission": no cap. */
const repeat = (state: Calling, late: number): Step<State, Effect> => {
  if (state.reliability === 'reliable') return stale(state) // IC-04
  const { delay, interval } = next(state.interval, Number.POSITIVE_INFINITY, late)
  return go({ ...state, interval }, transmit(state.invite), startTimer('A', delay))
}

/** Timer D: "at least 32 seconds", and as long as the server can repeat its response when it has our T1. */
const absorb = ({ timing }: Config): number => Math.max(timing.d, patience(timing))

const isSuccess = ({ status }: Response): boolean => status >= 200 && status < 300

const retransmission = ({ reliability }: Calling): readonly Effect[] =>
  reliability === 'unreliable' ? [stopTimer('A')] : none

const running = (state: Calling): readonly Effect[] => [...retransmission(state), stopTimer('B')]
