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

/** 17.1.1.2, 17.1.2.2, 17.2.1: while nothing comes back, a message is sent again at every instant of its series. */
export const persistent = ({ timing }: Config): Invariant =>
  ofEachLife(
    'persistent',
    'over an unreliable transport A, E and G fire at every instant of their series until the state is left',
    isUnreliable,
    (life, { end }) => {
      const series = repeating(life, timing, end)
      if (series === undefined) return undefined
      for (let n = 0; ; n++) {
        const due = instants(life, series.timer, n, timing)
        if (Math.max(...due) >= series.until) return undefined
        if (!life.fired.some(({ timer, at }) => timer === series.timer && due.includes(at)))
          return { at: Math.max(...due), what: `timer ${series.timer} did not fire` }
      }
    },
  )

/** Table 4: D, I, J, K, L and M are there to absorb what comes late; who goes earlier meets it as a stranger. */
export const patient = ({ timing }: Config): Invariant =>
  ofEachLife(
    'patient',
    'over an unreliable transport a transaction that had its final response stays until its last timer',
    isUnreliable,
    (life, { observations }) => {
      const { ended, who } = life
      const last = life.stays[life.stays.length - 1]
      if (ended === undefined || last === undefined) return undefined
      const excused = observations.some(
        (one) =>
          one.at === ended &&
          one.who === who &&
          (one._tag === 'Link' || (one._tag === 'Wish' && one.wish._tag === 'Terminate')),
      )
      if (excused) return undefined
      const settled = /^(Completed|Accepted|Confirmed)$/.test(last.state)
      if (settled && ended - last.from < longest(life, last.state, timing))
        return { at: ended, what: `left ${last.state} after ${ended - last.from} ms` }
      const answered = (life.side === 'client' ? life.received : life.sent).some(
        ({ at, message }) => at === ended && message._tag === 'Response' && message.status >= 200,
      )
      return !settled && answered
        ? { at: ended, what: `ended with its final response in ${last.state}` }
        : undefined
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

const isUnreliable = ({ sent, received }: Life): boolean => (sent[0] ?? received[0])?.protocol === 'udp'

/** Which series a life has, and until when it goes on. */
const repeating = (
  life: Life,
  { t1 }: Timing,
  end: number,
): { readonly timer: string; readonly until: number } | undefined => {
  const left = (state: string): number => {
    const stay = life.stays.find((one) => one.state === state)
    return stay === undefined ? Number.NEGATIVE_INFINITY : (stay.to ?? end)
  }
  if (life.side === 'client')
    return life.method === 'INVITE'
      ? { timer: 'A', until: Math.min(left('Calling'), life.begun + 64 * t1) }
      : { timer: 'E', until: Math.min(Math.max(left('Trying'), left('Proceeding')), life.begun + 64 * t1) }
  return life.method === 'INVITE' && left('Completed') > 0
    ? { timer: 'G', until: left('Completed') }
    : undefined
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
