/**
 * A server's nonces (RFC 7616 3.3). Nobody remembers them: each says when it was made, and a keyed hash of that shows
 * that it was made here and for this realm. They are not bound to an address: "requests from a single user often go
 * through different proxies".
 */
import type { Bytes } from '../data/bytes.js'
import { derive, keyedHash, type Secret } from '../data/hash.js'
import { sameInConstantTime } from './response.js'

/** A nonce that was made here. */
export interface Nonce {
  /** Unique among nonces. */
  readonly id: string
  /** When it was made, by the wall clock, ms. */
  readonly issued: number
}

/** A nonce for `realm`, made at `wall` (ms since 1970). `id` are 16 unguessable hex digits or more. */
export const mint = (secret: Secret, realm: Bytes, wall: number, id: string): Bytes => {
  const stamp = Math.max(0, Math.floor(wall)).toString(16).padStart(TIME, '0') + id.slice(0, ID)
  return stamp + signature(secret, realm, stamp)
}

/**
 * Reads a nonce of ours that is valid at `wall`: at most `lifetime` ms old, and not from later than `skew` ms after
 * now, as the clock of another server that shares the secret may run ahead. Undefined for any other.
 */
export const valid = (
  secret: Secret,
  realm: Bytes,
  nonce: Bytes,
  wall: number,
  { lifetime, skew }: { readonly lifetime: number; readonly skew: number },
): Nonce | undefined => {
  const stamp = nonce.slice(0, TIME + ID)
  if (!sameInConstantTime(nonce.slice(TIME + ID), signature(secret, realm, stamp))) return undefined
  const issued = Number.parseInt(stamp.slice(0, TIME), 16)
  return issued + lifetime < wall || issued > wall + skew ? undefined : { id: stamp.slice(TIME), issued }
}

/** How many chars the parts have. 48 bits of milliseconds last 8,900 years. */
const TIME = 12
const ID = 16

const signature = (secret: Secret, realm: Bytes, stamp: string): string =>
  keyedHash(derive(secret, 'nonce'), `${stamp} ${realm}`)
