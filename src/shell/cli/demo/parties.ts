/** Alice and Bob of the demonstration: two pure cores, a caller and a callee. They know neither sockets nor clocks. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../../../core/data/bytes.js'
import type { FromApplication, ToApplication } from '../../../core/events.js'
import { request, respond } from '../../../core/message/build.js'
import { callId, cseqMethod } from '../../../core/message/head.js'
import { appendField } from '../../../core/message/splice.js'
import type { Request, Response } from '../../../core/message/types.js'
import { go, none, type Step, stay } from '../../../core/reducer.js'
import type { Key } from '../../../core/transaction/key.js'
import type { Core } from '../../../core/user-agent/core.js'
import { rawFields } from '../../../core/user-agent/fields.js'
import type { Call } from './calls.js'

/** What a party needs to know of its surroundings. */
export interface Place {
  /** Where it is reached: `sip:alice@127.0.0.1:40000`. */
  readonly contact: Bytes
  /** Where it finds the other. */
  readonly peer: Bytes
}

/** The INVITE that begins a call. */
export const invitation = (call: Call, { contact, peer }: Place): Request =>
  made(
    request('INVITE', peer, [
      ['From', `Alice <${contact}>;tag=${call.name}`],
      ['To', `Bob <${peer}>`],
      ['Call-ID', call.name],
      ['CSeq', '1 INVITE'],
      ['Contact', `<${contact}>`],
      ['Max-Forwards', '70'],
    ]),
  )

/** What the caller remembers: its INVITE as it was sent, under which key, and the answer. */
export interface Caller {
  readonly invite?: Request
  readonly key?: Key
  readonly answer?: Response
}

/** Calls, talks for a while, hangs up; or loses patience and cancels. */
export const caller = (call: Call): { readonly start: Caller; readonly reducer: Core<Caller> } => ({
  start: {},
  reducer: (state, { event }) => {
    switch (event._tag) {
      case 'Accepted':
        return event.message._tag === 'Request' && state.invite === undefined
          ? go({ invite: event.message, key: event.key }, ...patience(call))
          : stay(state)
      case 'ResponseReceived':
        return isAcceptance(event.response)
          ? go({ ...state, answer: event.response }, after('hang up', call.talk))
          : stay(state)
      case 'Elapsed':
        return event.ref === 'cancel' ? cancel(state) : hangUp(state)
      default:
        return stay(state)
    }
  },
})

/** What the callee remembers: the INVITE, and how far its answer is. */
export interface Callee {
  readonly invite?: Request
}

/** Rings, then answers as the call says, and lets the other hang up. */
export const callee = (
  call: Call,
  { contact }: Place,
): { readonly start: Callee; readonly reducer: Core<Callee> } => ({
  start: {},
  reducer: (state, { event }) => {
    switch (event._tag) {
      case 'RequestReceived':
        if (event.request.method === 'INVITE')
          return go({ invite: event.request }, after('ring', call.ringAfter), ...decision(call))
        return isSome(event.key) ? go(state, answer(event.request, 200)) : stay(state)
      case 'Elapsed':
        return state.invite === undefined
          ? stay(state)
          : go(state, answer(state.invite, event.ref === 'ring' ? 180 : call.answer, contact))
      case 'ErrorReceived': // cancelled: the helper has answered
        return go({}, { _tag: 'Forget', ref: 'ring' })
      default:
        return stay(state)
    }
  },
})

const patience = ({ cancelAfter }: Call): readonly FromApplication[] =>
  cancelAfter === undefined ? none : [after('cancel', cancelAfter)]

const decision = ({ answer: status, answerAfter }: Call): readonly FromApplication[] =>
  status === 0 ? none : [after('answer', answerAfter)]

const isAcceptance = (response: Response): boolean =>
  cseqMethod(response) === 'INVITE' && response.status >= 200 && response.status < 300

/** The helper sends the CANCEL as soon as it may: not before a provisional response came (9.1). */
const cancel = (state: Caller): Step<Caller, FromApplication> =>
  state.key === undefined ? stay(state) : go(state, { _tag: 'Cancel', ref: 'cancel', key: state.key })

const hangUp = (state: Caller): Step<Caller, FromApplication> => {
  const { invite, answer: accepted } = state
  if (invite === undefined || accepted === undefined) return stay(state)
  const contact = rawFields(accepted, 'Contact')[0] ?? ''
  const bye = made(
    request('BYE', contact.slice(1, -1), [
      ...copied(invite, ['From']),
      ...copied(accepted, ['To']),
      ['Call-ID', callId(invite)],
      ['CSeq', '2 BYE'],
      ['Max-Forwards', '70'],
    ]),
  )
  return go(state, send('bye', bye))
}

const copied = (
  message: Request | Response,
  names: readonly string[],
): readonly (readonly [string, Bytes])[] => names.map((name) => [name, rawFields(message, name)[0] ?? ''])

const after = (ref: string, ms: number): FromApplication => ({ _tag: 'After', ref, ms })

const send = (ref: string, wanted: Request): FromApplication => ({
  _tag: 'SendRequest',
  ref,
  request: wanted,
  options: {},
})

const answer = (invite: Request, status: number, contact?: Bytes): FromApplication => {
  const response = respond(status)(invite)
  return {
    _tag: 'SendResponse',
    ref: `${status}`,
    response: contact === undefined ? response : appendField(response, `Contact: <${contact}>`),
  }
}

/** Fields written above cannot be refused; if one were, the demonstration would end here and say so. */
const made = (result: ReturnType<typeof request>): Request => {
  if (isLeft(result)) throw new Error(result.left.what)
  return result.right
}

/** What an application was told, in a word; undefined for what says nothing about how a call went. */
export const word = (news: ToApplication): string | undefined => {
  switch (news._tag) {
    case 'RequestReceived':
      return news.request.method === 'ACK' ? undefined : news.request.method
    case 'ResponseReceived':
      return news.response.status < 200 ? undefined : `${news.response.status} ${cseqMethod(news.response)}`
    case 'ErrorReceived':
      return news.reason
    default:
      return undefined
  }
}
