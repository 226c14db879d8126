/**
 * The Expires of an INVITE (RFC 3261 13.3.1): "the UAS core sets a timer for the number of seconds indicated in the header field
 * value. When the timer fires, the invitation is considered to be expired."
 */
import { isSome, some } from 'fp-ts/lib/Option.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Input, ToApplication } from '../events.js'
import { respond } from '../message/build.js'
import { has } from '../message/head.js'
import type { Request } from '../message/types.js'
import { go, type Step, stay } from '../reducer.js'
import { id as idOf, type ServerKey, serverId } from '../transaction/key.js'
import { rawFields } from './fields.js'
import type { Filter, Passing, Wants } from './filter.js'
import { idOfAnswer, isInviteFinal, isInviteServer } from './invites.js'
import { isOwn, ours, own, ownOf } from './own.js'

interface Expiring {
  readonly key: ServerKey
  readonly invite: Request
}

/** INVITEs that expire and have no final response, by canonical key. */
export type State = Table.Table<Expiring>

/** The filter that answers 487 when an INVITE expires; the core hears `expired` (row CU-12). */
export const inviteExpires = (secret: Secret): Filter<State> => ({
  name: NAME,
  start: Table.empty(secret),
  wants,
  reducer: step,
})

const NAME = 'invite-expires'

const wants: Wants<State> = {
  RequestReceived: ({ request }) => request.method === 'INVITE' && has(request, 'Expires'),
  Accepted: (accepted, state) =>
    isOwn(NAME, accepted.ref) || (Table.size(state) > 0 && isInviteFinal(accepted)),
  Refused: ours(NAME),
  Elapsed: ours(NAME),
  ErrorReceived: ({ reason, key }, state) =>
    Table.size(state) > 0 && reason === 'cancelled' && isSome(key) && isInviteServer(key.value),
  Ended: ({ key }, state) => Table.size(state) > 0 && isInviteServer(key),
}

const step = (state: State, { event }: Input<Passing>): Step<State, Passing> => {
  switch (event._tag) {
    case 'RequestReceived':
      return watch(state, event)
    case 'Accepted':
      return isOwn(NAME, event.ref) ? stay(state) : over(state, idOfAnswer(event), event)
    case 'Refused': // the final response was given in the same instant
      return stay(state)
    case 'Elapsed':
      return expire(state, ownOf(NAME, event.ref) ?? '')
    case 'ErrorReceived':
      return isSome(event.key) ? over(state, idOf(event.key.value), event) : go(state, event)
    case 'Ended':
      return over(state, idOf(event.key), event)
    default:
      return go(state, event)
  }
}

const watch = (
  state: State,
  event: Extract<ToApplication, { _tag: 'RequestReceived' }>,
): Step<State, Passing> => {
  const seconds = expiresOf(event.request)
  if (seconds === undefined || !isSome(event.key)) return go(state, event)
  const id = serverId(event.request)
  const expiring = { key: event.key.value, invite: event.request }
  return go(
    Table.set<Expiring>(id, expiring)(state),
    { _tag: 'After', ref: own(NAME, id), ms: seconds * 1000 },
    event,
  )
}

/** "a 487 (Request Terminated) response SHOULD be generated" when it expires before a final response. */
const expire = (state: State, id: string): Step<State, Passing> => {
  const expiring = Table.get(id)(state)
  return expiring === undefined
    ? stay(state)
    : go(
        Table.remove(id)(state),
        { _tag: 'SendResponse', ref: own(NAME, id), response: respond(487)(expiring.invite) },
        { _tag: 'ErrorReceived', reason: 'expired', key: some(expiring.key), first: some(expiring.key) },
      )
}

/** Nothing is left to expire. */
const over = (state: State, id: string, event: ToApplication): Step<State, Passing> => {
  const rest = Table.remove(id)(state)
  return rest === state ? go(state, event) : go(rest, { _tag: 'Forget', ref: own(NAME, id) }, event)
}

/** 20.19: seconds, to 2³²−1. One that is no number counts as none. */
const expiresOf = (invite: Request): number | undefined => {
  const value = rawFields(invite, 'Expires')[0]
  if (value === undefined || !/^\d{1,10}$/.test(value)) return undefined
  return Math.min(Number(value), 0xffffffff)
}
