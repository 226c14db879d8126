/**
 * A request on its way out: target, listener, Via, transaction (RFC 3261 8.1.2, 18.1.1, 17.1).
 *
 * The stack writes the Via: transport and advertised address of the listener, a branch from entropy, `rport` on
 * unreliable transports (RFC 3581 3). A caller who says `via: 'present'` wrote it; its branch is the key.
 */
import { branch as branchOf, type Entropy, nth } from '../data/entropy.js'
import type { Listener, Output, Ref, Refusal, SendOptions, Target } from '../events.js'
import { branch } from '../header/via.js'
import { defaulted } from '../message/build.js'
import { topVia } from '../message/head.js'
import type { Request } from '../message/types.js'
import { sendable } from '../message/validate.js'
import { go, type Step } from '../reducer.js'
import type { ClientKey } from '../transaction/key.js'
import { isLiteral } from '../transport/address.js'
import { nextHop } from '../transport/target.js'
import { isOurs, listenerFor } from './listeners.js'
import { depart, withVia } from './depart.js'
import { wait } from './pending.js'
import type { Plan, StackConfig, State } from './state.js'

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
  moment: { readonly at: number; readonly entropy: Entropy },
): Step<State, Output> => {
  const refused = (reason: Refusal): Step<State, Output> => go(state, { _tag: 'Refused', ref, reason })
  const message = defaulted(wished)
  const wrong = sendable(message, options.via === 'present')
  if (wrong !== undefined) return refused({ _tag: 'Invalid', what: wrong })
  const hop = options.target ?? nextHop(message)
  if (typeof hop === 'string') return refused({ _tag: 'Invalid', what: hop })
  const listener = listenerFor(state.listeners, hop.protocol, hop.host) ?? anyOf(state.listeners, hop)
  if (listener === undefined) return refused({ _tag: 'NoTransport', protocol: hop.protocol })
  if (options.via === 'present' && !isOurs(state.listeners, topVia(message)))
    return refused({
      _tag: 'Invalid',
      what: 'the sent-by of the top Via is none of ours: no response could come',
    })
  const id = options.via === 'present' ? (branch(topVia(message)) ?? '') : branchOf(nth(moment.entropy, 0))
  const key: ClientKey = { _tag: 'ClientKey', branch: id, method: message.method }
  const plan: Plan = { message, options, key, target: hop }
  const sent = isLiteral(hop.host)
    ? depart(state, config, plan, listener, hop, moment.at)
    : wait(state, config, plan, withVia(plan, listener), moment.at)
  if ('_tag' in sent) return refused(sent)
  const { step, request: complete } = sent
  return [step[0], answered(step[1], { _tag: 'Accepted', ref, key, message: complete })]
}

/** The answer to the application stands behind the orders to the shell and before all other news. */
export const answered = (outputs: readonly Output[], answer: Output): readonly Output[] => {
  const orders = outputs.filter(isOrder)
  return orders.length === outputs.length
    ? [...outputs, answer]
    : [...orders, answer, ...outputs.filter((output) => !isOrder(output))]
}

const isOrder = ({ _tag }: Output): boolean =>
  _tag === 'StopTimer' || _tag === 'Transmit' || _tag === 'StartTimer' || _tag === 'Resolve'

const anyOf = (listeners: readonly Listener[], { protocol, host }: Target): Listener | undefined =>
  isLiteral(host) ? undefined : listeners.find((one) => one.protocol === protocol)
