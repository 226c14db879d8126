/**
 * A user agent that answers by itself: the other side for tests, benchmarks and first steps. OPTIONS, REGISTER and BYE get
 * their 200, an INVITE rings and is accepted after a while. It is a core like any other and a pure function too.
 */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { isNone } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../data/bytes.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { FromApplication, Input, ToApplication } from '../events.js'
import { contact, to as toHeader } from '../header/name-addr.js'
import { type Lines, linesOf, respond, respondWith } from '../message/build.js'
import { body, callId, cseqMethod, fromTag, toTag } from '../message/head.js'
import type { Message, Request, Response } from '../message/types.js'
import { go, type Step, stay } from '../reducer.js'
import { id as idOf, serverId } from '../transaction/key.js'
import type { Core } from './core.js'
import { rawFields, valuesOf } from './fields.js'

/** How it answers. */
export interface AutoAnswerOptions {
  /** How long an INVITE rings before it is accepted, ms; 0 accepts at once. */
  readonly answerAfter: number
  /** Calls at the same time; one more is answered 486. */
  readonly maxCalls: number
}

export interface AutoAnswerState {
  /** INVITEs that ring, by canonical server key. */
  readonly ringing: Table.Table<Request>
  /** Calls that were accepted, by Call-ID, local tag and remote tag. */
  readonly calls: Table.Table<true>
}

/** The core and the state it starts from. */
export const autoAnswer = (
  secret: Secret,
  options: Partial<AutoAnswerOptions> = {},
): { readonly start: AutoAnswerState; readonly reducer: Core<AutoAnswerState> } => {
  const complete = { answerAfter: 0, maxCalls: 100_000, ...options }
  return {
    start: { ringing: Table.empty(secret), calls: Table.empty(secret) },
    reducer: (state, input) => step(complete, state, input),
  }
}

type Answered = Step<AutoAnswerState, FromApplication>

const step = (
  options: AutoAnswerOptions,
  state: AutoAnswerState,
  { event }: Input<ToApplication>,
): Answered => {
  switch (event._tag) {
    case 'RequestReceived':
      return isNone(event.key) ? stay(state) : receive(options, state, event)
    case 'Elapsed':
      return accept(state, String(event.ref))
    case 'Accepted':
      return isAcceptance(event.message)
        ? stay({ ...state, calls: Table.set(localId(event.message), true as const)(state.calls) })
        : stay(state)
    case 'ErrorReceived':
      return isNone(event.key) || event.reason !== 'cancelled'
        ? stay(state)
        : silence(state, idOf(event.key.value))
    default:
      return stay(state)
  }
}

type Arrived = Extract<ToApplication, { _tag: 'RequestReceived' }>

const receive = (options: AutoAnswerOptions, state: AutoAnswerState, { request, tag }: Arrived): Answered => {
  switch (request.method) {
    case 'INVITE':
      return ring(options, state, request, tag)
    case 'BYE': {
      const calls = Table.remove(remoteId(request))(state.calls)
      return calls === state.calls
        ? go(state, send(respond(481)(request)))
        : go({ ...state, calls }, send(respond(200)(request)))
    }
    case 'OPTIONS':
      return go(state, send(able(request, tag)))
    case 'REGISTER':
      return go(state, send(bound(request)))
    case 'CANCEL':
      return go(state, send(respond(481)(request))) // without the helper that knows better
    default:
      return go(state, send(disallowed(request)))
  }
}

const ring = (
  options: AutoAnswerOptions,
  state: AutoAnswerState,
  request: Request,
  tag: Bytes | undefined,
): Answered => {
  if (toTag(request) !== undefined)
    return Table.get(remoteId(request))(state.calls) === undefined
      ? go(state, send(respond(481)(request)))
      : go(state, send(acceptance(request)))
  if (Table.size(state.calls) + Table.size(state.ringing) >= options.maxCalls)
    return go(state, send(respond(486)(request)))
  const ringing = send(respondWith(180, [reachable(request)], '', tag)(request))
  if (options.answerAfter <= 0) return go(state, ringing, send(acceptance(request, tag)))
  const id = serverId(request)
  return go({ ...state, ringing: Table.set(id, request)(state.ringing) }, ringing, {
    _tag: 'After',
    ref: id,
    ms: options.answerAfter,
  })
}

const accept = (state: AutoAnswerState, id: string): Answered => {
  const request = Table.get(id)(state.ringing)
  if (request === undefined) return stay(state)
  return go({ ...state, ringing: Table.remove(id)(state.ringing) }, send(acceptance(request)))
}

const silence = (state: AutoAnswerState, id: string): Answered =>
  go({ ...state, ringing: Table.remove(id)(state.ringing) }, { _tag: 'Forget', ref: id })

const send = (response: Response): FromApplication => ({
  _tag: 'SendResponse',
  ref: 'auto-answer',
  response,
})

/** 13.3.1.4: the 200 with Contact, Allow, Supported, and a session that sends and receives nothing. */
const acceptance = (request: Request, tag?: Bytes): Response =>
  respondWith(200, [reachable(request), abilities, described], session, tag)(request)

/** 11.2: what OPTIONS asks for. */
const able = (request: Request, tag?: Bytes): Response => respondWith(200, [abilities], '', tag)(request)

const disallowed = (request: Request): Response =>
  respondWith(known.includes(request.method) ? 405 : 501, [allow])(request)

/** The peer reached us under the Request-URI, so in-dialog requests will too (12.1.1: "a Contact … MUST"). */
const reachable = ({ uri }: Request): Lines => linesOf([`Contact: <${uri}>`])

/** 10.3 step 8, without a memory: the bindings of the request come back as they are. */
const bound = (request: Request): Response => {
  if (!isAddressOfRecord(rawFields(request, 'To')[0] ?? ''))
    return respond(400, 'Bad Address of Record')(request)
  const contacts = valuesOf(contact, request)
  if (isLeft(contacts)) return respond(400, 'Bad Contact')(request)
  const back = contacts.right
    .filter((one) => one !== '*')
    .map(contact.print)
    .filter(isRight)
    .map(({ right }) => `Contact: ${right}`)
  const expires = `Expires: ${rawFields(request, 'Expires')[0] ?? '3600'}`
  return respondWith(200, [linesOf([...back, expires])])(request)
}

/** 10.2 "This address-of-record MUST be a SIP URI or SIPS URI." */
const isAddressOfRecord = (to: Bytes): boolean => {
  const address = toHeader.parse(to, 0, to.length)
  return !isLeft(address) && address.right.uri._tag === 'Sip'
}

const isAcceptance = (message: Message): message is Response =>
  message._tag === 'Response' &&
  message.status === 200 &&
  cseqMethod(message) === 'INVITE' &&
  body(message) !== ''

const localId = (response: Response): string => dialog(response, toTag(response), fromTag(response))

const remoteId = (request: Request): string => dialog(request, toTag(request), fromTag(request))

const dialog = (message: Message, local: Bytes | undefined, remote: Bytes | undefined): string =>
  `${callId(message)} ${local ?? ''} ${remote ?? ''}`

const ALLOW = 'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER'

const allow: Lines = linesOf([ALLOW])

const abilities: Lines = linesOf([ALLOW, 'Accept: application/sdp', 'Supported:'])

const described: Lines = linesOf(['Content-Type: application/sdp'])

const known: readonly string[] = [
  'INFO',
  'MESSAGE',
  'NOTIFY',
  'PRACK',
  'PUBLISH',
  'REFER',
  'SUBSCRIBE',
  'UPDATE',
]

const session: Bytes = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9 RTP/AVP 0',
  'a=inactive',
  '',
].join('\r\n')
