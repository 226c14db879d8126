/**
 * An INVITE that rings for long (RFC 3261 13.3.1.1): "the UAS MUST send a non-100 provisional response at every minute, to handle
 * the possibility of lost provisional responses", so that no proxy on the way gives up (its timer C, 16.6).
 */
import { isSome } from 'fp-ts/lib/Option.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Input, ToApplication } from '../events.js'
import { has } from '../message/head.js'
import type { Response } from '../message/types.js'
import { go, type Step, stay } from '../reducer.js'
import { id as idOf } from '../transaction/key.js'
import type { Filter, Passing, Wants } from './filter.js'
import { idOfAnswer, isInviteAnswer, isInviteServer } from './invites.js'
import { isOwn, ours, own, ownOf } from './own.js'

/** The last unreliable provisional response, not 100, of INVITEs without a final one, by canonical key. */
export type State = Table.Table<Response>

/** The filter that repeats the last provisional response each minute (row PR-8). Reliable ones (RFC 3262) are left alone. */
export const provisionalRefresh = (secret: Secret): Filter<State> => ({
  name: NAME,
  start: Table.empty(secret),
  wants,
  reducer: step,
})

const NAME = 'provisional-refresh'
const MINUTE = 60_000

const wants: Wants<State> = {
  Accepted: (accepted, state) =>
    isOwn(NAME, accepted.ref) || isInviteAnswer(accepted, 101, Table.size(state) > 0 ? 699 : 199),
  Refused: ours(NAME),
  Elapsed: ours(NAME),
  ErrorReceived: ({ reason, key }, state) =>
    Table.size(state) > 0 &&
    (reason === 'cancelled' || reason === 'expired') &&
    isSome(key) &&
    isInviteServer(key.value),
  Ended: ({ key }, state) => Table.size(state) > 0 && isInviteServer(key),
}

const step = (state: State, { event }: Input<Passing>): Step<State, Passing> => {
  switch (event._tag) {
    case 'Accepted':
      return isOwn(NAME, event.ref) ? stay(state) : accepted(state, event)
    case 'Refused':
      return stay(state)
    case 'Elapsed':
      return again(state, event)
    case 'ErrorReceived':
      return isSome(event.key) ? over(state, idOf(event.key.value), event) : go(state, event)
    case 'Ended':
      return over(state, idOf(event.key), event)
    default:
      return go(state, event)
  }
}

const accepted = (
  state: State,
  event: Extract<ToApplication, { _tag: 'Accepted' }>,
): Step<State, Passing> => {
  const { message } = event
  if (message._tag === 'Request') return go(state, event)
  const id = idOfAnswer(event)
  if (message.status >= 200 || has(message, 'RSeq')) return over(state, id, event)
  return go(Table.set(id, message)(state), { _tag: 'After', ref: own(NAME, id), ms: MINUTE }, event)
}

/** The same response again; missed minutes are skipped. */
const again = (
  state: State,
  { ref, late }: Extract<ToApplication, { _tag: 'Elapsed' }>,
): Step<State, Passing> => {
  const response = Table.get(ownOf(NAME, ref) ?? '')(state)
  return response === undefined
    ? stay(state)
    : go(state, { _tag: 'SendResponse', ref, response }, { _tag: 'After', ref, ms: MINUTE - (late % MINUTE) })
}

const over = (state: State, id: string, event: ToApplication): Step<State, Passing> => {
  const rest = Table.remove(id)(state)
  return rest === state ? go(state, event) : go(rest, { _tag: 'Forget', ref: own(NAME, id) }, event)
}
