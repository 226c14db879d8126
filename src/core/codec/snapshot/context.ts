/** What the codecs of a snapshot have in common: instants become remaining times, tables lists, messages their octets. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Secret } from '../../data/hash.js'
import * as Table from '../../data/table.js'
import { request, response } from '../../message/message.js'
import { parse } from '../../message/parse.js'
import { indexFrom } from '../../message/scan.js'
import type { Message, Request, Response } from '../../message/types.js'
import type { Codec } from '../shape.js'

/** What a codec must be told besides the state. */
export interface Context {
  /** The instant (ms, monotonic) from which times are counted: that of the snapshot, or of the restart less what passed in between. */
  readonly base: number
  /** Keys the tables; it is in no snapshot. */
  readonly secret: Secret
}

/** The codec of a state. A core brings its own to be part of a snapshot. */
export type StateCodec<S> = (context: Context) => Codec<S>

/** An instant, as ms from `base`. */
export const instant = ({ base }: Context): Codec<number> =>
  new t.Type(
    'Instant',
    t.number.is,
    (u, context) =>
      typeof u === 'number' && Number.isFinite(u) ? t.success(base + u) : t.failure(u, context),
    (at) => at - base,
  )

/** A table, as a list of its keys and values. */
export const table = <V>({ secret }: Context, codec: Codec<V>): Codec<Table.Table<V>> => {
  const rows = t.readonlyArray(t.tuple([t.string, codec]))
  return new t.Type(
    'Table',
    (u): u is Table.Table<V> => typeof u === 'object' && u !== null && 'words' in u && 'size' in u,
    (u, context) => {
      const read = rows.validate(u, context)
      return isLeft(read)
        ? read
        : t.success(
            read.right.reduce<Table.Table<V>>(
              (all, [key, value]) => Table.set(key, value)(all),
              Table.empty(secret),
            ),
          )
    },
    (all) => Table.entries(all).map(([key, value]) => [key, codec.encode(value)]),
  )
}

/** A message, as its octets. It need not be one that could be sent: a request that waits for its Via is none yet. */
export const message: Codec<Message> = new t.Type(
  'Message',
  (u): u is Message => typeof u === 'object' && u !== null && 'text' in u && 'index' in u,
  (u, context) => {
    const read = typeof u === 'string' ? fromText(u) : undefined
    return read === undefined ? t.failure(u, context, 'the octets of a message expected') : t.success(read)
  },
  ({ text }) => text,
)

export const requestMessage: Codec<Request> = new t.Type(
  'Request',
  (u): u is Request => message.is(u) && u._tag === 'Request',
  (u, context) => {
    const read = message.validate(u, context)
    if (isLeft(read)) return read
    return read.right._tag === 'Request' ? t.success(read.right) : t.failure(u, context, 'a request expected')
  },
  ({ text }) => text,
)

export const responseMessage: Codec<Response> = new t.Type(
  'Response',
  (u): u is Response => message.is(u) && u._tag === 'Response',
  (u, context) => {
    const read = message.validate(u, context)
    if (isLeft(read)) return read
    return read.right._tag === 'Response'
      ? t.success(read.right)
      : t.failure(u, context, 'a response expected')
  },
  ({ text }) => text,
)

/** Octets that were a message once, with or without a Via. */
const fromText = (text: string): Message | undefined => {
  const parsed = parse(text, { limits: { message: Number.MAX_SAFE_INTEGER } })
  if (isRight(parsed) && parsed.right.text === text) return parsed.right
  const end = text.indexOf('\r\n')
  const [first = '', second = '', ...rest] = text.slice(0, end).split(' ')
  if (end < 0 || !text.includes('\r\n\r\n')) return undefined
  const index = indexFrom(text, end)
  if (first !== 'SIP/2.0')
    return rest.join(' ') === 'SIP/2.0' ? request(text, index, first, second) : undefined
  return /^[1-6][0-9][0-9]$/.test(second) ? response(text, index, Number(second), rest.join(' ')) : undefined
}
