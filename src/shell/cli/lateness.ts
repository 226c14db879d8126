/** How late this machine is: bare timers that do nothing, and by how much they were overdue. */

/** A measurement under way. */
export interface Lateness {
  /** The most that a timer was late since the beginning, whole ms. */
  readonly worst: () => number
  /** Ends it, and answers the worst. */
  readonly stop: () => number
}

/** Begins to measure; it does not keep the process alive. */
export const lateness = (): Lateness => {
  let due = performance.now() + INTERVAL
  let worst = 0
  const look = (): void => {
    worst = Math.max(worst, performance.now() - due)
  }
  const timer = setInterval(() => {
    look()
    due = performance.now() + INTERVAL
  }, INTERVAL).unref()
  const rounded = (): number => {
    look() // a timer that is overdue right now has not fired yet
    return Math.floor(worst)
  }
  return {
    worst: rounded,
    stop: () => {
      clearInterval(timer)
      return rounded()
    },
  }
}

const INTERVAL = 10
