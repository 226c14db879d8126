/**
 * One state machine in virtual time. Its timers are kept here as the transaction layer keeps them: by name, each start
 * with a deadline of its own; a year passes in a microsecond.
 *
 * ```ts
 * const call = simulate(inviteClient.reducer(rfc3261), inviteClient.start(rfc3261, invite, 'unreliable'))
 * call.advance()
 * call.times('Transmit') // [0, 500, 1500, 3500, 7500, 15500, 31500]
 * call.times('Fail')     // [32000]
 * ```
 */
import type { Reducer, Step } from '../core/reducer.js'
import { timeouts } from '../core/transaction/schedule.js'
import { deepFreeze } from './freeze.js'

/** Anything with a `_tag`: events and effects of every machine. */
export interface Tagged {
  readonly _tag: string
}

/** What a machine with timers is told: `timer` fired, and is handled `late` ms after it was due. */
export interface Fired<T> {
  readonly _tag: 'TimerFired'
  readonly timer: T
  readonly late: number
}

/** The names of the timers that effects of type `F` start. */
export type TimerOf<F> = F extends { readonly _tag: 'StartTimer'; readonly timer: infer T } ? T : never

/** An effect and the virtual instant (ms since the start) at which the machine asked for it. */
export interface At<F> {
  readonly at: number
  readonly effect: F
}

/** How time is unkind. */
export interface SimulateOptions {
  /** Every timer is handled this many ms after it was due. Default 0. */
  readonly late?: number
  /**
   * Which goes first of several timers that wait to be handled: `rule` takes those that end something first, then the
   * earliest (what the transaction layer does), `reverse` the latest. Default `rule`.
   */
  readonly order?: 'rule' | 'reverse'
  /**
   * How often a firing is delivered. The repetition reaches the machine unless the timer was started again meanwhile:
   * then it belongs to an older start, and the layer would know that. Default 1.
   */
  readonly deliveries?: 1 | 2
}

/** A machine under simulation. All times are virtual ms since its start. */
export interface Simulation<S, E, F extends Tagged> {
  /** The state now. States are deep-frozen, as are the events sent. */
  readonly state: S
  readonly now: number
  /** All effects so far, those of the start included, in order. */
  readonly effects: readonly At<F>[]
  /** The timers that run, and when each is due. */
  readonly running: ReadonlyMap<TimerOf<F>, number>
  /** When the next timer will be handled; undefined when none runs. */
  readonly next: number | undefined
  /** Lets time pass until the instant `to`, or until no timer is left; handles the timers on the way. */
  readonly advance: (to?: number) => void
  /** The host sleeps for `ms`: nothing is handled meanwhile, everything due at the end of it. */
  readonly suspend: (ms: number) => void
  /** An event at this instant; returns the effects it had. To send `TimerFired` is to let that timer fire out of turn. */
  readonly send: (event: E | Fired<TimerOf<F>>) => readonly F[]
  /** The instants of the effects with that `_tag`, in order. */
  readonly times: (tag: F['_tag']) => readonly number[]
}

/**
 * Starts a simulation at instant 0 from `start`, the state and effects a machine begins with.
 *
 * @throws RangeError from `advance` after 100,000 firings in one go: the machine never comes to rest.
 */
export const simulate = <S, E extends Tagged, F extends Tagged>(
  reducer: Reducer<S, E | Fired<TimerOf<F>>, F>,
  start: Step<S, F>,
  { late = 0, order = 'rule', deliveries = 1 }: SimulateOptions = {},
): Simulation<S, E, F> => {
  const running = new Map<TimerOf<F>, number>()
  const effects: At<F>[] = []
  let state: S
  let now = 0

  const settle = ([next, wanted]: Step<S, F>, base: number): readonly F[] => {
    state = deepFreeze(next)
    for (const effect of wanted) {
      effects.push({ at: now, effect })
      if (isStart<F>(effect)) running.set(effect.timer, base + effect.delay)
      if (isStop<F>(effect)) running.delete(effect.timer)
    }
    return wanted
  }

  const fire = (timer: TimerOf<F>, due: number): void => {
    running.delete(timer)
    for (let n = 0; n < deliveries && !running.has(timer); n++)
      settle(reducer(state, deepFreeze({ _tag: 'TimerFired', timer, late: now - due })), due)
  }

  const handled = (): number | undefined => {
    const first = Math.min(...running.values())
    return Number.isFinite(first) ? Math.max(now, first + late) : undefined
  }

  const advance = (to = Number.POSITIVE_INFINITY): void => {
    for (let firings = 0, at = handled(); at !== undefined && at <= to; firings++, at = handled()) {
      if (firings === LIMIT) throw new RangeError(`timers still run after ${LIMIT} firings`)
      now = at
      const ready: readonly Due<TimerOf<F>>[] = [...running].filter(([, due]) => due + late <= now)
      fire(...ready.reduce(order === 'rule' ? sooner : later))
    }
    if (Number.isFinite(to)) now = Math.max(now, to)
  }

  settle(start, now)
  return {
    get state() {
      return state
    },
    get now() {
      return now
    },
    get next() {
      return handled()
    },
    effects,
    running,
    advance,
    suspend: (ms) => {
      now += ms
      advance(now)
    },
    send: (event) => {
      if (isFired<F>(event)) running.delete(event.timer)
      return settle(reducer(state, deepFreeze(event)), isFired<F>(event) ? now - event.late : now)
    },
    times: (tag) => effects.filter(({ effect }) => effect._tag === tag).map(({ at }) => at),
  }
}

const LIMIT = 100_000

type Due<T> = readonly [timer: T, due: number]

const sooner = <T>(a: Due<T>, b: Due<T>): Due<T> =>
  isTimeout(a) === isTimeout(b) ? (b[1] < a[1] ? b : a) : isTimeout(b) ? b : a

const later = <T>(a: Due<T>, b: Due<T>): Due<T> => (b[1] >= a[1] ? b : a)

const isTimeout = ([timer]: Due<unknown>): boolean => (timeouts as ReadonlySet<unknown>).has(timer)

const isStart = <F extends Tagged>(
  effect: Tagged,
): effect is Tagged & { readonly timer: TimerOf<F>; readonly delay: number } => effect._tag === 'StartTimer'

const isStop = <F extends Tagged>(effect: Tagged): effect is Tagged & { readonly timer: TimerOf<F> } =>
  effect._tag === 'StopTimer'

const isFired = <F extends Tagged>(event: Tagged): event is Fired<TimerOf<F>> => event._tag === 'TimerFired'
