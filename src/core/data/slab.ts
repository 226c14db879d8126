/**
 * Slabs: records of things that are kept for a while in hundreds of thousands, outside of what a garbage collector copies and
 * walks over. A record is some whole numbers of 32 bits, some others, a text, and one thing that it shares with many. The text
 * is UTF-8, since that is what a runtime writes and reads fast, and of a byte string any char comes back as it was. A slab is
 * written from its beginning to its end and never changed; once nothing in it is in the table any more, and the table has
 * forgotten its past, it is used again.
 */
import type { Bytes } from './bytes.js'

/** Where a record begins: the number of its slab, and how many times eight octets into it. */
export type Place = number

/** Some octets, as far as they have been written, and the same octets as numbers. */
interface Slab {
  readonly number: number
  readonly octets: Uint8Array
  readonly words: Int32Array
  readonly doubles: Float64Array
  /** What its records share. */
  readonly shared: unknown[]
  used: number
  /** How many of its records are in the table; infinite when other tables have some too. */
  live: number
}

/** The slabs of one table. */
export class Slabs {
  readonly #all: Slab[]
  #current: Slab | undefined
  /** Those of which nothing was in the table at some time since it forgot its past; and those to be used again. */
  #left: Slab[] = []
  #free: Slab[] = []
  /** The text that was read last: who asks whether it is the right one wants the rest next. */
  #at: Place = -1
  #text: Bytes = ''

  constructor(all: Slab[] = []) {
    this.#all = all
  }

  /** Writes a record, and answers its place; undefined where there is none. */
  put(
    numbers: readonly number[],
    doubles: readonly number[],
    shared: unknown,
    text: Bytes,
  ): Place | undefined {
    const exact = FRONT + doubles.length * 8
    const head = exact + numbers.length * 4
    const slab = this.#room(head + text.length * WIDEST)
    if (slab === undefined) return undefined
    const { octets, words, used } = slab
    const { written } = (encoder as Encoder).encodeInto(text, octets.subarray(used + head))
    const at = used >> 2
    words[at] = head
    words[at + 1] = written
    words[at + 2] = refer(slab.shared, shared)
    for (let i = 0; i < doubles.length; i++) slab.doubles[(used + FRONT) / 8 + i] = doubles[i] as number
    for (let i = 0; i < numbers.length; i++) words[(used + exact) / 4 + i] = numbers[i] as number
    slab.used = (used + head + written + 7) & ~7
    return (slab.number << BITS) | (used >> 3)
  }

  /** Number `n` of a record that has as many `doubles`. */
  number(place: Place, doubles: number, n: number): number {
    return this.#of(place).words[(place & (UNITS - 1)) * 2 + FRONT / 4 + doubles * 2 + n] as number
  }

  /** Double `n` of a record. */
  double(place: Place, n: number): number {
    return this.#of(place).doubles[(place & (UNITS - 1)) + FRONT / 8 + n] as number
  }

  /** What a record shares with others. */
  shared(place: Place): unknown {
    const { shared, words } = this.#of(place)
    return shared[words[(place & (UNITS - 1)) * 2 + 2] as number]
  }

  /** The text of a record. */
  text(place: Place): Bytes {
    if (this.#at !== place) {
      const { octets, words } = this.#of(place)
      const unit = place & (UNITS - 1)
      const from = unit * 8 + (words[unit * 2] as number)
      this.#text = (decoder as Decoder).decode(octets.subarray(from, from + (words[unit * 2 + 1] as number)))
      this.#at = place
    }
    return this.#text
  }

  /** Whether the text of a record begins with `text`. */
  begins(place: Place, text: Bytes): boolean {
    const { octets, words } = this.#of(place)
    const unit = place & (UNITS - 1)
    const from = unit * 8 + (words[unit * 2] as number)
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i)
      if (char > 0x7f) return this.text(place).startsWith(text) // more than one octet
      if (octets[from + i] !== char) return false
    }
    return text.length <= (words[unit * 2 + 1] as number)
  }

  /** A record came into the table. */
  came(place: Place): void {
    this.#of(place).live++
  }

  /** A record left the table. A version of before may still read it. */
  went(place: Place): void {
    const slab = this.#of(place)
    if (--slab.live === 0) this.#left.push(slab)
  }

  /** There are no versions of before any more. */
  forget(): void {
    this.#at = -1
    for (const slab of this.#left) {
      // Something may have come back, with a version that was read; and it may be here twice.
      if (slab.live !== 0 || slab.used === 0) continue
      slab.used = 0
      slab.shared.length = 0
      if (slab !== this.#current) this.#free.push(slab)
    }
    this.#left = []
  }

  /** The slabs of a table with the same contents. None that there is now is used again by either. */
  share(): Slabs {
    for (const slab of this.#all) slab.live = Number.POSITIVE_INFINITY
    this.#current = undefined
    this.#left = []
    this.#free = []
    return new Slabs(this.#all.slice())
  }

  /** A slab with room for so many octets; undefined when one thing should not be as long, or there are enough. */
  #room(length: number): Slab | undefined {
    if (length > SIZE / 4 || encoder === undefined) return undefined
    if (this.#current === undefined || this.#current.used + length > SIZE) {
      this.#current = this.#free.pop() ?? this.#more()
    }
    return this.#current
  }

  #more(): Slab | undefined {
    const number = this.#all.length
    if (number === MOST) return undefined
    const octets = new Uint8Array(SIZE)
    const words = new Int32Array(octets.buffer)
    const doubles = new Float64Array(octets.buffer)
    const slab = { number, octets, words, doubles, shared: [], used: 0, live: 0 }
    this.#all.push(slab)
    return slab
  }

  #of(place: Place): Slab {
    return this.#all[place >>> BITS] as Slab
  }
}

/** What many records share, as a number; the same number for what was named lately. */
const refer = (shared: unknown[], thing: unknown): number => {
  const { length } = shared
  for (let i = length - 1; i >= 0 && i >= length - RECENT; i--) if (shared[i] === thing) return i
  return shared.push(thing) - 1
}

/** Places have the number of a slab in front of 13 bits: 2¹⁶ octets in units of eight. */
const BITS = 13
const UNITS = 1 << BITS
const SIZE = UNITS * 8
/** So many slabs have numbers that are small integers everywhere. */
const MOST = 1 << 17

/** A record begins with the octets in front of its text, the octets of that, and what it shares; doubles follow, then numbers. */
const FRONT = 16

/** A char becomes as many octets at most. */
const WIDEST = 3

/** As many are looked at, of what was shared last. */
const RECENT = 8

interface Encoder {
  readonly encodeInto: (text: string, octets: Uint8Array) => { readonly written: number }
}

interface Decoder {
  readonly decode: (octets: Uint8Array) => string
}

// Not of the language but of every runtime there is, and ten times faster than a loop. Where they are missing nothing is kept in slabs.
declare const TextEncoder: (new () => Encoder) | undefined
declare const TextDecoder: (new (label: string, options: { readonly ignoreBOM: true }) => Decoder) | undefined

const encoder: Encoder | undefined =
  typeof TextEncoder === 'undefined' ? undefined : /* @__PURE__ */ new TextEncoder()
const decoder: Decoder | undefined =
  typeof TextDecoder === 'undefined'
    ? undefined
    : /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })
