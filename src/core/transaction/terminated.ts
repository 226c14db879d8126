/**
 * The last box of all four figures. "Once the transaction is in the terminated state, it MUST be destroyed
 * immediately" (17.1.2.2, RFC 6026 8.4, 8.7): what is late for it changes nothing and is never answered.
 */
import type { Step } from '../reducer.js'
import { ignore, stale } from './effects.js'
import type { ClientEvent, Effect, ServerEvent } from './types.js'

export interface Terminated {
  readonly _tag: 'Terminated'
}

export const terminated: Terminated = Object.freeze({ _tag: 'Terminated' })

/** What a transaction that is over does with any event; `row` is its row of the conformance table. */
export const over = (
  state: Terminated,
  event: ClientEvent | ServerEvent,
  row: string,
): Step<Terminated, Effect> => {
  switch (event._tag) {
    case 'TimerFired':
      return stale(state)
    case 'FlowClosed':
      return ignore(state, 'flow-closed', row)
    case 'Respond':
    case 'Abort':
      return ignore(state, 'tu-misuse', row)
    case 'ResponseReceived':
    case 'RequestReceived':
    case 'AckReceived':
    case 'TransportFailed':
      return ignore(state, 'unexpected', row)
  }
}
