/** One setTimeout for all timers of a stack. */
import type { TimerId } from '../core/events.js'
import { timerQueue } from '../core/runtime/timer-queue.js'
import { timerText } from '../core/runtime/timer-text.js'

/** The timers of one stack. `now` is the clock that deadlines are measured on, ms. */
export interface Timers {
  readonly start: (id: TimerId, generation: number, due: number) => void
  readonly stop: (generation: number) => void
  /** Forgets all. */
  readonly clear: () => void
}

/** Timers that call `fired` when due, each in a turn of its own. */
export const timers = (now: () => number, fired: (id: TimerId, generation: number) => void): Timers => {
  const queue = timerQueue<TimerId>(timerText)
  let alarm: ReturnType<typeof setTimeout> | undefined
  let armed = Number.POSITIVE_INFINITY

  const arm = (due: number): void => {
    if (due >= armed) return
    clearTimeout(alarm)
    armed = due
    // setTimeout takes 2³¹−1 ms at most and fires at once above: a far deadline is approached in steps.
    alarm = setTimeout(ring, Math.min(Math.max(0, due - now()), FURTHEST))
  }

  const ring = (): void => {
    armed = Number.POSITIVE_INFINITY
    // The clock is looked at once for all that are due, and again for what became due meanwhile.
    for (
      let at = now(), one = queue.take(at);
      one !== undefined;
      one = queue.take(at) ?? queue.take((at = now()))
    )
      fired(one.id, one.generation)
    const due = queue.due()
    if (due !== undefined) arm(due)
  }

  return {
    start: (id, generation, due) => {
      queue.start(id, generation, due)
      arm(due)
    },
    stop: queue.stop,
    clear: () => clearTimeout(alarm),
  }
}

const FURTHEST = 2 ** 31 - 1
