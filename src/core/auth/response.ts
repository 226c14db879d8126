/**
 * The formulas of digest (RFC 7616 3.4, RFC 2617 3.2.2 and, without qop, RFC 2069). Everything hashed is octets:
 * names and passwords in UTF-8, without the quotes and backslashes of the wire.
 */
import type { Bytes } from '../data/bytes.js'
import { encode } from '../data/utf8.js'
import { type Algorithm, type Hash, hashOf } from './algorithm.js'

/** Quality of protection: of the request's method and URI, or of its body as well. */
export type Qop = 'auth' | 'auth-int'

/** What a client has counted and chosen; goes together or is absent (RFC 3261 22.4 item 8). */
export interface Protection {
  readonly qop: Qop
  /** The nonce count as written, eight hex digits. */
  readonly nc: string
  readonly cnonce: Bytes
}

/** What a response is computed over. */
export interface Signed {
  readonly algorithm: Algorithm
  readonly nonce: Bytes
  readonly method: string
  /** `uri` as it stands in the credentials. */
  readonly uri: Bytes
  readonly body: Bytes
  readonly protection?: Protection
}

/** H(A1) of a user: what may be stored in place of the password. Text in; NFC and UTF-8 are done here (RFC 7616 4). */
export const ha1 = (hash: Hash, username: string, realm: string, password: string): string =>
  ha1Of(hash, octetsOf(username), encode(realm), password)

/** The same for name and realm as they came, in octets. */
export const ha1Of = (hash: Hash, username: Bytes, realm: Bytes, password: string): string =>
  hashOf(hash, `${username}:${realm}:${octetsOf(password)}`)

/** The name that is sent in place of a user's (RFC 7616 3.4.4). */
export const userhash = (hash: Hash, username: string, realm: Bytes): string =>
  hashOf(hash, `${octetsOf(username)}:${realm}`)

/** A name or password in octets: "converted to Unicode Normalization Form C … and … UTF-8" (RFC 7616 4). */
export const octetsOf = (text: string): Bytes => encode(text.normalize('NFC'))

/**
 * H(A1) for this session, of an algorithm with `-sess`: `nonce` and `cnonce` are those of its first request; of any
 * other `ha1` itself.
 */
export const sessionKey = ({ hash, session }: Algorithm, ha1: string, nonce: Bytes, cnonce: Bytes): string =>
  session ? hashOf(hash, `${ha1}:${nonce}:${cnonce}`) : ha1

/** `response` of the credentials of a request; `key` is what `sessionKey` made. */
export const responseOf = (key: string, signed: Signed): string => {
  const { algorithm, nonce, method, uri, body, protection } = signed
  const { hash } = algorithm
  const a2 = protection?.qop === 'auth-int' ? `${method}:${uri}:${hashOf(hash, body)}` : `${method}:${uri}`
  const middle = protection && `${protection.nc}:${protection.cnonce}:${protection.qop}:`
  return hashOf(hash, `${key}:${nonce}:${middle ?? ''}${hashOf(hash, a2)}`)
}

/** `rspauth` of Authentication-Info: the same without a method, over the body of the response (RFC 7616 3.5). */
export const rspauthOf = (key: string, signed: Omit<Signed, 'method'>): string =>
  responseOf(key, { ...signed, method: '' })

/** Whether two texts are the same, in a time that does not tell where they differ. */
export const sameInConstantTime = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length
  for (let i = 0; i < b.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
