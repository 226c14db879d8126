/**
 * Digest at a user agent client (RFC 3261 22.2, 22.3, row CC-9): requests go out with the credentials known for them, and
 * a 401 or 407 that can be answered is, by the same request in a new transaction. The core sees one request and one
 * outcome, all under the key that its `send` returned.
 *
 * It stands outside of the helpers that know requests by their CSeq: `around(digestClient(…))(userAgent(config))`.
 */
import { isNone, isSome, type Option, some } from 'fp-ts/lib/Option.js'
import { type ClientState, reducer, start } from '../auth/client.js'
import type { ClientConfig, ClientEffect, ClientEvent } from '../auth/client-types.js'
import type { Kind } from '../auth/fields.js'
import { keyOf } from '../auth/ref.js'
import { type Accounts, withAccounts } from '../auth/retry.js'
import { foldSteps } from '../data/fold.js'
import * as Table from '../data/table.js'
import type { Diagnostic, Input, SendOptions } from '../events.js'
import type { Request } from '../message/types.js'
import { go, type Reducer, type Step, stay } from '../reducer.js'
import { id as idOf, type Key } from '../transaction/key.js'
import type { Filter, Passing, Wants } from './filter.js'
import { ours, own, ownOf } from './own.js'

/** A request as the core knows it, through all its transactions. */
interface Chain {
  /** What the core calls it. */
  readonly first: Key
  /** The transaction it is in now; while an account is looked up, that of the response that waits. */
  readonly current: Key
  /** As it was sent last, without the Via of the stack. */
  readonly request: Request
  readonly options: SendOptions
  /** The challenge that is being answered. */
  readonly held?: Responded
  /** Its transaction has ended meanwhile. */
  readonly over?: true
  /** The core wants no more of it: a challenge is not answered. */
  readonly cancelled: boolean
}

export interface State {
  readonly client: ClientState
  /** Requests between their wish and its answer, by ref. */
  readonly leaving: Table.Table<{ readonly request: Request; readonly options: SendOptions }>
  /** By the id of the first key. */
  readonly chains: Table.Table<Chain>
  /** The same by the id of every key that may still be heard of. */
  readonly keys: Table.Table<string>
}

/**
 * The filter. With `accounts` every account is at hand; without, the core hears `AccountWanted` and answers with
 * `AccountFound` when it can.
 */
export const digestClient = (config: ClientConfig, accounts?: Accounts): Filter<State> => {
  const { secret } = config
  const client = accounts === undefined ? reducer(config) : withAccounts(config, accounts)
  return {
    name: NAME,
    start: {
      client: start(config),
      leaving: Table.empty(secret),
      chains: Table.empty(secret),
      keys: Table.empty(secret),
    },
    wants,
    reducer: (state, input) => step(client, state, input),
  }
}

type Client = Reducer<ClientState, ClientEvent, ClientEffect>
type Of<Tag extends Passing['_tag']> = Extract<Passing, { readonly _tag: Tag }>
type Responded = Of<'ResponseReceived'>
type FilterStep = Step<State, Passing>

const NAME = 'digest-client'

const wants: Wants<State> = {
  SendRequest: ({ request, options }) => isTried(request) && options.via !== 'present',
  Accepted: ({ message }) => message._tag === 'Request' && isTried(message),
  Refused: () => true,
  Cancel: () => true,
  Terminate: () => true,
  ResponseReceived: ({ key }) => isSome(key),
  ErrorReceived: ({ key }) => isSome(key) && isClient(key.value),
  Ended: ({ key }) => isClient(key),
  AccountFound: ours(NAME),
}

const step = (client: Client, state: State, { event, entropy }: Input<Passing>): FilterStep => {
  switch (event._tag) {
    case 'SendRequest':
      return leave(client, state, event)
    case 'Accepted':
      return accepted(state, event)
    case 'Refused':
      return refused(client, state, event)
    case 'ResponseReceived':
      return responded(client, state, event, entropy)
    case 'AccountFound':
      return found(client, state, event, entropy)
    case 'ErrorReceived':
      return failed(client, state, event)
    case 'Ended':
      return ended(state, event)
    case 'Cancel':
    case 'Terminate':
      return stop(client, state, event)
    default:
      return go(state, event)
  }
}

