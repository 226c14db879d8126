/** Arbitrary byte streams: messages and keep-alives one after the other, cut into segments anywhere. */
import * as fc from 'fast-check'
import type { Bytes } from '../../core/data/bytes.js'
import { message } from './message.js'

/** A stream, what it consists of, and how it is cut: the segments joined are the items joined. */
export interface Stream {
  /** Messages, and CRLF CRLF between them. */
  readonly items: readonly Bytes[]
  readonly segments: readonly Bytes[]
}

/** A stream of up to `most` items. It shrinks to fewer items and fewer cuts. */
export const stream = (most: number = 4): fc.Arbitrary<Stream> =>
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: message().map(({ text }) => text) },
        { weight: 1, arbitrary: fc.constant('\r\n\r\n') },
      ),
      { maxLength: most },
    )
    .chain((items) => segments(items.join('')).map((cut) => ({ items, segments: cut })))

/** All ways to cut octets into segments, none of them empty: whole, byte by byte, and everything between. */
export const segments = (bytes: Bytes): fc.Arbitrary<readonly Bytes[]> => {
  if (bytes.length < 2) return fc.constant(bytes === '' ? [] : [bytes])
  const last = bytes.length - 1
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant([bytes]) },
    {
      weight: 6,
      arbitrary: fc
        .uniqueArray(fc.integer({ min: 1, max: last }), { maxLength: Math.min(20, last) })
        .map((cuts) => slices(bytes, cuts)),
    },
    { weight: 1, arbitrary: fc.constant(Array.from(bytes)) },
  )
}

const slices = (bytes: Bytes, cuts: readonly number[]): readonly Bytes[] => {
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, n) => bytes.slice(places[n], end))
}
