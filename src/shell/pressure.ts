/** Back-pressure between the application and the sockets: what waits is counted, and too much of it stops the reading. */

/** A count with a bound. */
export interface Pressure {
  /** One more waits. */
  readonly rise: () => void
  /** One less. */
  readonly fall: () => void
}

/** The default of `maxQueuedEvents`. */
export const MAX_QUEUED_EVENTS = 10_000

/**
 * Says `hold(true)` when more than `most` wait and `hold(false)` when half of `most` do, so that reading does not stop
 * and start with every event.
 */
export const pressure = (most: number, hold: (isHeld: boolean) => void): Pressure => {
  let waiting = 0
  let held = false
  return {
    rise: () => {
      waiting += 1
      if (held || waiting <= most) return
      held = true
      hold(true)
    },
    fall: () => {
      waiting -= 1
      if (!held || waiting > most / 2) return
      held = false
      hold(false)
    },
  }
}