const leave = (client: Client, state: State, event: Of<'SendRequest'>): FilterStep => {
  const { ref, request, options } = event
  const [next, effects] = client(state.client, { _tag: 'Send', ref, request })
  const ready = effects.find((effect) => effect._tag === 'Transmit')?.request ?? request
  const leaving = Table.set(keyOf(ref), { request: ready, options })(state.leaving)
  return go({ ...state, client: next, leaving }, { ...event, request: ready })
}

const accepted = (state: State, event: Of<'Accepted'>): FilterStep => {
  const { ref, key } = event
  const again = ownOf(NAME, ref)
  const chain = again === undefined ? undefined : Table.get(again)(state.chains)
  if (again !== undefined && chain !== undefined) {
    const { first, request, options, cancelled } = chain
    return stay(enter(state, again, { first, current: key, request, options, cancelled }))
  }
  const leaving = Table.get(keyOf(ref))(state.leaving)
  if (leaving === undefined) return go(state, { ...event, key: chainOf(state, some(key))[1]?.first ?? key })
  const rest = { ...state, leaving: Table.remove(keyOf(ref))(state.leaving) }
  return go(enter(rest, idOf(key), { ...leaving, first: key, current: key, cancelled: false }), event)
}

/** When the stack does not take the repetition, the challenge is the outcome after all. */
const refused = (client: Client, state: State, event: Of<'Refused'>): FilterStep => {
  const again = ownOf(NAME, event.ref)
  if (again === undefined)
    return go({ ...state, leaving: Table.remove(keyOf(event.ref))(state.leaving) }, event)
  const chain = Table.get(again)(state.chains)
  return chain?.held === undefined ? stay(state) : giveUp(client, state, again, chain.held)
}

const responded = (client: Client, state: State, event: Responded, entropy: string): FilterStep => {
  const [id, chain] = chainOf(state, isSome(event.first) ? event.first : event.key)
  if (chain === undefined) return go(state, event)
  const named = { ...event, first: some(chain.first) }
  const { response } = event
  if (response.status < 200 || chain.cancelled) return go(state, named)
  const waiting = enter(state, id, { ...chain, held: named })
  const [next, effects] = client(state.client, {
    _tag: 'Answered',
    ref: id,
    request: chain.request,
    response,
    entropy,
  })
  return carryOut({ ...waiting, client: next }, id, effects)
}

const found = (client: Client, state: State, event: Of<'AccountFound'>, entropy: string): FilterStep => {
  const { kind, id, realm } = questionOf(ownOf(NAME, event.ref) ?? '')
  const answer: ClientEvent = isNone(event.account)
    ? { _tag: 'NotFound', ref: id, kind, realm }
    : { _tag: 'Found', ref: id, kind, realm, account: event.account.value, entropy }
  const [next, effects] = client(state.client, answer)
  return carryOut({ ...state, client: next }, id, effects)
}

const failed = (client: Client, state: State, event: Of<'ErrorReceived'>): FilterStep => {
  const first = isSome(event.first) ? event.first : event.key
  const [id, chain] = chainOf(state, first)
  if (id === '') return go(state, event)
  // Of an earlier transaction, its ACK say, it is no outcome.
  if (chain === undefined || chain.held !== undefined || !isNow(chain, first)) return stay(state)
  const [next] = client(state.client, { _tag: 'Abandoned', ref: id })
  return go({ ...state, client: next }, { ...event, first: some(chain.first) })
}

/** The core hears of one end: that of the last transaction. */
const ended = (state: State, event: Of<'Ended'>): FilterStep => {
  const [id, chain] = chainOf(state, some(event.key))
  if (id === '') return go(state, event)
  const rest = { ...state, keys: Table.remove(idOf(event.key))(state.keys) }
  if (chain === undefined || !isNow(chain, some(event.key))) return stay(rest)
  return chain.held === undefined
    ? go({ ...rest, chains: Table.remove(id)(rest.chains) }, { ...event, key: chain.first })
    : stay({ ...rest, chains: Table.set<Chain>(id, { ...chain, over: true })(rest.chains) })
}

