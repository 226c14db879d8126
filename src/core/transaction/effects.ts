/** The effects of the machines under the names the figures give them, and what all machines do alike. */
import type { Bytes } from '../data/bytes.js'
import type { Message } from '../message/types.js'
import type { Step } from '../reducer.js'
import type { Effect, Failure, Ignored, Timer } from './types.js'

/** Passes `bytes` to the transport. */
export const transmit = (bytes: Bytes): Effect => ({ _tag: 'Transmit', bytes })

/** Starts `timer`, due `delay` ms after the instant this step belongs to. */
export const startTimer = (timer: Timer, delay: number): Effect => ({ _tag: 'StartTimer', timer, delay })

/** Stops `timer`. */
export const stopTimer = (timer: Timer): Effect => ({ _tag: 'StopTimer', timer })

/** Hands `message` to the transaction user. */
export const deliver = (message: Message): Effect => ({ _tag: 'Deliver', message })

/** Tells the transaction user that the transaction failed, or is about to. */
export const fail = (reason: Failure): Effect => ({ _tag: 'Fail', reason })

/** The transaction is over: "it MUST be destroyed immediately". */
export const ended: Effect = { _tag: 'Ended' }

/** Tells an operator what was ignored, and by which row of the conformance table or rule. */
export const diagnostic = (ignored: Ignored, row: string): Effect => ({ _tag: 'Diagnostic', ignored, row })

/** The one rule for every timer that a state does not run: nothing changes (rule Z-1). */
export const stale = <S>(state: S): Step<S, Effect> => [state, staleTimer]

/** Stays in `state` and says what was ignored and why. */
export const ignore = <S>(state: S, ignored: Ignored, row: string): Step<S, Effect> => [
  state,
  [diagnostic(ignored, row)],
]

const staleTimer: readonly Effect[] = Object.freeze([diagnostic('stale-timer', 'Z-1')])
