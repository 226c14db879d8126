/** Either and Option for tests: the value, or a failed test that says what was there instead. */
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js'
import { isNone, type Option } from 'fp-ts/lib/Option.js'
import type { ParseError } from '../../src/core/message/error.js'
import { type ParseOptions, parse } from '../../src/core/message/parse.js'
import type { Message, Request, Response } from '../../src/core/message/types.js'

/** What is right. */
export const right = <A>(either: Either<unknown, A>): A => {
  if (isLeft(either)) throw new Error(`left: ${JSON.stringify(either.left)}`)
  return either.right
}

/** What is left. */
export const left = <E>(either: Either<E, unknown>): E => {
  if (isRight(either)) throw new Error(`right: ${JSON.stringify(either.right)}`)
  return either.left
}

/** What is there. */
export const some = <A>(option: Option<A>): A => {
  if (isNone(option)) throw new Error('nothing is there')
  return option.value
}

/** A message that must be accepted. */
export const accepted = (text: string, options?: ParseOptions): Message => right(parse(text, options))

export const acceptedRequest = (text: string, options?: ParseOptions): Request => {
  const message = accepted(text, options)
  if (message._tag !== 'Request') throw new Error('a request expected')
  return message
}

export const acceptedResponse = (text: string, options?: ParseOptions): Response => {
  const message = accepted(text, options)
  if (message._tag !== 'Response') throw new Error('a response expected')
  return message
}

/** Why a message is refused that must be. */
export const refused = (text: string, options?: ParseOptions): ParseError => left(parse(text, options))
