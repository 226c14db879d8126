/**
 * A request from the network finds its place (17.2.3): the transaction it repeats, the INVITE it acknowledges or
 * cancels, or a new transaction. The layer classifies; it does not answer.
 */
import { none as nothing, type Option, some } from 'fp-ts/lib/Option.js'
import { flat, own } from '../data/bytes.js'
import { type Entropy, tag } from '../data/entropy.js'
import * as Table from '../data/table.js'
import type { Output } from '../events.js'
import { callId, cseqNumber, fromTag, toTag } from '../message/head.js'
import type { Request } from '../message/types.js'
import { none, type Step } from '../reducer.js'
import * as InviteServer from '../transaction/invite-server.js'
import {
  acknowledgedIds,
  cancelledIds,
  type ServerKey,
  serverId,
  serverKey,
  twinId,
} from '../transaction/key.js'
import * as NonInviteServer from '../transaction/non-invite-server.js'
import type { ServerEvent } from '../transaction/types.js'
import type { Flow, Reliability } from '../transport/flow.js'
import { type LayerConfig, machinesFor } from './config.js'
import { isServer } from './entry.js'
import { apply, begin, type Context, close, noContext, open } from './settle.js'
import type { Layer, ServerEntry } from './state.js'

/** A request as it arrived, its top Via already stamped with where it came from. */
export interface Arrival {
  readonly request: Request
  /** The flow it came on. */
  readonly flow: Flow
  /** The flow its responses go out on (18.2.2). */
  readonly reply: Flow
  readonly reliability: Reliability
  /** ms, monotonic. */
  readonly at: number
  /** What a transaction that begins now makes its To tag from. */
  readonly entropy: Entropy
}

/** What a request is, before anything has changed. */
export type Place =
  | { readonly _tag: 'Repeated'; readonly entry: ServerEntry }
  | { readonly _tag: 'Acknowledges'; readonly entry: ServerEntry }
  | { readonly _tag: 'Unmatched' } // an ACK outside every transaction: for a 2xx, or for nothing
  | { readonly _tag: 'New'; readonly id: string; readonly cancels: ServerEntry | undefined }

/** Where a request belongs (17.2.3, 9.2). */
export const place = (layer: Layer, request: Request): Place => {
  if (request.method === 'ACK') {
    const entry = firstOf(layer, acknowledgedIds(request))
    return entry !== undefined && acknowledges(request, entry)
      ? { _tag: 'Acknowledges', entry }
      : { _tag: 'Unmatched' }
  }
  const id = serverId(request)
  const entry = server(layer, id)
  if (entry !== undefined) return { _tag: 'Repeated', entry }
  return {
    _tag: 'New',
    id,
    cancels: request.method === 'CANCEL' ? firstOf(layer, cancelledIds(request)) : undefined,
  }
}

/** Carries out what `place` found. */
export const receiveRequest = (
  layer: Layer,
  config: LayerConfig,
  found: Place,
  arrival: Arrival,
): Step<Layer, Output> => {
  switch (found._tag) {
    case 'Unmatched':
      return [layer, [unmatched(arrival)]]
    case 'Acknowledges':
      return step(layer, config, found.entry, { _tag: 'AckReceived', request: arrival.request }, arrival)
    case 'Repeated':
      return repeat(layer, config, found.entry, arrival)
    case 'New':
      return start(layer, config, found.id, found.cancels, arrival)
  }
}

/** An event for a server transaction that lives. */
export const step = (
  layer: Layer,
  config: LayerConfig,
  entry: ServerEntry,
  event: ServerEvent,
  { at, flow }: { readonly at: number; readonly flow?: Flow },
): Step<Layer, Output> => {
  const machines = machinesFor(config, entry.flow)
  const context: Context = flow === undefined ? noContext : { cancels: nothing, mergedWith: nothing, flow }
  const stepped =
    entry.kind === 'invite-server'
      ? machines.inviteServer(entry.state, event)
      : machines.nonInviteServer(entry.state, event)
  const state = stepped[0]
  const effects = stepped[1]
  if (effects.length === 0 && state === entry.state) return [layer, none]
  const done = apply(open(layer, entry), state, effects, at, context)
  return [close(layer, entry, done), done.outputs]
}

/** The server transaction with that canonical key. */
export const server = (layer: Layer, id: string): ServerEntry | undefined => {
  const entry = Table.find(layer.transactions, id)
  return entry !== undefined && isServer(entry) ? entry : undefined
}

