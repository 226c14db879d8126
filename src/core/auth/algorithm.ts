/**
 * The algorithms of digest (RFC 7616 3.3, RFC 8760 2.1) and their hashes. A hash is taken of octets and written as
 * lower-case hex digits, "from the characters 0123456789abcdef" (RFC 8760 2.2).
 */
import { md5 } from '@noble/hashes/legacy.js'
import { sha256, sha512_256 } from '@noble/hashes/sha2.js'
import { type Bytes, toUint8Array } from '../data/bytes.js'
import { lower } from '../data/scan.js'

/** A hash function by the name it has in `algorithm`. */
export type Hash = 'MD5' | 'SHA-256' | 'SHA-512-256'

/** An algorithm: a hash, and whether the password's hash is bound to one session (`-sess`, RFC 7616 3.4.2). */
export interface Algorithm {
  readonly hash: Hash
  readonly session: boolean
}

/** The hashes, the strongest first. */
export const hashes: readonly Hash[] = ['SHA-512-256', 'SHA-256', 'MD5']

/** Reads `algorithm`, in any case; "If this is not present, it is assumed to be "MD5"" (RFC 7616 3.3). */
export const algorithmOf = (token: string | undefined): Algorithm | undefined => {
  const name = lower(token ?? 'md5')
  const session = name.endsWith('-sess')
  const hash = hashes.find((known) => lower(known) === (session ? name.slice(0, -5) : name))
  return hash && { hash, session }
}

/** Writes `algorithm`. */
export const nameOf = ({ hash, session }: Algorithm): string => (session ? `${hash}-sess` : hash)

/** The hash of octets in hex. */
export const hashOf = (hash: Hash, octets: Bytes): string => hexOf(functions[hash](toUint8Array(octets)))

const functions: Readonly<Record<Hash, (octets: Uint8Array) => Uint8Array>> = {
  MD5: md5,
  'SHA-256': sha256,
  'SHA-512-256': sha512_256,
}

const DIGITS = '0123456789abcdef'

const hexOf = (octets: Uint8Array): string => {
  let out = ''
  for (const octet of octets) out += DIGITS.charAt(octet >> 4) + DIGITS.charAt(octet & 15)
  return out
}
