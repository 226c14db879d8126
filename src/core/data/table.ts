/**
 * A persistent map from strings to values: `set` and `remove` answer a new table in O(log32 n) and leave the old
 * one readable. Peers choose the keys of a stack's tables, so the hash is keyed (half-sip-hash.ts): who does not
 * know the secret cannot find keys that fall together.
 *
 * It is a hash trie. A branch has up to 32 slots, one for each value of five bits of the hash, packed under a
 * mask; keys that agree in all 32 bits share a collision node. The shape depends on contents and secret, never on
 * the history: tables with equal contents are deeply equal. Snapshots take `entries`, not the table.
 */
import { hash32, type Words } from './half-sip-hash.js'
import { derive, type Secret } from './hash.js'

/** A map from strings to `V`, which has no undefined in it. Everything but `size` is this file's business. */
export interface Table<V> {
  readonly size: number
  readonly words: Words
  readonly root: Branch<V>
}

interface Branch<V> {
  readonly mask: number
  readonly slots: readonly Node<V>[]
}

interface Leaf<V> {
  readonly hash: number
  readonly key: string
  readonly value: V
}

/** Two or more leaves of one hash, by key in ascending order. */
interface Collision<V> {
  readonly hash: number
  readonly leaves: readonly Leaf<V>[]
}

type Node<V> = Branch<V> | Leaf<V> | Collision<V>

/** The table with nothing in it. Whoever chooses the keys must not be able to guess `secret`. */
export const empty = <V>(secret: Secret): Table<V> => {
  const [first, second] = derive(secret, 'table')
  return { size: 0, words: [first, second], root: bare }
}

/** The table with nothing in it, under the secret of another one. */
export const emptyLike = <V>(table: Table<unknown>): Table<V> => ({ size: 0, words: table.words, root: bare })

/** How many keys there are. */
export const size = (table: Table<unknown>): number => table.size

/** The value of `key`, or undefined. */
export const get =
  (key: string) =>
  <V>(table: Table<V>): V | undefined => {
    const hash = hash32(table.words, key)
    let node: Node<V> | undefined = table.root
    for (let shift = 0; node !== undefined && 'mask' in node; shift += BITS) node = child(node, hash, shift)
    return node === undefined || 'mask' in node ? undefined : leafOf(node, key)?.value
  }

/** The table in which `key` has `value`; the very same table if it has it already. */
export const set =
  <V>(key: string, value: V) =>
  (table: Table<V>): Table<V> => {
    const hash = hash32(table.words, key)
    const path: Branch<V>[] = []
    const node = descend(table.root, hash, path)
    const found = node === undefined ? undefined : leafOf(node, key)
    if (found !== undefined && found.value === value) return table
    const leaf = { hash, key, value }
    const placed = node === undefined ? leaf : join(node, leaf, path.length * BITS)
    return {
      size: found === undefined ? table.size + 1 : table.size,
      words: table.words,
      root: rebuild(path, hash, placed),
    }
  }

/** The table without `key`; the very same table if it has none. */
export const remove =
  (key: string) =>
  <V>(table: Table<V>): Table<V> => {
    const hash = hash32(table.words, key)
    const path: Branch<V>[] = []
    const node = descend(table.root, hash, path)
    if (node === undefined || leafOf(node, key) === undefined) return table
    const rest = 'leaves' in node ? shrink(node, key) : undefined
    return { size: table.size - 1, words: table.words, root: rebuild(path, hash, rest) }
  }

/** Every key with its value, in the order of their hashes: of use only to those who put them elsewhere. */
export const entries = <V>(table: Table<V>): readonly (readonly [key: string, value: V])[] =>
  leaves(table.root).map(({ key, value }) => [key, value])

/** Every key. */
export const keys = (table: Table<unknown>): readonly string[] => leaves(table.root).map(({ key }) => key)

/** How many nodes and leaves `get(key)` looks at: the cost of a key, as a number that has no noise. */
export const visits =
  (key: string) =>
  (table: Table<unknown>): number => {
    const path: Branch<unknown>[] = []
    const node = descend(table.root, hash32(table.words, key), path)
    return path.length + (node === undefined ? 0 : 'leaves' in node ? node.leaves.length : 1)
  }

