/** Arbitrary networks. They shrink to perfect ones: less is lost, and less of the script is left. */
import * as fc from 'fast-check'
import type { Conditions } from '../fate.js'
import type { NetworkOptions } from '../world/network.js'
import type { Decision, Verdict } from '../world/script.js'
import type { StreamConditions } from '../world/streams.js'

/** How bad a network may be. */
export interface Worst {
  /** Of 100 datagrams so many may be lost; default 30. */
  readonly loss?: number
  /** The longest delay, ms; default 300. */
  readonly delay?: number
}

/** How a link treats datagrams. A message that was lost is lost as well where more is lost. */
export const conditions = ({ loss = 30, delay = 300 }: Worst = {}): fc.Arbitrary<Partial<Conditions>> =>
  fc.record({
    loss: fc.nat({ max: loss }),
    duplication: fc.nat({ max: 30 }),
    delay: fc.nat({ max: delay }),
    jitter: fc.nat({ max: delay }),
    reordering: fc.nat({ max: 30 }),
    held: fc.nat({ max: delay }),
  })

/** How connections behave: in pieces of any size, now and then broken off. */
export const streamConditions = (): fc.Arbitrary<Partial<StreamConditions>> =>
  fc.record({
    delay: fc.nat({ max: 100 }),
    piece: fc.constantFrom(0, 1, 7, 100, 1000),
    ragged: fc.boolean(),
    breakAfter: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 5000 }) },
    ),
  })

/** A few decisions about single messages of a call. */
export const script = (most: number = 5): fc.Arbitrary<readonly Decision[]> =>
  fc.array(
    fc.record({ kind: fc.constantFrom(...kinds), nth: fc.integer({ min: 1, max: 3 }), verdict: verdict() }),
    { maxLength: most },
  )

/** A network: conditions, a script, and the seed of its dice. */
export const network = (worst: Worst = {}): fc.Arbitrary<NetworkOptions> =>
  fc.record({
    seed: fc.nat(),
    conditions: conditions(worst),
    script: script(),
    streams: streamConditions(),
  })

const verdict = (): fc.Arbitrary<Verdict> =>
  fc.oneof(
    fc.constant([]),
    fc.integer({ min: 0, max: 600 }).map((ms) => [ms]),
    fc.integer({ min: 0, max: 600 }).map((ms) => [0, ms]),
  )

const kinds: readonly string[] = [
  'INVITE',
  '100 INVITE',
  '180 INVITE',
  '200 INVITE',
  '486 INVITE',
  '487 INVITE',
  'ACK',
  'CANCEL',
  '200 CANCEL',
  'BYE',
  '200 BYE',
  'OPTIONS',
  '200 OPTIONS',
]
