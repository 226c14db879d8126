/** Time for the application: `After` starts an alarm, `Forget` stops it, `Elapsed` tells. */
import * as Table from '../data/table.js'
import type { Output, Ref, TimerId } from '../events.js'
import { go, none, type Step } from '../reducer.js'
import type { Alarm, State } from './state.js'

/** Starts an alarm `ms` from now; one of the same name is started anew. */
export const after = (state: State, ref: Ref, ms: number, at: number): Step<State, Output> => {
  const { layer, alarms } = state
  const generation = layer.generation + 1
  const due = at + Math.max(0, ms)
  const id = idOf(ref)
  const running = Table.get(name(ref))(alarms)
  const started: Output = { _tag: 'StartTimer', id, generation, due }
  return [
    {
      ...state,
      layer: { ...layer, generation },
      alarms: Table.set<Alarm>(name(ref), { ref, generation, due })(alarms),
    },
    running === undefined ? [started] : [{ _tag: 'StopTimer', id, generation: running.generation }, started],
  ]
}

/** Stops an alarm; one that does not run is no error. */
export const forget = (state: State, ref: Ref): Step<State, Output> => {
  const alarm = Table.get(name(ref))(state.alarms)
  if (alarm === undefined) return [state, none]
  return go(
    { ...state, alarms: Table.remove(name(ref))(state.alarms) },
    { _tag: 'StopTimer', id: idOf(ref), generation: alarm.generation },
  )
}

/** The shell says that an alarm's time has come; a stopped or restarted one is ignored (rule Z-1). */
export const elapse = (state: State, ref: Ref, generation: number, at: number): Step<State, Output> => {
  const alarm = Table.get(name(ref))(state.alarms)
  if (alarm?.generation !== generation)
    return go(state, {
      _tag: 'Diagnostic',
      code: 'stale-timer',
      what: `alarm ${ref} does not run`,
      row: 'Z-1',
    })
  return go(
    { ...state, alarms: Table.remove(name(ref))(state.alarms) },
    { _tag: 'Elapsed', ref, late: Math.max(0, at - alarm.due) },
  )
}

const idOf = (ref: Ref): TimerId => ({ _tag: 'Application', ref })

const name = (ref: Ref): string => (typeof ref === 'number' ? `#${ref}` : ref)
