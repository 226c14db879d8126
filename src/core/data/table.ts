/**
 * A persistent map from strings to values: `set` and `remove` answer a new table and leave the old one readable.
 * Peers choose the keys of a stack's tables, so the hash is keyed (half-sip-hash.ts): who does not know the secret
 * cannot find keys that fall together.
 *
 * All versions of a table share one store, which has the contents of the version that was used last;
 * every other version knows in what one key differs from the next (H. G. Baker: Shallow Binding Makes Functional
 * Arrays Fast). The newest version, which is the one that a running stack uses, costs what a mutable map costs; going
 * back to an older one costs as many steps as there are writes in between, and who keeps an old version keeps what was
 * written since. Nobody outside can tell otherwise: every version reads the same for ever, and the order of `entries`
 * follows from the keys, never from the history.
 */
import type { Words } from './half-sip-hash.js'
import { derive, type Secret } from './hash.js'
import {
  bare,
  contents,
  copyOf,
  hashOf,
  type Difference,
  type Form,
  type Kept,
  type Leaf,
  leaves,
  seek,
  type Store,
  there,
  under,
  withName,
  write,
} from './table-store.js'

export type { Form, Kept } from './table-store.js'

/** A map from strings to `V`, which has no undefined in it. Iterates, prints and compares as its entries. */
export interface Table<V> extends Iterable<readonly [key: string, value: V]> {
  readonly size: number
  readonly words: Words
}

/** The table with nothing in it. Whoever chooses the keys must not be able to guess `secret`. */
export const empty = <V>(secret: Secret): Table<V> => emptyIn<V, Leaf<V>>(secret, leaves as Form<V, Leaf<V>>)

/** The table with nothing in it that keeps its values in a form of its own. */
export const emptyIn = <V, K extends Kept>(secret: Secret, form: Form<V, K>): Table<V> => {
  const [first, second] = derive(secret, 'table')
  const words: Words = [first, second]
  return new Version<V>(words, 0, bare(form as unknown as Form<V, Kept>, words))
}

/** The table with nothing in it, under the secret of another one. */
export const emptyLike = <V>(table: Table<unknown>): Table<V> =>
  new Version<V>(table.words, 0, bare(leaves as unknown as Form<V, Kept>, table.words))

/** How many keys there are. */
export const size = (table: Table<unknown>): number => table.size

/** The value of `key`, or undefined. */
export const get =
  (key: string) =>
  <V>(table: Table<V>): V | undefined =>
    find(table, key)

/** `get` without a function in between, for what every message goes through. */
export const find = <V>(table: Table<V>, key: string): V | undefined => {
  if (table.size === 0) return undefined
  const store = Version.store(table)
  const kept = seek(store, key)
  return kept === undefined ? undefined : store.form.valueOf(kept, store)
}

/** The value with that name, or undefined; of several the one whose key is the least. */
export const named = <V>(table: Table<V>, name: string): V | undefined => {
  if (table.size === 0) return undefined
  const store = Version.store(table)
  const kept = withName(store, name)
  return kept === undefined ? undefined : store.form.valueOf(kept, store)
}

/** The table in which `key` has `value`; the very same table if it has it already. */
export const set =
  <V>(key: string, value: V) =>
  (table: Table<V>): Table<V> =>
    put(table, key, value)

/** `set` without a function in between. */
export const put = <V>(table: Table<V>, key: string, value: V): Table<V> => {
  if (table.size === 0) return Version.first(table, key, value)
  const store = Version.store(table)
  const before = seek(store, key)
  const kept = store.form.keep(key, value, before, store)
  return kept === before ? table : Version.next(table, { hash: store.hash, key, kept: before }, kept)
}

/** The table without `key`; the very same table if it has none. */
export const remove =
  (key: string) =>
  <V>(table: Table<V>): Table<V> =>
    drop(table, key)

/** `remove` without a function in between. */
export const drop = <V>(table: Table<V>, key: string): Table<V> => {
  if (table.size === 0) return table
  const store = Version.store(table)
  const kept = seek(store, key)
  return kept === undefined ? table : Version.next(table, { hash: store.hash, key, kept }, undefined)
}

/** Whether something is a table. */
export const isTable = (thing: object): thing is Table<unknown> => thing instanceof Version

/** The same entries in a store of their own: what becomes of either table no longer concerns the other. */
export const copy = <V>(table: Table<V>): Table<V> => (table.size === 0 ? table : Version.copy(table))

