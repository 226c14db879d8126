/** How a server refuses. Nothing in it tells a user that exists from one that does not. */
import { nth } from '../data/entropy.js'
import { encode } from '../data/utf8.js'
import { respond } from '../message/build.js'
import { appendField } from '../message/splice.js'
import type { Request } from '../message/types.js'
import { writeChallenge } from './challenge.js'
import { challengeHeader, withAuthentications } from './fields.js'
import { mint } from './nonce.js'
import type { Ref } from './ref.js'
import type { Now, Refusal, ServerConfig, ServerEffect } from './server-types.js'
import { opaqueOf } from './verify.js'

/** Answers with a challenge for each algorithm, "in the order in which it would prefer to see them used" (RFC 8760 2.3). */
export const refuse = (
  config: ServerConfig,
  ref: Ref,
  request: Request,
  why: Refusal,
  now: Now,
): ServerEffect => {
  if (why === 'malformed' || why === 'other-uri')
    return { _tag: 'Refuse', ref, response: respond(400, 'Bad Credentials')(request), why }
  const nonce = fresh(config, now)
  const challenges = config.algorithms.map((algorithm) =>
    writeChallenge({
      realm: encode(config.realm),
      nonce,
      opaque: opaqueOf(config),
      algorithm,
      qop: config.qop,
      stale: why === 'stale' || why === 'replayed',
      userhash: config.userhash,
    }),
  )
  const response = respond(config.kind === 'www' ? 401 : 407)(request)
  return {
    _tag: 'Refuse',
    ref,
    response: withAuthentications(challengeHeader[config.kind], challenges)(response),
    why,
  }
}

/** 500 and Retry-After: "the condition is temporary" (21.5.1). A 503 would send the client to another server. */
export const hold = (ref: Ref, request: Request, wait: number): ServerEffect => ({
  _tag: 'Refuse',
  ref,
  response: appendField(respond(500, 'Too Many Failures')(request), `Retry-After: ${Math.ceil(wait / 1000)}`),
  why: 'too-many-failures',
})

/** A nonce made now. */
export const fresh = ({ secret, realm }: ServerConfig, { wall, entropy }: Now): string =>
  mint(secret, encode(realm), wall, nth(entropy, 'nonce'))