const BITS = 5
const bare: Branch<never> = { mask: 0, slots: [] }

const bitOf = (hash: number, shift: number): number => 1 << (hash >>> shift)

/** How many slots stand before the one of `bit`. */
const rank = (mask: number, bit: number): number => {
  let n = mask & (bit - 1)
  n -= (n >>> 1) & 0x55555555
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const child = <V>({ mask, slots }: Branch<V>, hash: number, shift: number): Node<V> | undefined => {
  const bit = bitOf(hash, shift)
  return (mask & bit) === 0 ? undefined : slots[rank(mask, bit)]
}

const leafOf = <V>(node: Leaf<V> | Collision<V>, key: string): Leaf<V> | undefined =>
  'leaves' in node ? node.leaves.find((leaf) => leaf.key === key) : node.key === key ? node : undefined

/** Goes down to where `hash` belongs and leaves the branches passed in `path`. */
const descend = <V>(root: Branch<V>, hash: number, path: Branch<V>[]): Leaf<V> | Collision<V> | undefined => {
  let node: Node<V> | undefined = root
  for (let shift = 0; node !== undefined && 'mask' in node; shift += BITS) {
    path.push(node)
    node = child(node, hash, shift)
  }
  return node
}

/** Copies the branches of `path` from the bottom up around `node`, or around the gap that it left. */
const rebuild = <V>(path: readonly Branch<V>[], hash: number, node: Node<V> | undefined): Branch<V> => {
  let below = node
  for (let level = path.length - 1; level > 0; level--)
    below = lift(replace(path[level] as Branch<V>, bitOf(hash, level * BITS), below))
  return replace(path[0] as Branch<V>, bitOf(hash, 0), below)
}

/** A branch with nothing but one leaf or collision is that: it does not stay as a detour. */
const lift = <V>(branch: Branch<V>): Node<V> => {
  const only = branch.slots[0]
  return branch.slots.length > 1 || only === undefined || 'mask' in only ? branch : only
}

const replace = <V>({ mask, slots }: Branch<V>, bit: number, node: Node<V> | undefined): Branch<V> => {
  const at = rank(mask, bit)
  const taken = (mask & bit) !== 0
  if (node === undefined) return { mask: mask ^ bit, slots: slots.filter((_, i) => i !== at) }
  if (taken) {
    const copy = slots.slice()
    copy[at] = node
    return { mask, slots: copy }
  }
  const copy = new Array<Node<V>>(slots.length + 1)
  for (let i = 0; i < at; i++) copy[i] = slots[i] as Node<V>
  copy[at] = node
  for (let i = at; i < slots.length; i++) copy[i + 1] = slots[i] as Node<V>
  return { mask: mask | bit, slots: copy }
}

/** What stands where `node` stood once `leaf` is there too, or in place of the leaf with its key. */
const join = <V>(node: Leaf<V> | Collision<V>, leaf: Leaf<V>, shift: number): Node<V> => {
  if (node.hash === leaf.hash) return merge('leaves' in node ? node.leaves : [node], leaf)
  const old = bitOf(node.hash, shift)
  const bit = bitOf(leaf.hash, shift)
  if (old === bit) return { mask: bit, slots: [join(node, leaf, shift + BITS)] }
  return { mask: old | bit, slots: old >>> 0 < bit >>> 0 ? [node, leaf] : [leaf, node] }
}

const merge = <V>(old: readonly Leaf<V>[], leaf: Leaf<V>): Leaf<V> | Collision<V> => {
  const others = old.filter(({ key }) => key !== leaf.key)
  if (others.length === 0) return leaf
  return { hash: leaf.hash, leaves: [...others, leaf].sort((a, b) => (a.key < b.key ? -1 : 1)) }
}

const shrink = <V>({ hash, leaves }: Collision<V>, key: string): Leaf<V> | Collision<V> | undefined => {
  const rest = leaves.filter((leaf) => leaf.key !== key)
  return rest.length > 1 ? { hash, leaves: rest } : rest[0]
}

const leaves = <V>(node: Node<V>): readonly Leaf<V>[] =>
  'mask' in node ? node.slots.flatMap(leaves) : 'leaves' in node ? node.leaves : [node]
