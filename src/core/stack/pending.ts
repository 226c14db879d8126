/**
 * Requests that wait for the address of their target. Their key is known already; timers A, B, E and F start when
 * they leave. Each has a deadline, their number has a bound, and the application hears of exactly one outcome.
 */
import { some } from 'fp-ts/lib/Option.js'
import * as Table from '../data/table.js'
import type { Answer, Output, Question, Reason, Refusal, TimerId } from '../events.js'
import type { Request } from '../message/types.js'
import { go, none, type Step } from '../reducer.js'
import { id as idOf, type Key } from '../transaction/key.js'
import { listenerFor } from './listeners.js'
import { type Departed, depart } from './depart.js'
import type { Pending, Plan, StackConfig, State } from './state.js'

/** Lets a plan wait for its name; asks once a name, however many wait. `request` is what the application is shown. */
export const wait = (
  state: State,
  config: StackConfig,
  plan: Plan,
  request: Request,
  at: number,
): Departed | Refusal => {
  const id = idOf(plan.key)
  if (Table.get(id)(state.pending) !== undefined) return { _tag: 'AlreadyStarted', key: plan.key }
  if (Table.size(state.pending) >= config.maxPending) return { _tag: 'Overload' }
  const generation = state.layer.generation + 1
  const due = at + config.pendingTimeout
  const name = plan.target.host
  const others = Table.get(name)(state.waiting)
  const next: State = {
    ...state,
    layer: { ...state.layer, generation },
    pending: Table.set<Pending>(id, { plan, generation, due })(state.pending),
    waiting: Table.set<readonly string[]>(name, [...(others ?? none), id])(state.waiting),
  }
  const start: Output = { _tag: 'StartTimer', id: timer(id), generation, due }
  const ask: Output = { _tag: 'Resolve', question: { _tag: 'Host', name } }
  return { step: others === undefined ? go(next, start, ask) : go(next, start), request }
}

/** The resolver answered: everything that waited for the name leaves for the first address we can reach. */
export const resolved = (
  state: State,
  config: StackConfig,
  question: Question,
  answer: Answer,
  at: number,
): Step<State, Output> =>
  each(state, question, (now, pending, id) => {
    const [freed, stops] = release(now, id, pending)
    const { plan } = pending
    const reach = answer.addresses.find(
      (host) => listenerFor(state.listeners, plan.target.protocol, host) !== undefined,
    )
    const listener =
      reach === undefined ? undefined : listenerFor(state.listeners, plan.target.protocol, reach)
    if (reach === undefined || listener === undefined)
      return [freed, [...stops, failed(plan.key, 'unresolved')]]
    const sent = depart(freed, config, plan, listener, { ...plan.target, host: reach }, at)
    return '_tag' in sent
      ? [freed, [...stops, failed(plan.key, 'transport')]]
      : [sent.step[0], [...stops, ...sent.step[1]]]
  })

/** The name has no address: as if 503 had come (8.1.3.1), with the reason named. */
export const unresolved = (state: State, question: Question): Step<State, Output> =>
  each(state, question, (now, pending, id) => {
    const [freed, stops] = release(now, id, pending)
    return [freed, [...stops, failed(pending.plan.key, 'unresolved')]]
  })

/** A waiting request's deadline passed. */
export const expire = (state: State, id: string, generation: number): Step<State, Output> => {
  const pending = Table.get(id)(state.pending)
  if (pending?.generation !== generation) return [state, none]
  const [freed] = release(state, id, pending)
  return go(freed, failed(pending.plan.key, 'timeout'))
}

/** The application no longer wants a waiting request; undefined when none waits under that key. */
export const abandon = (state: State, id: string): Step<State, Output> | undefined => {
  const pending = Table.get(id)(state.pending)
  if (pending === undefined) return undefined
  const [freed, stops] = release(state, id, pending)
  return [freed, [...stops, { _tag: 'Ended', key: pending.plan.key }]]
}

const each = (
  state: State,
  { name }: Question,
  leave: (state: State, pending: Pending, id: string) => Step<State, Output>,
): Step<State, Output> =>
  (Table.get(name)(state.waiting) ?? none).reduce<Step<State, Output>>(
    ([now, outputs], id) => {
      const pending = Table.get(id)(now.pending)
      if (pending === undefined) return [now, outputs]
      const [next, more] = leave(now, pending, id)
      return [next, [...outputs, ...more]]
    },
    [state, none],
  )

const release = (state: State, id: string, { plan, generation }: Pending): Step<State, Output> => {
  const name = plan.target.host
  const left = (Table.get(name)(state.waiting) ?? none).filter((one) => one !== id)
  return go(
    {
      ...state,
      pending: Table.remove(id)(state.pending),
      waiting:
        left.length === 0
          ? Table.remove(name)(state.waiting)
          : Table.set<readonly string[]>(name, left)(state.waiting),
    },
    { _tag: 'StopTimer', id: timer(id), generation },
  )
}

const timer = (transaction: string): TimerId => ({ _tag: 'Pending', transaction })

const failed = (key: Key, reason: Reason): Output => ({
  _tag: 'ErrorReceived',
  reason,
  key: some(key),
  first: some(key),
})
