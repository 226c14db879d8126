/** What the server side of digest is told, asks for and is configured with. */
import type { Entropy } from '../data/entropy.js'
import type { Secret } from '../data/hash.js'
import type { Request, Response } from '../message/types.js'
import type { Algorithm, Hash } from './algorithm.js'
import type { Patience } from './backoff.js'
import type { Kind } from './fields.js'
import type { Confirmation } from './info.js'
import type { Ref } from './ref.js'
import type { Qop } from './response.js'
import type { Account } from './session.js'

/** What a server is told once. Times in ms. */
export interface ServerConfig {
  /** A user agent or registrar answers 401, a proxy 407 (RFC 3261 22.1). */
  readonly kind: Kind
  /** "Realm strings MUST be globally unique" and should tell people where they log in (22.1). */
  readonly realm: string
  /** Signs nonces and keys the tables; unguessable. Servers that share it accept each other's nonces. */
  readonly secret: Secret
  /** What is offered, the most preferred first (RFC 8760 2.3). */
  readonly algorithms: readonly Algorithm[]
  /** What is offered. With `auth-int` alone, a proxy on the way that changes bodies makes every request fail. */
  readonly qop: readonly Qop[]
  /** Whether clients may send the hash of their name (RFC 7616 3.4.4); look-ups must then find users by it. */
  readonly userhash: boolean
  /** Whether credentials without qop are accepted, as clients of RFC 2069 send them; each nonce then serves once. */
  readonly withoutQop: boolean
  /**
   * Whether a `uri` with another user or host than the Request-URI is one that requests are accepted for (RFC 8760 2.6
   * item 6): a proxy may have rewritten the Request-URI on the way.
   */
  readonly acceptsUri: (uri: string, request: Request) => boolean
  /** How long a nonce is valid. */
  readonly lifetime: number
  /** How far ahead the clock of another server with this secret may be. */
  readonly skew: number
  /** How many nonces in use, sources and users are remembered, of each kind. */
  readonly remembered: number
  readonly sourcePatience: Patience
  readonly userPatience: Patience
}

/** SHA-256 and MD5, auth and auth-int, nonces of five minutes, ten free failures a source and a user. */
export const serverConfig = (kind: Kind, realm: string, secret: Secret): ServerConfig => ({
  kind,
  realm,
  secret,
  algorithms: [
    { hash: 'SHA-256', session: false },
    { hash: 'MD5', session: false },
  ],
  qop: ['auth', 'auth-int'],
  userhash: false,
  withoutQop: true,
  acceptsUri: () => false,
  lifetime: 300_000,
  skew: 30_000,
  remembered: 100_000,
  sourcePatience: { free: 10, first: 1000, most: 60_000 },
  userPatience: { free: 10, first: 1000, most: 60_000 },
})

/** Time and chance, which come with every event: `at` monotonic and `wall` since 1970, ms. */
export interface Now {
  readonly at: number
  readonly wall: number
  readonly entropy: Entropy
}

/** What happens to a server. `ref` names one request from `Demand` to `Admit` or `Refuse`. */
export type ServerEvent =
  /** A request must be authenticated; `source` is the host it came from. */
  | (Now & {
      readonly _tag: 'Demand'
      readonly ref: Ref
      readonly request: Request
      readonly source: string
    })
  /** The answers to `Lookup`. */
  | (Now & { readonly _tag: 'Found'; readonly ref: Ref; readonly account: Account })
  | (Now & { readonly _tag: 'NotFound'; readonly ref: Ref })
  /** The request was cancelled or timed out; an account found later changes nothing. */
  | { readonly _tag: 'Abandoned'; readonly ref: Ref }

/** Whom to look up: by name, or by the hash of the name in this realm. */
export type Wanted =
  | { readonly _tag: 'Name'; readonly name: string }
  | { readonly _tag: 'Userhash'; readonly hash: Hash; readonly value: string }

/** What a server asks for. */
export type ServerEffect =
  /** Find an account; answered by `Found` or `NotFound`. */
  | { readonly _tag: 'Lookup'; readonly ref: Ref; readonly realm: string; readonly wanted: Wanted }
  /** The request may pass. `user` is absent where nobody is asked: ACK and CANCEL (22.1). */
  | { readonly _tag: 'Admit'; readonly ref: Ref; readonly request: Request; readonly user?: User }
  /** Answer the request so. */
  | { readonly _tag: 'Refuse'; readonly ref: Ref; readonly response: Response; readonly why: Refusal }

/** Who sent a request, proven. */
export interface User {
  /** As the look-up called him. */
  readonly username: string
  readonly realm: string
  /** What `confirm` needs to prove to the client that the server knows its secret; absent without qop. */
  readonly confirmation?: Confirmation
}

/** Why a request was refused; for logs, never for the peer. */
export type Refusal =
  | 'no-credentials'
  | 'malformed' // "the proper response is a 4xx error code" (RFC 7616 3.4)
  | 'other-uri' // credentials for another request than this one; 400 as in RFC 2617 3.2.2.5
  | 'not-offered' // an algorithm, qop, opaque or userhash that no challenge of ours has
  | 'stale' // a nonce that is too old, or none of ours
  | 'replayed'
  | 'wrong' // no such user, or not his password: nobody is told which
  | 'too-many-failures'
