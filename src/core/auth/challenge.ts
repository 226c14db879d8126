/** What a server asks (RFC 3261 20.27, 20.44; RFC 7616 3.3). */
import type { Bytes } from '../data/bytes.js'
import { lower, sameLetters } from '../data/scan.js'
import type { Authentication } from '../header/auth.js'
import { type Param, valueOf } from '../header/params.js'
import { type Algorithm, algorithmOf, nameOf } from './algorithm.js'
import type { Qop } from './response.js'

/** A challenge that this library can answer, or makes. */
export interface Challenge {
  readonly realm: Bytes
  readonly nonce: Bytes
  readonly opaque?: Bytes
  readonly algorithm: Algorithm
  /** Empty when the server offers none, which is a server of RFC 2069. */
  readonly qop: readonly Qop[]
  /** The last credentials were right but for their nonce: answer again, ask nobody. */
  readonly stale: boolean
  /** The server takes the hash of the user's name in its place (RFC 7616 3.4.4). */
  readonly userhash: boolean
}

/**
 * Reads a challenge; undefined for one that cannot be answered and so is ignored (RFC 8760 2.4): of another scheme,
 * "Basic" too (RFC 3261 22.4), of an unknown algorithm, without realm or nonce, with no qop that is known, or with
 * `-sess` but without qop, which leaves no cnonce to compute it with (RFC 3261 22.4 item 8).
 */
export const readChallenge = ({ scheme, params }: Authentication): Challenge | undefined => {
  const algorithm = algorithmOf(valueOf(params, 'algorithm'))
  const realm = valueOf(params, 'realm')
  const nonce = valueOf(params, 'nonce')
  const offered = valueOf(params, 'qop')
  const opaque = valueOf(params, 'opaque')
  if (!sameLetters(scheme, 'digest') || algorithm === undefined) return undefined
  if (realm === undefined || nonce === undefined) return undefined
  const qop = offered === undefined ? [] : qopsOf(offered)
  if (qop.length === 0 && (offered !== undefined || algorithm.session)) return undefined
  return {
    realm,
    nonce,
    ...(opaque === undefined ? {} : { opaque }),
    algorithm,
    qop,
    stale: isTrue(valueOf(params, 'stale')),
    userhash: isTrue(valueOf(params, 'userhash')),
  }
}

/** Writes a challenge, with `charset`, for we read names and passwords in UTF-8 (RFC 7616 4). */
export const writeChallenge = (challenge: Challenge): Authentication => ({
  scheme: 'Digest',
  params: [
    { name: 'realm', value: challenge.realm },
    { name: 'nonce', value: challenge.nonce },
    ...(challenge.opaque === undefined ? [] : [{ name: 'opaque', value: challenge.opaque }]),
    { name: 'algorithm', value: nameOf(challenge.algorithm) },
    { name: 'qop', value: challenge.qop.join(',') },
    ...flag('stale', challenge.stale),
    { name: 'charset', value: 'UTF-8' },
    ...flag('userhash', challenge.userhash),
  ],
})

/** A flag that is set, or nothing: absent is false. */
export const flag = (name: string, set: boolean): readonly Param[] => (set ? [{ name, value: 'true' }] : [])

/** "A case-insensitive flag" (RFC 7616 3.3). */
export const isTrue = (value: string | undefined): boolean => value !== undefined && lower(value) === 'true'

/** One qop, in any case. */
export const qopOf = (token: string): Qop | undefined => {
  const name = lower(token)
  return name === 'auth' || name === 'auth-int' ? name : undefined
}

/** "Unrecognized options MUST be ignored" (RFC 7616 3.3). */
const qopsOf = (list: string): readonly Qop[] =>
  list
    .split(',')
    .map((token) => qopOf(token.trim()))
    .filter((qop) => qop !== undefined)
