/**
 * Many timers on one clock. Timers that are due in the same millisecond share a bucket, and a heap holds the
 * buckets' instants, so a hundred thousand timers are some ten thousand numbers to keep in order. Starting and stopping
 * cost the same however many there are.
 */

/** The timers that wait, earliest first. `Id` is what comes back when one is due. */
export interface TimerQueue<Id> {
  /** Starts a timer that is due at `due` (ms); `generation` is its number, never used twice. */
  readonly start: (id: Id, generation: number, due: number) => void
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
  stopped: boolean
}

/** The timers of one instant, in the order in which they started; `from` is the next to take. */
interface Bucket<Id> {
  readonly timers: Waiting<Id>[]
  from: number
}

/** An empty queue. */
export const timerQueue = <Id>(): TimerQueue<Id> => {
  const buckets = new Map<number, Bucket<Id>>()
  const instants: number[] = []
  const running = new Map<number, Waiting<Id>>()

  /** The bucket with the earliest timer that still runs; what is used up on the way is dropped. */
  const earliest = (): Bucket<Id> | undefined => {
    for (let due = instants[0]; due !== undefined; due = instants[0]) {
      const bucket = buckets.get(due) as Bucket<Id>
      while (bucket.from < bucket.timers.length && (bucket.timers[bucket.from] as Waiting<Id>).stopped)
        bucket.from++
      if (bucket.from < bucket.timers.length) return bucket
      buckets.delete(due)
      pop(instants)
    }
    return undefined
  }

  return {
    start: (id, generation, due) => {
      const timer = { id, generation, stopped: false }
      running.set(generation, timer)
      const bucket = buckets.get(due)
      if (bucket !== undefined) {
        bucket.timers.push(timer)
        return
      }
      buckets.set(due, { timers: [timer], from: 0 })
      push(instants, due)
    },
    stop: (generation) => {
      const timer = running.get(generation)
      if (timer === undefined) return
      timer.stopped = true
      running.delete(generation)
    },
    due: () => (earliest() === undefined ? undefined : instants[0]),
    take: (now) => {
      const bucket = earliest()
      if (bucket === undefined || (instants[0] as number) > now) return undefined
      const { id, generation } = bucket.timers[bucket.from++] as Waiting<Id>
      running.delete(generation)
      return { id, generation }
    },
    size: () => running.size,
  }
}

/** Puts a number into a binary heap, the least on top. */
const push = (heap: number[], value: number): void => {
  let at = heap.length
  heap.push(value)
  while (at > 0) {
    const parent = (at - 1) >>> 1
    if ((heap[parent] as number) <= value) break
    heap[at] = heap[parent] as number
    at = parent
  }
  heap[at] = value
}

/** Takes the least number off a binary heap that is not empty. */
const pop = (heap: number[]): void => {
  const value = heap.pop() as number
  const { length } = heap
  if (length === 0) return
  let at = 0
  for (let child = 1; child < length; child = 2 * at + 1) {
    if (child + 1 < length && (heap[child + 1] as number) < (heap[child] as number)) child++
    if ((heap[child] as number) >= value) break
    heap[at] = heap[child] as number
    at = child
  }
  heap[at] = value
}
