/**
 * What an operator looks at: all that a header says, its first value, or its last. A focus knows how to read that,
 * replace it, put something there and take it away; the verbs are the same for all three.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { isToken } from '../data/scan.js'
import type { AnyHeader, Header, HeaderError } from '../header/define.js'
import { print } from '../header/field.js'
import { parseList, split } from '../header/split.js'
import { from, to } from '../header/name-addr.js'
import { fieldNamed, fromTag, toTag } from './head.js'
import { addressBy } from './marks.js'
import { memoryOf } from './message.js'
import { fieldCount, endOf, find, idOf, startOf, trimmedEndOf, valueOf } from './scan.js'
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
    const i = fieldNamed(message, header.name, header.compact)
    if (i < 0) return right(undefined)
    return header.list ? readAll(header as Header<unknown>, message, i) : readOnly(header, message, i)
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

const readAll = (header: Header<unknown>, message: Message, first: number): Either<Malformed, unknown> => {
  const { text, index } = message
  const values: unknown[] = []
  let count = 0
  for (let i = first; i >= 0; i = fieldNamed(message, header.name, header.compact, i + 1)) {
    const start = valueOf(text, index, i)
    const some = parseList(header, text, start, trimmedEndOf(text, index, i, start))
    if (isLeft(some)) return malformed(header, some.left)
    for (const value of some.right) values.push(value)
    count++
  }
  const what = count > 1 ? header.together?.(values) : undefined // of one field, it was asked already
  return what === undefined ? right(values) : malformed(header, { what, offset: startOf(index, first) })
}

const readOnly = (header: AnyHeader, message: Message, i: number): Either<Malformed, unknown> => {
  const id = idOf(message.index, i)
  const again =
    id === 0 ? fieldNamed(message, header.name, header.compact, i + 1) : find(message.index, id, i + 1)
  if (again >= 0) return malformed(header, { what: 'stands twice', offset: startOf(message.index, again) })
  const start = valueOf(message.text, message.index, i)
  const isFrom = header === from
  const marks = isFrom ? memoryOf(message).fromMarks : header === to ? memoryOf(message).toMarks : 0
  if (marks > 0)
    return right(addressBy(message.text, start, marks, isFrom ? fromTag(message) : toTag(message)))
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
  const texts = misnamed(header) ?? print(header)(value as never)
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

/** A header of the user's own may be called anything; what stands in a message is a token. */
const misnamed = ({ name }: AnyHeader): Either<HeaderError, never> | undefined =>
  isToken(name) ? undefined : left({ what: 'the name of the header is no token', offset: 0 })

/** One value: where it stands, and what to cut so that it is gone with its comma. */
interface Place {
  readonly field: number
  readonly start: number
  readonly end: number
  /** `undefined` when the field holds nothing else. */
  readonly cut: readonly [from: number, to: number] | undefined
}

/** In the first field that holds a value: an empty one, where the grammar allows it, holds none. */
const firstPlace = (header: AnyHeader, message: Message): Place | undefined => {
  const { name, compact } = header
  for (let i = fieldNamed(message, name, compact); i >= 0; i = fieldNamed(message, name, compact, i + 1)) {
    const found = placeIn(header, message, i, true)
    if (found !== undefined) return found
  }
  return undefined
}

const lastPlace = (header: AnyHeader, message: Message): Place | undefined => {
  const at = fieldsOf(header, message)
  for (let k = at.length - 1; k >= 0; k--) {
    const found = placeIn(header, message, at[k] as number, false)
    if (found !== undefined) return found
  }
  return undefined
}

const placeIn = (header: AnyHeader, message: Message, field: number, first: boolean): Place | undefined => {
  const { text, index } = message
  const start = valueOf(text, index, field)
  const end = trimmedEndOf(text, index, field, start)
  if (!header.list) return { field, start, end, cut: undefined }
  const spans = (header.split ?? split)(text, start, end)
  const k = first ? 0 : spans.length - 2
  const from = spans[k] as number
  const to = spans[k + 1] as number
  if (spans.length === 2) return from === to ? undefined : { field, start: from, end: to, cut: undefined }
  const cut = first ? ([from, spans[2] as number] as const) : ([spans[k - 1] as number, to] as const)
  return { field, start: from, end: to, cut }
}

const end = (name: 'front' | 'back'): Focus => {
  const place = (header: AnyHeader, message: Message): Place | undefined =>
    name === 'front' ? firstPlace(header, message) : lastPlace(header, message)
  const insert = <M extends Message>(
    header: AnyHeader,
    message: M,
    value: unknown,
  ): Either<HeaderError, M> => {
    if (!header.list) return writeAll(header, message, value)
    const text = misnamed(header) ?? header.print(value as never)
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
