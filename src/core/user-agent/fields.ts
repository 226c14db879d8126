/** Fields of a message for those who copy them: as octets, or as the values of a header. */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import type { Header, HeaderError } from '../header/define.js'
import { parseList } from '../header/split.js'
import { fieldNamed } from '../message/head.js'
import { trimmedEndOf, valueOf } from '../message/scan.js'
import type { Message } from '../message/types.js'
import { none } from '../reducer.js'

/** The values of all fields of that name, or of that compact form, as they stand, one a field. */
export const rawFields = (message: Message, name: string, compact?: string, from = 0): readonly Bytes[] => {
  const i = fieldNamed(message, name, compact, from)
  if (i < 0) return none
  const { text, index } = message
  const start = valueOf(text, index, i)
  return [text.slice(start, trimmedEndOf(text, index, i, start)), ...rawFields(message, name, compact, i + 1)]
}

/** All values of a list header, from the top down. */
export const valuesOf = <A>(header: Header<A, true>, message: Message): Either<HeaderError, readonly A[]> =>
  valuesFrom(header, message, 0)

const valuesFrom = <A>(
  header: Header<A, true>,
  message: Message,
  from: number,
): Either<HeaderError, readonly A[]> => {
  const i = fieldNamed(message, header.name, header.compact, from)
  if (i < 0) return right(none)
  const { text, index } = message
  const start = valueOf(text, index, i)
  const values = parseList(header, text, start, trimmedEndOf(text, index, i, start))
  if (isLeft(values)) return values
  const rest = valuesFrom(header, message, i + 1)
  return isLeft(rest) ? rest : right([...values.right, ...rest.right])
}
