/** What was cancelled does not start anew elsewhere: "none while a cancel is held" (CC-8, policy). */
import * as Table from '../data/table.js'
import { none } from '../reducer.js'
import { id as idOf, type Key } from '../transaction/key.js'
import { isOpeningKey } from './openings.js'
import type { Pending, State, Try } from './state.js'

/** The state in which the request that the application knows by `key` tries no other target than the one it is on its way to. */
export const settle = (state: State, key: Key): State => {
  const first = idOf(key)
  return settled(state, Table.get(first)(state.moved) ?? first)
}

/** The same for the canonical key of a try, under way or still waiting to leave. */
export const settled = (state: State, id: string): State => {
  const attempt = Table.get(id)(state.tries)
  if (attempt !== undefined)
    return { ...state, tries: Table.set<Try>(id, { ...attempt, rest: none })(state.tries) }
  const pending = Table.get(id)(state.pending)
  if (pending === undefined || 'bytes' in pending.plan) return state
  const plan = { ...pending.plan, settled: true } as const
  const ways = isOpeningKey(pending.on) ? none : pending.ways // of those it has not chosen yet
  return { ...state, pending: Table.set<Pending>(id, { ...pending, plan, ways })(state.pending) }
}
