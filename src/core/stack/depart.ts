/** The last step of a request on its way out: its Via, its flow and its transaction (RFC 3261 8.1.1.7, 17.1, 18.1.1). */
import { some } from 'fp-ts/lib/Option.js'
import * as Table from '../data/table.js'
import type { Listener, Output, Refusal } from '../events.js'
import { sendRequest } from '../layer/send.js'
import type { Place, Ways } from '../locate/types.js'
import { pushVia } from '../message/build.js'
import type { Request } from '../message/types.js'
import { go, type Step } from '../reducer.js'
import { id as idOf } from '../transaction/key.js'
import type { Flow } from '../transport/flow.js'
import { isMulticast } from '../transport/address.js'
import { isIpv6, printHost } from '../uri/host.js'
import { sentBy } from './listeners.js'
import type { Plan, StackConfig, State, Try } from './state.js'

/** What became of a plan. */
export interface Departed {
  readonly step: Step<State, Output>
  /** The request as sent, Via included. */
  readonly request: Request
}

/** Where a planned request goes, and by what. */
export interface Passage {
  readonly listener: Listener
  readonly flow: Flow
  readonly place: Place
  /** Where it may go if this fails. */
  readonly rest: Ways
}

/** Sends a planned request on a flow: through a client transaction, an ACK without one (17.1.1.3, 13.2.2.4). */
export const depart = (
  state: State,
  config: StackConfig,
  plan: Plan,
  { listener, flow, place, rest }: Passage,
  at: number,
): Departed | Refusal => {
  const { key, first } = plan
  const complete = withVia(plan, listener, place)
  if (complete.method === 'ACK')
    return {
      step: go(state, { _tag: 'Transmit', flow, bytes: complete.text, cause: some(idOf(key)) }),
      request: complete,
    }
  const reliability = listener.reliable ? 'reliable' : 'unreliable'
  const departure = { request: complete, key, first, flow, reliability, at } as const
  const step = sendRequest(state.layer, config.layer, departure)
  if (step === undefined) return { _tag: 'AlreadyStarted', key }
  const sent = { ...state, layer: step[0] }
  const kept = plan.options.via === 'present' || (rest.length === 0 && key === first)
  return {
    step: [kept ? sent : withTry(sent, { plan, place, rest, superseded: false }), step[1]],
    request: complete,
  }
}

/**
 * The request with its Via: the caller's, or ours on top. For a multicast group "the client MUST add the "maddr"
 * parameter … and for IPv4, SHOULD add the "ttl" parameter with a value of 1" (18.1.1, TR-3).
 */
export const withVia = (
  { message, options, key }: Plan,
  listener: Listener,
  { host }: Pick<Place, 'host'>,
): Request => {
  if (options.via === 'present') return message
  const group = isMulticast(host) ? `;maddr=${printHost(host)}${isIpv6(host) ? '' : ';ttl=1'}` : ''
  return pushVia(
    `SIP/2.0/${listener.protocol.toUpperCase()} ${sentBy(listener)}` +
      `;branch=${key.branch}${listener.reliable ? '' : ';rport'}${listener.alias === true ? ';alias' : ''}${group}`,
  )(message)
}

const withTry = (state: State, attempt: Try): State => ({
  ...state,
  tries: Table.set(idOf(attempt.plan.key), attempt)(state.tries),
})