/**
 * The same table without a past. To read `table` itself, or a version before it, is an error from then on, so this is for who has
 * the only reference to them. Otherwise a garbage collector that looks at young objects first keeps whatever an old version
 * leads to that nobody has any more: every write since the last time that it looked at all of them.
 */
export const forget = <V>(table: Table<V>): Table<V> => (table.size === 0 ? table : Version.forget(table))

/** Every key with its value, by key in ascending order. Not for what happens with every message. */
export const entries = <V>(table: Table<V>): readonly (readonly [key: string, value: V])[] => {
  const store = Version.store(table)
  const { form } = store
  return contents(store)
    .map((kept): readonly [string, V] => [form.keyOf(kept, store), form.valueOf(kept, store)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Every key, in ascending order. */
export const keys = (table: Table<unknown>): readonly string[] => entries(table).map(([key]) => key)

/** How many names lead to values, as their index counts them: whether it keeps any too long shows in no other way. */
export const names = (table: Table<unknown>): number =>
  Version.store(table).names.reduce((sum, { size }) => sum + size, 0)

/** How many entries `get(key)` looks at: the cost of a key, as a number that has no noise. */
export const visits =
  (key: string) =>
  (table: Table<unknown>): number => {
    const store = Version.store(table)
    const same = under(store, hashOf(store.words, key))
    const at = same.findIndex((kept) => store.form.is(kept, key, store))
    return at < 0 ? same.length : at + 1
  }

class Version<V> implements Table<V> {
  readonly words: Words
  readonly size: number
  /** The store, in the one version that it has the contents of. */
  #store: Store<V> | undefined
  /** Else in what this version differs from another, which is nearer to the store. */
  #difference: Difference | undefined
  #nearer: Version<V> | undefined

  constructor(words: Words, size: number, store: Store<V>) {
    this.words = words
    this.size = size
    this.#store = store
    this.#difference = undefined
    this.#nearer = undefined
  }

  /** The store with the contents of `table`. */
  static store<V>(table: Table<V>): Store<V> {
    const version = table as Version<V>
    return version.#store ?? Version.#reroot(version)
  }

  /** What follows an empty table has a store of its own: so an empty table, which many keep for long, leads to no other. */
  static first<V>(table: Table<V>, key: string, value: V): Version<V> {
    const { form, words } = Version.store(table)
    const store = bare(form, words)
    seek(store, key)
    const kept = form.keep(key, value, undefined, store)
    write(store, store.hash, key, kept)
    return new Version(words, 1, store)
  }

  /** The version after `table`, which has the store. `before` is what it has of a key and the next has not. */
  static next<V>(table: Table<V>, before: Difference, kept: Kept | undefined): Version<V> {
    const version = table as Version<V>
    const { words, size } = version
    const store = version.#store as Store<V>
    write(store, before.hash, before.key, kept)
    const more = before.kept === undefined ? 1 : kept === undefined ? -1 : 0
    const next = new Version(words, size + more, store)
    version.#store = undefined
    version.#difference = before
    version.#nearer = next
    return next
  }

  static copy<V>(table: Table<V>): Version<V> {
    return new Version(table.words, table.size, copyOf(Version.store(table)))
  }

  static forget<V>(table: Table<V>): Version<V> {
    const version = table as Version<V>
    const store = Version.store(version)
    store.slabs.forget()
    version.#store = undefined
    return new Version(version.words, version.size, store)
  }

  /** Takes the store from the version that has it to `target`, turning the way around. */
  static #reroot<V>(target: Version<V>): Store<V> {
    const way: Version<V>[] = []
    let from = target
    for (; from.#nearer !== undefined; from = from.#nearer) way.push(from)
    const store = from.#store
    // eslint-disable-next-line functional/no-throw-statements -- a fault of the program, as `forget` says
    if (store === undefined) throw new TypeError('a version of a table that was forgotten')
    for (let i = way.length - 1; i >= 0; i--) {
      const to = way[i] as Version<V>
      const difference = to.#difference as Difference
      const { hash, key } = difference
      from.#difference = { hash, key, kept: there(store, hash, key) }
      write(store, hash, key, difference.kept)
      from.#nearer = to
      from.#store = undefined
      to.#difference = undefined
      to.#nearer = undefined
      to.#store = store
      from = to
    }
    return store
  }

  [Symbol.iterator](): Iterator<readonly [key: string, value: V]> {
    return entries(this)[Symbol.iterator]()
  }

  toJSON(): unknown {
    return entries(this)
  }
}
