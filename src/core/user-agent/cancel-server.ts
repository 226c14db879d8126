/**
 * CANCEL at a user agent server (RFC 3261 9.2): 200 to the CANCEL "regardless of the method of the original
 * request", 487 to an INVITE that has no final response yet, 481 when nothing matches.
 */
import { isNone, isSome, none as nothing, some } from 'fp-ts/lib/Option.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { FromApplication, Input, ToApplication } from '../events.js'
import { respond } from '../message/build.js'
import type { Request } from '../message/types.js'
import { go, type Step, stay } from '../reducer.js'
import { id as idOf, type Key, type ServerKey, serverId } from '../transaction/key.js'
import type { Filter, Passing, Wants } from './filter.js'
import { idOfAnswer, isInviteFinal, isInviteServer } from './invites.js'
import { isOwn, ours, own } from './own.js'

/** INVITEs without a final response, by canonical server key. */
export type State = Table.Table<Request>

/** The filter that answers CANCEL; the core hears `cancelled` for the INVITE (rows CN-5 to CN-9, CN-14). */
export const cancelServer = (secret: Secret): Filter<State> => ({
  name: NAME,
  start: Table.empty(secret),
  wants,
  reducer: step,
})

const NAME = 'cancel-server'

const wants: Wants<State> = {
  RequestReceived: ({ request: { method } }) => method === 'INVITE' || method === 'CANCEL',
  Accepted: (accepted, state) =>
    isOwn(NAME, accepted.ref) || (Table.size(state) > 0 && isInviteFinal(accepted)),
  Refused: ours(NAME),
  Ended: ({ key }, state) => isCancelServer(key) || (Table.size(state) > 0 && isInviteServer(key)),
  ErrorReceived: ({ key }) => isSome(key) && isCancelServer(key.value),
}

const step = (state: State, { event }: Input<Passing>): Step<State, Passing> => {
  switch (event._tag) {
    case 'RequestReceived':
      if (event.request.method === 'CANCEL') return cancel(state, event)
      return isSome(event.key)
        ? go(Table.set(serverId(event.request), event.request)(state), event)
        : go(state, event)
    case 'Accepted': {
      const rest = isInviteFinal(event) ? Table.remove(idOfAnswer(event))(state) : state
      return isOwn(NAME, event.ref) ? go(rest) : go(rest, event)
    }
    case 'Refused': // the INVITE's final response was given in the same instant
      return go(state)
    case 'Ended': // the core never saw the CANCEL
      return isCancelServer(event.key) ? stay(state) : go(Table.remove(idOf(event.key))(state), event)
    case 'ErrorReceived':
      return stay(state)
    default:
      return go(state, event)
  }
}

const cancel = (
  state: State,
  event: Extract<ToApplication, { _tag: 'RequestReceived' }>,
): Step<State, Passing> => {
  const { request, key, cancels } = event
  if (isNone(key)) return go(state, event)
  if (isNone(cancels)) return go(state, answer(request, 481)) // CN-7
  const invite = Table.get(idOf(cancels.value))(state)
  if (invite === undefined) return go(state, answer(request, 200)) // CN-6, CN-9: "no effect on the processing"
  return go(state, answer(request, 200), answer(invite, 487), cancelled(cancels.value)) // CN-5
}

const answer = (request: Request, status: number): FromApplication => ({
  _tag: 'SendResponse',
  ref: own(NAME, String(status)),
  response: respond(status)(request),
})

const cancelled = (key: ServerKey): ToApplication => ({
  _tag: 'ErrorReceived',
  reason: 'cancelled',
  key: some(key),
  first: nothing,
})

const isCancelServer = (key: Key): boolean => key._tag === 'ServerKey' && key.method === 'CANCEL'
