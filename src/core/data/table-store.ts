/**
 * The store of a table: maps from the hash of a key to what is kept of it, written in place. Its versions see to it that
 * nobody notices (table.ts).
 */
import * as HashMap from './hash-map.js'
import type { Hash } from './hash-map.js'
import { hash32, type Words } from './half-sip-hash.js'
import { type Slab, Slabs, share } from './slab.js'

/**
 * How a table keeps a value: as something that tells its own key, so that nothing else has to stand beside it. What is kept
 * for long can be smaller than what is worked with.
 */
export interface Form<V, Kept extends object> {
  /** What is kept of `value` under `key`; `before`, what is kept there now, when that is the same. */
  readonly keep: (key: string, value: V, before: Kept | undefined, slabs: Slabs) => Kept
  readonly keyOf: (kept: Kept) => string
  /** Whether what is kept has that key. */
  readonly is: (kept: Kept, key: string) => boolean
  readonly valueOf: (kept: Kept) => V
  /** Another name that a value may have from its first `set` to its `remove`, by which `named` finds it. */
  readonly name?: {
    readonly of: (kept: Kept) => string | undefined
    readonly is: (kept: Kept, name: string) => boolean
  }
  /** Where octets of it lie, if they lie in a slab. */
  readonly slabOf?: (kept: Kept) => Slab | undefined
}

/** One map, or many by the lowest bits of the hash: a map that grows is copied, and many small ones never all at once. */
export interface Store<V> {
  readonly form: Form<V, object>
  /** The words that hashes are made with. */
  readonly words: Words
  shards: HashMap.HashMap<object>[]
  /** From the hash of a name to that of its key; empty where values have no names. */
  names: HashMap.HashMap<Hash>[]
  mask: number
  readonly slabs: Slabs
  /** What was sought last, its hash, and what is kept of it: what comes next is nearly always about the same key. */
  key: string | undefined
  hash: Hash
  found: object | undefined
}

/** What is kept of a key in one version and not in the next; undefined for none. */
export interface Difference {
  readonly hash: Hash
  readonly key: string
  readonly kept: object | undefined
}

/** A store with nothing in it. */
export const bare = <V>(form: Form<V, object>, words: Words): Store<V> => ({
  form,
  words,
  shards: [HashMap.hashMap()],
  names: form.name === undefined ? [] : [HashMap.hashMap()],
  mask: 0,
  slabs: form.slabOf === undefined ? unused : new Slabs(),
  key: undefined,
  hash: 0,
  found: undefined,
})

/** The slabs of every table whose values lie in none: most tables come and go with a call. */
const unused: Slabs = /* @__PURE__ */ new Slabs()

/** Another store with the same contents. */
export const copyOf = <V>({ form, words, shards, names, mask }: Store<V>): Store<V> => {
  if (form.slabOf !== undefined)
    for (const kept of contents(shards)) {
      const slab = form.slabOf(kept)
      if (slab !== undefined) share(slab)
    }
  return {
    form,
    words,
    shards: shards.map(HashMap.copy),
    names: names.map(HashMap.copy),
    mask,
    slabs: form.slabOf === undefined ? unused : new Slabs(),
    key: undefined,
    hash: 0,
    found: undefined,
  }
}

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
export const seek = <V>(store: Store<V>, key: string): object | undefined => {
  if (store.key !== key) {
    store.hash = hashOf(store.words, key)
    store.key = key
    store.found = there(store, store.hash, key)
  }
  return store.found
}

/** What is kept of a key that has that hash. */
export const there = <V>({ form, shards, mask }: Store<V>, hash: Hash, key: string): object | undefined => {
  const shard = shards[hash & mask] as HashMap.HashMap<object>
  const place = placeIn(shard, form, hash, key)
  return place < 0 ? undefined : shard.values[place]
}

/** Where it lies in the one shard that could have it, or -1. */
const placeIn = <V>(
  shard: HashMap.HashMap<object>,
  form: Form<V, object>,
  hash: Hash,
  key: string,
): number => {
  let place = HashMap.first(shard, hash)
  while (place >= 0 && !form.is(shard.values[place] as object, key)) place = HashMap.after(shard, place)
  return place
}

