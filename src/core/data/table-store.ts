/**
 * The store of a table: maps from the hash of a key to what is kept of it, written in place. Its versions see to it that
 * nobody notices (table.ts).
 */
import * as HashMap from './hash-map.js'
import type { Hash } from './hash-map.js'
import { hash32, type Words } from './half-sip-hash.js'
import { type Place, Slabs } from './slab.js'

/** What stands in the map: a thing of its own, or the place of a record in the table's slabs. */
export type Kept = object | Place

/**
 * How a table keeps a value: as something that tells its own key, so that nothing else has to stand beside it. What is kept
 * for long can be smaller than what is worked with.
 */
export interface Form<V, K extends Kept> {
  /** What is kept of `value` under `key`; `before`, what is kept there now, when that is the same. */
  readonly keep: (key: string, value: V, before: K | undefined, keeper: Keeper) => K
  readonly keyOf: (kept: K, keeper: Keeper) => string
  /** Whether what is kept has that key. */
  readonly is: (kept: K, key: string, keeper: Keeper) => boolean
  readonly valueOf: (kept: K, keeper: Keeper) => V
  /** Whether some values are records in slabs. */
  readonly records?: true
  /** Another name that a value may have from its first `set` to its `remove`, by which `named` finds it. */
  readonly name?: {
    /** The hash of the name (`hashOfName`), or undefined for none. */
    readonly hash: (kept: K, keeper: Keeper) => Hash | undefined
    readonly is: (kept: K, name: string, keeper: Keeper) => boolean
  }
}

/** What of its store a form may use. */
export interface Keeper {
  /** The words that hashes are made with. */
  readonly words: Words
  readonly slabs: Slabs
}

/** One map, or many by the lowest bits of the hash: a map that grows is copied, and many small ones never all at once. */
export interface Store<V> extends Keeper {
  readonly form: Form<V, Kept>
  shards: HashMap.HashMap[]
  /** From the hash of a name to that of its key; empty where values have no names. */
  names: HashMap.HashMap[]
  mask: number
  /** What is kept and is no record; a map has its place here below zero (`~place`). And the places that are free. */
  readonly things: (object | undefined)[]
  readonly free: number[]
  /** What was sought last, its hash, and where it lies in its map or -1: what comes next is nearly always about the same key. */
  key: string | undefined
  hash: Hash
  place: number
  /** The name that was hashed last, and its hash: what begins and changes in one step has it hashed three times. */
  name: string | undefined
  nameHash: Hash
}

/** What is kept of a key in one version and not in the next; undefined for none. */
export interface Difference {
  readonly hash: Hash
  readonly key: string
  readonly kept: Kept | undefined
}

/** A store with nothing in it. */
export const bare = <V>(form: Form<V, Kept>, words: Words): Store<V> => ({
  form,
  words,
  shards: [HashMap.hashMap()],
  names: form.name === undefined ? [] : [HashMap.hashMap()],
  mask: 0,
  things: [],
  free: [],
  slabs: form.records === true ? new Slabs() : unused,
  key: undefined,
  hash: 0,
  place: -1,
  name: undefined,
  nameHash: 0,
})

/** The slabs of every table without records: most tables come and go with a call. */
const unused: Slabs = /* @__PURE__ */ new Slabs()

/** Another store with the same contents. */
export const copyOf = <V>({ form, words, shards, names, mask, things, free, slabs }: Store<V>): Store<V> => ({
  form,
  words,
  shards: shards.map(HashMap.copy),
  names: names.map(HashMap.copy),
  mask,
  things: things.slice(),
  free: free.slice(),
  slabs: form.records === true ? slabs.share() : unused,
  key: undefined,
  hash: 0,
  place: -1,
  name: undefined,
  nameHash: 0,
})

/** A key and its value. */
export interface Leaf<V> {
  readonly key: string
  readonly value: V
}

/** The form of a table whose values do not tell their keys. */
export const leaves: Form<unknown, Leaf<unknown>> = {
  keep: (key, value, before) => (before !== undefined && before.value === value ? before : { key, value }),
  keyOf: (leaf) => leaf.key,
  is: (leaf, key) => leaf.key === key,
  valueOf: (leaf) => leaf.value,
}

/** What is kept of `key`, whose hash is `store.hash` then. */
export const seek = <V>(store: Store<V>, key: string): Kept | undefined => {
  if (store.key !== key) sought(store, hashOf(store.words, key), key)
  return store.place < 0 ? undefined : at(store, shardOf(store, store.hash), store.place)
}

/** What is kept of a key that has that hash. */
export const there = <V>(store: Store<V>, hash: Hash, key: string): Kept | undefined => {
  if (store.key !== key) sought(store, hash, key)
  return seek(store, key)
}

const sought = <V>(store: Store<V>, hash: Hash, key: string): void => {
  const { form } = store
  const shard = shardOf(store, hash)
  let place = HashMap.first(shard, hash)
  while (place >= 0 && !form.is(at(store, shard, place), key, store)) place = HashMap.after(shard, place)
  store.key = key
  store.hash = hash
  store.place = place
}

