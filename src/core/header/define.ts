/**
 * A header is a value. There is no registry: a user's header is another constant, as good as a built-in one.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import type { Shape } from './shape.js'

/** Why octets are not a value of this header, or why a value cannot be written: what, and at which octet of the text. */
export interface HeaderError {
  readonly what: string
  readonly offset: number
}

/**
 * How one header is read and written. `A` is the type of one value; a `list` header has values separated by commas,
 * in one field or over several (RFC 3261 7.3.1), any other has one value a field.
 */
export interface Header<A, L extends boolean = boolean> {
  /** The name as it is written, for example `Call-ID`. */
  readonly name: string
  /** The compact form, for example `i` (RFC 3261 7.3.3). */
  readonly compact?: string
  readonly list: L
  /** A list whose grammar allows that there is no value at all, for example `Supported` (20.37). */
  readonly mayBeEmpty?: boolean
  /** A list of which each value is written in a field of its own: 7.3.1 for challenges and credentials. */
  readonly ownField?: boolean
  /** For a list whose values hold commas of their own: where its values stand, as `split` of split.ts says. */
  readonly split?: (text: Bytes, start: number, end: number) => readonly number[]
  /** What is wrong with all values of a message beside each other, for example a `*` among Contacts (20.10). */
  readonly together?: (values: readonly A[]) => string | undefined
  /** What one value is made of; the codec and the table of the headers need it. */
  readonly shape?: Shape
  /** Reads one value from `text` between `start` and `end`; offsets in errors are those of `text`. Never throws. */
  readonly parse: (text: Bytes, start: number, end: number) => Either<HeaderError, A>
  /** Writes one value; refuses what would break the line (CR, LF, NUL) or not read back as the same value. */
  readonly print: (value: A) => Either<HeaderError, Bytes>
}

/** Any header, whatever its value: what a function takes that learns the type of the value from its argument. */
export interface AnyHeader extends Omit<Header<unknown>, 'print' | 'together'> {
  readonly together?: (values: readonly never[]) => string | undefined
  readonly print: (value: never) => Either<HeaderError, Bytes>
}

/** Defines a header: the one way, for ours and for the user's. */
export const define = <A, L extends boolean>(header: Header<A, L>): Header<A, L> => Object.freeze(header)
