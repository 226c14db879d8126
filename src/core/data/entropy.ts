/**
 * Identifiers. The core has no dice: every event brings 128 unguessable bits, and all identifiers that a step needs
 * are made from these. Peers see identifiers, so each is a keyed hash with those bits as the key: who sees some
 * cannot compute the others of the same step, such as a branch towards somebody else.
 */
import { type Bytes, flat } from './bytes.js'
import { half, hex } from './hash.js'
import { sipHash128, type Words128 } from './sip-hash.js'

/**
 * 128 unguessable bits as 32 hex digits, never given to two events; behind them, for a step within a step, the path that
 * led there, so that no two steps make the same identifier.
 */
export type Entropy = string

/** Identifier `n` (0, 1, … or a name) of the step that was given `entropy`: 32 hex digits. */
export const nth = (entropy: Entropy, n: number | string): string => hex(hashed(entropy, n))

const hashed = (entropy: Entropy, n: number | string): Words128 =>
  sipHash128(bits(entropy), `${entropy.slice(32)}${n}`)

/** The entropy of step `n` of `name`, within the step that was given `entropy`. It costs next to nothing until an identifier is made of it. */
export const within = (entropy: Entropy, name: string, n: number): Entropy =>
  entropy + name + (ordinals[n] ?? ordinal(n))

const ordinal = (n: number): string => ` ${n}/`

/** A step hardly ever has more steps within it. */
const ordinals: readonly string[] = Array.from({ length: 32 }, (_, n) => ordinal(n))

/** The branch of a new client transaction, unique across space and time, with its cookie (RFC 3261 8.1.1.7). */
export const branch = (id: string): Bytes => `z9hG4bK${id}`

/** A From or To tag from identifier `n` of that step: its first 64 bits, where RFC 3261 19.3 wants 32 at least. */
export const tag = (entropy: Entropy, n: number | string): Bytes => flat(half(hashed(entropy, n)))

/** A Call-ID without a host (RFC 3261 8.1.1.4: the host is optional, and it tells where the user is). */
export const callId = (id: string): Bytes => id

/** A client nonce for digest (RFC 7616 3.4). */
export const cnonce = (id: string): Bytes => id

const bits = (entropy: Entropy): Words128 => [
  word(entropy, 0),
  word(entropy, 8),
  word(entropy, 16),
  word(entropy, 24),
]

/** Eight hex digits, the highest first. */
const word = (digits: string, from: number): number => {
  let bits = 0
  for (let i = from; i < from + 8; i++) {
    const c = digits.charCodeAt(i)
    bits = (bits << 4) | (c < 0x40 ? c & 15 : (c & 15) + 9)
  }
  return bits
}