const shardOf = <V>({ shards, mask }: Store<V>, hash: Hash): HashMap.HashMap =>
  shards[hash & mask] as HashMap.HashMap

/** What is kept at a place in a map. */
const at = <V>({ things }: Store<V>, shard: HashMap.HashMap, place: number): Kept =>
  keptAs(things, HashMap.valueAt(shard, place))

/** What a number in a map stands for. */
const keptAs = (things: readonly (object | undefined)[], number: number): Kept =>
  number < 0 ? (things[~number] as object) : number

/** The hash of a key or a name. */
export const hashOf = (words: Words, text: string): Hash => hash32(words, text) || 1

/** The hash of a name. */
export const hashOfName = (keeper: Keeper, name: string): Hash => {
  const store = keeper as Store<unknown>
  if (store.name !== name) {
    store.nameHash = hashOf(store.words, name)
    store.name = name
  }
  return store.nameHash
}

/** Everything that is kept under that hash, whatever its key. */
export const under = <V>(store: Store<V>, hash: Hash): readonly Kept[] => {
  const shard = shardOf(store, hash)
  const found: Kept[] = []
  for (let i = HashMap.first(shard, hash); i >= 0; i = HashMap.after(shard, i))
    found.push(at(store, shard, i))
  return found
}

/** What has that name; of several that with the least key. */
export const withName = <V>(store: Store<V>, text: string): Kept | undefined => {
  const { form, names, mask } = store
  const hash = hashOfName(store, text)
  const pairs = names[hash & mask]
  if (pairs === undefined) return undefined
  let least: Kept | undefined
  for (let i = HashMap.first(pairs, hash); i >= 0; i = HashMap.after(pairs, i))
    for (const kept of under(store, HashMap.valueAt(pairs, i)))
      if (
        form.name?.is(kept, text, store) === true &&
        (least === undefined || form.keyOf(kept, store) < form.keyOf(least, store))
      )
        least = kept
  return least
}

/** Keeps `kept` of a key, or nothing. */
export const write = <V>(store: Store<V>, hash: Hash, key: string, kept: Kept | undefined): void => {
  const before = there(store, hash, key)
  const { form, mask, slabs, place } = store
  const shard = shardOf(store, hash)
  if (before !== undefined && kept !== undefined) {
    const number = HashMap.valueAt(shard, place)
    if (number < 0 && typeof kept !== 'number') store.things[~number] = kept
    else {
      leave(store, number)
      HashMap.setAt(shard, place, enter(store, kept))
    }
  } else if (kept !== undefined) {
    if (form.name !== undefined) rename(store, hash, form.name.hash(kept, store), true)
    store.place = HashMap.add(shard, hash, enter(store, kept))
  } else if (before !== undefined) {
    if (form.name !== undefined) rename(store, hash, form.name.hash(before, store), false)
    leave(store, HashMap.valueAt(shard, place))
    store.place = HashMap.removeAt(shard, place)
  }
  if (typeof kept === 'number') slabs.came(kept)
  if (typeof before === 'number') slabs.went(before)
  if (mask === 0 && shard.size >= SHARDS * FULL) split(store)
}

/** The number that stands for `kept` in a map from now on. */
const enter = <V>({ things, free }: Store<V>, kept: Kept): number => {
  if (typeof kept === 'number') return kept
  const place = free.pop() ?? things.length
  things[place] = kept
  return ~place
}

/** Nothing stands for that number in a map any more. */
const leave = <V>({ things, free }: Store<V>, number: number): void => {
  if (number >= 0) return
  things[~number] = undefined
  free.push(~number)
}

/** What is kept under `hash` has a name of that hash from now on, or no longer. */
const rename = <V>({ names, mask }: Store<V>, hash: Hash, at: Hash | undefined, has: boolean): void => {
  if (at === undefined) return
  const pairs = names[at & mask] as HashMap.HashMap
  if (has) {
    HashMap.add(pairs, at, hash)
    return
  }
  let place = HashMap.first(pairs, at)
  while (place >= 0 && HashMap.valueAt(pairs, place) !== hash) place = HashMap.after(pairs, place)
  HashMap.removeAt(pairs, place)
}

/** All that is kept. */
export const contents = <V>({ shards, things }: Store<V>): readonly Kept[] =>
  shards.flatMap((shard) => HashMap.entries(shard).map(([, number]) => keptAs(things, number)))

const split = <V>(store: Store<V>): void => {
  store.mask = SHARDS - 1
  store.key = undefined
  store.shards = spread(store.shards[0])
  if (store.names.length > 0) store.names = spread(store.names[0])
}

const spread = (one: HashMap.HashMap | undefined): HashMap.HashMap[] => {
  const many = Array.from({ length: SHARDS }, () => HashMap.hashMap())
  for (const [hash, value] of one === undefined ? [] : HashMap.entries(one))
    HashMap.add(many[hash & (SHARDS - 1)] as HashMap.HashMap, hash, value)
  return many
}

/** A single map becomes this many when it has this many entries for each. */
const SHARDS = 256
const FULL = 16
