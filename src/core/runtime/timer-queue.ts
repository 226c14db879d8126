/**
 * Many timers on one clock. Timers that are due in the same millisecond share a bucket, and a heap holds the
 * buckets' instants, so a hundred thousand timers are some ten thousand numbers to keep in order. Starting and stopping
 * cost the same however many there are, and a timer that waits takes two places in arrays.
 */

/** The timers that wait, earliest first. `Id` is what comes back when one is due. */
export interface TimerQueue<Id> {
  /** Starts a timer that is due at `due` (ms); `generation` is its number (a whole one), never used twice. */
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

/** The numbers of the timers of one instant, in the order in which they started; `from` is the next to take. */
interface Bucket {
  readonly due: number
  readonly generations: number[]
  from: number
}

/** What runs of `PAGE` consecutive numbers. They are given in ascending order, so pages fill up and empty in turn. */
interface Page<Id> {
  readonly number: number
  readonly ids: (Id | undefined)[]
  running: number
}

const PAGE = 256

/** An empty queue. */
export const timerQueue = <Id>(): TimerQueue<Id> => {
  const buckets = new Map<number, Bucket>()
  const instants: number[] = []
  const pages = new Map<number, Page<Id>>()
  let size = 0

  // What was written to last is nearly always what is written to next.
  let newest: Page<Id> = { number: -1, ids: [], running: 0 }
  const recent: (Bucket | undefined)[] = [undefined, undefined, undefined, undefined]

  const pageOf = (number: number): Page<Id> | undefined =>
    newest.number === number ? newest : pages.get(number)

  const put = (id: Id, generation: number): void => {
    const number = Math.floor(generation / PAGE)
    let page = pageOf(number)
    if (page === undefined) {
      page = { number, ids: new Array<Id | undefined>(PAGE).fill(undefined), running: 0 }
      pages.set(number, page)
      if (newest.running === 0) pages.delete(newest.number)
      newest = page
    }
    page.ids[generation % PAGE] = id
    page.running++
    size++
  }

  const find = (generation: number): Id | undefined =>
    pageOf(Math.floor(generation / PAGE))?.ids[generation % PAGE]

  const drop = (generation: number): void => {
    const page = pageOf(Math.floor(generation / PAGE))
    if (page?.ids[generation % PAGE] === undefined) return
    page.ids[generation % PAGE] = undefined
    size--
    if (--page.running === 0 && page !== newest) pages.delete(page.number)
  }

  const bucketOf = (due: number): Bucket => {
    const last = recent[due & 3]
    if (last?.due === due) return last
    let bucket = buckets.get(due)
    if (bucket === undefined) {
      bucket = { due, generations: [], from: 0 }
      buckets.set(due, bucket)
      push(instants, due)
    }
    recent[due & 3] = bucket
    return bucket
  }

  /** The bucket with the earliest timer that still runs; what is used up on the way is dropped. */
  const earliest = (): Bucket | undefined => {
    for (let due = instants[0]; due !== undefined; due = instants[0]) {
      const bucket = buckets.get(due) as Bucket
      const { generations } = bucket
      while (bucket.from < generations.length && find(generations[bucket.from] as number) === undefined)
        bucket.from++
      if (bucket.from < generations.length) return bucket
      buckets.delete(due)
      if (recent[due & 3] === bucket) recent[due & 3] = undefined
      pop(instants)
    }
    return undefined
  }

  return {
    start: (id, generation, due) => {
      put(id, generation)
      bucketOf(due).generations.push(generation)
    },
    stop: drop,
    due: () => (earliest() === undefined ? undefined : instants[0]),
    take: (now) => {
      const bucket = earliest()
      if (bucket === undefined || (instants[0] as number) > now) return undefined
      const generation = bucket.generations[bucket.from++] as number
      const id = find(generation) as Id
      drop(generation)
      return { id, generation }
    },
    size: () => size,
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
