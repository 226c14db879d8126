/** What will happen when: a heap of deeds by instant, then by rank, then in the order in which they were planned. */

/** An agenda. Instants are ms. */
export interface Agenda {
  /** Plans a deed; the result cancels it. */
  readonly plan: (at: number, rank: number, deed: () => void) => () => void
  /** The instant of the first deed that is not cancelled; undefined when there is none. */
  readonly next: () => number | undefined
  /** Takes that deed out. */
  readonly take: () => (() => void) | undefined
}

interface Planned {
  readonly at: number
  readonly rank: number
  readonly order: number
  deed: (() => void) | undefined
}

/** An empty agenda. */
export const agenda = (): Agenda => {
  const heap: Planned[] = []
  let order = 0

  const swap = (a: number, b: number): void => {
    const one = heap[a] as Planned
    heap[a] = heap[b] as Planned
    heap[b] = one
  }

  const push = (planned: Planned): void => {
    for (let n = heap.push(planned) - 1; n > 0; ) {
      const parent = (n - 1) >> 1
      if (!sooner(heap[n] as Planned, heap[parent] as Planned)) return
      swap(n, parent)
      n = parent
    }
  }

  const pop = (): void => {
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    for (let n = 0, child = 1; child < heap.length; child = 2 * n + 1) {
      const right = heap[child + 1]
      const least = right !== undefined && sooner(right, heap[child] as Planned) ? child + 1 : child
      if (!sooner(heap[least] as Planned, heap[n] as Planned)) return
      swap(n, least)
      n = least
    }
  }

  const first = (): Planned | undefined => {
    while (heap[0] !== undefined && heap[0].deed === undefined) pop()
    return heap[0]
  }

  return {
    plan: (at, rank, deed) => {
      const planned: Planned = { at, rank, order: order++, deed }
      push(planned)
      return () => {
        planned.deed = undefined
      }
    },
    next: () => first()?.at,
    take: () => {
      const found = first()
      if (found !== undefined) pop()
      return found?.deed
    },
  }
}

const sooner = (a: Planned, b: Planned): boolean =>
  a.at !== b.at ? a.at < b.at : a.rank !== b.rank ? a.rank < b.rank : a.order < b.order
