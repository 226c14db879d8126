/**
 * CANCEL at a user agent client (RFC 3261 9.1): "If no provisional response has been received, the CANCEL request MUST NOT
 * be sent; rather, the client MUST wait for the arrival of a provisional response". The wish `Cancel` is accepted at any
 * time before the final response; the outcome is that of the INVITE.
 */
import { isNone, isSome, some, type Option } from 'fp-ts/lib/Option.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Diagnostic, FromApplication, Input, Refusal, ToApplication } from '../events.js'
import { cseqMethod } from '../message/head.js'
import type { Request } from '../message/types.js'
import { go, type Step, stay } from '../reducer.js'
import { id as idOf, type Key } from '../transaction/key.js'
import { patience } from '../transaction/schedule.js'
import type { Timing } from '../transaction/types.js'
import type { Filter, Passing, Wants } from './filter.js'
import { isOwn, ours, own, ownOf } from './own.js'

/** An INVITE without a final response. */
interface Calling {
  /** The key that the application knows. */
  readonly key: Key
  readonly invite: Request
  readonly stage: 'calling' | 'proceeding'
  readonly cancel: 'no' | 'held' | 'sent'
}

/** By the canonical form of the key that the application knows. */
export type State = Table.Table<Calling>

/** The filter that cancels (rows CN-1 to CN-4, CN-9, CN-15, CN-16). */
export const cancelClient = (timing: Timing, secret: Secret): Filter<State> => ({
  name: NAME,
  start: Table.empty(secret),
  wants,
  reducer: (state, input) => step(timing, state, input),
})

const NAME = 'cancel-client'

const wants: Wants<State> = {
  Cancel: () => true,
  Terminate: () => true,
  Accepted: ({ ref, message }) =>
    message._tag === 'Request' && (message.method === 'INVITE' || isOwn(NAME, ref)),
  Refused: ours(NAME),
  Elapsed: ours(NAME),
  ResponseReceived: ({ response }) => {
    const method = cseqMethod(response)
    return method === 'INVITE' || method === 'CANCEL'
  },
  ErrorReceived: ({ key }) => isSome(key) && isClient(key.value),
  Ended: ({ key }) => isCancel(key),
}

const step = (timing: Timing, state: State, { event }: Input<Passing>): Step<State, Passing> => {
  switch (event._tag) {
    case 'Cancel':
      return wish(timing, state, event)
    case 'Terminate':
      return go(Table.remove(idOf(event.key))(state), ...unwatch(state, idOf(event.key)), event)
    case 'Accepted':
      return accepted(state, event)
    case 'Refused':
      return go(state, said(`the CANCEL was refused: ${event.reason._tag}`))
    case 'Elapsed':
      return givenUp(state, ownOf(NAME, event.ref) ?? '')
    case 'ResponseReceived':
      return responded(timing, state, event)
    case 'ErrorReceived':
      return failed(state, event)
    case 'Ended': // of a CANCEL, which the application never saw
      return stay(state)
    default:
      return go(state, event)
  }
}

const wish = (
  timing: Timing,
  state: State,
  { ref, key }: Extract<FromApplication, { _tag: 'Cancel' }>,
): Step<State, Passing> => {
  const refused = (reason: Refusal): Step<State, Passing> => go(state, { _tag: 'Refused', ref, reason })
  if (!isClient(key) || key.method !== 'INVITE') return refused({ _tag: 'NotAllowed', row: 'CN-9' })
  const id = idOf(key)
  const calling = Table.get(id)(state)
  if (calling === undefined) return refused({ _tag: 'NotAllowed', row: 'CN-3' })
  const answer: ToApplication = { _tag: 'Accepted', ref, key, message: calling.invite }
  if (calling.cancel !== 'no') return go(state, answer) // CN-16: one CANCEL
  if (calling.stage === 'calling')
    return go(Table.set<Calling>(id, { ...calling, cancel: 'held' })(state), { _tag: 'Settle', key }, answer) // CN-1, CC-8
  return go(
    Table.set<Calling>(id, { ...calling, cancel: 'sent' })(state),
    ...send(timing, id, key), // CN-2
    answer,
  )
}

