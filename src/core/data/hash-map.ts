/**
 * Maps from hashes of 32 bits, which tables are made of. The hashes lie in one array of numbers, each at the place that its
 * upper bits name or behind it (open addressing, linear probing), so that a look-up reads one piece of memory and what a
 * collector has to look at is the values alone. An engine's own maps are copied each time they have filled up with what was
 * removed, which for a table of transactions is all the time.
 */

/** A hash: 32 bits with sign, and never 0, which marks a free place. */
export type Hash = number

/** At most one value for a hash. */
export class HashMap<A extends object> {
  size = 0
  #hashes = new Int32Array(LEAST)
  #values: (A | undefined)[] = blank(LEAST)

  /** How many hashes it could have room for, as a measure of what it takes. */
  get places(): number {
    return this.#hashes.length
  }

  get(hash: Hash): A | undefined {
    const hashes = this.#hashes
    const mask = hashes.length - 1
    for (let i = home(hash, mask); ; i = (i + 1) & mask) {
      const there = hashes[i]
      if (there === hash) return this.#values[i]
      if (there === 0) return undefined
    }
  }

  set(hash: Hash, value: A): void {
    if (this.size * 4 >= this.#hashes.length * 3) this.#resize(this.#hashes.length * 2)
    const i = this.#placeOf(hash)
    if (this.#hashes[i] === 0) {
      this.#hashes[i] = hash
      this.size++
    }
    this.#values[i] = value
  }

  delete(hash: Hash): void {
    const hashes = this.#hashes
    const values = this.#values
    let free = this.#placeOf(hash)
    if (hashes[free] === 0) return
    for (let i = next(hashes, free); i >= 0; i = next(hashes, free)) {
      hashes[free] = hashes[i] as number
      values[free] = values[i]
      free = i
    }
    hashes[free] = 0
    values[free] = undefined
    this.size--
    if (hashes.length > LEAST && this.size * 8 < hashes.length) this.#resize(hashes.length / 2)
  }

  /** All values, in no order. */
  values(): readonly A[] {
    return this.#values.filter((value): value is A => value !== undefined)
  }

  /** All hashes with their values. */
  entries(): readonly (readonly [hash: Hash, value: A])[] {
    return [...this.#hashes].flatMap((hash, i) => (hash === 0 ? [] : [[hash, this.#values[i] as A] as const]))
  }

  copy(): HashMap<A> {
    const copy = new HashMap<A>()
    copy.size = this.size
    copy.#hashes = this.#hashes.slice()
    copy.#values = this.#values.slice()
    return copy
  }

  /** Where the hash is, or could be. */
  #placeOf(hash: Hash): number {
    const hashes = this.#hashes
    const mask = hashes.length - 1
    let i = home(hash, mask)
    while (hashes[i] !== hash && hashes[i] !== 0) i = (i + 1) & mask
    return i
  }

  #resize(length: number): void {
    const hashes = this.#hashes
    const values = this.#values
    this.#hashes = new Int32Array(length)
    this.#values = blank(length)
    for (let i = 0; i < hashes.length; i++) {
      const hash = hashes[i] as number
      if (hash === 0) continue
      const at = this.#placeOf(hash)
      this.#hashes[at] = hash
      this.#values[at] = values[i]
    }
  }
}

/** Any number of hashes for a hash. */
export class HashPairs {
  size = 0
  #from = new Int32Array(LEAST)
  #to = new Int32Array(LEAST)

  /** How many pairs it could have room for. */
  get places(): number {
    return this.#from.length
  }

  /** Adds a pair; one that is there already is there twice then. */
  add(from: Hash, to: Hash): void {
    if (this.size * 4 >= this.#from.length * 3) this.#resize(this.#from.length * 2)
    this.#put(from, to)
    this.size++
  }

  delete(from: Hash, to: Hash): void {
    const froms = this.#from
    const tos = this.#to
    const mask = froms.length - 1
    let free = home(from, mask)
    while (froms[free] !== from || tos[free] !== to) {
      if (froms[free] === 0) return
      free = (free + 1) & mask
    }
    for (let i = next(froms, free); i >= 0; i = next(froms, free)) {
      froms[free] = froms[i] as number
      tos[free] = tos[i] as number
      free = i
    }
    froms[free] = 0
    this.size--
    if (froms.length > LEAST && this.size * 8 < froms.length) this.#resize(froms.length / 2)
  }

  /** The place of the first pair from that hash, or -1. */
  first(from: Hash): number {
    return this.#at(from, home(from, this.#from.length - 1))
  }

  /** The place of the next pair from the same hash as the one at `place`, or -1. */
  after(place: number): number {
    return this.#at(this.#from[place] as number, (place + 1) & (this.#from.length - 1))
  }

  /** Where the pair at `place` leads to. */
  to(place: number): Hash {
    return this.#to[place] as number
  }

  /** All pairs. */
  pairs(): readonly (readonly [from: Hash, to: Hash])[] {
    return [...this.#from].flatMap((from, i) => (from === 0 ? [] : [[from, this.#to[i] as number] as const]))
  }

  copy(): HashPairs {
    const copy = new HashPairs()
    copy.size = this.size
    copy.#from = this.#from.slice()
    copy.#to = this.#to.slice()
    return copy
  }

  /** The first place from `i` on where that hash is, or -1 if a free one comes before it. */
  #at(from: Hash, start: number): number {
    const froms = this.#from
    const mask = froms.length - 1
    let i = start
    while (froms[i] !== from) {
      if (froms[i] === 0) return -1
      i = (i + 1) & mask
    }
    return i
  }

  #put(from: Hash, to: Hash): void {
    const froms = this.#from
    const mask = froms.length - 1
    let i = home(from, mask)
    while (froms[i] !== 0) i = (i + 1) & mask
    froms[i] = from
    this.#to[i] = to
  }

  #resize(length: number): void {
    const froms = this.#from
    const tos = this.#to
    this.#from = new Int32Array(length)
    this.#to = new Int32Array(length)
    for (let i = 0; i < froms.length; i++) if (froms[i] !== 0) this.#put(froms[i] as number, tos[i] as number)
  }
}

const LEAST = 8

const blank = <A>(length: number): (A | undefined)[] => new Array<A | undefined>(length).fill(undefined)

/** Where a hash would like to be. Its lowest bits may be the same in all that one map has. */
const home = (hash: Hash, mask: number): number => (hash >>> 8) & mask

/**
 * Behind the place that is to be free the first whose hash may move there, or -1 when another free one comes before it: none may
 * come to lie in front of where it is looked for.
 */
const next = (hashes: Int32Array, free: number): number => {
  const mask = hashes.length - 1
  for (let i = (free + 1) & mask; hashes[i] !== 0; i = (i + 1) & mask)
    if (((i - home(hashes[i] as number, mask)) & mask) >= ((i - free) & mask)) return i
  return -1
}
