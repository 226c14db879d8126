/** The tables of a state, wherever they stand in it: a state is plain objects around them (decision 12). */
import * as Table from '../data/table.js'

/** `state` with all its tables in stores of their own: what becomes of either concerns the other no longer. */
export const copied = <S>(state: S): S => mapped(state, Table.copy)

/** `state` with all its tables without a past: former states can be read no longer, nor `state` itself. */
export const forgetful = <S>(state: S): S => mapped(state, Table.forget)

const mapped = <S>(state: S, change: (table: Table.Table<unknown>) => Table.Table<unknown>): S => {
  if (typeof state !== 'object' || state === null) return state
  if (Table.isTable(state)) return change(state) as S
  if (Object.getPrototypeOf(state) !== Object.prototype) return state
  const before = Object.entries(state)
  const after = before.map(([name, part]): [string, unknown] => [name, mapped(part, change)])
  return after.some(([, part], i) => part !== before[i]?.[1]) ? (Object.fromEntries(after) as S) : state
}
