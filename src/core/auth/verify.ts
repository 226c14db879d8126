/** Whether credentials are right: first what needs no account, then, with the account, the digest itself. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { keyedHash } from '../data/hash.js'
import { encode } from '../data/utf8.js'
import { body } from '../message/head.js'
import type { Request } from '../message/types.js'
import { equals } from '../uri/equality.js'
import { normalize } from '../uri/escape.js'
import { sameHost } from '../uri/host.js'
import { parse } from '../uri/parse.js'
import { type Credentials, isFor, readCredentials } from './credentials.js'
import { authentications, credentialsHeader } from './fields.js'
import { type Nonce, valid } from './nonce.js'
import type { Window } from './replay.js'
import { ha1Of, octetsOf, responseOf, sameInConstantTime, sessionKey, userhash } from './response.js'
import type { Refusal, ServerConfig } from './server-types.js'
import type { Account } from './session.js'

/** Credentials that are worth a look-up. */
export interface Presented {
  readonly credentials: Credentials
  readonly nonce: Nonce
}

/** Finds the credentials of a request for our realm and says what can be said without knowing the user. */
export const present = (config: ServerConfig, request: Request, wall: number): Presented | Refusal => {
  const realm = encode(config.realm)
  const values = authentications(credentialsHeader[config.kind], request).filter((value) =>
    isFor(realm, value),
  )
  const read = values.map(readCredentials)
  if (read.length === 0) return 'no-credentials'
  const ours = read.filter(isRight).map(({ right }) => right)
  if (ours.length === 0) return 'malformed'
  // With several credentials for one realm (22.3), ours are those with a nonce of ours.
  const nonces = ours.map(({ nonce }) => valid(config.secret, realm, nonce, wall, config))
  const at = nonces.findIndex((nonce) => nonce !== undefined)
  const credentials = ours[Math.max(0, at)] as Credentials
  const nonce = nonces[at]
  if (nonce === undefined) return 'stale'
  if (!isOffered(config, credentials)) return 'not-offered'
  return isSameResource(credentials.uri, request) || config.acceptsUri(credentials.uri, request)
    ? { credentials, nonce }
    : 'other-uri'
}

/**
 * The H(A1) with which the credentials turn out right for this request, undefined if they are not. Without an account
 * as much is computed as with one, so that the time does not tell who exists.
 */
export const verify = (
  { realm, secret }: ServerConfig,
  request: Request,
  credentials: Credentials,
  account: Account | undefined,
  used: Window | undefined,
): string | undefined => {
  const { algorithm, nonce, protection, response } = credentials
  const { hash } = algorithm
  const username =
    credentials.userhash && account !== undefined ? octetsOf(account.username) : credentials.username
  const nobody = keyedHash(secret, credentials.username)
  const password = account !== undefined && 'password' in account ? account.password : nobody
  const computed = ha1Of(hash, username, encode(realm), password)
  const stored = account !== undefined && 'ha1' in account ? account.ha1[hash] : undefined
  const isKnown =
    account !== undefined &&
    ('password' in account || stored !== undefined) &&
    (!credentials.userhash || userhash(hash, account.username, credentials.realm) === credentials.username)
  const cnonces = [
    protection?.cnonce ?? '',
    ...(algorithm.session && used !== undefined ? [used.cnonce] : []),
  ]
  const keys = cnonces.map((cnonce) => sessionKey(algorithm, stored ?? computed, nonce, cnonce))
  const signed = { ...credentials, method: request.method, body: body(request) }
  const right = keys.find((key) => sameInConstantTime(responseOf(key, signed), response))
  return isKnown ? right : undefined
}

/** What clients are told to send back unchanged: it shows that a challenge was ours. */
export const opaqueOf = ({ secret, realm }: ServerConfig): Bytes =>
  keyedHash(secret, `opaque ${encode(realm)}`).slice(0, 16)

const isOffered = (config: ServerConfig, { algorithm, protection, opaque, userhash }: Credentials): boolean =>
  config.algorithms.some(({ hash, session }) => hash === algorithm.hash && session === algorithm.session) &&
  (protection === undefined ? config.withoutQop : config.qop.includes(protection.qop)) &&
  (opaque === undefined || opaque === opaqueOf(config)) &&
  (config.userhash || !userhash)

/**
 * Whether `uri` names whom the request is for. Ports and parameters come and go on the way, and with clients; the user
 * and the host say who it is. Anything else is for `acceptsUri` to decide (RFC 8760 2.6 item 6).
 */
const isSameResource = (uri: Bytes, request: Request): boolean => {
  if (uri === request.uri) return true
  const [a, b] = [parse(uri), parse(request.uri)]
  if (isLeft(a) || isLeft(b)) return false
  return a.right._tag === 'Sip' && b.right._tag === 'Sip'
    ? normalize(a.right.user ?? '') === normalize(b.right.user ?? '') && sameHost(a.right.host, b.right.host)
    : equals(a.right, b.right)
}
