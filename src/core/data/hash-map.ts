/**
 * Maps from hashes of 32 bits to numbers of 32 bits, which tables are made of. A hash lies with its number at the place that its
 * upper bits name or behind it (open addressing, linear probing), so a look-up in a map of any size waits for memory once, and
 * there is nothing in it for a garbage collector to look at. An engine's own maps are copied each time they have filled up with
 * what was removed, which for a table of transactions is all the time.
 */

/** A hash: 32 bits with sign, and never 0, which marks a free place. */
export type Hash = number

/** Hashes with a number each, written in place. */
export interface HashMap {
  /** How many there are. */
  size: number
  /** At an even place a hash, behind it its number. */
  pairs: Int32Array
}

/** A map with nothing in it. */
export const hashMap = (length: number = LEAST): HashMap => ({ size: 0, pairs: new Int32Array(length * 2) })

/** The same in an array of its own. */
export const copy = ({ size, pairs }: HashMap): HashMap => ({ size, pairs: pairs.slice() })

/** All hashes with their numbers. */
export const entries = ({ pairs }: HashMap): readonly (readonly [hash: Hash, value: number])[] => {
  const all: (readonly [Hash, number])[] = []
  for (let i = 0; i < pairs.length; i += 2)
    if (pairs[i] !== 0) all.push([pairs[i] as Hash, pairs[i + 1] as number])
  return all
}

/** The first place of a hash, or -1. */
export const first = ({ pairs }: HashMap, hash: Hash): number =>
  from(pairs, hash, home(hash, pairs.length - 1))

/** The next place of the hash that is at `place`, or -1. */
export const after = ({ pairs }: HashMap, place: number): number =>
  from(pairs, pairs[place] as Hash, (place + 2) & (pairs.length - 1))

/** The number of the hash at a place. */
export const valueAt = ({ pairs }: HashMap, place: number): number => pairs[place + 1] as number

/** Gives the hash at a place another number. */
export const setAt = ({ pairs }: HashMap, place: number, value: number): void => {
  pairs[place + 1] = value
}

/** Gives a hash one more number, and answers its place. */
export const add = (map: HashMap, hash: Hash, value: number): number => {
  const { length } = map.pairs
  if (map.size * 16 >= length * 5) resize(map, length)
  map.size++
  return put(map.pairs, hash, value)
}

/** Takes out what is at a place; nothing for -1. Others may lie elsewhere then. Answers -1. */
export const removeAt = (map: HashMap, place: number): -1 => {
  if (place < 0) return -1
  const { pairs } = map
  const mask = pairs.length - 1
  let free = place
  // What lies behind moves up, as far as it does not come to lie in front of where it is looked for.
  for (let i = (free + 2) & mask; pairs[i] !== 0; i = (i + 2) & mask)
    if (((i - home(pairs[i] as Hash, mask)) & mask) >= ((i - free) & mask)) {
      pairs[free] = pairs[i] as Hash
      pairs[free + 1] = pairs[i + 1] as number
      free = i
    }
  pairs[free] = 0
  map.size--
  if (mask >= LEAST * 2 && map.size * 16 <= mask) resize(map, pairs.length / 4)
  return -1
}

const LEAST = 8

/** Where a hash would like to be. Its lowest bits may be the same in all that one map has. */
const home = (hash: Hash, mask: number): number => (hash >>> 7) & mask & ~1

/** The first place of a hash from `start` on, or -1 when a free one comes before it. */
const from = (pairs: Int32Array, hash: Hash, start: number): number => {
  const mask = pairs.length - 1
  for (let i = start; ; i = (i + 2) & mask) {
    if (pairs[i] === hash) return i
    if (pairs[i] === 0) return -1
  }
}

const put = (pairs: Int32Array, hash: Hash, value: number): number => {
  const mask = pairs.length - 1
  let i = home(hash, mask)
  while (pairs[i] !== 0) i = (i + 2) & mask
  pairs[i] = hash
  pairs[i + 1] = value
  return i
}

/** The same in an array for so many. */
const resize = (map: HashMap, length: number): void => {
  const { pairs } = hashMap(length)
  for (let i = 0; i < map.pairs.length; i += 2)
    if (map.pairs[i] !== 0) put(pairs, map.pairs[i] as Hash, map.pairs[i + 1] as number)
  map.pairs = pairs
}
