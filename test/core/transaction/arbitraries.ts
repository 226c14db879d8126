/** Random configurations and random lives of a transaction. */
import fc from 'fast-check'
import { type Config, type Effect, rfc3261 } from '../../../src/core/transaction/types.js'
import type { Reliability } from '../../../src/core/transport/flow.js'
import { type Simulation, type SimulateOptions, simulate } from '../../../src/testing/simulate.js'
import { ackRequest, answer } from './fixtures.js'
import { allTimers, type Machine, type MachineEvent, reliabilities, type State } from './machines.js'

/** One thing that happens to a transaction: an event, time that passes, or a host that sleeps. */
export type Happening =
  | { readonly _tag: 'Event'; readonly event: MachineEvent }
  | { readonly _tag: 'Wait'; readonly ms: number }
  | { readonly _tag: 'WaitForTimer' }
  | { readonly _tag: 'Sleep'; readonly ms: number }

export type Call = Simulation<State, MachineEvent, Effect>

export interface Life {
  readonly config: Config
  readonly on: Reliability
  readonly how: SimulateOptions
  readonly happenings: readonly Happening[]
}

export const configs: fc.Arbitrary<Config> = fc.record({
  timing: fc
    .tuple(
      fc.constantFrom(100, 500, 1000),
      fc.constantFrom(1, 1.5, 8, 40, 65),
      fc.constantFrom(0, 900, 180_000),
    )
    .map(([t1, times, guard]) => ({ ...rfc3261.timing, t1, t2: t1 * times, guard })),
  profile: fc.record({
    nonInvite: fc.constantFrom('strict' as const, 'legacy' as const),
    serverSendFailed: fc.constantFrom('stay' as const, 'terminate' as const),
    nonInviteGuard: fc.boolean(),
  }),
})

/** Events that a machine of this side can meet, timers that fire out of turn included. */
const events = ({ side, method, request }: Machine): fc.Arbitrary<MachineEvent> => {
  const responses = fc
    .tuple(
      fc.constantFrom(100, 180, 183, 200, 202, 302, 404, 408, 486, 503, 603),
      fc.constantFrom('one', 'two'),
    )
    .map(([status, tag]) => answer(method, status, tag))
  const messages: fc.Arbitrary<MachineEvent> =
    side === 'client'
      ? responses.map((response) => ({ _tag: 'ResponseReceived', response }))
      : fc.oneof(
          responses.map((response): MachineEvent => ({ _tag: 'Respond', response })),
          fc.constant<MachineEvent>({ _tag: 'RequestReceived', request }),
          fc.constant<MachineEvent>({ _tag: 'AckReceived', request: ackRequest }),
        )
  return fc.oneof(
    { weight: 12, arbitrary: messages },
    {
      weight: 2,
      arbitrary: fc.record({
        _tag: fc.constant('TimerFired' as const),
        timer: fc.constantFrom(...allTimers),
        late: fc.constantFrom(0, 10, 7000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<MachineEvent>({ _tag: 'TransportFailed' }, { _tag: 'FlowClosed' }),
    },
    { weight: 1, arbitrary: fc.constant<MachineEvent>({ _tag: 'Abort' }) },
  )
}

/** A life of up to `length` happenings, of those of `allowed` only. */
export const lives = (
  machine: Machine,
  length = 12,
  allowed: (event: MachineEvent) => boolean = () => true,
): fc.Arbitrary<Life> =>
  fc.record({
    config: configs,
    on: fc.constantFrom(...reliabilities),
    how: fc.record({
      late: fc.constantFrom(0, 10),
      order: fc.constantFrom('rule' as const, 'reverse' as const),
      deliveries: fc.constantFrom(1 as const, 2 as const),
    }),
    happenings: fc.array(
      fc.oneof(
        {
          weight: 5,
          arbitrary: events(machine)
            .filter(allowed)
            .map((event): Happening => ({ _tag: 'Event', event })),
        },
        { weight: 3, arbitrary: fc.constant<Happening>({ _tag: 'WaitForTimer' }) },
        {
          weight: 1,
          arbitrary: fc
            .constantFrom(1, 199, 500, 4000, 33_000)
            .map((ms): Happening => ({ _tag: 'Wait', ms })),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(999, 10_000, 100_000).map((ms): Happening => ({ _tag: 'Sleep', ms })),
        },
      ),
      { maxLength: length, size: 'max' },
    ),
  })

/** Begins a life. `reducer` may watch the real one. */
export const born = (machine: Machine, { config, on, how }: Life, reducer = machine.reducer(config)): Call =>
  simulate(reducer, machine.start(config, machine.request, on), how)

/** Lets one thing happen. */
export const happen = (call: Call, happening: Happening): void => {
  switch (happening._tag) {
    case 'Event':
      call.send(happening.event)
      return
    case 'Wait':
      call.advance(call.now + happening.ms)
      return
    case 'WaitForTimer':
      if (call.next !== undefined) call.advance(call.next)
      return
    case 'Sleep':
      call.suspend(happening.ms)
      return
  }
}

/** Lives it to the last happening. */
export const live = (machine: Machine, life: Life): Call => {
  const call = born(machine, life)
  for (const happening of life.happenings) happen(call, happening)
  return call
}

/**
 * A run is the same run every time. A long one, for which no test can wait:
 * `SIPPET_RUNS=100000 npx vitest run test/core/transaction --testTimeout 3600000`.
 */
export const runs = (seed: number, numRuns = 1000): { readonly seed: number; readonly numRuns: number } => ({
  seed,
  numRuns: Number(process.env['SIPPET_RUNS'] ?? numRuns),
})
