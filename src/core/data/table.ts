/**
 * A persistent map from strings to values: `set` and `remove` answer a new table and leave the old one readable.
 * Peers choose the keys of a stack's tables, so the hash is keyed (half-sip-hash.ts): who does not know the secret
 * cannot find keys that fall together.
 *
 * All versions of a table share one store of native maps, which has the contents of the version that was used last;
 * every other version knows in what one key differs from the next (H. G. Baker: Shallow Binding Makes Functional
 * Arrays Fast). The newest version, which is the one that a running stack uses, costs what the native map costs; going
 * back to an older one costs as many steps as there are writes in between, and who keeps an old version keeps what was
 * written since. Nobody outside can tell otherwise: every version reads the same for ever, and the order of `entries`
 * follows from the keys, never from the history.
 */
import { hash32, type Words } from './half-sip-hash.js'
import { derive, type Secret } from './hash.js'

/** A map from strings to `V`, which has no undefined in it. Iterates, prints and compares as its entries. */
export interface Table<V> extends Iterable<readonly [key: string, value: V]> {
  readonly size: number
  readonly words: Words
}

/** The table with nothing in it. Whoever chooses the keys must not be able to guess `secret`. */
export const empty = <V>(secret: Secret): Table<V> => {
  const [first, second] = derive(secret, 'table')
  return new Version<V>([first, second], 0, bare())
}

/** The table with nothing in it, under the secret of another one. */
export const emptyLike = <V>(table: Table<unknown>): Table<V> => new Version<V>(table.words, 0, bare())

/** How many keys there are. */
export const size = (table: Table<unknown>): number => table.size

/** The value of `key`, or undefined. */
export const get =
  (key: string) =>
  <V>(table: Table<V>): V | undefined =>
    table.size === 0 ? undefined : leafOf(Version.store(table), hash32(table.words, key), key)?.value

/** The table in which `key` has `value`; the very same table if it has it already. */
export const set =
  <V>(key: string, value: V) =>
  (table: Table<V>): Table<V> => {
    const hash = hash32(table.words, key)
    if (table.size === 0) return Version.first(table.words, hash, key, value)
    const before = write(Version.store(table), hash, key, value)
    if (before === value) return table
    return Version.after(table, { hash, key, value: before }, before === undefined ? 1 : 0)
  }

/** The table without `key`; the very same table if it has none. */
export const remove =
  (key: string) =>
  <V>(table: Table<V>): Table<V> => {
    if (table.size === 0) return table
    const hash = hash32(table.words, key)
    const before = write(Version.store(table), hash, key, undefined)
    return before === undefined ? table : Version.after(table, { hash, key, value: before }, -1)
  }

/** Every key with its value, by key in ascending order. Not for what happens with every message. */
export const entries = <V>(table: Table<V>): readonly (readonly [key: string, value: V])[] =>
  leavesOf(Version.store(table))
    .map(({ key, value }): readonly [string, V] => [key, value])
    .sort(([a], [b]) => (a < b ? -1 : 1))

/** Every key, in ascending order. */
export const keys = (table: Table<unknown>): readonly string[] => entries(table).map(([key]) => key)

/** How many entries `get(key)` looks at: the cost of a key, as a number that has no noise. */
export const visits =
  (key: string) =>
  (table: Table<unknown>): number => {
    let count = 0
    let leaf = shardOf(Version.store(table), hash32(table.words, key))
    for (; leaf !== undefined; leaf = leaf.key === key ? undefined : leaf.next) count++
    return count
  }

/** An entry in the store; `next` is another of the same hash. */
interface Leaf<V> {
  readonly key: string
  value: V
  next: Leaf<V> | undefined
}

/** One map, or many by the lowest bits of the hash: a map that grows is copied, and many small ones never all at once. */
interface Store<V> {
  shards: Map<number, Leaf<V>>[]
  mask: number
}

/** What a key has in one version and not in the next; undefined for none. */
interface Difference<V> {
  readonly hash: number
  readonly key: string
  readonly value: V | undefined
}

const bare = <V>(): Store<V> => ({ shards: [new Map<number, Leaf<V>>()], mask: 0 })

/** A single map becomes this many when it has this many entries for each. */
const SHARDS = 256
const FULL = 16

