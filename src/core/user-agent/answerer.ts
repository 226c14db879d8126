/**
 * Requests that a helper answers in the core's place: the core never hears of them, nor of what becomes of the answer. The
 * helpers built on this differ only in which requests those are.
 */
import { isNone, isSome } from 'fp-ts/lib/Option.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Diagnostic, Input, ToApplication } from '../events.js'
import type { Response } from '../message/types.js'
import { go, type Step, stay } from '../reducer.js'
import { id as idOf, type Key } from '../transaction/key.js'
import type { Filter, Passing, Wants } from './filter.js'
import { ours, own } from './own.js'

/** A request as it is handed up. */
export type Arrived = Extract<ToApplication, { _tag: 'RequestReceived' }>

/** The response that a request gets instead of reaching the core, or undefined when nothing is wrong with it. */
export type Check = (arrived: Arrived) => Response | undefined

/** The transactions that were answered here and have not ended, by canonical key. */
export type State = Table.Table<true>

/**
 * The filter that answers what fails one of the checks, tried in order. An ACK that fails is dropped: "a response to ACK" is
 * none (17, row RV-6). CANCEL is checked by nobody (8.2.2.3, 9.2).
 */
export const answerer = (name: string, checks: readonly Check[], secret: Secret): Filter<State> => ({
  name,
  start: Table.empty(secret),
  wants: wants(name, checks),
  reducer: (state, input) => step(name, checks, state, input),
})

const wants = (name: string, checks: readonly Check[]): Wants<State> => ({
  RequestReceived: (arrived) => arrived.request.method !== 'CANCEL' && failed(checks, arrived) !== undefined,
  Accepted: ours(name),
  Refused: ours(name),
  ErrorReceived: ({ key }, state) => isSome(key) && has(state, key.value),
  Ended: ({ key }, state) => has(state, key),
})

const step = (
  name: string,
  checks: readonly Check[],
  state: State,
  { event }: Input<Passing>,
): Step<State, Passing> => {
  switch (event._tag) {
    case 'RequestReceived':
      return check(name, checks, state, event)
    case 'Accepted':
    case 'Refused':
      return stay(state)
    case 'ErrorReceived':
      return isSome(event.key) && has(state, event.key.value) ? stay(state) : go(state, event)
    case 'Ended':
      return has(state, event.key) ? stay(Table.remove(idOf(event.key))(state)) : go(state, event)
    default:
      return go(state, event)
  }
}

const check = (
  name: string,
  checks: readonly Check[],
  state: State,
  arrived: Arrived,
): Step<State, Passing> => {
  const wrong = failed(checks, arrived)
  if (wrong === undefined) return go(state, arrived)
  if (isNone(arrived.key) || arrived.request.method === 'ACK')
    return go(state, dropped(arrived, wrong.status))
  return go(Table.set(idOf(arrived.key.value), true as const)(state), {
    _tag: 'SendResponse',
    ref: own(name),
    response: wrong,
  })
}

/** What the first check says that is failed. */
const failed = (checks: readonly Check[], arrived: Arrived): Response | undefined =>
  checks.reduce<Response | undefined>((found, one) => found ?? one(arrived), undefined)

const has = (state: State, key: Key): boolean =>
  Table.size(state) > 0 && key._tag === 'ServerKey' && Table.get(idOf(key))(state) !== undefined

const dropped = ({ flow }: Arrived, status: number): Diagnostic => ({
  _tag: 'Diagnostic',
  code: 'unacknowledged',
  what: `an ACK that would have been answered ${status}: dropped`,
  row: 'RV-6',
  flow,
})
