/**
 * Slabs: octets of things that are kept for a while in hundreds of thousands, outside of what a garbage collector copies and
 * walks over. They are UTF-8, which is what a runtime writes and reads fast, and of a byte string any char comes back as it was. A
 * slab is written from its beginning to its end and never changed; once nothing in it is in the table any more, and
 * the table has forgotten its past, it is used again.
 */
import type { Bytes } from './bytes.js'

/** Some octets, as far as they have been written. */
export interface Slab {
  readonly octets: Uint8Array
  used: number
  /** How many of the things written to it are in the table; infinite when other tables have some too. */
  live: number
}

/** The slabs of one table. */
export class Slabs {
  #current: Slab | undefined
  /** Those of which nothing is in the table. */
  readonly #left = new Set<Slab>()
  readonly #free: Slab[] = []

  /** A slab with room for that text; undefined when it is longer than one thing should be. */
  room(text: Bytes): Slab | undefined {
    const length = text.length * WIDEST
    if (length > SIZE / 4 || encoder === undefined) return undefined
    if (this.#current === undefined || this.#current.used + length > SIZE) {
      if (this.#current?.live === 0) this.#left.add(this.#current)
      this.#current = this.#free.pop() ?? { octets: new Uint8Array(SIZE), used: 0, live: 0 }
    }
    return this.#current
  }

  /** Something in it came into the table. */
  came(slab: Slab): void {
    slab.live++
  }

  /** Something in it left the table. A version of before may still read it. */
  went(slab: Slab): void {
    if (--slab.live === 0 && slab !== this.#current) this.#left.add(slab)
  }

  /** There are no versions of before any more. */
  forget(): void {
    for (const slab of this.#left) {
      if (slab.live !== 0) continue // something came back, with a version that was read
      slab.used = 0
      this.#free.push(slab)
    }
    this.#left.clear()
  }
}

/** Writes text behind what is there, where there must be room. Answers how many octets that took. */
export const write = (slab: Slab, text: Bytes): number => {
  const { written } = (encoder as Encoder).encodeInto(text, slab.octets.subarray(slab.used))
  slab.used += written
  return written
}

/** The text that was written there, in so many octets. */
export const read = ({ octets }: Slab, from: number, length: number): Bytes =>
  (decoder as Decoder).decode(octets.subarray(from, from + length))

/** Never uses it again: more than one table has something in it. */
export const share = (slab: Slab): void => {
  slab.live = Number.POSITIVE_INFINITY
}

const SIZE = 1 << 16

/** A char becomes as many octets at most. */
const WIDEST = 3

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