class Version<V> implements Table<V> {
  readonly words: Words
  readonly size: number
  /** The store, in the one version that it has the contents of. */
  #store: Store<V> | undefined
  /** Else in what this version differs from another, which is nearer to the store. */
  #difference: Difference<V> | undefined
  #nearer: Version<V> | undefined

  constructor(words: Words, size: number, store: Store<V>) {
    this.words = words
    this.size = size
    this.#store = store
    this.#difference = undefined
    this.#nearer = undefined
  }

  /** A version with one entry and a store of its own: so an empty table, which many keep for long, leads to no other. */
  static first<V>(words: Words, hash: number, key: string, value: V): Version<V> {
    const store = bare<V>()
    write(store, hash, key, value)
    return new Version(words, 1, store)
  }

  /** The store with the contents of `table`. */
  static store<V>(table: Table<V>): Store<V> {
    const version = table as Version<V>
    return version.#store ?? Version.#reroot(version)
  }

  /** The version after `table`, whose store has just been written; `difference` is what was there before. */
  static after<V>(table: Table<V>, difference: Difference<V>, more: number): Version<V> {
    const version = table as Version<V>
    const next = new Version(version.words, version.size + more, version.#store as Store<V>)
    version.#store = undefined
    version.#difference = difference
    version.#nearer = next
    return next
  }

  /** Takes the store from the version that has it to `target`, turning the way around. */
  static #reroot<V>(target: Version<V>): Store<V> {
    const way: Version<V>[] = []
    let from = target
    for (; from.#nearer !== undefined; from = from.#nearer) way.push(from)
    const store = from.#store as Store<V>
    for (let i = way.length - 1; i >= 0; i--) {
      const to = way[i] as Version<V>
      const { hash, key, value } = to.#difference as Difference<V>
      from.#difference = { hash, key, value: write(store, hash, key, value) }
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

const shardOf = <V>({ shards, mask }: Store<V>, hash: number): Leaf<V> | undefined =>
  (shards[hash & mask] as Map<number, Leaf<V>>).get(hash)

const leafOf = <V>(store: Store<V>, hash: number, key: string): Leaf<V> | undefined => {
  let leaf = shardOf(store, hash)
  while (leaf !== undefined && leaf.key !== key) leaf = leaf.next
  return leaf
}

/** Gives `key` that value, or none, and answers the one it had. */
const write = <V>(store: Store<V>, hash: number, key: string, value: V | undefined): V | undefined => {
  const shard = store.shards[hash & store.mask] as Map<number, Leaf<V>>
  const first = shard.get(hash)
  let leaf = first
  while (leaf !== undefined && leaf.key !== key) leaf = leaf.next
  if (value === undefined) {
    if (leaf === undefined) return undefined
    drop(shard, hash, first as Leaf<V>, leaf)
    return leaf.value
  }
  if (leaf !== undefined) {
    const before = leaf.value
    leaf.value = value
    return before
  }
  shard.set(hash, { key, value, next: first })
  if (store.mask === 0 && shard.size >= SHARDS * FULL) split(store)
  return undefined
}

/** Takes `leaf` out of the chain that begins with `first`. */
const drop = <V>(shard: Map<number, Leaf<V>>, hash: number, first: Leaf<V>, leaf: Leaf<V>): void => {
  if (first !== leaf) {
    let before = first
    while (before.next !== leaf) before = before.next as Leaf<V>
    before.next = leaf.next
  } else if (leaf.next === undefined) shard.delete(hash)
  else shard.set(hash, leaf.next)
}

const split = <V>(store: Store<V>): void => {
  const [all] = store.shards as [Map<number, Leaf<V>>]
  store.mask = SHARDS - 1
  store.shards = Array.from({ length: SHARDS }, () => new Map<number, Leaf<V>>())
  for (const [hash, leaf] of all) (store.shards[hash & store.mask] as Map<number, Leaf<V>>).set(hash, leaf)
}

const leavesOf = <V>({ shards }: Store<V>): Leaf<V>[] => {
  const all: Leaf<V>[] = []
  for (const shard of shards)
    for (const leaf of shard.values())
      for (let one: Leaf<V> | undefined = leaf; one !== undefined; one = one.next) all.push(one)
  return all
}
