/**
 * The UAS core's part in an accepted INVITE (RFC 3261 13.3.1.4 as replaced by RFC 6026 8.1): "the 2xx response is
 * passed to the transport with an interval that starts at T1 seconds and doubles for each retransmission until it
 * reaches T2 seconds", on every transport, until the ACK or 64·T1.
 */
import { none as nothing, some } from 'fp-ts/lib/Option.js'
import * as Table from '../data/table.js'
import type { Secret } from '../data/hash.js'
import type { FromApplication, Input, ToApplication } from '../events.js'
import { callId, cseqMethod, cseqNumber, fromTag, toTag } from '../message/head.js'
import type { Message, Request, Response } from '../message/types.js'
import { go, type Step } from '../reducer.js'
import { next, patience } from '../transaction/schedule.js'
import { id as idOf, type Key } from '../transaction/key.js'
import type { Timing } from '../transaction/types.js'
import type { Filter, Passing, Wants } from './filter.js'
import { idOfAnswer, isInviteServer } from './invites.js'
import { isOwn, ours, own, ownOf } from './own.js'

/** A 2xx whose ACK is waited for. */
interface Waiting {
  readonly _tag: 'Waiting'
  /** Its canonical key. */
  readonly transaction: string
  readonly key: Key
  readonly cseq: number
  readonly response: Response
  /** ms since the 2xx was first sent, as of the last instant of the series. */
  readonly elapsed: number
  readonly interval: number
}

/** The ACK came. It may come again while the transaction lives, which is as long as the 2xx would have been repeated. */
interface Acknowledged {
  readonly _tag: 'Acknowledged'
  /** Its canonical key. */
  readonly transaction: string
  readonly cseq: number
}

type Answered = Waiting | Acknowledged

export interface State {
  /** Accepted INVITEs by dialog: Call-ID, local tag, remote tag. */
  readonly calls: Table.Table<Answered>
  /** Their dialogs by canonical key, which is what ends. */
  readonly keys: Table.Table<string>
}

/** The filter that repeats 2xx responses and absorbs their ACKs' repetitions (rows CU-1 to CU-5, CU-8, CU-9). */
export const repeat2xx = (timing: Timing, secret: Secret): Filter<State> => ({
  name: NAME,
  start: { calls: Table.empty(secret), keys: Table.empty(secret) },
  wants,
  reducer: (state, input) => step(timing, state, input),
})

const NAME = 'repeat-2xx'

const wants: Wants<State> = {
  Accepted: ({ ref, message }) => isOwn(NAME, ref) || isAnswer(message),
  Refused: ours(NAME),
  Elapsed: ours(NAME),
  RequestReceived: ({ request: { method } }, { calls }) =>
    method === 'ACK' || (method === 'BYE' && Table.size(calls) > 0),
  Ended: ({ key }, { calls }) => Table.size(calls) > 0 && isInviteServer(key),
}

const step = (timing: Timing, state: State, { event }: Input<Passing>): Step<State, Passing> => {
  switch (event._tag) {
    case 'Accepted':
      return isOwn(NAME, event.ref) ? go(state) : accepted(timing, state, event)
    case 'Elapsed':
      return elapsed(timing, state, event)
    case 'RequestReceived':
      return event.request.method === 'ACK' ? acknowledged(state, event) : hungUp(state, event)
    case 'Ended':
      return ended(state, event)
    case 'Refused': // ours: the transaction is gone, and with it the repetition
      return go(state)
    default:
      return go(state, event)
  }
}

/** CU-1: the stack took a 2xx to an INVITE. A core may give the same 2xx again: the series goes on as it is. */
const accepted = (
  timing: Timing,
  state: State,
  event: Extract<ToApplication, { _tag: 'Accepted' }>,
): Step<State, Passing> => {
  const { message: response, key } = event
  if (response._tag === 'Request') return go(state, event)
  const id = localId(response)
  const cseq = cseqNumber(response)
  if (Table.get(id)(state.calls)?.cseq === cseq) return go(state, event)
  const transaction = idOfAnswer(event)
  const waiting: Waiting = {
    _tag: 'Waiting',
    transaction,
    key,
    cseq,
    response,
    elapsed: 0,
    interval: timing.t1,
  }
  return go(
    { calls: Table.set<Answered>(id, waiting)(state.calls), keys: Table.set(transaction, id)(state.keys) },
    alarm(id, timing.t1),
    event,
  )
}

/** CU-2: the 2xx again, through the transaction in its Accepted state; CU-6, CU-7: at 64·T1 it is over. */
const elapsed = (
  timing: Timing,
  state: State,
  { ref, late }: Extract<ToApplication, { _tag: 'Elapsed' }>,
): Step<State, Passing> => {
  const id = ownOf(NAME, ref) ?? ''
  const answered = Table.get(id)(state.calls)
  if (answered?._tag !== 'Waiting') return go(state)
  const now = Math.min(answered.elapsed + answered.interval, patience(timing))
  if (now + late >= patience(timing)) return go(without(state, id, answered), unacknowledged(answered))
  const { delay, interval } = next(answered.interval, timing.t2, late)
  const again: Waiting = { ...answered, elapsed: now + delay - interval, interval }
  return go(
    { ...state, calls: Table.set<Answered>(id, again)(state.calls) },
    { _tag: 'SendResponse', ref, response: answered.response },
    alarm(id, Math.min(delay, patience(timing) - now) - late),
  )
}

/**
 * CU-3: the first ACK with the dialog's identifiers and the INVITE's CSeq number goes to the core and ends the series;
 * CU-4: later ones are absorbed; CU-5: any other ACK is dropped, "never answered".
 */
const acknowledged = (
  state: State,
  event: Extract<ToApplication, { _tag: 'RequestReceived' }>,
): Step<State, Passing> => {
  const id = remoteId(event.request)
  const answered = Table.get(id)(state.calls)
  if (answered === undefined || answered.cseq !== cseqNumber(event.request))
    return go(state, {
      _tag: 'Diagnostic',
      code: 'unacknowledged',
      what: 'an ACK that acknowledges no 2xx of ours: dropped',
      row: 'CU-5',
      flow: event.flow,
    })
  if (answered._tag === 'Acknowledged') return go(state)
  const { transaction, cseq } = answered
  const calls = Table.set<Answered>(id, { _tag: 'Acknowledged', transaction, cseq })(state.calls)
  return go({ ...state, calls }, silence(id), event)
}

/** CU-9: a BYE says as much as the ACK that it overtook; whichever came first, an ACK behind it ends nothing. */
const hungUp = (
  state: State,
  event: Extract<ToApplication, { _tag: 'RequestReceived' }>,
): Step<State, Passing> => {
  const id = remoteId(event.request)
  const answered = Table.get(id)(state.calls)
  if (answered === undefined) return go(state, event)
  const rest = without(state, id, answered)
  return answered._tag === 'Waiting' ? go(rest, silence(id), event) : go(rest, event)
}

/** L fires 64·T1 after the 2xx: at the same instant as the end of its repetition, which it may precede (CU-7). */
const ended = (state: State, event: Extract<ToApplication, { _tag: 'Ended' }>): Step<State, Passing> => {
  const key = idOf(event.key)
  const id = Table.get(key)(state.keys)
  if (id === undefined) return go(state, event)
  const answered = Table.get(id)(state.calls)
  // A later INVITE of the dialog has taken its place.
  if (answered === undefined || answered.transaction !== key)
    return go({ ...state, keys: Table.remove(key)(state.keys) }, event)
  const rest = without(state, id, answered)
  return answered._tag === 'Waiting'
    ? go(rest, silence(id), unacknowledged(answered), event)
    : go(rest, event)
}

const without = ({ calls, keys }: State, id: string, { transaction }: Answered): State => ({
  calls: Table.remove(id)(calls),
  keys: Table.remove(transaction)(keys),
})

const unacknowledged = ({ key }: Waiting): ToApplication => ({
  _tag: 'ErrorReceived',
  reason: 'no-ack',
  key: some(key),
  first: nothing,
})

const alarm = (id: string, ms: number): FromApplication => ({ _tag: 'After', ref: own(NAME, id), ms })

const silence = (id: string): FromApplication => ({ _tag: 'Forget', ref: own(NAME, id) })

const isAnswer = (message: Message): boolean =>
  message._tag === 'Response' &&
  message.status >= 200 &&
  message.status < 300 &&
  cseqMethod(message) === 'INVITE'

const localId = (response: Response): string =>
  `${callId(response)} ${toTag(response) ?? ''} ${fromTag(response) ?? ''}`

const remoteId = (request: Request): string =>
  `${callId(request)} ${toTag(request) ?? ''} ${fromTag(request) ?? ''}`
