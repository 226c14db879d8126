/**
 * A client's authentication session (RFC 7616 3.6): a challenge that it answers, again and again, until the server
 * sends another. "A client SHOULD remember the username, password, nonce, nonce count, and opaque values".
 */
import type { Bytes } from '../data/bytes.js'
import type { Authentication } from '../header/auth.js'
import { body } from '../message/head.js'
import type { Request, Response } from '../message/types.js'
import type { Hash } from './algorithm.js'
import { type Challenge, readChallenge } from './challenge.js'
import { writeCount, writeCredentials } from './credentials.js'
import { authentications, challengeHeader, type Kind } from './fields.js'
import { ha1Of, octetsOf, type Qop, responseOf, sessionKey, userhash } from './response.js'

/** A user as an application knows one: by password, or by the H(A1) of the hashes for which it is stored. */
export type Account =
  | { readonly username: string; readonly password: string }
  | { readonly username: string; readonly ha1: Readonly<Partial<Record<Hash, string>>> }

/** What a realm asks for: its challenges in the server's order, the most preferred first. */
export interface Asked {
  readonly kind: Kind
  readonly realm: Bytes
  readonly challenges: readonly Challenge[]
}

/** Local policy (RFC 8760 2.4): hashes that may be used, and the qop to choose where both are offered. */
export interface Policy {
  readonly hashes: readonly Hash[]
  readonly qop: Qop
}

/** A challenge and what its answers are made of. Holds an H(A1), which is as good as the password in this realm. */
export interface Session {
  readonly kind: Kind
  readonly realm: Bytes
  readonly username: string
  readonly ha1: string
  readonly challenge: Challenge
  /** Absent towards a server of RFC 2069. */
  readonly qop?: Qop
  /** H(A1) of this session, which stays when the server gives a next nonce. */
  readonly key: string
  readonly cnonce: Bytes
  /** How many requests were sent with this nonce. */
  readonly count: number
  /** Whether a request with these credentials was let through. */
  readonly accepted: boolean
}

/** All that a 401 or 407 asks for and that can be answered, one entry a realm. */
export const asked = (response: Response): readonly Asked[] =>
  response.status === 401 || response.status === 407
    ? [...askedBy('www', response), ...askedBy('proxy', response)]
    : []

const askedBy = (kind: Kind, response: Response): readonly Asked[] => {
  const challenges = authentications(challengeHeader[kind], response)
    .map(readChallenge)
    .filter((challenge) => challenge !== undefined)
  const realms = [...new Set(challenges.map(({ realm }) => realm))]
  return realms.map((realm) => ({ kind, realm, challenges: challenges.filter((one) => one.realm === realm) }))
}

/**
 * Takes up the first challenge that policy and account can serve: "it SHOULD use the topmost header field that it
 * supports" (RFC 8760 2.4). Undefined when there is none.
 */
export const begin = (
  { kind, realm, challenges }: Asked,
  account: Account,
  policy: Policy,
  cnonce: Bytes,
): Session | undefined => {
  for (const challenge of challenges) {
    const { algorithm, nonce } = challenge
    const stored = policy.hashes.includes(algorithm.hash) ? ha1For(account, algorithm.hash, realm) : undefined
    if (stored === undefined) continue
    const qop = challenge.qop.includes(policy.qop) ? policy.qop : challenge.qop[0]
    return {
      kind,
      realm,
      username: account.username,
      ha1: stored,
      challenge,
      ...(qop === undefined ? {} : { qop }),
      key: sessionKey(algorithm, stored, nonce, cnonce),
      cnonce,
      count: 0,
      accepted: false,
    }
  }
  return undefined
}

/** The account as far as a session knows it: enough for another challenge with the same hash. */
export const accountOf = ({ username, ha1: stored, challenge }: Session): Account => ({
  username,
  ha1: { [challenge.algorithm.hash]: stored },
})

/** The H(A1) of an account for a hash, if it can be had. */
export const ha1For = (account: Account, hash: Hash, realm: Bytes): string | undefined =>
  'password' in account ? ha1Of(hash, octetsOf(account.username), realm, account.password) : account.ha1[hash]

/** The credentials for one more request, and the session in which that request is counted. */
export const sign = (session: Session, request: Request): readonly [Session, Authentication] => {
  const { challenge, key, qop, cnonce, realm } = session
  const { algorithm, nonce, opaque } = challenge
  const count = session.count + 1
  const protection = qop === undefined ? undefined : { qop, nc: writeCount(count), cnonce }
  const used = protection === undefined ? {} : { protection }
  const { method, uri } = request
  const credentials = {
    // "MUST calculate a hash of the username after any other hash calculation" (RFC 7616 3.4.4).
    username: challenge.userhash
      ? userhash(algorithm.hash, session.username, realm)
      : octetsOf(session.username),
    userhash: challenge.userhash,
    realm,
    nonce,
    uri,
    response: responseOf(key, { algorithm, nonce, method, uri, body: body(request), ...used }),
    algorithm,
    ...(opaque === undefined ? {} : { opaque }),
    ...used,
  }
  return [{ ...session, count }, writeCredentials(credentials)]
}
