/**
 * Tries and parcels that wait for a name or a connection. The key of a try is known already; timers A, B, E and F start
 * when it leaves. Each has a deadline, their number has a bound, and the application hears of exactly one outcome.
 */
import { some } from 'fp-ts/lib/Option.js'
import { foldSteps } from '../data/fold.js'
import * as Table from '../data/table.js'
import type { Answer, Output, Question, Reason } from '../events.js'
import * as Names from '../locate/names.js'
import type { Ways } from '../locate/types.js'
import { go, none, type Step } from '../reducer.js'
import { id as idOf } from '../transaction/key.js'
import type { Departed } from './depart.js'
import type { Instant } from './moment.js'
import { carryOrFail, failed } from './parcels.js'
import type { Pending, Plan, StackConfig, State } from './state.js'
import { travel } from './travel.js'

/** The resolver answered: everything that waited for it goes on. */
export const resolved = (
  state: State,
  config: StackConfig,
  { question, answer, ttl }: { readonly question: Question; readonly answer: Answer; readonly ttl: number },
  instant: Instant,
): Step<State, Output> =>
  proceed(
    { ...state, names: Names.learn(state.names, question, answer, instant.at, ttl) },
    config,
    Names.questionKey(question),
    'unresolved',
    instant,
  )

/** There is no answer; that is remembered as well. */
export const unresolved = (
  state: State,
  config: StackConfig,
  { question, ttl }: { readonly question: Question; readonly ttl: number },
  instant: Instant,
): Step<State, Output> =>
  proceed(
    { ...state, names: Names.miss(state.names, question, instant.at, ttl) },
    config,
    Names.questionKey(question),
    'unresolved',
    instant,
  )

/** Everything that waited for `on` goes its next way; what has none left came to nothing for `reason`. */
export const proceed = (
  state: State,
  config: StackConfig,
  on: string,
  reason: Reason,
  instant: Instant,
): Step<State, Output> =>
  release(state, on, (now, { plan, ways }) =>
    'bytes' in plan
      ? carryOrFail(now, config, plan, ways, instant)
      : onward(now, config, plan, ways, reason, instant),
  )

/** Everything that waited for `on` leaves by `leave`. */
export const release = (
  state: State,
  on: string,
  leave: (state: State, pending: Pending) => Step<State, Output>,
): Step<State, Output> => {
  const ids = Table.get(on)(state.waiting) ?? none
  const freed = ids.length === 0 ? state : { ...state, waiting: Table.remove(on)(state.waiting) }
  return foldSteps(freed, ids, (now, id) => {
    const pending = Table.get(id)(now.pending)
    if (pending === undefined) return [now, none]
    const [next, outputs] = leave({ ...now, pending: Table.remove(id)(now.pending) }, pending)
    return [next, [stop(id, pending), ...outputs]]
  })
}

/** Goes on with what ways are left, or ends for `reason`. */
export const onward = (
  state: State,
  config: StackConfig,
  plan: Plan,
  ways: Ways,
  reason: Reason,
  instant: Instant,
): Step<State, Output> => {
  const sent = travel(state, config, plan, reason === 'transport' ? ways : withoutInstead(ways), instant)
  return '_tag' in sent ? ended(state, plan, reason) : (sent satisfies Departed).step
}

/** A try that came to nothing, and with it the request. */
export const ended = (state: State, plan: Plan, reason: Reason): Step<State, Output> =>
  go(
    { ...state, moved: Table.remove(idOf(plan.first))(state.moved) },
    { _tag: 'ErrorReceived', reason, key: some(plan.key), first: some(plan.first) },
    { _tag: 'Ended', key: plan.first },
  )

/** The deadline of one that waits passed. */
export const expire = (
  state: State,
  config: StackConfig,
  id: string,
  generation: number,
  at: number,
): Step<State, Output> => {
  const pending = Table.get(id)(state.pending)
  if (pending?.generation !== generation) return [state, none]
  const { plan } = pending
  const rest = without(state, id, pending)
  return 'bytes' in plan ? failed(rest, config, plan.cause, at) : ended(rest, plan, 'timeout')
}

/** The application no longer wants a waiting request; undefined when none waits under that key. */
export const abandon = (state: State, id: string): Step<State, Output> | undefined => {
  const pending = Table.get(id)(state.pending)
  if (pending === undefined || 'bytes' in pending.plan) return undefined
  const { first } = pending.plan
  const rest = { ...without(state, id, pending), moved: Table.remove(idOf(first))(state.moved) }
  return go(rest, stop(id, pending), { _tag: 'Ended', key: first })
}

/** UDP instead of TCP is for a connection that was refused, not for a server that does not answer (18.1.1). */
export const withoutInstead = (ways: Ways): Ways =>
  ways.filter((way) => way._tag !== 'Address' || way.place.instead !== true)

const without = (state: State, id: string, { on }: Pending): State => {
  const left = (Table.get(on)(state.waiting) ?? none).filter((one) => one !== id)
  return {
    ...state,
    pending: Table.remove(id)(state.pending),
    waiting:
      left.length === 0
        ? Table.remove(on)(state.waiting)
        : Table.set<readonly string[]>(on, left)(state.waiting),
  }
}

const stop = (transaction: string, { generation }: Pending): Output => ({
  _tag: 'StopTimer',
  id: { _tag: 'Pending', transaction },
  generation,
})
