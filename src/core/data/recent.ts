/**
 * A table that forgets: what is put in is found until twice `limit` other keys were put in after it. Two generations
 * take turns, so neither putting in nor forgetting ever walks the table.
 */
import type { Secret } from './hash.js'
import * as Table from './table.js'

/** A bounded table from strings to `V`. */
export interface Recent<V> {
  readonly young: Table.Table<V>
  readonly old: Table.Table<V>
  readonly limit: number
}

/** Nothing yet; holds `limit` keys at least and twice as many at most. */
export const empty = <V>(secret: Secret, limit: number): Recent<V> => ({
  young: Table.empty(secret),
  old: Table.empty(secret),
  limit,
})

/** The value of `key`, unless it was never there or is forgotten. */
export const get =
  (key: string) =>
  <V>({ young, old }: Recent<V>): V | undefined =>
    Table.get(key)(young) ?? Table.get(key)(old)

/** With `value` at `key`. */
export const put =
  <V>(key: string, value: V) =>
  ({ young, old, limit }: Recent<V>): Recent<V> =>
    Table.size(young) < limit
      ? { young: Table.set(key, value)(young), old, limit }
      : { young: Table.set(key, value)(Table.emptyLike<V>(young)), old: young, limit }
