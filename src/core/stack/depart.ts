/** The last step of a request on its way out: its Via, its flow and its transaction (RFC 3261 8.1.1.7, 17.1, 18.1.1). */
import { some } from 'fp-ts/lib/Option.js'
import type { Listener, Output, Refusal, Target } from '../events.js'
import { sendRequest } from '../layer/send.js'
import { pushVia } from '../message/build.js'
import type { Request } from '../message/types.js'
import { go, type Step } from '../reducer.js'
import { id as idOf } from '../transaction/key.js'
import { printHostPort } from '../uri/host.js'
import { flowTo } from './listeners.js'
import type { Plan, StackConfig, State } from './state.js'

/** What became of a plan. */
export interface Departed {
  readonly step: Step<State, Output>
  /** The request as sent, Via included. */
  readonly request: Request
}

/** Sends a planned request to an address: through a client transaction, an ACK without one (17.1.1.3, 13.2.2.4). */
export const depart = (
  state: State,
  config: StackConfig,
  plan: Plan,
  listener: Listener,
  remote: Target,
  at: number,
): Departed | Refusal => {
  const { key } = plan
  const complete = withVia(plan, listener)
  const flow = flowTo(listener, { host: remote.host, port: remote.port })
  if (complete.method === 'ACK')
    return {
      step: go(state, { _tag: 'Transmit', flow, bytes: complete.text, cause: some(idOf(key)) }),
      request: complete,
    }
  const reliability = listener.reliable ? 'reliable' : 'unreliable'
  const departure = { request: complete, key, first: key, flow, reliability, at } as const
  const step = sendRequest(state.layer, config.layer, departure)
  if (step === undefined) return { _tag: 'AlreadyStarted', key }
  return { step: [{ ...state, layer: step[0] }, step[1]], request: complete }
}

/** The request with its Via: the caller's, or ours on top. */
export const withVia = (
  { message, options, key }: Plan,
  { protocol, advertised, reliable }: Listener,
): Request =>
  options.via === 'present'
    ? message
    : pushVia(
        `SIP/2.0/${protocol.toUpperCase()} ${printHostPort(advertised.host, advertised.port)}` +
          `;branch=${key.branch}${reliable ? '' : ';rport'}`,
      )(message)
