/** Arbitrary applications: they answer late, never, twice, with nonsense, or throw. They shrink to good ones. */
import * as fc from 'fast-check'
import type { Behaviour, Deed } from '../behaviour.js'
import { status } from './message.js'

/** Any behaviour; `behave` makes a core of it. */
export const behaviour = (): fc.Arbitrary<Behaviour> => fc.record({ invite: deeds(), other: deeds() })

/** Only what a sensible application does: it may ring, and answers once, in time or late. */
export const sensible = (): fc.Arbitrary<Behaviour> =>
  fc.record({
    invite: fc
      .tuple(
        fc.array(answered(fc.nat({ max: 1000 }), status(101, 199)), { maxLength: 2 }),
        answered(fc.constantFrom(0, 100, 300, 5000, 40_000), fc.oneof(fc.constant(200), status(300, 699))),
      )
      .map(([ringing, final]) => [...ringing.filter(({ after }) => after < final.after), final]),
    other: answered(fc.constantFrom(0, 100, 3000, 20_000), status(200, 699)).map((deed) => [deed]),
  })

const answered = (after: fc.Arbitrary<number>, code: fc.Arbitrary<number>): fc.Arbitrary<Deed> =>
  fc.record({ after, does: fc.constant('answer' as const), status: code })

const after: fc.Arbitrary<number> = fc.constantFrom(0, 1, 150, 250, 600, 4000, 31_999, 32_000, 40_000)

const deeds = (): fc.Arbitrary<readonly Deed[]> =>
  fc.array(
    fc.oneof<fc.WeightedArbitrary<Deed>[]>(
      { weight: 6, arbitrary: answered(after, status()) },
      {
        weight: 1,
        arbitrary: fc.record({
          after,
          does: fc.constant('answer oddly' as const),
          status: status(101, 699),
          tag: fc.constantFrom('odd', 'strange'),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ after, does: fc.constantFrom('throw' as const, 'terminate' as const) }),
      },
    ),
    { maxLength: 4 },
  )
