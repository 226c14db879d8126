/**
 * The secret of a stack and what is made with it. It comes from outside once, at start, and is in no snapshot.
 * Each use has a key of its own that does not lead back to the secret or to the key of another use.
 */
import type { Bytes } from './bytes.js'
import { sipHash128, type Words128 } from './sip-hash.js'

/** 128 bits that nobody outside can guess. */
export type Secret = Words128

/**
 * The secret made of any octets that hold at least 128 unguessable bits. They are only brought to size, for which a key
 * that everybody knows will do: who gives them gives them to himself and does not look for two that are the same.
 */
export const secretOf = (octets: Bytes): Secret => sipHash128([0, 0, 0, 0], octets)

/** The secret for one use, for example `nonce`. */
export const derive = (secret: Secret, use: string): Secret => sipHash128(secret, use)

/**
 * 32 hex digits that follow from every octet of `text` and that only who knows `secret` can foresee. SipHash-2-4
 * is made for this: short inputs, an adversary who sees answers for inputs of his choice, and no time to lose, for
 * stateless answers are given when there are too many requests already.
 */
export const keyedHash = (secret: Secret, text: Bytes): string => hex(sipHash128(secret, text))

/** 128 bits as 32 hex digits. */
export const hex = (words: Words128): string => half(words) + digits(words[2]) + digits(words[3])

/** The first 64 of them as 16. */
export const half = (words: Words128): string => digits(words[0]) + digits(words[1])

const digits = (word: number): string =>
  String.fromCharCode(
    digit(word >>> 28),
    digit(word >>> 24),
    digit(word >>> 20),
    digit(word >>> 16),
    digit(word >>> 12),
    digit(word >>> 8),
    digit(word >>> 4),
    digit(word),
  )

const digit = (bits: number): number => {
  const four = bits & 15
  return four < 10 ? 0x30 + four : 0x57 + four
}
