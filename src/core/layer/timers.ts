/**
 * A transaction's running timers. Each start has its own generation, so a firing that comes too late is known by it;
 * each has its deadline, so a snapshot knows what remains.
 */
import { none } from '../reducer.js'
import { timeouts } from '../transaction/schedule.js'
import type { Effect, Timer } from '../transaction/types.js'
import type { Running } from './state.js'

/**
 * The timers that run after `effects`. `base` is the instant (ms) delays count from, `generation` the number of the
 * effect before the first: the n-th effect's timer has generation + n.
 */
export const schedule = (
  running: readonly Running[],
  effects: readonly Effect[],
  base: number,
  generation: number,
): readonly Running[] => {
  let timers = running
  for (let n = 0; n < effects.length; n++) {
    const effect = effects[n] as Effect
    if (effect._tag === 'StopTimer') timers = without(timers, effect.timer)
    else if (effect._tag === 'StartTimer') {
      const started = { timer: effect.timer, due: base + effect.delay, generation: generation + n + 1 }
      timers = timers.length === 0 ? [started] : [...without(timers, effect.timer), started]
    }
  }
  return timers
}

/** The timer of that name, if it runs. */
export const find = (running: readonly Running[], timer: Timer): Running | undefined =>
  running.find((one) => one.timer === timer)

/** Without the timer of that name. */
export const without = (running: readonly Running[], timer: Timer): readonly Running[] =>
  find(running, timer) === undefined
    ? running
    : running.length === 1
      ? none
      : running.filter((one) => one.timer !== timer)

/** Which timer goes next at the instant `at`: of all that are due, timeouts first, then the earliest (rule Z-3). */
export const nextDue = (running: readonly Running[], at: number): Running | undefined =>
  running.reduce<Running | undefined>((best, one) => {
    if (one.due > at) return best
    if (best === undefined) return one
    const first = timeouts.has(one.timer)
    return first === timeouts.has(best.timer) ? (one.due < best.due ? one : best) : first ? one : best
  }, undefined)
