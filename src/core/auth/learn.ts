/** A client learns from the responses to requests with credentials (RFC 7616 3.5, 3.6). */
import { isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import type { Request, Response } from '../message/types.js'
import * as Cache from './cache.js'
import { type Credentials, isFor, readCredentials } from './credentials.js'
import { authentications, credentialsHeader, type Kind } from './fields.js'
import { infoOf, isProven, nextNonce } from './info.js'
import { asked } from './session.js'

/**
 * What a final response tells of the sessions used in its request: that they were accepted, and the nonce to use next.
 * Answers also the realms whose server gave a wrong proof (rspauth).
 */
export const learn = (
  cache: Cache.Cache,
  request: Request,
  response: Response,
): readonly [cache: Cache.Cache, mistrusted: readonly Bytes[]] => {
  const refused = asked(response)
  const info = infoOf(response)
  return Cache.sessionsFor(cache, request).reduce<readonly [Cache.Cache, readonly Bytes[]]>(
    ([now, mistrusted], session) => {
      const { kind, realm, challenge, key } = session
      const used = usedFor(request, kind, realm)
      if (used?.nonce !== challenge.nonce || [400, 403].includes(response.status)) return [now, mistrusted]
      if (refused.some((ask) => ask.kind === kind && ask.realm === realm)) return [now, mistrusted]
      const said = kind === 'www' && response.status !== 401 ? info : undefined
      const proven = said && isProven(said, key, used, response)
      const next = said && proven !== false ? nextNonce(said) : undefined
      const renewed =
        next === undefined ? session : { ...session, challenge: { ...challenge, nonce: next }, count: 0 }
      const kept = Cache.keep(request, { ...renewed, accepted: true })(now)
      return [kept, proven === false ? [...mistrusted, realm] : mistrusted]
    },
    [cache, []],
  )
}

/** The credentials that a request holds for a realm. */
export const usedFor = (request: Request, kind: Kind, realm: Bytes): Credentials | undefined => {
  const value = authentications(credentialsHeader[kind], request).find((one) => isFor(realm, one))
  const read = value && readCredentials(value)
  return read !== undefined && isRight(read) ? read.right : undefined
}