/** The wish is for the transaction the request is in now. One that waits for an account is in none, and is done. */
const stop = (client: Client, state: State, event: Of<'Cancel' | 'Terminate'>): FilterStep => {
  const [id, chain] = chainOf(state, some(event.key))
  if (chain === undefined) return go(state, event)
  if (chain.held === undefined)
    return go(enter(state, id, { ...chain, cancelled: true }), { ...event, key: chain.current })
  const [next, news] = giveUp(client, state, id, chain.held)
  return event._tag === 'Terminate'
    ? [next, news.filter((one) => one !== chain.held)]
    : [next, [...news, { _tag: 'Refused', ref: event.ref, reason: { _tag: 'NotAllowed', row: 'CN-3' } }]]
}

const giveUp = (client: Client, state: State, id: string, held: Responded): FilterStep => {
  const [next] = client(state.client, { _tag: 'Abandoned', ref: id })
  return deliver({ ...state, client: next }, id, held)
}

const deliver = (state: State, id: string, held: Responded): FilterStep => {
  const chain = Table.get(id)(state.chains)
  if (chain === undefined) return go(state, held)
  const { held: _, over, ...rest } = chain
  return over === true
    ? go({ ...state, chains: Table.remove(id)(state.chains) }, held, { _tag: 'Ended', key: chain.first })
    : go({ ...state, chains: Table.set<Chain>(id, rest)(state.chains) }, held)
}

const carryOut = (state: State, id: string, effects: readonly ClientEffect[]): FilterStep =>
  foldSteps<State, ClientEffect, Passing>(state, effects, (now, effect) => {
    const chain = Table.get(id)(now.chains)
    if (chain === undefined) return stay(now)
    switch (effect._tag) {
      case 'Transmit': {
        const { request } = effect
        const chains = Table.set<Chain>(id, { ...chain, request })(now.chains)
        return go(
          { ...now, chains },
          { _tag: 'SendRequest', ref: own(NAME, id), request, options: chain.options },
        )
      }
      case 'Lookup': {
        const { kind, realm } = effect
        const ref = own(NAME, `${kind} ${id} ${realm}`)
        return go(now, { _tag: 'AccountWanted', ref, question: { _tag: 'Ours', kind, realm } })
      }
      case 'Deliver':
        return chain.held === undefined ? stay(now) : deliver(now, id, chain.held)
      case 'Mistrust':
        return go(now, untrusted(effect.realm))
    }
  })

const enter = (state: State, id: string, chain: Chain): State => ({
  ...state,
  chains: Table.set(id, chain)(state.chains),
  keys: Table.set(idOf(chain.current), id)(state.keys),
})

/** The id and the chain of a key; an id without a chain when that is done and this an earlier transaction of it. */
const chainOf = (state: State, key: Option<Key>): readonly [string, Chain | undefined] => {
  const id = isNone(key) ? undefined : Table.get(idOf(key.value))(state.keys)
  return id === undefined ? ['', undefined] : [id, Table.get(id)(state.chains)]
}

/** Whether that is the transaction the request is in now. */
const isNow = ({ current }: Chain, key: Option<Key>): boolean =>
  isSome(key) && idOf(key.value) === idOf(current)

/** The inverse of what `carryOut` writes into a ref; an id holds no space, a realm may. */
const questionOf = (ref: string): { readonly kind: Kind; readonly id: string; readonly realm: string } => {
  const [kind, id = '', ...realm] = ref.split(' ')
  return { kind: kind === 'proxy' ? 'proxy' : 'www', id, realm: realm.join(' ') }
}

const isTried = ({ method }: Request): boolean => method !== 'ACK' && method !== 'CANCEL'

const isClient = (key: Key): boolean => key._tag === 'ClientKey'

const untrusted = (realm: string): Diagnostic => ({
  _tag: 'Diagnostic',
  code: 'untrusted',
  what: `the server of ${realm} did not prove that it knows the password: rspauth is wrong`,
})
