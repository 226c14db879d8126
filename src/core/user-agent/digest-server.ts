/**
 * Digest at a user agent server (RFC 3261 22.2): a request reaches the core once its sender is proven, and is challenged
 * otherwise. It stands inside of the checks of requests, for authentication comes first (8.2), and outside of the
 * helper for CANCEL, which must know every INVITE.
 */
import { isNone, isSome } from 'fp-ts/lib/Option.js'
import { type Confirmation, confirm } from '../auth/info.js'
import { reducer, type ServerState, start } from '../auth/server.js'
import type { Refusal, ServerConfig, ServerEffect, ServerEvent, Wanted } from '../auth/server-types.js'
import type { Account } from '../auth/session.js'
import { foldSteps } from '../data/fold.js'
import * as Table from '../data/table.js'
import type { Diagnostic, Input } from '../events.js'
import type { Request } from '../message/types.js'
import { go, type Step, stay } from '../reducer.js'
import { id as idOf, serverIdOfResponse } from '../transaction/key.js'
import type { Filter, Passing, Wants } from './filter.js'
import { isOwn, ours, own, ownOf } from './own.js'

/** What a guard is told beside the configuration of digest. */
export interface GuardConfig extends ServerConfig {
  /** Which requests must be authenticated. ACK and CANCEL never are (22.1). */
  readonly protects: (request: Request) => boolean
  /** The account of a user, where all are at hand. Without it the core is asked by `AccountWanted`. */
  readonly accounts?: (wanted: Wanted) => Account | undefined
}

export interface State {
  readonly server: ServerState
  /** Requests that wait to be admitted, by the id of their key. */
  readonly waiting: Table.Table<Arrived>
  /** Transactions that were refused here and have not ended: the core never hears of them. */
  readonly refused: Table.Table<true>
  /** What proves to the sender of an admitted request that we know its secret too. */
  readonly confirmations: Table.Table<Confirmation>
}

/** The filter that lets only proven requests through. */
export const digestServer = (config: GuardConfig): Filter<State> => ({
  name: NAME,
  start: {
    server: start(config),
    waiting: Table.empty(config.secret),
    refused: Table.empty(config.secret),
    confirmations: Table.empty(config.secret),
  },
  wants: wants(config),
  reducer: (state, input) => step(config, state, input),
})

type Of<Tag extends Passing['_tag']> = Extract<Passing, { readonly _tag: Tag }>
type Arrived = Of<'RequestReceived'>
type FilterStep = Step<State, Passing>

const NAME = 'digest-server'

const wants = ({ protects }: GuardConfig): Wants<State> => ({
  RequestReceived: ({ request, key }) =>
    isSome(key) && request.method !== 'ACK' && request.method !== 'CANCEL' && protects(request),
  Accepted: ours(NAME),
  Refused: ours(NAME),
  AccountFound: ours(NAME),
  SendResponse: ({ response, ref }) => response.status >= 200 && !isOwn(NAME, ref),
  ErrorReceived: ({ key }) => isSome(key) && key.value._tag === 'ServerKey',
  Ended: ({ key }) => key._tag === 'ServerKey',
})

const step = (config: GuardConfig, state: State, input: Input<Passing>): FilterStep => {
  const { event } = input
  switch (event._tag) {
    case 'RequestReceived':
      return demand(config, state, event, input)
    case 'AccountFound': {
      const ref = ownOf(NAME, event.ref) ?? ''
      const account = isSome(event.account) ? event.account.value : undefined
      return run(config, state, answer(ref, account, input), input)
    }
    case 'SendResponse':
      return confirmed(state, event)
    case 'ErrorReceived': // of one that waits, cancelled say: the core never heard of it
      return isSome(event.key) && isOurs(state, idOf(event.key.value))
        ? stay(abandon(state, config, idOf(event.key.value)))
        : go(state, event)
    case 'Ended':
      return ended(config, state, event)
    case 'Accepted':
    case 'Refused': // of our own responses
      return stay(state)
    default:
      return go(state, event)
  }
}

const demand = (config: GuardConfig, state: State, event: Arrived, input: Input<Passing>): FilterStep => {
  if (isNone(event.key)) return go(state, event)
  const ref = idOf(event.key.value)
  const { at, wall, entropy } = input
  const source = event.flow.remote.host
  const waiting = Table.set(ref, event)(state.waiting)
  const demanded: ServerEvent = { _tag: 'Demand', ref, request: event.request, source, at, wall, entropy }
  return run(config, { ...state, waiting }, demanded, input)
}

