/**
 * The client side of digest as a reducer (RFC 3261 22.2, 22.3; RFC 7616 3.4, 3.6; RFC 8760 2.4). It is told of every
 * request before it goes and of every final response; it answers with requests to send, asks for the accounts it
 * needs, and remembers what succeeded.
 */
import type { Bytes } from '../data/bytes.js'
import { cnonce, nth } from '../data/entropy.js'
import * as Table from '../data/table.js'
import { decode, encode } from '../data/utf8.js'
import { cseqNumber } from '../message/head.js'
import type { Request, Response } from '../message/types.js'
import { go, none, type Reducer, type Step } from '../reducer.js'
import * as Cache from './cache.js'
import type { ClientConfig, ClientEffect, ClientEvent, Outcome } from './client-types.js'
import { withCSeq } from './fields.js'
import { learn, usedFor } from './learn.js'
import * as Recent from './recent.js'
import { keyOf, type Ref } from './ref.js'
import { type Asked, accountOf, asked, begin, type Session } from './session.js'

/** The state of a client: sessions, responses that wait for an account, and how often each request was answered. */
export interface ClientState {
  readonly cache: Cache.Cache
  readonly waiting: Table.Table<Waiting>
  readonly attempts: Recent.Recent<number>
}

/** A response of which some challenges are answered and some wait for an account. */
interface Waiting {
  readonly request: Request
  readonly response: Response
  readonly open: readonly Asked[]
  readonly ready: readonly Session[]
}

type ClientStep = Step<ClientState, ClientEffect>

/** A client that has not met a server yet. */
export const start = ({ secret, places, outbound }: ClientConfig): ClientState => ({
  cache: Cache.empty(secret, places, outbound.map(encode)),
  waiting: Table.empty(secret),
  attempts: Recent.empty(secret, places),
})

/** The reducer of a client. */
export const reducer =
  (config: ClientConfig): Reducer<ClientState, ClientEvent, ClientEffect> =>
  (state, event) => {
    switch (event._tag) {
      case 'Send':
        return send(state, event.ref, event.request)
      case 'Answered': {
        const { ref, request, response } = event
        const [cache, mistrusted] = learn(state.cache, request, response)
        const [next, effects] = answered({ ...state, cache }, config, event)
        return [next, [...mistrusted.map((realm) => mistrust(ref, realm)), ...effects]]
      }
      case 'Found':
      case 'NotFound':
        return found(state, config, event)
      case 'Abandoned':
        return go(forget(state, event.ref))
    }
  }

const send = (state: ClientState, ref: Ref, request: Request): ClientStep => {
  // An ACK repeats the credentials of its INVITE, a CANCEL is never challenged (22.1).
  if (request.method === 'ACK' || request.method === 'CANCEL') return go(state, transmit(ref, request))
  const [cache, authorized] = Cache.authorize(request)(state.cache)
  return go({ ...state, cache }, transmit(ref, authorized))
}

const answered = (
  state: ClientState,
  config: ClientConfig,
  { ref, request, response, entropy }: Extract<ClientEvent, { _tag: 'Answered' }>,
): ClientStep => {
  const give = (why: Outcome): ClientStep => go(forget(state, ref), { _tag: 'Deliver', ref, response, why })
  if (response.status !== 401 && response.status !== 407) return give('no-challenge')
  const asks = asked(response)
  if (asks.length === 0) return give('unsupported')
  const refused = asks.find((ask) => isRejected(state, request, ask))
  if (refused !== undefined) {
    const { kind, realm } = refused
    const cache = Cache.drop(request, kind, realm)(state.cache)
    return go(forget({ ...state, cache }, ref), { _tag: 'Deliver', ref, response, why: 'rejected' })
  }
  const count = (Recent.get(keyOf(ref))(state.attempts) ?? 0) + 1
  if (count > config.attempts) return give('exhausted')
  const counted = { ...state, attempts: Recent.put(keyOf(ref), count)(state.attempts)[0] }
  const known = asks.map((ask, n) => again(state, config, request, ask, cnonce(nth(entropy, n))))
  const ready = known.filter((session) => session !== undefined)
  return proceed(counted, ref, {
    request,
    response,
    ready,
    open: asks.filter((_, n) => known[n] === undefined),
  })
}

/**
 * Whether the credentials in the request are those that the challenge refuses. They are not where the nonce alone was
 * wrong: the server says so (stale), or it had let them through before, or they were of an older challenge.
 */
const isRejected = (state: ClientState, request: Request, { kind, realm, challenges }: Asked): boolean => {
  const used = usedFor(request, kind, realm)
  if (used === undefined || challenges.some(({ stale }) => stale)) return false
  const session = Cache.find(request, kind, realm)(state.cache)
  return session === undefined || (!session.accepted && session.challenge.nonce === used.nonce)
}

/** A session for a new challenge of a realm whose account is known already. */
const again = (
  state: ClientState,
  config: ClientConfig,
  request: Request,
  ask: Asked,
  fresh: Bytes,
): Session | undefined => {
  const session = Cache.find(request, ask.kind, ask.realm)(state.cache)
  return session && begin(ask, accountOf(session), config, fresh)
}

const found = (
  state: ClientState,
  config: ClientConfig,
  event: Extract<ClientEvent, { _tag: 'Found' | 'NotFound' }>,
): ClientStep => {
  const { ref, kind, realm } = event
  const waiting = Table.get(keyOf(ref))(state.waiting)
  const ask = waiting?.open.find((one) => one.kind === kind && decode(one.realm) === realm)
  if (waiting === undefined || ask === undefined) return go(state)
  const session =
    event._tag === 'Found' ? begin(ask, event.account, config, cnonce(nth(event.entropy, 0))) : undefined
  return proceed(state, ref, {
    ...waiting,
    open: waiting.open.filter((one) => one !== ask),
    ready: session === undefined ? waiting.ready : [...waiting.ready, session],
  })
}

/** Waits for what is still open, asking for it the first time; sends once nothing is. */
const proceed = (state: ClientState, ref: Ref, waiting: Waiting): ClientStep => {
  const { request, response, open, ready } = waiting
  if (open.length > 0) {
    const isFirst = Table.get(keyOf(ref))(state.waiting) === undefined
    const next = { ...state, waiting: Table.set(keyOf(ref), waiting)(state.waiting) }
    return [
      next,
      isFirst ? open.map(({ kind, realm }) => ({ _tag: 'Lookup', ref, kind, realm: decode(realm) })) : none,
    ]
  }
  const number = cseqNumber(request) + 1
  const why = ready.length === 0 ? 'no-account' : number > 0x7fffffff ? 'exhausted' : undefined
  if (why !== undefined) return go(forget(state, ref), { _tag: 'Deliver', ref, response, why })
  const kept = ready.reduce((cache, session) => Cache.keep(request, session)(cache), state.cache)
  const [cache, authorized] = Cache.authorize(request)(kept)
  const next = { ...state, cache, waiting: Table.remove(keyOf(ref))(state.waiting) }
  return go(next, transmit(ref, withCSeq(number)(authorized)))
}

const forget = (state: ClientState, ref: Ref): ClientState => ({
  ...state,
  waiting: Table.remove(keyOf(ref))(state.waiting),
  attempts: Recent.remove(keyOf(ref))(state.attempts),
})

const transmit = (ref: Ref, request: Request): ClientEffect => ({ _tag: 'Transmit', ref, request })

const mistrust = (ref: Ref, realm: Bytes): ClientEffect => ({ _tag: 'Mistrust', ref, realm: decode(realm) })
