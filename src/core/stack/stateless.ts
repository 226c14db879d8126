/**
 * What the stack answers by itself, because no core could: 400 and 505 for what is unreadable, 503 over the bound.
 * No state is kept (8.2.7): the To tag is a keyed hash of the request, so every repetition of the request gets the
 * same answer and its ACK is known again.
 */
import { none as nothing } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../data/bytes.js'
import { keyedHash, type Secret } from '../data/hash.js'
import type { Output } from '../events.js'
import { respond, withToTag } from '../message/build.js'
import type { Readable } from '../message/error.js'
import { callId, cseqNumber, toTag } from '../message/head.js'
import { appendField } from '../message/splice.js'
import type { Request } from '../message/types.js'
import type { Flow } from '../transport/flow.js'

/** A response without a transaction, on the flow given, with one more header field if there is. A request with a To tag keeps it. */
export const answer = (
  secret: Secret,
  request: Request,
  flow: Flow,
  status: number,
  field?: Bytes,
): Output => {
  const response = withToTag(tagOf(secret, request))(respond(status)(request))
  const complete = field === undefined ? response : appendField(response, field)
  return { _tag: 'Transmit', flow, bytes: complete.text, cause: nothing }
}

/** Whether an ACK acknowledges one of our stateless answers: "MUST ignore ACK requests" (8.2.7). Most tags are too short for it. */
export const acknowledges = (secret: Secret, ack: Request): boolean => {
  const tag = toTag(ack)
  return tag?.length === DIGITS && tag === tagOf(secret, ack)
}

/** The To tag for a request that could not be read: the same that one with its Call-ID and CSeq would get. */
export const tagOfUnreadable = (secret: Secret, { callId = '', cseq = '' }: Readable): Bytes =>
  hash(secret, callId, /^\d+/.exec(cseq)?.[0] ?? '')

/** The tag depends on what the ACK repeats of its request, and on what can be read of one that is broken elsewhere. */
const tagOf = (secret: Secret, request: Request): Bytes =>
  hash(secret, callId(request), String(cseqNumber(request)))

const DIGITS = 32

const hash = (secret: Secret, call: Bytes, number: string): Bytes =>
  keyedHash(secret, `stateless ${number} ${call}`)
