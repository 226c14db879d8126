/**
 * The inputs of a stack as JSON: a recording. Events are plain data but for the messages in an application's wishes, which
 * stand there as their octets.
 */
import { type Either, isLeft, map } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Event, Input } from '../events.js'
import { message } from './snapshot/context.js'

/** An input as a line of JSON, without the line end. */
export const printInput = ({ at, wall, entropy, event }: Input): string =>
  JSON.stringify([at, wall, entropy, event._tag === 'Received' ? recorded(event) : event])

const recorded = ({ _tag, flow, bytes }: Extract<Event, { _tag: 'Received' }>): Event => ({
  _tag,
  flow,
  bytes,
})

/** An input from the value of such a line. */
export const readInput = (json: unknown): Either<t.Errors, Input> =>
  map(([at, wall, entropy, event]: Readonly<t.TypeOf<typeof line>>): Input => ({ at, wall, entropy, event }))(
    line.decode(json),
  )

const messageFields: readonly string[] = ['request', 'response', 'message']

const event: t.Type<Event, unknown> = new t.Type(
  'Event',
  (u): u is Event => typeof u === 'object' && u !== null && '_tag' in u,
  (u, context) => {
    const plain = t.intersection([t.type({ _tag: t.string }), t.UnknownRecord]).validate(u, context)
    if (isLeft(plain)) return plain
    const fields = Object.entries(plain.right).map(([key, value]) =>
      messageFields.includes(key) && typeof value === 'string'
        ? { key, read: message.validate(value, t.appendContext(context, key, message)) }
        : { key, read: t.success(value) },
    )
    const errors = fields.flatMap(({ read }) => (isLeft(read) ? read.left : []))
    return errors.length > 0
      ? t.failures(errors)
      : t.success(
          Object.fromEntries(
            fields.map(({ key, read }) => [key, isLeft(read) ? undefined : read.right]),
          ) as unknown as Event,
        )
  },
  (value) => value,
)

const line: t.Type<[at: number, wall: number, entropy: string, event: Event], unknown> = t.tuple([
  t.number,
  t.number,
  t.string,
  event,
])
