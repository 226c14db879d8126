/**
 * Many timers on one clock. Timers of one duration expire in the order in which they start, so each duration has a
 * plain queue and only the heads are compared; a stack has a handful of durations. Starting and stopping cost a few
 * operations whatever the number of timers.
 */

/** The timers that wait, earliest first. `Id` is what comes back when one is due. */
export interface TimerQueue<Id> {
  /** Starts a timer that is due at `due` (ms); `generation` is its number, never used twice. */
  readonly start: (id: Id, generation: number, due: number, now: number) => void
  /** Stops a timer; one that does not run is no error. */
  readonly stop: (generation: number) => void
  /** When the earliest timer is due; undefined when none runs. */
  readonly due: () => number | undefined
  /** Takes the earliest timer out if it is due by `now`. */
  readonly take: (now: number) => { readonly id: Id; readonly generation: number } | undefined
  /** How many timers run. */
  readonly size: () => number
}

interface Waiting<Id> {
  readonly id: Id
  readonly generation: number
  readonly due: number
  stopped: boolean
}

/** One duration's timers; `from` is where the living part begins. */
interface Lane<Id> {
  timers: Waiting<Id>[]
  from: number
}

/** An empty queue. */
export const timerQueue = <Id>(): TimerQueue<Id> => {
  const lanes = new Map<number, Lane<Id>>()
  const running = new Map<number, Waiting<Id>>()

  const head = (duration: number, lane: Lane<Id>): Waiting<Id> | undefined => {
    while (lane.from < lane.timers.length && (lane.timers[lane.from] as Waiting<Id>).stopped) lane.from++
    if (lane.from === lane.timers.length) {
      lanes.delete(duration)
      return undefined
    }
    if (lane.from >= COMPACT && lane.from * 2 > lane.timers.length) {
      lane.timers = lane.timers.slice(lane.from)
      lane.from = 0
    }
    return lane.timers[lane.from]
  }

  const earliest = (): { readonly lane: Lane<Id>; readonly timer: Waiting<Id> } | undefined => {
    let best: { readonly lane: Lane<Id>; readonly timer: Waiting<Id> } | undefined
    for (const [duration, lane] of lanes) {
      const timer = head(duration, lane)
      if (timer !== undefined && (best === undefined || timer.due < best.timer.due)) best = { lane, timer }
    }
    return best
  }

  return {
    start: (id, generation, due, now) => {
      const timer = { id, generation, due, stopped: false }
      running.set(generation, timer)
      const exact = due - now
      const duration = lanes.has(exact) || lanes.size < LANES ? exact : OTHERS
      const lane = lanes.get(duration)
      if (lane === undefined) lanes.set(duration, { timers: [timer], from: 0 })
      else if ((lane.timers[lane.timers.length - 1] as Waiting<Id>).due <= due) lane.timers.push(timer)
      else insert(lane, timer)
    },
    stop: (generation) => {
      const timer = running.get(generation)
      if (timer === undefined) return
      timer.stopped = true
      running.delete(generation)
    },
    due: () => earliest()?.timer.due,
    take: (now) => {
      const found = earliest()
      if (found === undefined || found.timer.due > now) return undefined
      found.lane.from++
      running.delete(found.timer.generation)
      return { id: found.timer.id, generation: found.timer.generation }
    },
    size: () => running.size,
  }
}

const COMPACT = 1024

/** So many durations have a queue of their own; the odd ones beyond share one, in order. */
const LANES = 64
const OTHERS = Number.NEGATIVE_INFINITY

/** Into a queue that does not end with the latest: another duration, or a clock that went backwards. */
const insert = <Id>(lane: Lane<Id>, timer: Waiting<Id>): void => {
  let low = lane.from
  let high = lane.timers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((lane.timers[middle] as Waiting<Id>).due <= timer.due) low = middle + 1
    else high = middle
  }
  lane.timers.splice(low, 0, timer)
}
