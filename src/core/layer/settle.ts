/**
 * What a machine asked for becomes what the stack emits: effects get key, flow, generation and deadline, and the
 * transaction goes back into the tables, or out of them, in one write.
 */
import { none as nothing, type Option, some } from 'fp-ts/lib/Option.js'
import type { Output, TimerId, ToApplication } from '../events.js'
import { none } from '../reducer.js'
import type { Effect, Timer } from '../transaction/types.js'
import type { ServerKey } from '../transaction/key.js'
import type { Flow } from '../transport/flow.js'
import { enter, leave, update } from './index-tables.js'
import { inState, isServer } from './entry.js'
import type { Entry, Layer, Running } from './state.js'
import { all, find, schedule } from './timers.js'

/** What only the layer knows of a request that it hands up: filled in for a new one. */
export interface Context {
  readonly cancels: Option<ServerKey>
  readonly mergedWith: Option<ServerKey>
  /** The flow it came on; answers may go another way. */
  readonly flow?: Flow
}

/** Nothing to say but what the transaction knows. */
export const noContext: Context = { cancels: nothing, mergedWith: nothing }

/** A transaction in the middle of an event: not yet back in the tables. */
export interface Open {
  readonly entry: Entry
  readonly ended: boolean
  readonly generation: number
  readonly outputs: readonly Output[]
}

/** An entry as it lies in the table, opened for an event. */
export const open = (layer: Layer, entry: Entry, outputs: readonly Output[] = none): Open => ({
  entry,
  ended: false,
  generation: layer.generation,
  outputs,
})

/**
 * Applies one step of its machine, to `state` with `effects`, to an open transaction. `base` is the instant (ms) from which its delays count: now, or
 * for a timer that fired the instant it was due, so that lateness does not add up (rule Z-4).
 */
export const apply = (
  { entry, generation, outputs }: Open,
  state: Entry['state'],
  effects: readonly Effect[],
  base: number,
  context: Context = noContext,
): Open => {
  const timers = schedule(entry.timers, effects, base, generation)
  const said: Output[] = []
  let ended = false
  for (let n = 0; n < effects.length; n++) {
    const effect = effects[n] as Effect
    if (effect._tag === 'Ended') ended = true
    const output = emit(entry, state, effect, base, generation + n + 1, context)
    if (output !== undefined) said.push(output)
  }
  const stops = ended ? all(timers).map((running) => stop(entry.id, running)) : none
  return {
    entry: inState(entry, state, ended ? undefined : timers),
    ended,
    generation: generation + effects.length,
    outputs: outputs.length === 0 && stops.length === 0 ? said : [...outputs, ...stops, ...said],
  }
}

/** Puts an open transaction that was in the tables before back into them. */
export const close = (layer: Layer, before: Entry, { entry, ended, generation }: Open): Layer =>
  ended ? leave(layer, before, generation) : update(layer, entry, generation)

/** Puts a transaction that this event began into the tables, unless it ended at once. */
export const begin = (layer: Layer, { entry, ended, generation }: Open): Layer =>
  ended ? { ...layer, generation } : enter(layer, entry, generation)

/** The shell's name for a transaction's timer. */
export const timerId = (transaction: string, timer: Timer): TimerId => ({
  _tag: 'Transaction',
  transaction,
  timer,
})

/** The order to stop a running timer. */
export const stop = (id: string, { timer, generation }: Running): Output => ({
  _tag: 'StopTimer',
  id: timerId(id, timer),
  generation,
})

const emit = (
  entry: Entry,
  state: Entry['state'],
  effect: Effect,
  base: number,
  generation: number,
  context: Context,
): Output | undefined => {
  switch (effect._tag) {
    case 'StopTimer': {
      const running = find(entry.timers, effect.timer) // one that does not run needs no stop (rule Z-2)
      return running === undefined ? undefined : stop(entry.id, running)
    }
    case 'Transmit':
      return { _tag: 'Transmit', flow: entry.flow, bytes: effect.bytes, cause: some(entry.id) }
    case 'StartTimer':
      return {
        _tag: 'StartTimer',
        id: timerId(entry.id, effect.timer),
        generation,
        due: base + effect.delay,
      }
    case 'Deliver':
      return deliver(entry, effect, context)
    case 'Fail':
      return { _tag: 'ErrorReceived', reason: effect.reason, key: some(entry.key), first: some(first(entry)) }
    case 'Ended':
      return { _tag: 'Ended', key: entry.key }
    case 'Diagnostic':
      return {
        _tag: 'Diagnostic',
        code: effect.ignored,
        what: `${entry.kind} in ${state._tag} ignored it`,
        row: effect.row,
        transaction: entry.id,
      }
  }
}

const deliver = (
  entry: Entry,
  { message }: Extract<Effect, { _tag: 'Deliver' }>,
  { cancels, mergedWith, flow }: Context,
): ToApplication =>
  message._tag === 'Response'
    ? { _tag: 'ResponseReceived', response: message, key: some(entry.key), first: some(first(entry)) }
    : {
        _tag: 'RequestReceived',
        request: message,
        key: isServer(entry) ? some(entry.key) : nothing,
        tag: isServer(entry) ? entry.tag : '',
        cancels,
        mergedWith,
        flow: flow ?? entry.flow,
      }

const first = (entry: Entry) => (isServer(entry) ? entry.key : entry.first)