/** 8.2.2.2: "same From tag, Call-ID, and CSeq"; the CSeq's method is part of it (20.16). */
export const fingerprint = (request: Request): string =>
  flat(`${request.method} ${cseqNumber(request)} ${fromTag(request) ?? ''} ${callId(request)}`)

const start = (
  layer: Layer,
  config: LayerConfig,
  id: string,
  cancels: ServerEntry | undefined,
  arrival: Arrival,
): Step<Layer, Output> => {
  const { request, flow, reply, reliability } = arrival
  const print = fingerprint(request)
  // "If the request has no tag in the To header field, the UAS core MUST check the request against ongoing
  // transactions" (8.2.2.2). A CANCEL repeats its INVITE's identifiers by design.
  const ownTag = toTag(request)
  const indexed = request.method !== 'CANCEL' && ownTag === undefined
  const twin = indexed ? Table.named(layer.transactions, print) : undefined
  const mergedWith = twin !== undefined && isServer(twin) ? twin : undefined
  const twinned = twinId(request)
  const { config: machine } = machinesFor(config, reply)
  const isInvite = request.method === 'INVITE'
  const local = isInvite && ownTag !== undefined ? own(ownTag) : ownTag
  const begun = isInvite
    ? InviteServer.start(machine, request, reliability)
    : NonInviteServer.start(machine, request, reliability)
  const state = begun[0]
  const entry = {
    kind: isInvite ? 'invite-server' : 'non-invite-server',
    id,
    key: isInvite ? kept(serverKey(request), flow.remote.host) : serverKey(request),
    flow: reply,
    reliability,
    timers: undefined,
    tag: cancels?.tag ?? local ?? tag(arrival.entropy, 0),
    fingerprint: print,
    indexed: indexed && mergedWith === undefined,
    source: config.bounds.perSource < config.bounds.servers ? flow.remote.host : '',
    legacy: twinned === undefined ? undefined : { twin: twinned, tags: none },
    state,
  } as ServerEntry
  const context: Context = { cancels: keyOf(cancels), mergedWith: keyOf(mergedWith), flow }
  const done = apply(open(layer, entry), state, begun[1], arrival.at, context)
  return [begin(layer, done), done.outputs]
}

const repeat = (
  layer: Layer,
  config: LayerConfig,
  entry: ServerEntry,
  arrival: Arrival,
): Step<Layer, Output> => {
  const event = { _tag: 'RequestReceived', request: arrival.request } as const
  const [next, outputs] = step(layer, config, entry, event, arrival)
  // 17.2.3 looks at branch, sent-by and method alone, so this is a retransmission all the same (K-13).
  return fingerprint(arrival.request) === entry.fingerprint
    ? [next, outputs]
    : [next, [...outputs, collision(entry)]]
}

/** "To tag of the response sent" disambiguates the ACK of an RFC 2543 client (17.2.3); with a cookie nothing needs to. */
const acknowledges = (ack: Request, { legacy }: ServerEntry): boolean =>
  legacy === undefined || legacy.tags.includes(toTag(ack) ?? '')

/**
 * A key that outlives its message: cut from the text, its parts would keep the whole datagram in memory. `remote` is at hand.
 * Other machines than that of an INVITE keep the message itself until there is an answer, and then nothing is left of the key.
 */
const kept = (key: ServerKey, remote: string): ServerKey => ({
  ...key,
  branch: own(key.branch),
  host: key.host === remote ? remote : own(key.host),
})

const firstOf = (layer: Layer, ids: readonly string[]): ServerEntry | undefined =>
  ids.reduce<ServerEntry | undefined>((found, id) => found ?? server(layer, id), undefined)

const keyOf = (entry: ServerEntry | undefined): Option<ServerKey> =>
  entry === undefined ? nothing : some(entry.key)

const unmatched = ({ request, flow }: Arrival): Output => ({
  _tag: 'RequestReceived',
  request,
  key: nothing,
  cancels: nothing,
  mergedWith: nothing,
  flow,
})

const collision = (entry: ServerEntry): Output => ({
  _tag: 'Diagnostic',
  code: 'key-collision',
  what: 'same branch, sent-by and method, but another Call-ID, From tag or CSeq number: absorbed',
  row: 'K-13',
  transaction: entry.id,
})
