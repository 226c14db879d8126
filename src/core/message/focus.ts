/**
 * What an operator looks at: all that a header says, its first value, or its last. A focus knows how to read that,
 * replace it, put something there and take it away; the verbs are the same for all three.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import type { AnyHeader, Header, HeaderError } from '../header/define.js'
import { print } from '../header/field.js'
import { parseList, split } from '../header/split.js'
import { fieldNamed } from './head.js'
import { fieldCount, endOf, startOf, trimmedEndOf, valueOf } from './scan.js'
import { appendField, insertField, removeField, replaceWithin } from './splice.js'
import type { Message } from './types.js'

/** A value stands there, but none of that header: what is wrong, and at which octet of the message. */
export interface Malformed extends HeaderError {
  readonly _tag: 'Malformed'
  readonly name: string
}

/** `undefined` stands for nothing there. */
export interface Focus {
  readonly name: 'whole' | 'front' | 'back'
  readonly read: (header: AnyHeader, message: Message) => Either<Malformed, unknown>
  /** Writes in place of what `read` reads; where there is nothing, as `insert`. */
  readonly write: <M extends Message>(header: AnyHeader, message: M, value: unknown) => Either<HeaderError, M>
  /** Writes without taking anything away, unless the header can have no second value. */
  readonly insert: <M extends Message>(
    header: AnyHeader,
    message: M,
    value: unknown,
  ) => Either<HeaderError, M>
  readonly remove: <M extends Message>(header: AnyHeader, message: M) => M
}

/** All that a header says. A header that is no list and stands twice cannot be read as one thing. */
export const whole: Focus = {
  name: 'whole',
  read: (header, message) => {
    const at = fieldsOf(header, message)
    if (at.length === 0) return right(undefined)
    return header.list ? readAll(header as Header<unknown>, message, at) : readOnly(header, message, at)
  },
  write: (header, message, value) => writeAll(header, message, value),
  insert: (header, message, value) => writeAll(header, message, value),
  remove: (header, message) => removeAll(message, fieldsOf(header, message)),
}

/** The fields of a header, long form or compact, from the top down. */
export const fieldsOf = (
  header: Pick<AnyHeader, 'name' | 'compact'>,
  message: Message,
): readonly number[] => {
  const found: number[] = []
  for (let i = fieldNamed(message, header.name, header.compact); i >= 0; ) {
    found.push(i)
    i = fieldNamed(message, header.name, header.compact, i + 1)
  }
  return found
}

/** `message` without the fields at `at`, which ascend. */
export const removeAll = <M extends Message>(message: M, at: readonly number[]): M =>
  at.reduceRight((rest, i) => removeField(rest, i), message)

const readAll = (
  header: Header<unknown>,
  message: Message,
  at: readonly number[],
): Either<Malformed, unknown> => {
  const values: unknown[] = []
  for (const i of at) {
    const start = valueOf(message.text, message.index, i)
    const some = parseList(header, message.text, start, trimmedEndOf(message.text, message.index, i, start))
    if (isLeft(some)) return malformed(header, some.left)
    values.push(...some.right)
  }
  const what = at.length > 1 ? header.together?.(values) : undefined
  return what === undefined
    ? right(values)
    : malformed(header, { what, offset: startOf(message.index, at[0] as number) })
}

const readOnly = (header: AnyHeader, message: Message, at: readonly number[]): Either<Malformed, unknown> => {
  const i = at[0] as number
  if (at.length > 1)
    return malformed(header, { what: 'stands twice', offset: startOf(message.index, at[1] as number) })
  const start = valueOf(message.text, message.index, i)
  const value = header.parse(message.text, start, trimmedEndOf(message.text, message.index, i, start))
  return isLeft(value) ? malformed(header, value.left) : value
}

const malformed = ({ name }: AnyHeader, { what, offset }: HeaderError): Either<Malformed, never> =>
  left({ _tag: 'Malformed', name, what, offset })

/** In place of the first field; further fields go, and what a further value needs comes right behind. */
const writeAll = <M extends Message>(
  header: AnyHeader,
  message: M,
  value: unknown,
): Either<HeaderError, M> => {
  const texts = print(header)(value as never)
  if (isLeft(texts)) return texts
  const at = fieldsOf(header, message)
  const [first, ...others] = texts.right
  const i = at[0]
  if (first === undefined) return right(removeAll(message, at))
  if (i === undefined)
    return right(texts.right.reduce((next, text) => appendField(next, field(header, text)), message))
  const alone = removeAll(message, at.slice(1))
  const { text, index } = alone
  return right(
    others.reduce(
      (next, other, k) => insertField(next, i + 1 + k, field(header, other)),
      replaceWithin(alone, i, valueOf(text, index, i), endOf(index, i), first),
    ),
  )
}

const field = ({ name }: AnyHeader, value: Bytes): Bytes => (value === '' ? `${name}:` : `${name}: ${value}`)

/** One value: where it stands, and what to cut so that it is gone with its comma. */
interface Place {
  readonly field: number
  readonly start: number
  readonly end: number
  /** `undefined` when the field holds nothing else. */
  readonly cut: readonly [from: number, to: number] | undefined
}

const placeIn = (
  header: AnyHeader,
  { text, index }: Message,
  field: number,
  name: 'front' | 'back',
): Place | undefined => {
  const start = valueOf(text, index, field)
  const end = trimmedEndOf(text, index, field, start)
  if (!header.list) return { field, start, end, cut: undefined }
  const spans = (header.split ?? split)(text, start, end)
  const k = name === 'front' ? 0 : spans.length - 2
  const at = { field, start: spans[k] as number, end: spans[k + 1] as number }
  if (spans.length === 2) return at.start === at.end ? undefined : { ...at, cut: undefined }
  return { ...at, cut: k === 0 ? [at.start, spans[2] as number] : [spans[k - 1] as number, at.end] }
}

const end = (name: 'front' | 'back'): Focus => {
  const place = (header: AnyHeader, message: Message): Place | undefined => {
    const at = fieldsOf(header, message)
    for (const i of name === 'front' ? at : [...at].reverse()) {
      const found = placeIn(header, message, i, name)
      if (found !== undefined) return found
    }
    return undefined
  }
  const insert = <M extends Message>(
    header: AnyHeader,
    message: M,
    value: unknown,
  ): Either<HeaderError, M> => {
    if (!header.list) return writeAll(header, message, value)
    const text = header.print(value as never)
    if (isLeft(text)) return text
    const at = fieldsOf(header, message)
    const i =
      name === 'front'
        ? (at[0] ?? fieldCount(message.index))
        : (at.at(-1) ?? fieldCount(message.index) - 1) + 1
    return right(insertField(message, i, field(header, text.right)))
  }
  return {
    name,
    read: (header, message) => {
      const found = place(header, message)
      if (found === undefined) return right(undefined)
      const value = header.parse(message.text, found.start, found.end)
      return isLeft(value) ? malformed(header, value.left) : value
    },
    write: (header, message, value) => {
      const found = place(header, message)
      if (found === undefined) return insert(header, message, value)
      const text = header.print(value as never)
      return isLeft(text)
        ? text
        : right(replaceWithin(message, found.field, found.start, found.end, text.right))
    },
    insert,
    remove: (header, message) => {
      const found = place(header, message)
      if (found === undefined) return message
      const { field, cut } = found
      return cut === undefined ? removeField(message, field) : replaceWithin(message, field, ...cut, '')
    },
  }
}

/** The first value. */
export const front: Focus = end('front')

/** The last value. */
export const back: Focus = end('back')
