/**
 * The server side of digest as a reducer (RFC 3261 22, RFC 7616 3, RFC 8760 2.3). A request is demanded to be proven;
 * it is refused with a challenge, or its user's account is looked up and it is admitted or refused. Only what
 * succeeded is remembered, so nobody without an account can fill the memory, except for a bounded number of failures.
 */
import * as Table from '../data/table.js'
import { decode } from '../data/utf8.js'
import type { Request } from '../message/types.js'
import { go, type Reducer, type Step } from '../reducer.js'
import * as Backoff from './backoff.js'
import { countOf } from './credentials.js'
import { keyOf, type Ref } from './ref.js'
import { fresh, hold, refuse } from './refusal.js'
import * as Replay from './replay.js'
import type { Now, ServerConfig, ServerEffect, ServerEvent, User, Wanted } from './server-types.js'
import type { Account } from './session.js'
import { type Presented, present, verify } from './verify.js'

/** The state of a server. */
export interface ServerState {
  readonly replay: Replay.Replay
  readonly sources: Backoff.Backoff
  readonly users: Backoff.Backoff
  /** Requests whose account is being looked up. */
  readonly pending: Table.Table<Pending>
}

interface Pending {
  readonly request: Request
  readonly source: string
  readonly presented: Presented
}

type ServerStep = Step<ServerState, ServerEffect>

/** A server that nobody has asked yet. */
export const start = ({ secret, remembered }: ServerConfig): ServerState => ({
  replay: Replay.empty(secret, remembered),
  sources: Backoff.empty(secret, remembered),
  users: Backoff.empty(secret, remembered),
  pending: Table.empty(secret),
})

/** The reducer of a server. */
export const reducer =
  (config: ServerConfig): Reducer<ServerState, ServerEvent, ServerEffect> =>
  (state, event) => {
    switch (event._tag) {
      case 'Demand':
        return demand(state, config, event)
      case 'Found':
        return decide(state, config, event.ref, event, event.account)
      case 'NotFound':
        return decide(state, config, event.ref, event, undefined)
      case 'Abandoned':
        return go({ ...state, pending: Table.remove(keyOf(event.ref))(state.pending) })
    }
  }

const demand = (
  state: ServerState,
  config: ServerConfig,
  event: Extract<ServerEvent, { _tag: 'Demand' }>,
): ServerStep => {
  const { ref, request, source } = event
  // "Servers MUST NOT attempt to challenge an ACK", nor CANCEL, "since these requests cannot be resubmitted" (22.1).
  if (request.method === 'ACK' || request.method === 'CANCEL')
    return go(state, { _tag: 'Admit', ref, request })
  const presented = present(config, request, event.wall)
  if (typeof presented === 'string') return go(state, refuse(config, ref, request, presented, event))
  const wait = waitOf(state, config, source, presented, event.at)
  if (wait > 0) return go(state, hold(ref, request, wait))
  const pending = Table.set(keyOf(ref), { request, source, presented })(state.pending)
  const wanted = wantedOf(presented)
  return go({ ...state, pending }, { _tag: 'Lookup', ref, realm: config.realm, wanted })
}

const decide = (
  state: ServerState,
  config: ServerConfig,
  ref: Ref,
  now: Now,
  account: Account | undefined,
): ServerStep => {
  const pending = Table.get(keyOf(ref))(state.pending)
  if (pending === undefined) return go(state)
  const { request, source, presented } = pending
  const { credentials, nonce } = presented
  const rest = { ...state, pending: Table.remove(keyOf(ref))(state.pending) }
  const key = verify(config, request, credentials, account, Replay.find(nonce)(state.replay))
  if (key === undefined || account === undefined) {
    const sources = Backoff.fail(config.sourcePatience, source, now.at)(state.sources)
    const users = Backoff.fail(config.userPatience, userOf(presented), now.at)(state.users)
    return go({ ...rest, sources, users }, refuse(config, ref, request, 'wrong', now))
  }
  const { protection } = credentials
  const count = protection === undefined ? 1 : countOf(protection.nc)
  const current = Replay.forgetBefore(now.wall - config.lifetime)(state.replay)
  const replay = Replay.use(nonce, count, protection?.cnonce ?? '')(current)
  return replay === undefined
    ? go(rest, refuse(config, ref, request, 'replayed', now))
    : go(
        { ...rest, replay },
        { _tag: 'Admit', ref, request, user: admitted(config, presented, account, key, now) },
      )
}

const admitted = (
  config: ServerConfig,
  { credentials, nonce }: Presented,
  account: Account,
  key: string,
  now: Now,
): User => {
  const { algorithm, uri, protection } = credentials
  const user = { username: account.username, realm: config.realm }
  // RFC 2069 has no Authentication-Info (22.4), and a proxy none of its own in SIP (20.6).
  if (protection === undefined || config.kind === 'proxy') return user
  // With -sess the client's key belongs to the first nonce, which we would not know again.
  const isOld = !algorithm.session && nonce.issued + config.lifetime / 2 < now.wall
  const next = isOld ? { next: fresh(config, now) } : {}
  return { ...user, confirmation: { key, algorithm, nonce: credentials.nonce, uri, protection, ...next } }
}

/** Whoever goes on with a nonce that succeeded before need not wait, whatever others try in his name. */
const waitOf = (
  { replay, sources, users }: ServerState,
  { sourcePatience, userPatience }: ServerConfig,
  source: string,
  presented: Presented,
  at: number,
): number =>
  Replay.find(presented.nonce)(replay) !== undefined
    ? 0
    : Math.max(
        Backoff.wait(sourcePatience, source, at)(sources),
        Backoff.wait(userPatience, userOf(presented), at)(users),
      )

const wantedOf = ({ credentials: { username, userhash, algorithm } }: Presented): Wanted =>
  userhash
    ? { _tag: 'Userhash', hash: algorithm.hash, value: username }
    : { _tag: 'Name', name: decode(username) }

const userOf = ({ credentials: { username, userhash } }: Presented): string =>
  `${userhash ? '#' : ''}${username}`
