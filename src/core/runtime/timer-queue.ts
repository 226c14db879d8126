/**
 * Many timers on one clock. Timers that are due in the same millisecond share a bucket, and a heap holds the
 * buckets' instants, so a hundred thousand timers are some ten thousand numbers to keep in order. Starting and stopping
 * cost the same however many there are, and a timer that waits takes two places in arrays and, where its id can be written as
 * text, no object of its own, which a garbage collector would have to copy and to walk over.
 */
import { flat } from '../data/bytes.js'

/** How ids, which are no numbers, are written as text and read again. */
export interface TextForm<Id> {
  /** The text of an id; undefined for one that stays as it is. */
  readonly textOf: (id: Id) => string | undefined
  /** The id that has that text. */
  readonly idOf: (text: string) => Id
}

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

/**
 * What runs of `PAGE` consecutive numbers. They are given in ascending order, so pages fill up and empty in turn. Once the next
 * page has begun, the texts of ids stand in one string, and each id is a number: where its text begins, and how long it is.
 */
interface Page<Id> {
  readonly number: number
  readonly ids: (Id | number | undefined)[]
  text: string | undefined
  running: number
}

const PAGE = 256

/** Texts are shorter than this: so what is written of a page has no more than 2¹⁶ chars, and each place is a small integer. */
const LONGEST = 256

/** An empty queue. With `form` it keeps ids that wait as text, and what comes back is an id made of it. */
export const timerQueue = <Id>(form?: TextForm<Id>): TimerQueue<Id> => {
  const buckets = new Map<number, Bucket>()
  const instants: number[] = []
  const pages = new Map<number, Page<Id>>()
  let size = 0

  // What was written to last is nearly always what is written to next.
  let newest: Page<Id> = { number: -1, ids: [], text: undefined, running: 0 }
  const recent: (Bucket | undefined)[] = [undefined, undefined, undefined, undefined]

  const pageOf = (number: number): Page<Id> | undefined =>
    newest.number === number ? newest : pages.get(number)

  const put = (id: Id, generation: number): void => {
    const number = Math.floor(generation / PAGE)
    let page = pageOf(number)
    if (page === undefined) {
      page = { number, ids: new Array<Id | undefined>(PAGE).fill(undefined), text: undefined, running: 0 }
      pages.set(number, page)
      if (newest.running === 0) pages.delete(newest.number)
      else if (form !== undefined) pack(newest, form)
      newest = page
    }
    page.ids[generation % PAGE] = id
    page.running++
    size++
  }

  const runs = (generation: number): boolean =>
    pageOf(Math.floor(generation / PAGE))?.ids[generation % PAGE] !== undefined

  const find = (generation: number): Id => {
    const { ids, text } = pageOf(Math.floor(generation / PAGE)) as Page<Id>
    const id = ids[generation % PAGE] as Id | number
    if (form === undefined || text === undefined || typeof id !== 'number') return id as Id
    const from = Math.floor(id / LONGEST)
    return form.idOf(text.slice(from, from + (id % LONGEST)))
  }

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
      while (bucket.from < generations.length && !runs(generations[bucket.from] as number)) bucket.from++
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
      const id = find(generation)
      drop(generation)
      return { id, generation }
    },
    size: () => size,
  }
}

/** Writes the ids of a page as text, once: a timer that starts in it later stays as it is. */
const pack = <Id>(page: Page<Id>, { textOf }: TextForm<Id>): void => {
  if (page.text !== undefined) return
  const { ids } = page
  let text = ''
  for (let i = 0; i < PAGE; i++) {
    const one = ids[i] === undefined ? undefined : textOf(ids[i] as Id)
    if (one === undefined || one.length >= LONGEST) continue
    ids[i] = text.length * LONGEST + one.length
    text += one
  }
  page.text = flat(text)
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
