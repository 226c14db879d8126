/** What the client side of digest is told, asks for and is configured with. */
import type { Entropy } from '../data/entropy.js'
import type { Secret } from '../data/hash.js'
import type { Request, Response } from '../message/types.js'
import { hashes } from './algorithm.js'
import type { Kind } from './fields.js'
import type { Ref } from './ref.js'
import type { Account, Policy } from './session.js'

/** What a client is told once. */
export interface ClientConfig extends Policy {
  /** Keys the tables; unguessable. */
  readonly secret: Secret
  /** The realms of outbound proxies of our own, whose sessions hold for every call (22.3). */
  readonly outbound: readonly string[]
  /** How many destinations and calls are remembered. */
  readonly places: number
  /** How many challenges are answered for one request, however often the server calls its own nonce stale. */
  readonly attempts: number
}

/** All hashes in the server's order, `auth` where it is offered, 1,000 places, three attempts. */
export const clientConfig = (secret: Secret): ClientConfig => ({
  secret,
  hashes,
  qop: 'auth',
  outbound: [],
  places: 1000,
  attempts: 3,
})

/** What happens to a client. `entropy` is needed where an answer may be made. */
export type ClientEvent =
  /** A request is about to be sent for the first time, without a Via of ours. */
  | { readonly _tag: 'Send'; readonly ref: Ref; readonly request: Request }
  /** A final response to a request that this client let go, as it let it go. */
  | {
      readonly _tag: 'Answered'
      readonly ref: Ref
      readonly request: Request
      readonly response: Response
      readonly entropy: Entropy
    }
  /** The answer to `Lookup`. */
  | {
      readonly _tag: 'Found'
      readonly ref: Ref
      readonly kind: Kind
      readonly realm: string
      readonly account: Account
      readonly entropy: Entropy
    }
  | {
      readonly _tag: 'NotFound'
      readonly ref: Ref
      readonly kind: Kind
      readonly realm: string
    }
  /** The application no longer wants the request; an account found later changes nothing. */
  | { readonly _tag: 'Abandoned'; readonly ref: Ref }

/** What a client asks for. */
export type ClientEffect =
  /** Send this request: the first time as given, later with CSeq raised (8.1.3.5), always in a new transaction. */
  | { readonly _tag: 'Transmit'; readonly ref: Ref; readonly request: Request }
  /** Find the account for a realm; answered by `Found` or `NotFound`. */
  | { readonly _tag: 'Lookup'; readonly ref: Ref; readonly kind: Kind; readonly realm: string }
  /** The response is the application's: it is no challenge, or one that will not be answered. */
  | { readonly _tag: 'Deliver'; readonly ref: Ref; readonly response: Response; readonly why: Outcome }
  /** The server's proof (rspauth) is wrong: it does not know the password, or the response was changed. */
  | { readonly _tag: 'Mistrust'; readonly ref: Ref; readonly realm: string }

/** Why a response is the application's. */
export type Outcome =
  | 'no-challenge'
  | 'unsupported' // RFC 8760 2.4: "MUST ignore any challenge it does not understand"; there was no other
  | 'rejected' // 22.1: "MUST NOT re-attempt requests with the credentials that have just been rejected"
  | 'no-account' // "If the UAC cannot respond to any of the challenges …, it SHOULD abandon" (RFC 8760 2.4)
  | 'exhausted' // `attempts`, or CSeq is at its end (8.1.1.5)
