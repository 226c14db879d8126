/** Random lives of the four machines, with the kit that users have. */
import fc from 'fast-check'
import type { Config, Effect } from '../../../src/core/transaction/types.js'
import type { Reliability } from '../../../src/core/transport/flow.js'
import {
  clientEvent,
  configuration,
  happenings,
  serverEvent,
  unkindness,
} from '../../../src/testing/fast-check/life.js'
import { happen, type Happening as LifeHappening } from '../../../src/testing/life.js'
import { type Simulation, type SimulateOptions, simulate } from '../../../src/testing/simulate.js'
import { type Machine, type MachineEvent, reliabilities, type State } from './machines.js'

export { happen }

export type Happening = LifeHappening<MachineEvent>

export type Call = Simulation<State, MachineEvent, Effect>

export interface Life {
  readonly config: Config
  readonly on: Reliability
  readonly how: SimulateOptions
  readonly happenings: readonly Happening[]
}

export const configs: fc.Arbitrary<Config> = configuration()

/** A life of up to `length` happenings, of those of `allowed` only. */
export const lives = (
  { side, request }: Machine,
  length = 12,
  allowed: (event: MachineEvent) => boolean = () => true,
): fc.Arbitrary<Life> => {
  const events: fc.Arbitrary<MachineEvent> = side === 'client' ? clientEvent(request) : serverEvent(request)
  return fc.record({
    config: configs,
    on: fc.constantFrom(...reliabilities),
    how: unkindness(),
    happenings: happenings(events.filter(allowed), length),
  })
}

/** Begins a life. `reducer` may watch the real one. */
export const born = (machine: Machine, { config, on, how }: Life, reducer = machine.reducer(config)): Call =>
  simulate(reducer, machine.start(config, machine.request, on), how)

/** Lives it to the last happening. */
export const live = (machine: Machine, life: Life): Call => {
  const call = born(machine, life)
  for (const happening of life.happenings) happen(call, happening)
  return call
}

/** A run is the same run every time; `SIPPET_RUNS` makes it longer. */
export const runs = (seed: number, numRuns = 1000): { readonly seed: number; readonly numRuns: number } => ({
  seed,
  numRuns: Number(process.env['SIPPET_RUNS'] ?? numRuns),
})