const accepted = (
  state: State,
  event: Extract<ToApplication, { _tag: 'Accepted' }>,
): Step<State, Passing> => {
  const { message, key, ref } = event
  if (isOwn(NAME, ref)) return stay(state)
  if (message._tag === 'Response' || message.method !== 'INVITE') return go(state, event)
  const calling: Calling = { key, invite: message, stage: 'calling', cancel: 'no' }
  return go(Table.set(idOf(key), calling)(state), event)
}

const responded = (
  timing: Timing,
  state: State,
  event: Extract<ToApplication, { _tag: 'ResponseReceived' }>,
): Step<State, Passing> => {
  const { response, key, first } = event
  if (cseqMethod(response) === 'CANCEL') {
    // "the CANCEL transaction and the original transaction complete independently" (CN-15)
    if (isNone(key)) return go(state, event)
    return response.status < 300 ? stay(state) : go(state, said(`the CANCEL was answered ${response.status}`))
  }
  const id = idOfFirst(first, key)
  const calling = Table.get(id)(state)
  if (calling === undefined) return go(state, event)
  if (response.status >= 200) return go(Table.remove(id)(state), ...unwatch(state, id), event) // whatever was held is dropped
  if (calling.cancel === 'held')
    return go(
      Table.set<Calling>(id, { ...calling, stage: 'proceeding', cancel: 'sent' })(state),
      ...send(timing, id, calling.key),
      event,
    )
  return calling.stage === 'proceeding'
    ? go(state, event)
    : go(Table.set<Calling>(id, { ...calling, stage: 'proceeding' })(state), event)
}

const failed = (
  state: State,
  event: Extract<ToApplication, { _tag: 'ErrorReceived' }>,
): Step<State, Passing> => {
  if (isSome(event.key) && isCancel(event.key.value))
    return go(state, said(`the CANCEL failed: ${event.reason}`)) // CN-15
  if (event.reason === 'flow-lost') return go(state, event) // the INVITE goes on
  const id = idOfFirst(event.first, event.key)
  return go(Table.remove(id)(state), ...unwatch(state, id), event)
}

/** CN-4 "If there is no final response for the original request in 64*T1 seconds … the client SHOULD then consider the original transaction cancelled and SHOULD destroy the client transaction". */
const givenUp = (state: State, id: string): Step<State, Passing> => {
  const calling = Table.get(id)(state)
  return calling === undefined
    ? stay(state)
    : go(
        Table.remove(id)(state),
        { _tag: 'ErrorReceived', reason: 'cancelled', key: some(calling.key), first: some(calling.key) },
        { _tag: 'Terminate', key: calling.key },
      )
}

/** The CANCEL, and how long it gives the INVITE to end. */
const send = (timing: Timing, id: string, key: Key): readonly FromApplication[] => [
  { _tag: 'Cancel', ref: own(NAME, id), key },
  { _tag: 'After', ref: own(NAME, id), ms: patience(timing) },
]

const unwatch = (state: State, id: string): readonly FromApplication[] =>
  Table.get(id)(state)?.cancel === 'sent' ? [{ _tag: 'Forget', ref: own(NAME, id) }] : []

const isClient = (key: Key): boolean => key._tag === 'ClientKey'

const isCancel = (key: Key): boolean => key._tag === 'ClientKey' && key.method === 'CANCEL'

const idOfFirst = (first: Option<Key>, key: Option<Key>): string =>
  isSome(first) ? idOf(first.value) : isSome(key) ? idOf(key.value) : ''

const said = (what: string): Diagnostic => ({ _tag: 'Diagnostic', code: 'unexpected', what, row: 'CN-15' })
