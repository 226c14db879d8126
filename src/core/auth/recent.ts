/**
 * A table that remembers a bounded number of things: what was written longest ago goes first. Peers decide what is
 * written, so whatever is kept on their word is kept in one of these.
 *
 * It is a persistent table whose entries are linked in the order of their last writing, so no step looks at more
 * than the neighbours of what it changes.
 */
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'

/** At most `max` values by key. */
export interface Recent<V> {
  readonly max: number
  readonly entries: Table.Table<Entry<V>>
  readonly oldest: string | undefined
  readonly newest: string | undefined
}

interface Entry<V> {
  readonly value: V
  readonly older: string | undefined
  readonly newer: string | undefined
}

/** Nothing remembered yet; `max` is at least 1. */
export const empty = <V>(secret: Secret, max: number): Recent<V> => ({
  max: Math.max(1, max),
  entries: Table.empty(secret),
  oldest: undefined,
  newest: undefined,
})

/** How much is remembered. */
export const size = (recent: Recent<unknown>): number => Table.size(recent.entries)

/** What was written under `key`, unless it is forgotten. */
export const get =
  (key: string) =>
  <V>(recent: Recent<V>): V | undefined =>
    Table.get(key)(recent.entries)?.value

/** What is remembered, the longest ago first: written again in this order, it is the same. */
export const entries = <V>(recent: Recent<V>): readonly (readonly [key: string, value: V])[] => {
  const found: (readonly [string, V])[] = []
  for (let key = recent.oldest; key !== undefined; ) {
    const entry = Table.get(key)(recent.entries) as Entry<V>
    found.push([key, entry.value])
    key = entry.newer
  }
  return found
}

/** Writes a value. Answers too what was forgotten for it. */
export const put =
  <V>(key: string, value: V) =>
  (recent: Recent<V>): readonly [next: Recent<V>, forgotten: V | undefined] => {
    const rest = remove(key)(recent)
    const older = rest.newest
    const entries = Table.set<Entry<V>>(key, { value, older, newer: undefined })(
      link(rest.entries, older, { newer: key }),
    )
    const written = { ...rest, entries, oldest: rest.oldest ?? key, newest: key }
    if (size(written) <= recent.max) return [written, undefined]
    return [remove(written.oldest)(written), get(written.oldest)(written)]
  }

/** Forgets `key`. */
export const remove =
  (key: string) =>
  <V>(recent: Recent<V>): Recent<V> => {
    const entry = Table.get(key)(recent.entries)
    if (entry === undefined) return recent
    const { older, newer } = entry
    return {
      max: recent.max,
      entries: link(link(Table.remove(key)(recent.entries), older, { newer }), newer, { older }),
      oldest: older === undefined ? newer : recent.oldest,
      newest: newer === undefined ? older : recent.newest,
    }
  }

/** Forgets what was written longest ago for as long as `isOver` says that it no longer matters. */
export const forget =
  <V>(isOver: (value: V) => boolean) =>
  (recent: Recent<V>): Recent<V> => {
    let now = recent
    while (now.oldest !== undefined && isOver(get(now.oldest)(now) as V)) now = remove(now.oldest)(now)
    return now
  }

const link = <V>(
  entries: Table.Table<Entry<V>>,
  key: string | undefined,
  ends: Partial<Pick<Entry<V>, 'older' | 'newer'>>,
): Table.Table<Entry<V>> => {
  const entry = key === undefined ? undefined : Table.get(key)(entries)
  return key === undefined || entry === undefined ? entries : Table.set(key, { ...entry, ...ends })(entries)
}
