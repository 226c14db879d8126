/**
 * Authentication-Info (RFC 3261 20.6, RFC 7616 3.5): after success the server may prove that it knows the password
 * too, and give the nonce for the next request.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { lower } from '../data/scan.js'
import { authenticationInfo } from '../header/auth.js'
import { type Params, valueOf } from '../header/params.js'
import { body, fieldNamed } from '../message/head.js'
import { trimmedEndOf, valueOf as valueStart } from '../message/scan.js'
import { appendField } from '../message/splice.js'
import type { Response } from '../message/types.js'
import type { Algorithm } from './algorithm.js'
import { type Credentials, countOf, protectionOf, protectionParams } from './credentials.js'
import { type Protection, rspauthOf, sameInConstantTime } from './response.js'

/** The parameters of Authentication-Info, undefined when there is none that can be read. */
export const infoOf = (response: Response): Params | undefined => {
  const i = fieldNamed(response, authenticationInfo.name)
  if (i < 0) return undefined
  const { text, index } = response
  const start = valueStart(text, index, i)
  const info = authenticationInfo.parse(text, start, trimmedEndOf(text, index, i, start))
  return isLeft(info) ? undefined : info.right
}

/**
 * Whether the server proved that it knows the secret of these credentials: undefined when it did not try to. `key` is
 * their H(A1). What it says must be about this request: "MUST be the ones for the client request" (RFC 7616 3.5).
 */
export const isProven = (
  info: Params,
  key: string,
  { algorithm, nonce, uri, protection }: Credentials,
  response: Response,
): boolean | undefined => {
  const rspauth = valueOf(info, 'rspauth')
  if (rspauth === undefined) return undefined
  const said = protectionOf(info)
  if (
    said !== undefined &&
    (said.cnonce !== protection?.cnonce || countOf(said.nc) !== countOf(protection.nc))
  )
    return false
  const used = protection && { ...protection, qop: said?.qop ?? protection.qop }
  const signed = {
    algorithm,
    nonce,
    uri,
    body: body(response),
    ...(used === undefined ? {} : { protection: used }),
  }
  return sameInConstantTime(rspauthOf(key, signed), lower(rspauth))
}

/** The nonce that the server wants to see next. */
export const nextNonce = (info: Params): Bytes | undefined => valueOf(info, 'nextnonce')

/** What a server knows of credentials that it accepted, enough to prove that. Holds an H(A1). */
export interface Confirmation {
  readonly key: string
  readonly algorithm: Algorithm
  readonly nonce: Bytes
  readonly uri: Bytes
  readonly protection: Protection
  /** The nonce for the next request, when the present one is getting old. */
  readonly next?: Bytes
}

/**
 * The response to an accepted request with the server's proof that it knows the user's secret too, and with the next
 * nonce if there is one. To be called when the body is in place: `auth-int` covers it.
 */
export const confirm =
  ({ next, key, ...signed }: Confirmation) =>
  (response: Response): Response => {
    const rspauth = rspauthOf(key, { ...signed, body: body(response) })
    const { protection } = signed
    return withInfo([
      ...(next === undefined ? [] : [{ name: 'nextnonce', value: next }]),
      { name: 'rspauth', value: rspauth },
      ...protectionParams(protection),
    ])(response)
  }

const withInfo =
  (info: Params) =>
  (response: Response): Response => {
    const printed = authenticationInfo.print(info)
    return isLeft(printed) ? response : appendField(response, `${authenticationInfo.name}: ${printed.right}`)
  }
