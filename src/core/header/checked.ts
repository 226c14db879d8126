/**
 * The usual way to make a header: a reader over a cursor and a writer that only joins. What is written is read again
 * before it is let out, so that no value can be printed that breaks its line or means something else on arrival.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { same } from '../data/same.js'
import { type Cursor, cursor, done, fail, unprintable } from '../data/scan.js'
import { define, type Header, type HeaderError } from './define.js'
import { fits } from './shape.js'
import { split } from './split.js'

/** A header by reader and writer. */
export interface Spec<A, L extends boolean> extends Omit<Header<A, L>, 'parse' | 'print'> {
  /** Reads a value, white space around it already passed; notes the fault and returns `undefined` if there is none. */
  readonly read: (c: Cursor) => A | undefined
  /** Writes a value, quoting what needs it; what it is given has the `shape`, if there is one. */
  readonly write: (value: A) => Bytes
}

/** Makes the header of a reader and a writer. */
export const checked = <A, L extends boolean>(spec: Spec<A, L>): Header<A, L> => {
  const { read, write, ...rest } = spec
  const isValue = spec.shape === undefined ? () => true : fits(spec.shape)
  const parse = (text: Bytes, start: number, end: number): Either<HeaderError, A> => {
    const c = cursor(text, start, end)
    const value = read(c)
    if (value !== undefined && c.fault === undefined && !done(c)) fail(c, 'end of value expected')
    return c.fault === undefined ? right(value as A) : left(c.fault)
  }
  const print = (value: A): Either<HeaderError, Bytes> => {
    if (!isValue(value)) return left({ what: 'no value of this header', offset: 0 })
    const text = write(value)
    const bad = unprintable(text)
    if (bad >= 0) return left({ what: 'character that no line may hold', offset: bad })
    const again = parse(text, 0, text.length)
    if (again._tag === 'Left') return again
    const isOne =
      !spec.list || !text.includes(',') || (spec.split ?? split)(text, 0, text.length).length === 2
    if (!isOne || !same(value, again.right))
      return left({ what: 'would read back as another value', offset: 0 })
    return right(text)
  }
  return define({ ...rest, parse, print })
}
