/**
 * A CANCEL sent now (RFC 3261 9.1), the way its INVITE went: the stack alone knows which try of a request is under way
 * and on which flow. When it may be sent, and what follows, is the business of the helper `cancelClient`.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import * as Table from '../data/table.js'
import type { Output, Ref, Refusal } from '../events.js'
import { client } from '../layer/receive-response.js'
import { sendRequest } from '../layer/send.js'
import type { ClientEntry } from '../layer/state.js'
import { parse } from '../message/parse.js'
import { go, type Step } from '../reducer.js'
import { cancel as cancelOf } from '../transaction/cancel.js'
import { id as idOf, type Key } from '../transaction/key.js'
import { answered } from './answered.js'
import type { StackConfig, State } from './state.js'
import { settled } from './settle.js'

/** Sends the CANCEL for the INVITE that the application knows by `key`; refused before a provisional and after a final response. */
export const cancel = (
  state: State,
  config: StackConfig,
  { ref, key }: { readonly ref: Ref; readonly key: Key },
  at: number,
): Step<State, Output> => {
  const first = idOf(key)
  const entry = client(state.layer, Table.get(first)(state.moved) ?? first)
  if (entry === undefined) return go(state, { _tag: 'Refused', ref, reason: { _tag: 'NoTransaction' } })
  const invite = inviteOf(entry)
  if (typeof invite !== 'string') return go(state, { _tag: 'Refused', ref, reason: invite })
  const request = parse(cancelOf(invite))
  if (isLeft(request) || request.right._tag !== 'Request')
    return go(state, { _tag: 'Refused', ref, reason: { _tag: 'Invalid', what: 'the INVITE cannot be read' } })
  const own = { ...entry.key, method: 'CANCEL' }
  const { flow, reliability } = entry
  const sent = sendRequest(state.layer, config.layer, {
    request: request.right,
    key: own,
    first: own,
    flow,
    reliability,
    at,
  })
  return sent === undefined
    ? go(state, { _tag: 'Refused', ref, reason: { _tag: 'AlreadyStarted', key: own } })
    : [
        { ...settled(state, idOf(entry.key)), layer: sent[0] },
        answered(sent[1], { _tag: 'Accepted', ref, key: own, message: request.right }),
      ]
}

/** The octets of the INVITE to cancel, or why it cannot be. */
const inviteOf = (entry: ClientEntry): string | Refusal => {
  if (entry.kind !== 'invite-client') return { _tag: 'NotAllowed', row: 'CN-9' }
  switch (entry.state._tag) {
    case 'Calling': // "If no provisional response has been received, the CANCEL request MUST NOT be sent"
      return { _tag: 'NotAllowed', row: 'CN-1' }
    case 'Proceeding':
      return entry.state.invite
    case 'Completed':
    case 'Accepted':
    case 'Terminated':
      return { _tag: 'NotAllowed', row: 'CN-3' }
  }
}