/** One step of the reducer of digest, and of what it asks for. */
const run = (config: GuardConfig, state: State, event: ServerEvent, input: Input<Passing>): FilterStep => {
  const [server, effects] = reducer(config)(state.server, event)
  return foldSteps<State, ServerEffect, Passing>({ ...state, server }, effects, (now, effect) => {
    switch (effect._tag) {
      case 'Admit':
        return admit(now, effect)
      case 'Refuse':
        return refuse(now, effect)
      case 'Lookup':
        return lookUp(config, now, effect, input)
    }
  })
}

type Effect<Tag> = Extract<ServerEffect, { readonly _tag: Tag }>

const admit = (state: State, { ref, user }: Effect<'Admit'>): FilterStep => {
  const id = String(ref)
  const arrived = Table.get(id)(state.waiting)
  if (arrived === undefined) return stay(state)
  const rest = { ...state, waiting: Table.remove(id)(state.waiting) }
  if (user === undefined) return go(rest, arrived)
  const { confirmation, ...who } = user
  return go(
    confirmation === undefined
      ? rest
      : { ...rest, confirmations: Table.set(id, confirmation)(rest.confirmations) },
    { ...arrived, user: who },
  )
}

const refuse = (state: State, { ref, response, why }: Effect<'Refuse'>): FilterStep => {
  const id = String(ref)
  const arrived = Table.get(id)(state.waiting)
  if (arrived === undefined) return stay(state)
  const next = {
    ...state,
    waiting: Table.remove(id)(state.waiting),
    refused: Table.set(id, true as const)(state.refused),
  }
  return go(next, { _tag: 'SendResponse', ref: own(NAME, id), response }, ...noted(arrived, why))
}

const lookUp = (
  config: GuardConfig,
  state: State,
  { ref, realm, wanted }: Effect<'Lookup'>,
  input: Input<Passing>,
): FilterStep =>
  config.accounts === undefined
    ? go(state, {
        _tag: 'AccountWanted',
        ref: own(NAME, String(ref)),
        question: { _tag: 'Theirs', realm, wanted },
      })
    : run(config, state, answer(String(ref), config.accounts(wanted), input), input)

const answer = (
  ref: string,
  account: Account | undefined,
  { at, wall, entropy }: Input<Passing>,
): ServerEvent =>
  account === undefined
    ? { _tag: 'NotFound', ref, at, wall, entropy }
    : { _tag: 'Found', ref, account, at, wall, entropy }

/** The first 2xx proves to the client who answers; a repetition of it is the same octets already. */
const confirmed = (state: State, event: Of<'SendResponse'>): FilterStep => {
  const id = serverIdOfResponse(event.response)
  const confirmation = Table.get(id)(state.confirmations)
  if (confirmation === undefined) return go(state, event)
  const next = { ...state, confirmations: Table.remove(id)(state.confirmations) }
  return go(
    next,
    event.response.status < 300 ? { ...event, response: confirm(confirmation)(event.response) } : event,
  )
}

const ended = (config: GuardConfig, state: State, event: Of<'Ended'>): FilterStep => {
  const id = idOf(event.key)
  if (isOurs(state, id))
    return stay({ ...abandon(state, config, id), refused: Table.remove(id)(state.refused) })
  return go({ ...state, confirmations: Table.remove(id)(state.confirmations) }, event)
}

/** Whether the core has not heard of it. */
const isOurs = ({ waiting, refused }: State, id: string): boolean =>
  Table.get(id)(waiting) !== undefined || Table.get(id)(refused) !== undefined

const abandon = (state: State, config: GuardConfig, ref: string): State => ({
  ...state,
  server: reducer(config)(state.server, { _tag: 'Abandoned', ref })[0],
  waiting: Table.remove(ref)(state.waiting),
})

/** For operators; a request that comes without credentials is the ordinary course of things. */
const noted = ({ flow }: Arrived, why: Refusal): readonly Diagnostic[] =>
  why === 'no-credentials' || why === 'stale'
    ? []
    : [{ _tag: 'Diagnostic', code: 'unauthenticated', what: `refused: ${why}`, row: 'RFC 3261 22.2', flow }]
