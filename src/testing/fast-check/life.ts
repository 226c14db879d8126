/** Arbitrary lives of the transaction machines: configurations, events in any order, timers late and out of turn. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { respond, withToTag } from '../../core/message/build.js'
import { parse } from '../../core/message/parse.js'
import type { Request, Response } from '../../core/message/types.js'
import { ack } from '../../core/transaction/ack.js'
import {
  type Abort,
  type ClientEvent,
  type Config,
  type FlowClosed,
  rfc3261,
  type ServerEvent,
  type Timer,
  type TimerFired,
  type TransportFailed,
} from '../../core/transaction/types.js'
import type { Happening } from '../life.js'
import type { SimulateOptions } from '../simulate.js'

/** Timer values from quick to slow, with and without guards, in all profiles. */
export const configuration = (): fc.Arbitrary<Config> =>
  fc.record({
    timing: fc
      .tuple(
        fc.constantFrom(500, 100, 1000),
        fc.constantFrom(8, 1, 1.5, 40, 65),
        fc.constantFrom(0, 900, 180_000),
      )
      .map(([t1, times, guard]) => ({ ...rfc3261.timing, t1, t2: t1 * times, guard })),
    profile: fc.record({
      nonInvite: fc.constantFrom('strict' as const, 'legacy' as const),
      serverSendFailed: fc.constantFrom('stay' as const, 'terminate' as const),
      nonInviteGuard: fc.boolean(),
    }),
  })

/** How time is unkind to a machine. */
export const unkindness = (): fc.Arbitrary<SimulateOptions> =>
  fc.record({
    late: fc.constantFrom(0, 10),
    order: fc.constantFrom('rule' as const, 'reverse' as const),
    deliveries: fc.constantFrom(1 as const, 2 as const),
  })

/** What a client transaction of `request` can meet: responses of two peers, and trouble. */
export const clientEvent = (request: Request): fc.Arbitrary<ClientEvent> =>
  fc.oneof<fc.WeightedArbitrary<ClientEvent>[]>(
    { weight: 3, arbitrary: answers(request).map((response) => ({ _tag: 'ResponseReceived', response })) },
    { weight: 1, arbitrary: trouble },
  )

/** What a server transaction of `request` can meet: the request again, its ACK, any answer of its user, and trouble. */
export const serverEvent = (request: Request): fc.Arbitrary<ServerEvent> =>
  fc.oneof<fc.WeightedArbitrary<ServerEvent>[]>(
    { weight: 1, arbitrary: answers(request).map((response) => ({ _tag: 'Respond', response })) },
    { weight: 1, arbitrary: fc.constant({ _tag: 'RequestReceived', request }) },
    { weight: 1, arbitrary: fc.constant({ _tag: 'AckReceived', request: ackOf(request) }) },
    { weight: 1, arbitrary: trouble },
  )

/** Up to `length` things that happen, events of `events` among them. */
export const happenings = <E>(
  events: fc.Arbitrary<E>,
  length: number = 12,
): fc.Arbitrary<readonly Happening<E>[]> =>
  fc.array(
    fc.oneof<fc.WeightedArbitrary<Happening<E>>[]>(
      { weight: 5, arbitrary: events.map((event) => ({ _tag: 'Event', event })) },
      { weight: 3, arbitrary: fc.constant({ _tag: 'WaitForTimer' }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(1, 199, 500, 4000, 33_000).map((ms) => ({ _tag: 'Wait', ms })),
      },
      { weight: 1, arbitrary: fc.constantFrom(999, 10_000, 100_000).map((ms) => ({ _tag: 'Sleep', ms })) },
    ),
    { maxLength: length, size: 'max' },
  )

/** Every timer by name. */
export const timers: readonly Timer[] = [
  ...(['A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M'] as const),
  'Trying',
  'N100',
  'Guard',
]

/** Timers out of turn, failed sends, connections that close, users that lose interest. */
const trouble: fc.Arbitrary<TimerFired | TransportFailed | FlowClosed | Abort> = fc.oneof<
  fc.WeightedArbitrary<TimerFired | TransportFailed | FlowClosed | Abort>[]
>(
  {
    weight: 2,
    arbitrary: fc.record({
      _tag: fc.constant('TimerFired' as const),
      timer: fc.constantFrom(...timers),
      late: fc.constantFrom(0, 10, 7000),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ _tag: 'TransportFailed' }, { _tag: 'FlowClosed' }) },
  { weight: 1, arbitrary: fc.constant({ _tag: 'Abort' }) },
)

const answers = (request: Request): fc.Arbitrary<Response> =>
  fc
    .tuple(
      fc.constantFrom(100, 180, 183, 200, 202, 302, 404, 408, 486, 503, 603),
      fc.constantFrom('one', 'two'),
    )
    .map(([code, tag]) => (code === 100 ? respond(code)(request) : withToTag(tag)(respond(code)(request))))

const ackOf = (request: Request): Request => {
  const parsed = parse(ack(request.text, withToTag('one')(respond(486)(request))))
  return isRight(parsed) && parsed.right._tag === 'Request' ? parsed.right : request
}