/** The hash of a key or a name. */
export const hashOf = (words: Words, text: string): Hash => hash32(words, text) || 1

/** Everything that is kept under that hash, whatever its key. */
export const under = <V>({ shards, mask }: Store<V>, hash: Hash): readonly object[] => {
  const shard = shards[hash & mask] as HashMap.HashMap<object>
  const found: object[] = []
  for (let i = HashMap.first(shard, hash); i >= 0; i = HashMap.after(shard, i))
    found.push(shard.values[i] as object)
  return found
}

/** What has that name; of several that with the least key. */
export const withName = <V>(store: Store<V>, text: string): object | undefined => {
  const { form, names, mask, words } = store
  const hash = hashOf(words, text)
  const pairs = names[hash & mask]
  let least: object | undefined
  if (pairs === undefined) return undefined
  for (let i = HashMap.first(pairs, hash); i >= 0; i = HashMap.after(pairs, i))
    for (const kept of under(store, pairs.values[i] as Hash))
      if (form.name?.is(kept, text) === true && (least === undefined || form.keyOf(kept) < form.keyOf(least)))
        least = kept
  return least
}

/** Keeps `kept` of a key, or nothing. */
export const write = <V>(
  store: Store<V>,
  { hash, key }: Pick<Difference, 'hash' | 'key'>,
  kept: object | undefined,
): void => {
  const { form, shards, mask } = store
  const shard = shards[hash & mask] as HashMap.HashMap<object>
  const place = placeIn(shard, form, hash, key)
  const before = place < 0 ? undefined : shard.values[place]
  if (kept === undefined) HashMap.removeAt(shard, place)
  else if (place < 0) HashMap.add(shard, hash, kept)
  else shard.values[place] = kept
  store.key = key
  store.hash = hash
  store.found = kept
  if (form.slabOf !== undefined) move(store, before, kept)
  if (form.name !== undefined) {
    if (before === undefined) name(store, hash, form.name.of(kept as object), true)
    else if (kept === undefined) name(store, hash, form.name.of(before), false)
  }
  if (mask === 0 && shard.size >= SHARDS * FULL) split(store)
}

/** Tells the slabs that `kept` has taken the place of `before`. */
const move = <V>({ form, slabs }: Store<V>, before: object | undefined, kept: object | undefined): void => {
  const from = before === undefined ? undefined : form.slabOf?.(before)
  const to = kept === undefined ? undefined : form.slabOf?.(kept)
  if (to !== undefined) slabs.came(to)
  if (from !== undefined) slabs.went(from)
}

/** What is kept under `hash` has that name from now on, or no longer. */
const name = <V>(
  { names, mask, words }: Store<V>,
  hash: Hash,
  text: string | undefined,
  has: boolean,
): void => {
  if (text === undefined) return
  const at = hashOf(words, text)
  const pairs = names[at & mask] as HashMap.HashMap<Hash>
  if (has) {
    HashMap.add(pairs, at, hash)
    return
  }
  let place = HashMap.first(pairs, at)
  while (place >= 0 && pairs.values[place] !== hash) place = HashMap.after(pairs, place)
  HashMap.removeAt(pairs, place)
}

/** All that is kept. */
export const contents = (shards: Store<unknown>['shards']): readonly object[] =>
  shards.flatMap((shard) => HashMap.entries(shard).map(([, kept]) => kept))

const split = <V>(store: Store<V>): void => {
  store.mask = SHARDS - 1
  store.shards = spread(store.shards[0])
  if (store.names.length > 0) store.names = spread(store.names[0])
}

const spread = <A>(one: HashMap.HashMap<A> | undefined): HashMap.HashMap<A>[] => {
  const many = Array.from({ length: SHARDS }, () => HashMap.hashMap<A>())
  for (const [hash, value] of one === undefined ? [] : HashMap.entries(one))
    HashMap.add(many[hash & (SHARDS - 1)] as HashMap.HashMap<A>, hash, value)
  return many
}

/** A single map becomes this many when it has this many entries for each. */
const SHARDS = 256
const FULL = 16
