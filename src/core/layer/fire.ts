/** Events that reach one transaction from below or from its own clock: timers, failed sends, closed connections. */
import { foldSteps } from '../data/fold.js'
import * as Table from '../data/table.js'
import type { Output } from '../events.js'
import { none, type Step } from '../reducer.js'
import type { Abort, FlowClosed, TimerFired, TransportFailed } from '../transaction/types.js'
import { type LayerConfig, machinesFor } from './config.js'
import { apply, close, type Open, open, stop } from './settle.js'
import { inState } from './entry.js'
import type { Layer, Running } from './state.js'
import { find, nextDue, without } from './timers.js'

type Common = TimerFired | TransportFailed | FlowClosed | Abort

/**
 * A timer fired at `at`. A firing of another generation than the running one is stale and changes nothing (rule
 * Z-1). Otherwise every timer of that transaction that is due by `at` is handled now, timeouts first (rule Z-3).
 */
export const fire = (
  layer: Layer,
  config: LayerConfig,
  fired: { readonly transaction: string; readonly timer: Running['timer'] },
  generation: number,
  at: number,
): Step<Layer, Output> => {
  const entry = Table.find(layer.transactions, fired.transaction)
  const running = entry === undefined ? undefined : find(entry.timers, fired.timer)
  if (entry === undefined || running?.generation !== generation) return [layer, [stale(fired, generation)]]
  const done = drain(config, open(layer, entry), at, generation)
  // What fired runs no longer in the shell, even when another timer went first and stopped it.
  const outputs =
    nextDue(entry.timers, at) === running ? done.outputs : done.outputs.filter(unless(generation))
  return [close(layer, entry, done), outputs]
}

/** One event for one transaction, at the instant `at`; a transaction that is gone ignores it. */
export const tell = (
  layer: Layer,
  config: LayerConfig,
  id: string,
  event: Exclude<Common, TimerFired>,
  at: number,
): Step<Layer, Output> => {
  const entry = Table.find(layer.transactions, id)
  if (entry === undefined) return [layer, none]
  const done = advance(config, open(layer, entry), event, at)
  return [close(layer, entry, done), done.outputs]
}

/** A connection closed: every transaction that used it hears of it. */
export const closeFlow = (
  layer: Layer,
  config: LayerConfig,
  number: number,
  at: number,
): Step<Layer, Output> => {
  const tied = Table.find(layer.flows, String(number))
  if (tied === undefined) return [layer, none]
  return foldSteps(layer, Table.keys(tied), (state, id) =>
    tell(state, config, id, { _tag: 'FlowClosed' }, at),
  )
}

const drain = (config: LayerConfig, opened: Open, at: number, fired: number): Open => {
  const due = opened.ended ? undefined : nextDue(opened.entry.timers, at)
  if (due === undefined) return opened
  const { entry, outputs } = opened
  const ready: Open = {
    entry: inState(entry, entry.state, without(entry.timers, due.timer)),
    ended: false,
    generation: opened.generation,
    outputs: due.generation === fired ? outputs : [...outputs, stop(entry.id, due)],
  }
  const event: TimerFired = { _tag: 'TimerFired', timer: due.timer, late: at - due.due }
  return drain(config, advance(config, ready, event, due.due), at, fired)
}

const advance = (config: LayerConfig, opened: Open, event: Common, base: number): Open => {
  const { entry } = opened
  const machines = machinesFor(config, entry.flow)
  switch (entry.kind) {
    case 'invite-client': {
      const [state, effects] = machines.inviteClient(entry.state, event)
      return apply(opened, state, effects, base)
    }
    case 'non-invite-client': {
      const [state, effects] = machines.nonInviteClient(entry.state, event)
      return apply(opened, state, effects, base)
    }
    case 'invite-server': {
      const [state, effects] = machines.inviteServer(entry.state, event)
      return apply(opened, state, effects, base)
    }
    case 'non-invite-server': {
      const [state, effects] = machines.nonInviteServer(entry.state, event)
      return apply(opened, state, effects, base)
    }
  }
}

const unless =
  (generation: number) =>
  (output: Output): boolean =>
    output._tag !== 'StopTimer' || output.generation !== generation

const stale = ({ transaction, timer }: Parameters<typeof fire>[2], generation: number): Output => ({
  _tag: 'Diagnostic',
  code: 'stale-timer',
  what: `timer ${timer}, start ${generation}, does not run`,
  row: 'Z-1',
  transaction,
})
