/**
 * The classes behind Request and Response. They add nothing to see: one private cell in which what has been
 * decoded is remembered, so that freezing, equality, JSON and replay know only the octets.
 */
import type { Bytes } from '../data/bytes.js'
import { Memory, without } from './memory.js'
import type { FieldId } from './scan.js'
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
  memory?: Memory,
): Request => new RequestOctets(text, index, deviations, method, uri, memory)

/** A response of octets and their index; the caller vouches that they belong together. */
export const response = (
  text: Bytes,
  index: Index,
  status: number,
  reason: Bytes,
  deviations: readonly Deviation[] = none,
  memory?: Memory,
): Response => new ResponseOctets(text, index, deviations, status, reason, memory)

/**
 * The same start line over other octets: `text` keeps the start line of `message`, `index` belongs to `text`, and of the
 * fields none but those of id `changed` says another thing.
 */
export const edited = <M extends Message>(message: M, text: Bytes, index: Index, changed: FieldId): M => {
  const kept = without(memoryOf(message), changed)
  const next: Message =
    message._tag === 'Request'
      ? new RequestOctets(text, index, message.deviations, message.method, message.uri, kept)
      : new ResponseOctets(text, index, message.deviations, message.status, message.reason, kept)
  return next as M
}

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

  constructor(
    text: Bytes,
    index: Index,
    deviations: readonly Deviation[],
    method: string,
    uri: Bytes,
    memory: Memory | undefined,
  ) {
    this.text = text
    this.index = index
    this.deviations = deviations
    this.method = method
    this.uri = uri
    this.#memory = memory
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

  constructor(
    text: Bytes,
    index: Index,
    deviations: readonly Deviation[],
    status: number,
    reason: Bytes,
    memory: Memory | undefined,
  ) {
    this.text = text
    this.index = index
    this.deviations = deviations
    this.status = status
    this.reason = reason
    this.#memory = memory
  }

  toJSON(): Bytes {
    return this.text
  }
}
