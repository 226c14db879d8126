/** What a client answers (RFC 3261 20.7, 20.28; RFC 7616 3.4). */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { lower, sameLetters } from '../data/scan.js'
import type { Authentication } from '../header/auth.js'
import { type Param, type Params, valueOf } from '../header/params.js'
import { unescape } from '../uri/escape.js'
import { type Algorithm, algorithmOf, nameOf } from './algorithm.js'
import { flag, isTrue, qopOf } from './challenge.js'
import type { Protection } from './response.js'

/** Digest credentials as octets, without quotes. */
export interface Credentials {
  /** The user's name, or its hash when `userhash` is set. */
  readonly username: Bytes
  readonly userhash: boolean
  readonly realm: Bytes
  readonly nonce: Bytes
  readonly uri: Bytes
  readonly response: string
  readonly algorithm: Algorithm
  readonly opaque?: Bytes
  /** Absent in credentials of RFC 2069. */
  readonly protection?: Protection
}

/** Whether credentials are of the digest scheme and for that realm; of others nothing is read. */
export const isFor = (realm: Bytes, { scheme, params }: Authentication): boolean =>
  sameLetters(scheme, 'digest') && valueOf(params, 'realm') === realm

/** Reads digest credentials; says what is wrong with those that are improper or incomplete (RFC 7616 3.4). */
export const readCredentials = ({ params }: Authentication): Either<string, Credentials> => {
  const twice = params.find(({ name }, i) => params.findIndex((other) => sameLetters(other.name, name)) < i)
  if (twice !== undefined) return left(`${twice.name} stands twice`)
  const algorithm = algorithmOf(valueOf(params, 'algorithm'))
  if (algorithm === undefined) return left('the algorithm is unknown')
  const username = usernameOf(params)
  if (username === undefined) return left('username is missing, or stands in two forms')
  const [realm, nonce, uri, response] = ['realm', 'nonce', 'uri', 'response'].map((name) =>
    valueOf(params, name),
  )
  if (realm === undefined || nonce === undefined || uri === undefined || response === undefined)
    return left('realm, nonce, uri or response is missing')
  const protection = protectionOf(params)
  if (protection === undefined && (valueOf(params, 'qop') !== undefined || algorithm.session))
    return left('qop, nc and cnonce do not go together')
  const opaque = valueOf(params, 'opaque')
  return right({
    username,
    userhash: isTrue(valueOf(params, 'userhash')),
    realm,
    nonce,
    uri,
    response: lower(response),
    algorithm,
    ...(opaque === undefined ? {} : { opaque }),
    ...(protection === undefined ? {} : { protection }),
  })
}

/** Writes credentials. The algorithm "must be those supplied" (RFC 7616 3.4), so it is always named. */
export const writeCredentials = (credentials: Credentials): Authentication => ({
  scheme: 'Digest',
  params: [
    { name: 'username', value: credentials.username },
    { name: 'realm', value: credentials.realm },
    { name: 'nonce', value: credentials.nonce },
    { name: 'uri', value: credentials.uri },
    { name: 'response', value: credentials.response },
    { name: 'algorithm', value: nameOf(credentials.algorithm) },
    ...protectionParams(credentials.protection),
    ...(credentials.opaque === undefined ? [] : [{ name: 'opaque', value: credentials.opaque }]),
    ...flag('userhash', credentials.userhash),
  ],
})

/** `qop`, `nc` and `cnonce` as they are written, in credentials and in Authentication-Info. */
export const protectionParams = (protection: Protection | undefined): readonly Param[] =>
  protection === undefined
    ? []
    : [
        { name: 'qop', value: protection.qop },
        { name: 'nc', value: protection.nc },
        { name: 'cnonce', value: protection.cnonce },
      ]

/** `qop`, `nc` and `cnonce` if all are there and proper. */
export const protectionOf = (params: Params): Protection | undefined => {
  const qop = qopOf(valueOf(params, 'qop') ?? '')
  const nc = valueOf(params, 'nc')
  const cnonce = valueOf(params, 'cnonce')
  return qop === undefined || nc === undefined || cnonce === undefined || countOf(nc) < 1
    ? undefined
    : { qop, nc, cnonce }
}

/** The number that `nc` is, -1 for none: "exactly 8 hexadecimal digits", of which some peers send fewer. */
export const countOf = (nc: string): number => (/^[0-9a-f]{1,8}$/i.test(nc) ? Number.parseInt(nc, 16) : -1)

/** `nc` of a number. */
export const writeCount = (count: number): string => count.toString(16).padStart(8, '0')

/** `username`, or `username*` in the notation of RFC 5987: "both … MUST be treated as an error" (RFC 7616 3.4). */
const usernameOf = (params: Params): Bytes | undefined => {
  const plain = valueOf(params, 'username')
  const extended = valueOf(params, 'username*')
  if (extended === undefined) return plain
  const [charset, , value] = extended.split("'")
  return plain === undefined && value !== undefined && lower(charset ?? '') === 'utf-8'
    ? unescape(value)
    : undefined
}
