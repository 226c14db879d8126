/**
 * Maps from hashes of 32 bits, which tables are made of. The hashes lie in one array of numbers, each at the place that its
 * upper bits name or behind it (open addressing, linear probing), so that a look-up reads one piece of memory and what a
 * collector has to look at is the values alone. An engine's own maps are copied each time they have filled up with what was
 * removed, which for a table of transactions is all the time.
 */

/** A hash: 32 bits with sign, and never 0, which marks a free place. */
export type Hash = number

/** Hashes with a value each, written in place. */
export interface HashMap<A> {
  /** How many values there are. */
  size: number
  hashes: Int32Array
  values: (A | undefined)[]
}

/** A map with nothing in it. */
export const hashMap = <A>(length: number = LEAST): HashMap<A> => ({
  size: 0,
  hashes: new Int32Array(length),
  values: new Array<A | undefined>(length).fill(undefined),
})

/** The same in arrays of its own. */
export const copy = <A>({ size, hashes, values }: HashMap<A>): HashMap<A> => ({
  size,
  hashes: hashes.slice(),
  values: values.slice(),
})

/** All hashes with their values. */
export const entries = <A>({ hashes, values }: HashMap<A>): readonly (readonly [hash: Hash, value: A])[] =>
  values.flatMap((value, place) => (value === undefined ? [] : [[hashes[place] as Hash, value] as const]))

/** The first place of a hash, or -1. */
export const first = ({ hashes }: HashMap<unknown>, hash: Hash): number =>
  from(hashes, hash, home(hash, hashes.length - 1))

/** The next place of the hash that is at `place`, or -1. */
export const after = ({ hashes }: HashMap<unknown>, place: number): number =>
  from(hashes, hashes[place] as Hash, (place + 1) & (hashes.length - 1))

/** The value of a hash: the first, where it has several. */
export const get = <A>(map: HashMap<A>, hash: Hash): A | undefined => {
  const place = first(map, hash)
  return place < 0 ? undefined : map.values[place]
}

/** Gives a hash its only value. */
export const set = <A>(map: HashMap<A>, hash: Hash, value: A): void => {
  const place = first(map, hash)
  if (place < 0) add(map, hash, value)
  else map.values[place] = value
}

/** Gives a hash one more value, and answers its place. */
export const add = <A>(map: HashMap<A>, hash: Hash, value: A): number => {
  const { length } = map.hashes
  if (map.size * 4 >= length * 3) resize(map, length * 2)
  map.size++
  return put(map, hash, value)
}

/** Takes out what is at a place; nothing for -1. Others may lie elsewhere then. Answers -1. */
export const removeAt = (map: HashMap<unknown>, place: number): -1 => {
  if (place < 0) return -1
  const { hashes, values } = map
  const mask = hashes.length - 1
  let free = place
  // What lies behind moves up, as far as it does not come to lie in front of where it is looked for.
  for (let i = (free + 1) & mask; hashes[i] !== 0; i = (i + 1) & mask)
    if (((i - home(hashes[i] as Hash, mask)) & mask) >= ((i - free) & mask)) {
      hashes[free] = hashes[i] as Hash
      values[free] = values[i]
      free = i
    }
  hashes[free] = 0
  values[free] = undefined
  map.size--
  if (mask >= LEAST && map.size * 8 <= mask) resize(map, hashes.length / 2)
  return -1
}

const LEAST = 8

/** Where a hash would like to be. Its lowest bits may be the same in all that one map has. */
const home = (hash: Hash, mask: number): number => (hash >>> 8) & mask

/** The first place of a hash from `start` on, or -1 when a free one comes before it. */
const from = (hashes: Int32Array, hash: Hash, start: number): number => {
  const mask = hashes.length - 1
  for (let i = start; ; i = (i + 1) & mask) {
    if (hashes[i] === hash) return i
    if (hashes[i] === 0) return -1
  }
}

const put = <A>({ hashes, values }: HashMap<A>, hash: Hash, value: A): number => {
  const mask = hashes.length - 1
  let i = home(hash, mask)
  while (hashes[i] !== 0) i = (i + 1) & mask
  hashes[i] = hash
  values[i] = value
  return i
}

const resize = <A>(map: HashMap<A>, length: number): void => {
  const { hashes, values } = map
  const next = hashMap<A>(length)
  for (let i = 0; i < hashes.length; i++) if (hashes[i] !== 0) put(next, hashes[i] as Hash, values[i] as A)
  map.hashes = next.hashes
  map.values = next.values
}
