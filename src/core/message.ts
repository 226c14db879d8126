/**
 * Messages: reading and writing them, their headers as typed values, and what every layer asks of them.
 *
 * Functions take the message last and leave it as it is. What may fail returns `Either`, what may be absent `Option`.
 */
import { fromNullable, type Option } from 'fp-ts/lib/Option.js'
import { type Bytes, toUint8Array } from './data/bytes.js'
import type { Via } from './header/via.js'
import * as head from './message/head.js'
import type { Message, Request, Response } from './message/types.js'

/** The octets of a message, as they came or are to go. */
export const print = (message: Message): Bytes => message.text

export const isRequest = (message: Message): message is Request => message._tag === 'Request'

export const isResponse = (message: Message): message is Response => message._tag === 'Response'

/** The octets of the body. */
export const body = (message: Message): Uint8Array => toUint8Array(head.body(message))

/** The same as a byte string: one char an octet. */
export const bodyBytes = (message: Message): Bytes => head.body(message)

/** The top Via; `none` when there is none that can be read. A message that was parsed has one. */
export const topVia = (message: Message): Option<Via> => {
  const via = head.topVia(message)
  return fromNullable(via === head.noVia ? undefined : via)
}

/** The tag of From; `none` for a caller of RFC 2543. */
export const fromTag = (message: Message): Option<Bytes> => fromNullable(head.fromTag(message))

/** The tag of To; `none` outside a dialog. */
export const toTag = (message: Message): Option<Bytes> => fromNullable(head.toTag(message))

export {
  defaulted,
  popVia,
  pushVia,
  replaceTopVia,
  request,
  respond,
  response,
  withBody,
  withToTag,
} from './message/build.js'
export { drop, edit, type Field, fields, has, raw, remove, remove as delete } from './message/edit.js'
export { answerTo, type ParseError, type ParseErrorKind, type Readable } from './message/error.js'
export type { Malformed } from './message/focus.js'
export { callId, cseqMethod, cseqNumber, viaCount } from './message/head.js'
export { type Limits, limits } from './message/limits.js'
export type { Absent, Edit, Focused, HeaderRef, Operators } from './message/operators.js'
export { type ParseOptions, type Profile, parse } from './message/parse.js'
export { classOf, reasonOf } from './message/reason.js'
export { remote } from './message/remote.js'
export { isMethod, methods, protocols } from './message/start-line.js'
export type { Deviation, Index, Message, Request, Response } from './message/types.js'
export { type Invalid, type Source, strict, validate, validateFrom } from './message/validate.js'
export {
  back,
  fetch,
  front,
  get,
  getAndUpdate,
  pop,
  put,
  putNew,
  putNewLazy,
  update,
} from './message/verbs.js'
