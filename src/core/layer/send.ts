/** What the transaction user sends: a request begins a client transaction, a response goes through its server's. */
import type { Output, Refusal } from '../events.js'
import * as Table from '../data/table.js'
import { toTag } from '../message/head.js'
import { withToTag } from '../message/build.js'
import type { Request, Response } from '../message/types.js'
import { none, type Step } from '../reducer.js'
import * as InviteClient from '../transaction/invite-client.js'
import { type ClientKey, id as idOf, type Key, serverIdOfResponse } from '../transaction/key.js'
import * as NonInviteClient from '../transaction/non-invite-client.js'
import type { Flow, Reliability } from '../transport/flow.js'
import { type LayerConfig, machinesFor } from './config.js'
import { server, step } from './receive-request.js'
import { apply, begin, open } from './settle.js'
import type { ClientEntry, Layer, ServerEntry } from './state.js'

/** A request that is ready to go: Via on top, flow known. */
export interface Departure {
  readonly request: Request
  readonly key: ClientKey
  readonly first: Key
  readonly flow: Flow
  readonly reliability: Reliability
  /** ms, monotonic. */
  readonly at: number
}

/** Begins the client transaction of a request (17.1); undefined when one with that key is running. */
export const sendRequest = (
  layer: Layer,
  config: LayerConfig,
  { request, key, first, flow, reliability, at }: Departure,
): Step<Layer, Output> | undefined => {
  const id = idOf(key)
  if (Table.find(layer.transactions, id) !== undefined) return undefined
  const { config: machine } = machinesFor(config, flow)
  const isInvite = request.method === 'INVITE'
  const [state, effects] = isInvite
    ? InviteClient.start(machine, request, reliability)
    : NonInviteClient.start(machine, request, reliability)
  const kind = isInvite ? 'invite-client' : 'non-invite-client'
  const entry = { kind, id, key, first, flow, reliability, timers: undefined, state } as ClientEntry
  const done = apply(open(layer, entry), state, effects, at)
  return [begin(layer, done), done.outputs]
}

/** A response on its way out, or why it may not go. */
export type Answered =
  | {
      readonly _tag: 'Sent'
      readonly step: Step<Layer, Output>
      readonly key: Key
      readonly response: Response
    }
  | { readonly _tag: 'Refused'; readonly step: Step<Layer, Output>; readonly reason: Refusal }

/**
 * Hands a response to its server transaction, which is found by the response's top Via and CSeq method. A response
 * above 100 without a To tag gets the transaction's (8.2.6.2).
 */
export const sendResponse = (layer: Layer, config: LayerConfig, response: Response, at: number): Answered => {
  const entry = answeredBy(layer, response)
  if (entry === undefined) return { _tag: 'Refused', step: [layer, none], reason: { _tag: 'NoTransaction' } }
  const tagged =
    response.status === 100 || toTag(response) !== undefined ? response : withToTag(entry.tag)(response)
  const done = step(layer, config, tell(entry, tagged), { _tag: 'Respond', response: tagged }, { at })
  const misuse = done[1].find((output) => output._tag === 'Diagnostic' && output.code === 'tu-misuse')
  return misuse?._tag === 'Diagnostic'
    ? { _tag: 'Refused', step: [layer, done[1]], reason: { _tag: 'NotAllowed', row: misuse.row ?? '' } }
    : { _tag: 'Sent', step: done, key: entry.key, response: tagged }
}

const answeredBy = (layer: Layer, response: Response): ServerEntry | undefined => {
  const id = serverIdOfResponse(response)
  const entry = server(layer, id)
  if (entry !== undefined || Table.size(layer.twins) === 0) return entry
  const twin = Table.find(layer.twins, id)
  return twin === undefined ? undefined : server(layer, twin)
}

/** A core that brings a To tag of its own decides the transaction's: "should be the same" in the 200 to a CANCEL (9.2). */
const tell = (entry: ServerEntry, response: Response): ServerEntry => {
  const tag = response.status === 100 ? entry.tag : (toTag(response) ?? entry.tag)
  const { legacy } = entry
  if (legacy !== undefined && response.status >= 200 && !legacy.tags.includes(tag))
    return { ...entry, tag, legacy: { ...legacy, tags: [...legacy.tags, tag] } }
  return tag === entry.tag ? entry : { ...entry, tag }
}
