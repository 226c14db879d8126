/** What works on fields by name, whatever their values: any header, known or not. */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { headerNamed } from '../header/builtin.js'
import type { AnyHeader, HeaderError } from '../header/define.js'
import { fieldsOf, removeAll } from './focus.js'
import { fieldCount, nameLengthOf, startOf, trimmedEndOf, valueOf } from './scan.js'
import type { Message } from './types.js'

/** One field as it stands: the name as written, the value without the white space around it, folds included. */
export interface Field {
  readonly name: string
  readonly value: Bytes
}

/** A header, or any name in any case; a compact form is as good as the name it stands for. */
type Named = AnyHeader | string

/** All fields in the order they stand in. */
export const fields = (message: Message): readonly Field[] =>
  Array.from({ length: fieldCount(message.index) }, (_, i) => {
    const start = startOf(message.index, i)
    return {
      name: message.text.slice(start, start + nameLengthOf(message.index, i)),
      value: valueAt(message, i),
    }
  })

/** Whether there is such a field. */
export const has =
  (header: Named) =>
  (message: Message): boolean =>
    fieldsOf(named(header), message).length > 0

/** The values of such fields as they stand, one a field. */
export const raw =
  (header: Named) =>
  (message: Message): readonly Bytes[] =>
    fieldsOf(named(header), message).map((i) => valueAt(message, i))

/** The same without such fields. */
export const remove =
  (header: Named) =>
  <M extends Message>(message: M): M =>
    removeAll(message, fieldsOf(named(header), message))

/** The same without any of them. */
export const drop =
  (headers: readonly Named[]) =>
  <M extends Message>(message: M): M =>
    headers.reduce((rest, header) => remove(header)(rest), message)

/** Several edits, one after the other; the first that is refused ends it, and nothing has changed. */
export const edit =
  (...edits: readonly (<M extends Message>(message: M) => M | Either<HeaderError, M>)[]) =>
  <M extends Message>(message: M): Either<HeaderError, M> => {
    let current = message
    for (const change of edits) {
      const next = change(current)
      if (next._tag === 'Request' || next._tag === 'Response') current = next
      else if (isLeft(next)) return next
      else current = next.right
    }
    return right(current)
  }

const valueAt = ({ text, index }: Message, i: number): Bytes => {
  const start = valueOf(text, index, i)
  return text.slice(start, trimmedEndOf(text, index, i, start))
}

/** Name and compact form; those of a header that this library knows when only one of them was given. */
const named = (header: Named): Pick<AnyHeader, 'name' | 'compact'> =>
  typeof header === 'string' ? (headerNamed(header) ?? { name: header }) : header
