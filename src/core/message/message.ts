/**
 * The classes behind Request and Response. They add nothing to see: one private cell in which what has been
 * decoded is remembered, so that freezing, equality, JSON and replay know only the octets.
 */
import type { Bytes } from '../data/bytes.js'
import { Memory } from './memory.js'
import type { Deviation, Index, Message, Request, Response } from './types.js'

/** No deviations: shared, so that an ordinary message allocates none. */
export const none: readonly Deviation[] = Object.freeze([])

/** A request of octets and their index; the caller vouches that they belong together. */
export const request = (
  text: Bytes,
  index: Index,
  method: string,
  uri: Bytes,
  deviations: readonly Deviation[] = none,
): Request => new RequestOctets(text, index, deviations, method, uri)

/** A response of octets and their index; the caller vouches that they belong together. */
export const response = (
  text: Bytes,
  index: Index,
  status: number,
  reason: Bytes,
  deviations: readonly Deviation[] = none,
): Response => new ResponseOctets(text, index, deviations, status, reason)

/** The same start line over other octets: `text` keeps the start line of `message`, `index` belongs to `text`. */
export const sameKind = <M extends Message>(message: M, text: Bytes, index: Index): M =>
  (message._tag === 'Request'
    ? request(text, index, message.method, message.uri, message.deviations)
    : response(text, index, message.status, message.reason, message.deviations)) as Message as M

/** What is remembered of `message`; a fresh, empty memory when it is not one of ours (a copy by spreading). */
export const memoryOf = (message: Message): Memory =>
  message._tag === 'Request' ? RequestOctets.memory(message) : ResponseOctets.memory(message)

class RequestOctets implements Request {
  readonly _tag = 'Request' as const
  readonly text: Bytes
  readonly index: Index
  readonly deviations: readonly Deviation[]
  readonly method: string
  readonly uri: Bytes
  #memory: Memory | undefined

  static memory(message: object): Memory {
    return #memory in message ? (message.#memory ??= new Memory()) : new Memory()
  }

  constructor(text: Bytes, index: Index, deviations: readonly Deviation[], method: string, uri: Bytes) {
    this.text = text
    this.index = index
    this.deviations = deviations
    this.method = method
    this.uri = uri
  }

  toJSON(): Bytes {
    return this.text
  }
}

class ResponseOctets implements Response {
  readonly _tag = 'Response' as const
  readonly text: Bytes
  readonly index: Index
  readonly deviations: readonly Deviation[]
  readonly status: number
  readonly reason: Bytes
  #memory: Memory | undefined

  static memory(message: object): Memory {
    return #memory in message ? (message.#memory ??= new Memory()) : new Memory()
  }

  constructor(text: Bytes, index: Index, deviations: readonly Deviation[], status: number, reason: Bytes) {
    this.text = text
    this.index = index
    this.deviations = deviations
    this.status = status
    this.reason = reason
  }

  toJSON(): Bytes {
    return this.text
  }
}
