/**
 * The series of instants at which a message is repeated: intervals that double, capped or not.
 *
 * Everything counts from the instant a timer was due, not from the instant it was handled, so that late firings do
 * not add up (rule Z-4). A host that was suspended does not make up for what it missed: the instants gone by are
 * skipped, the interval doubling through them (rule Z-5).
 */
import type { Reliability } from '../transport/flow.js'
import type { Timer, Timing } from './types.js'

/** How a message is repeated: over a reliable transport never, else `interval` ms after the last time. */
export type Repetition =
  | { readonly reliability: 'unreliable'; readonly interval: number }
  | { readonly reliability: 'reliable' }

/** A point of a series: `delay` ms after the instant the last firing was due, at the end of an interval of that many ms. */
export interface Next {
  readonly delay: number
  readonly interval: number
}

/** The start of a series: T1 on an unreliable transport (17.1.1.2, 17.1.2.2, 17.2.1). */
export const repetition = (reliability: Reliability, t1: number): Repetition =>
  reliability === 'reliable' ? { reliability } : { reliability, interval: t1 }

/**
 * The next point of a series whose timer ran for `previous` ms and was handled `late` ms after it was due. The
 * interval doubles up to `cap` ms (Infinity: no cap); both are positive.
 */
export const next = (previous: number, cap: number, late: number): Next => {
  const interval = Math.min(2 * previous, cap)
  return skip(interval, interval, cap, late)
}

/**
 * The timers that end a wait. Of several timers due at once these go first, so that a host that was suspended gives up
 * without a last burst of retransmissions (rule Z-3).
 */
export const timeouts: ReadonlySet<Timer> = new Set(['B', 'D', 'F', 'H', 'I', 'J', 'K', 'L', 'M', 'Guard'])

/** 64·T1: how long a peer is waited for (timers B, F, H, J, L, M and the guard). */
export const patience = ({ t1 }: Timing): number => 64 * t1

/**
 * When a 100 to a request other than INVITE is due (RFC 4320 4.1): "the amount of time it takes a client
 * transaction's Timer E to be reset to T2", in ms after its receipt. Undefined where timer F comes before that.
 */
export const hundredDue = (timing: Timing): number | undefined => {
  const due = untilCapped(timing.t1, timing.t1, timing.t2)
  return due <= patience(timing) ? due : undefined
}

const skip = (delay: number, interval: number, cap: number, late: number): Next => {
  if (delay > late) return { delay, interval }
  if (interval === cap) return { delay: delay + cap * (1 + Math.floor((late - delay) / cap)), interval }
  const longer = Math.min(2 * interval, cap)
  return skip(delay + longer, longer, cap, late)
}

/** T1·(2ⁿ − 1) for the least n ≥ 1 with 2ⁿ·T1 ≥ T2: the firing at which timer E takes the value T2. */
const untilCapped = (elapsed: number, interval: number, t2: number): number =>
  2 * interval >= t2 ? elapsed : untilCapped(elapsed + 2 * interval, 2 * interval, t2)
