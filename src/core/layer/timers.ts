/**
 * A transaction's running timers. Each start has its own generation, so a firing that comes too late is known by it;
 * each has its deadline, so a snapshot knows what remains.
 */
import { timeouts } from '../transaction/schedule.js'
import type { Effect, Timer } from '../transaction/types.js'
import type { Running, Timers } from './state.js'

/**
 * The timers that run after `effects`. `base` is the instant (ms) delays count from, `generation` the number of the
 * effect before the first: the n-th effect's timer has generation + n.
 */
export const schedule = (
  running: Timers,
  effects: readonly Effect[],
  base: number,
  generation: number,
): Timers => {
  let timers = running
  for (let n = 0; n < effects.length; n++) {
    const effect = effects[n] as Effect
    if (effect._tag === 'StopTimer') timers = without(timers, effect.timer)
    else if (effect._tag === 'StartTimer') {
      const { timer, delay } = effect
      const started = { timer, due: base + delay, generation: generation + n + 1, next: undefined }
      timers = append(without(timers, timer), started)
    }
  }
  return timers
}

/** The timer of that name, if it runs. */
export const find = (running: Timers, timer: Timer): Running | undefined =>
  running === undefined || running.timer === timer ? running : find(running.next, timer)

/** Without the timer of that name. */
export const without = (running: Timers, timer: Timer): Timers => {
  if (running === undefined) return undefined
  if (running.timer === timer) return running.next
  const rest = without(running.next, timer)
  return rest === running.next ? running : { ...running, next: rest }
}

/** Every one. */
export const all = (running: Timers): readonly Running[] =>
  running === undefined ? [] : [running, ...all(running.next)]

/** The timers in that order; each forgets what came after it. */
export const timersOf = (list: readonly Omit<Running, 'next'>[]): Timers =>
  list.reduceRight<Timers>(
    (next, { timer, due, generation }) => ({ timer, due, generation, next }),
    undefined,
  )

/** Which timer goes next at the instant `at`: of all that are due, timeouts first, then the earliest (rule Z-3). */
export const nextDue = (running: Timers, at: number): Running | undefined => {
  if (running?.next === undefined) return running !== undefined && running.due <= at ? running : undefined
  return all(running).reduce<Running | undefined>((best, one) => {
    if (one.due > at) return best
    if (best === undefined) return one
    const first = timeouts.has(one.timer)
    return first === timeouts.has(best.timer) ? (one.due < best.due ? one : best) : first ? one : best
  }, undefined)
}

const append = (running: Timers, last: Running): Running =>
  running === undefined ? last : { ...running, next: append(running.next, last) }
