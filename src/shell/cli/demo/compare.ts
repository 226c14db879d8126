/** Whether two traces tell the same: each endpoint sent, received and lost the same and had the same timers fire. */
import type { Fate } from '../../../testing/fate.js'
import { kind } from '../../../testing/summary.js'
import type { Observation, Trace } from '../../../testing/trace.js'

/** What a comparison found. */
export interface Comparison {
  /** Where the traces part, in words; undefined when they tell the same. */
  readonly difference?: string
  /** How many events were compared. */
  readonly events: number
  /** The most that an event of `real` came after its like in `virtual`, ms. */
  readonly lag: number
}

/**
 * Compares a trace of real time with one of virtual time, endpoint by endpoint, event by event. An event of `real` may be
 * up to `tolerance` ms behind its like, and as much ahead as a clock that counts whole ms can be.
 */
export const compare = (real: Trace, virtual: Trace, tolerance: number): Comparison => {
  const sides = virtual.participants.map(({ name }) =>
    side(name, told(real, name), told(virtual, name), tolerance),
  )
  const parted = sides.find(({ difference }) => difference !== undefined)
  return {
    ...(parted?.difference === undefined ? {} : { difference: parted.difference }),
    events: sides.reduce((sum, { events }) => sum + events, 0),
    lag: Math.max(...sides.map(({ lag }) => lag)),
  }
}

interface Told {
  /** ms since the first event of the trace. */
  readonly at: number
  readonly what: string
}

const side = (
  name: string,
  real: readonly Told[],
  virtual: readonly Told[],
  tolerance: number,
): Comparison => {
  const events = Math.max(real.length, virtual.length)
  const pairs = Array.from({ length: events }, (_, n) => [real[n], virtual[n]] as const)
  const lags = pairs.map(([one, other]) => (one?.at ?? 0) - (other?.at ?? 0))
  const parts = pairs.findIndex(
    ([one, other], n) => one?.what !== other?.what || !isInTime(lags[n] ?? 0, tolerance),
  )
  const [one, other] = pairs[parts] ?? []
  const lag = Math.max(0, ...lags.slice(0, parts < 0 ? events : parts))
  return {
    ...(parts < 0
      ? {}
      : { difference: `${name}, event ${parts + 1}: ${shown(one)}, virtually ${shown(other)}` }),
    events,
    lag,
  }
}

const isInTime = (lag: number, tolerance: number): boolean => lag >= -1 && lag <= tolerance

const shown = (told: Told | undefined): string =>
  told === undefined ? 'nothing' : `${told.what} at ${told.at} ms`

const told = ({ observations }: Trace, who: string): readonly Told[] => {
  const start = observations[0]?.at ?? 0
  const fates = new Map<string, Fate>()
  for (const one of observations)
    if (one._tag === 'Carried') fates.set(`${one.who} ${one.copy} ${one.text}`, one.arrivals)
  return observations.flatMap((one) => {
    const what = one.who === who ? words(one, fates) : undefined
    return what === undefined ? [] : [{ at: one.at - start, what }]
  })
}

const words = (one: Observation, fates: ReadonlyMap<string, Fate>): string | undefined => {
  switch (one._tag) {
    case 'Sent': {
      const copies = fates.get(`${one.who} ${one.copy} ${one.text}`)?.length ?? 0
      return `sent ${kind(one.text)}, ${copies === 0 ? 'lost' : copies === 1 ? 'carried' : `carried ${copies} times`}`
    }
    case 'Received':
      return `received ${kind(one.text)}`
    case 'Fired': // the name of a helper's timer goes on with tags, which are other ones in every run
      return `timer ${one.timer.split(' ', 1).join('')}`
    default:
      return undefined
  }
}
