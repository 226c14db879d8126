/**
 * Observation without instrumentation: what happened in a step is read off the states before and after it and what the step
 * said. Nothing in the stack knows that somebody looks.
 */
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import * as Table from '../data/table.js'
import type { Diagnostic, Event, Input, Output } from '../events.js'
import type { Entry } from '../layer/state.js'
import { find } from '../layer/timers.js'
import { id as idOf, type Key } from '../transaction/key.js'
import type { Timer } from '../transaction/types.js'
import type { State } from './state.js'

/** Something that happened, at the instant `at` (ms, monotonic). */
export type Observation =
  /** A transaction began (`from` is absent), went from one box of its figure to another, or ended (`to` is absent). */
  | {
      readonly _tag: 'Transition'
      readonly at: number
      readonly transaction: string
      readonly kind: Entry['kind']
      readonly from?: Entry['state']['_tag']
      readonly to?: Entry['state']['_tag']
    }
  /** A timer of a transaction fired, `late` ms after it was due. A firing that came too late to matter is a diagnostic. */
  | {
      readonly _tag: 'Fired'
      readonly at: number
      readonly transaction: string
      readonly timer: Timer
      readonly late: number
    }
  | { readonly _tag: 'Noted'; readonly at: number; readonly diagnostic: Diagnostic }

/** What happened in one step of a stack: firing first, then transitions, then diagnostics. */
export const observations = (
  before: State,
  { at, event }: Pick<Input, 'at' | 'event'>,
  outputs: readonly Output[],
  after: State,
): readonly Observation[] => [
  ...fired(before, event, at),
  ...[...new Set([...named(event), ...outputs.flatMap(mentioned)])].flatMap((id) =>
    transition(before, after, id, at),
  ),
  ...outputs.flatMap((output): readonly Observation[] =>
    output._tag === 'Diagnostic' ? [{ _tag: 'Noted', at, diagnostic: output }] : [],
  ),
]

const fired = (before: State, event: Event, at: number): readonly Observation[] => {
  if (event._tag !== 'TimerFired' || event.id._tag !== 'Transaction') return []
  const { transaction, timer } = event.id
  const entry = Table.get(transaction)(before.layer.transactions)
  const running = entry === undefined ? undefined : find(entry.timers, timer)
  return running?.generation === event.generation
    ? [{ _tag: 'Fired', at, transaction, timer, late: at - running.due }]
    : []
}

const transition = (before: State, after: State, id: string, at: number): readonly Observation[] => {
  if (before.layer.transactions === after.layer.transactions) return []
  const old = Table.get(id)(before.layer.transactions)
  const now = Table.get(id)(after.layer.transactions)
  const entry = now ?? old
  if (entry === undefined || old?.state._tag === now?.state._tag) return []
  return [
    {
      _tag: 'Transition',
      at,
      transaction: id,
      kind: entry.kind,
      ...(old === undefined ? {} : { from: old.state._tag }),
      ...(now === undefined ? {} : { to: now.state._tag }),
    },
  ]
}

const named = (event: Event): readonly string[] =>
  event._tag === 'TimerFired' && event.id._tag === 'Transaction' ? [event.id.transaction] : []

/** Which transactions an output is about. Every transition says something, so none is missed. */
const mentioned = (output: Output): readonly string[] => {
  switch (output._tag) {
    case 'StartTimer':
    case 'StopTimer':
      return output.id._tag === 'Transaction' ? [output.id.transaction] : []
    case 'Transmit':
      return isSome(output.cause) ? [output.cause.value] : []
    case 'RequestReceived':
    case 'ResponseReceived':
    case 'ErrorReceived':
      return ofKey(output.key)
    case 'Accepted':
    case 'Ended':
      return [idOf(output.key)]
    case 'Diagnostic':
      return output.transaction === undefined ? [] : [output.transaction]
    case 'Refused':
    case 'Elapsed':
    case 'Resolve':
    case 'OpenFlow':
    case 'CloseFlow':
    case 'AccountWanted':
      return []
  }
}

const ofKey = (key: Option<Key>): readonly string[] => (isSome(key) ? [idOf(key.value)] : [])
