/**
 * The UAC core's part in an accepted INVITE (RFC 3261 13.2.2.4): "the UAC core MUST generate an ACK request for each 2xx
 * received from the transaction layer", the same octets for each repetition of the same 2xx.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Diagnostic, FromApplication, Input, SendOptions, ToApplication } from '../events.js'
import { body, callId, cseqMethod, cseqNumber, fromTag, toTag } from '../message/head.js'
import type { Message, Request, Response } from '../message/types.js'
import { go, type Step } from '../reducer.js'
import { id as idOf } from '../transaction/key.js'
import { ackFor2xx } from './ack.js'
import type { Filter, Passing, Wants } from './filter.js'
import { isOwn, ours, own } from './own.js'

/** An INVITE that can still be accepted, and the ACKs sent for it: one for each To tag (a forked INVITE has several). */
interface Inviting {
  readonly invite: Request
  readonly acks: readonly { readonly tag: string; readonly ack: Request }[]
}

export interface State {
  /** By Call-ID, From tag and CSeq number. */
  readonly calls: Table.Table<Inviting>
  /** The same by the client key of the INVITE, which is what ends. */
  readonly keys: Table.Table<string>
}

/** The filter that acknowledges 2xx responses (rows CC-1 to CC-3, CC-5, CC-10). */
export const ack2xx = (secret: Secret): Filter<State> => ({
  name: NAME,
  start: { calls: Table.empty(secret), keys: Table.empty(secret) },
  wants,
  reducer: step,
})

const NAME = 'ack-2xx'

const wants: Wants<State> = {
  Accepted: ({ message }) => message._tag === 'Request' && (isInvite(message) || isAck(message)),
  Refused: ours(NAME),
  ResponseReceived: ({ response }) => is2xx(response),
  Ended: ({ key }) => key._tag === 'ClientKey' && key.method === 'INVITE',
}

const step = (state: State, { event }: Input<Passing>): Step<State, Passing> => {
  switch (event._tag) {
    case 'Accepted':
      return accepted(state, event)
    case 'ResponseReceived':
      return acknowledge(state, event)
    case 'Ended':
      return go(forget(state, idOf(event.key)), event)
    case 'Refused':
      return go(state, diagnostic(`the ACK was refused: ${event.reason._tag}`))
    default:
      return go(state, event)
  }
}

/** What leaves is remembered: the INVITE, and its ACK with the Via it got, whoever made it. */
const accepted = (
  state: State,
  event: Extract<ToApplication, { _tag: 'Accepted' }>,
): Step<State, Passing> => {
  const { message, key, ref } = event
  if (message._tag === 'Response') return go(state, event)
  const id = callOf(message)
  if (isInvite(message)) {
    const inviting: Inviting = { invite: message, acks: [] }
    return go(
      {
        calls: Table.set(id, Table.get(id)(state.calls) ?? inviting)(state.calls),
        keys: Table.set(idOf(key), id)(state.keys),
      },
      event,
    )
  }
  const inviting = Table.get(id)(state.calls)
  const tag = toTag(message) ?? ''
  const known = inviting === undefined || inviting.acks.some((one) => one.tag === tag)
  const next = known
    ? state
    : {
        ...state,
        calls: Table.set<Inviting>(id, { ...inviting, acks: [...inviting.acks, { tag, ack: message }] })(
          state.calls,
        ),
      }
  return isOwn(NAME, ref) ? go(next) : go(next, event)
}

const acknowledge = (
  state: State,
  event: Extract<ToApplication, { _tag: 'ResponseReceived' }>,
): Step<State, Passing> => {
  const { response } = event
  const id = callOf(response)
  const inviting = Table.get(id)(state.calls)
  if (inviting === undefined) return go(state, event)
  const tag = toTag(response) ?? ''
  const sent = inviting.acks.find((one) => one.tag === tag)
  // CC-2: the peer repeats its 2xx because the ACK was lost: the same ACK, and nothing for the application.
  if (sent !== undefined) return go(state, send(id, tag, sent.ack, { via: 'present' }))
  // A 2xx with an offer is answered in the ACK, which only the application can write.
  if (body(inviting.invite) === '' && body(response) !== '') return go(state, event)
  const ack = ackFor2xx(inviting.invite, response)
  return isLeft(ack)
    ? go(state, diagnostic(`no ACK can be made: ${ack.left.what}`), event)
    : go(state, send(id, tag, ack.right, {}), event)
}

const forget = (state: State, key: string): State => {
  const id = Table.get(key)(state.keys)
  return id === undefined
    ? state
    : { calls: Table.remove(id)(state.calls), keys: Table.remove(key)(state.keys) }
}

const send = (id: string, tag: string, ack: Request, options: SendOptions): FromApplication => ({
  _tag: 'SendRequest',
  ref: own(NAME, `${id} ${tag}`),
  request: ack,
  options,
})

const callOf = (message: Message): string =>
  `${callId(message)} ${fromTag(message) ?? ''} ${cseqNumber(message)}`

const isInvite = (request: Request): boolean => request.method === 'INVITE'

const isAck = (request: Request): boolean => request.method === 'ACK'

const is2xx = (response: Response): boolean =>
  response.status >= 200 && response.status < 300 && cseqMethod(response) === 'INVITE'

const diagnostic = (what: string): Diagnostic => ({
  _tag: 'Diagnostic',
  code: 'unacknowledged',
  what,
  row: 'CC-1',
})
