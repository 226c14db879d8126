/** The verbs, once, for each focus. Data last; a header is a constant or the name of a built-in one. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { fromNullable, none, type Option } from 'fp-ts/lib/Option.js'
import { type BuiltIn, type FieldOf, headerFrom, type ValueOf } from '../header/builtin.js'
import type { AnyHeader, HeaderError } from '../header/define.js'
import type { Focus, Malformed } from './focus.js'
import { memoryOf } from './message.js'
import type { Message } from './types.js'

/** A header, or the name of a built-in one in lower case. */
export type HeaderRef = BuiltIn | AnyHeader

/** There is no such header. */
export interface Absent {
  readonly _tag: 'Absent'
  readonly name: string
}

/** What changes a message, or says why it cannot. */
export type Edit = <M extends Message>(message: M) => Either<HeaderError, M>

/** What an operator deals in: all that a header says, or one value of it. */
export type Focused<S extends 'field' | 'value', H> = {
  readonly field: FieldOf<H>
  readonly value: ValueOf<H>
}[S]

/** The verbs. */
export interface Operators<S extends 'field' | 'value'> {
  /** What is there, or why there is nothing to have. */
  readonly fetch: <H extends HeaderRef>(
    header: H,
  ) => (message: Message) => Either<Absent | Malformed, Focused<S, H>>
  /** What is there; `none` as well when it cannot be read. */
  readonly get: <H extends HeaderRef>(header: H) => (message: Message) => Option<Focused<S, H>>
  /** Puts it there: the whole in place of all, a first or last value before or behind the others. */
  readonly put: <H extends HeaderRef>(header: H, value: Focused<S, H>) => Edit
  /** The same where the message has no such header; unchanged where it has one. */
  readonly putNew: <H extends HeaderRef>(header: H, value: Focused<S, H>) => Edit
  /** The same with a value that is made only when it is needed. */
  readonly putNewLazy: <H extends HeaderRef>(header: H, value: () => Focused<S, H>) => Edit
  /** Takes it away; unchanged when it is not there. Needs not read it. */
  readonly remove: (header: HeaderRef) => <M extends Message>(message: M) => M
  /** What `f` makes of it in its place. Where there is nothing, puts `initial`, or leaves the message as it is. */
  readonly update: <H extends HeaderRef>(
    header: H,
    f: (value: Focused<S, H>) => Focused<S, H>,
    initial?: Focused<S, H>,
  ) => Edit
  /** What is there, and the message without it. */
  readonly pop: <H extends HeaderRef>(
    header: H,
  ) => <M extends Message>(message: M) => Either<Malformed, readonly [Option<Focused<S, H>>, M]>
  /** Something that `f` says about it, and what it is to be from now on; `none` takes it away. */
  readonly getAndUpdate: <H extends HeaderRef, B>(
    header: H,
    f: (value: Option<Focused<S, H>>) => readonly [B, Option<Focused<S, H>>],
  ) => <M extends Message>(message: M) => Either<HeaderError, readonly [B, M]>
}

/** The verbs for a focus. */
export const operators = <S extends 'field' | 'value'>(focus: Focus): Operators<S> => {
  const read = <H extends HeaderRef>(
    header: H,
    message: Message,
  ): Either<Malformed, Focused<S, H> | undefined> => remembered(focus, headerFrom(header), message)

  const putNewLazy: Operators<S>['putNewLazy'] = (header, value) => (message) => {
    const it = headerFrom(header)
    const present = read(header, message)
    return present._tag === 'Right' && present.right === undefined
      ? focus.insert(it, message, value())
      : right(message)
  }

  return {
    fetch: (header) => (message) => {
      const value = read(header, message)
      if (isLeft(value)) return value
      return value.right === undefined
        ? left({ _tag: 'Absent', name: headerFrom(header).name })
        : right(value.right)
    },
    get: (header) => (message) => {
      const value = read(header, message)
      return isLeft(value) ? none : fromNullable(value.right)
    },
    put: (header, value) => (message) => focus.insert(headerFrom(header), message, value),
    putNew: (header, value) => putNewLazy(header, () => value),
    putNewLazy,
    remove: (header) => (message) => focus.remove(headerFrom(header), message),
    update: (header, f, initial) => (message) => {
      const value = read(header, message)
      if (isLeft(value)) return value
      const next = value.right === undefined ? initial : f(value.right)
      return next === undefined ? right(message) : focus.write(headerFrom(header), message, next)
    },
    pop: (header) => (message) => {
      const value = read(header, message)
      return isLeft(value)
        ? value
        : right([fromNullable(value.right), focus.remove(headerFrom(header), message)] as const)
    },
    getAndUpdate: (header, f) => (message) => {
      const value = read(header, message)
      if (isLeft(value)) return value
      const [said, next] = f(fromNullable(value.right))
      const it = headerFrom(header)
      const changed: Either<HeaderError, typeof message> =
        next._tag === 'None' ? right(focus.remove(it, message)) : focus.write(it, message, next.value)
      return isLeft(changed) ? changed : right([said, changed.right] as const)
    },
  }
}

const remembered = <A>(focus: Focus, header: AnyHeader, message: Message): Either<Malformed, A> => {
  const memory = memoryOf(message)
  for (let known = memory.values; known !== undefined; known = known.next)
    if (known.header === header && known.focus === focus) return known.value as Either<Malformed, A>
  const value = focus.read(header, message)
  memory.values = { focus, header, value, next: memory.values }
  return value as Either<Malformed, A>
}
