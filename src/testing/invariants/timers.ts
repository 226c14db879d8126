/** What the timers promise: each fires at the instant of its RFC, and no state is outstayed. */
import { hundredDue, patience } from '../../core/transaction/schedule.js'
import type { Config, Timing } from '../../core/transaction/types.js'
import { type Invariant, ofEachLife } from './invariant.js'
import type { Life } from './story.js'

/** Table 4, RFC 6026 8.11 and the series of 17.1.1.2, 17.1.2.2 and 17.2.1. For traces whose hosts never slept. */
export const punctual = ({ timing }: Config): Invariant =>
  ofEachLife(
    'punctual',
    'every timer fires at its instant: A doubles, E and G double up to T2, all others fire once',
    () => true,
    (life) => {
      const odd = life.fired.find((one, n) => {
        const before = life.fired.slice(0, n).filter(({ timer }) => timer === one.timer).length
        return !instants(life, one.timer, before, timing).includes(one.at)
      })
      return odd === undefined
        ? undefined
        : { at: odd.at, what: `timer ${odd.timer} at ${odd.at - life.begun} ms` }
    },
  )

/** 5.9: a transaction ends, unless its peer or its user lets it wait. */
export const mortal = (config: Config): Invariant =>
  ofEachLife(
    'mortal',
    'no state but those that wait for a peer or a user lasts longer than its timer',
    () => true,
    (life, { end }) => {
      const odd = life.stays.find(
        ({ state, from, to }) => (to ?? end) - from > longest(life, state, config.timing),
      )
      return odd === undefined
        ? undefined
        : { at: odd.to ?? end, what: `in ${odd.state} since ${odd.from} ms` }
    },
  )

/** Rule Z-1: a firing that nobody waits for is ignored, but a good shell never delivers one. */
export const noStaleTimer: Invariant = {
  name: 'no-stale-timer',
  promise: 'no timer fires that its state does not run',
  breaches: ({ observations }) =>
    observations.flatMap((one) =>
      one._tag === 'News' && one.news._tag === 'Diagnostic' && one.news.code === 'stale-timer'
        ? [{ at: one.at, who: one.who, what: one.news.what }]
        : [],
    ),
}

const entered = (life: Life, state: string): number =>
  life.stays.find((stay) => stay.state === state)?.from ?? Number.NaN

/** The instants at which the `n`-th firing of a timer may come (0 the first). */
const instants = (life: Life, timer: string, n: number, timing: Timing): readonly number[] => {
  const { t1, t2, t4, trying, d } = timing
  const once = (state: string, ms: number): readonly number[] => (n === 0 ? [entered(life, state) + ms] : [])
  switch (timer) {
    case 'A':
      return [life.begun + t1 * (2 ** (n + 1) - 1)]
    case 'E':
      return polls(life, n, timing)
    case 'G':
      return [entered(life, 'Completed') + series(n, t1, t2)]
    case 'B':
    case 'F':
      return n === 0 ? [life.begun + patience(timing)] : []
    case 'D':
      return once('Completed', Math.max(d, patience(timing)))
    case 'H':
    case 'J':
      return once('Completed', patience(timing))
    case 'K':
      return once('Completed', t4)
    case 'I':
      return once('Confirmed', t4)
    case 'L':
    case 'M':
      return once('Accepted', patience(timing))
    case 'Trying':
      return n === 0 ? [life.begun + trying] : []
    case 'N100':
      return n === 0 ? [life.begun + (hundredDue(timing) ?? Number.NaN)] : []
    default: // a guard, or a timer of somebody else's
      return [life.fired.find((one) => one.timer === timer)?.at ?? Number.NaN]
  }
}

/** T1 + 2·T1 + …, each interval at most `cap`: when the n-th repetition is due. */
const series = (n: number, t1: number, cap: number): number =>
  Array.from({ length: n + 1 }, (_, k) => Math.min(t1 * 2 ** k, cap)).reduce((sum, ms) => sum + ms, 0)

/**
 * 17.1.2.2: the running E is "not altered" by a provisional response; from the next on its interval is T2. Of a response
 * in the very instant in which E fires nobody knows which was first.
 */
const polls = (life: Life, n: number, { t1, t2 }: Timing): readonly number[] => {
  const proceeding = entered(life, 'Proceeding')
  const at = (isSlow: (at: number) => boolean): number => {
    let instant = life.begun
    for (let k = 0, interval = Math.min(t1, t2); k <= n; k++) {
      instant += interval
      interval = isSlow(instant) ? t2 : Math.min(2 * interval, t2)
    }
    return instant
  }
  return [at((instant) => instant > proceeding), at((instant) => instant >= proceeding)]
}

const longest = (life: Life, state: string, timing: Timing): number => {
  switch (state) {
    case 'Calling':
      return patience(timing)
    case 'Trying':
      return life.side === 'client' ? patience(timing) : Number.POSITIVE_INFINITY
    case 'Proceeding':
      return life.side === 'client' && life.method !== 'INVITE' ? patience(timing) : Number.POSITIVE_INFINITY
    case 'Completed':
      return life.side === 'client' && life.method === 'INVITE'
        ? Math.max(timing.d, patience(timing))
        : life.side === 'client'
          ? timing.t4
          : patience(timing)
    case 'Confirmed':
      return timing.t4
    case 'Accepted':
      return patience(timing)
    default:
      return 0
  }
}
