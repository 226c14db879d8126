/** A response from the network finds its client transaction (17.1.3), or is a stray. */
import { none as nothing } from 'fp-ts/lib/Option.js'
import * as Table from '../data/table.js'
import type { Output } from '../events.js'
import type { Response } from '../message/types.js'
import type { Step } from '../reducer.js'
import { clientIdOfResponse } from '../transaction/key.js'
import type { ClientEvent } from '../transaction/types.js'
import { type LayerConfig, machinesFor } from './config.js'
import { apply, close, open } from './settle.js'
import type { ClientEntry, Layer } from './state.js'

/** What an element does with a response that matches none of its transactions. */
export type Role =
  | 'user-agent' // RFC 6026 8.9: "any response … that does not match … MUST be silently discarded"
  | 'stateful-proxy' // the same
  | 'stateless-proxy' // 16.11: the core forwards it by its next Via

/** A response whose top Via is ours, at the instant `at` (ms). */
export const receiveResponse = (
  layer: Layer,
  config: LayerConfig,
  role: Role,
  response: Response,
  at: number,
): Step<Layer, Output> => {
  const id = clientIdOfResponse(response)
  const entry = client(layer, id)
  if (entry === undefined) return [layer, [stray(role, response, id)]]
  const event: ClientEvent = { _tag: 'ResponseReceived', response }
  const machines = machinesFor(config, entry.flow)
  const [state, effects] =
    entry.kind === 'invite-client'
      ? machines.inviteClient(entry.state, event)
      : machines.nonInviteClient(entry.state, event)
  const done = apply(open(layer, entry), state, effects, at)
  return [close(layer, entry, done), done.outputs]
}

/** The client transaction with that canonical key. */
export const client = (layer: Layer, id: string): ClientEntry | undefined => {
  const entry = Table.find(layer.transactions, id)
  return entry !== undefined && !('tag' in entry) ? entry : undefined
}

const stray = (role: Role, response: Response, id: string): Output =>
  role === 'stateless-proxy'
    ? { _tag: 'ResponseReceived', response, key: nothing, first: nothing }
    : {
        _tag: 'Diagnostic',
        code: 'stray',
        what: `${response.status} answers no transaction of ours`,
        row: 'ST-1',
        transaction: id,
      }
