/** Making messages: requests, the response to a request, and the Via that comes and goes with every hop. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { type Bytes, flat, fromUint8Array, isBytes } from '../data/bytes.js'
import { isToken, skipLws, startsWithLetters, unprintable } from '../data/scan.js'
import type { HeaderError } from '../header/define.js'
import { fieldNamed, toTag } from './head.js'
import { without } from './memory.js'
import * as octets from './message.js'
import { reasonOf } from './reason.js'
import {
  bodyOf,
  CALL_ID,
  CONTENT_LENGTH,
  CSEQ,
  endOf,
  FROM,
  fieldCount,
  find,
  idOf,
  indexFrom,
  MAX_FORWARDS,
  nameEnd,
  nameLengthOf,
  startOf,
  TO,
  trimmedEndOf,
  VIA,
  valueEnd,
  valueOf,
} from './scan.js'
import { octetsOf } from './octets.js'
import { appendField, insertField, removeField, replaceWithin } from './splice.js'
import { requestUriFault } from './start-line.js'
import type { Index, Message, Request, Response } from './types.js'

/**
 * The response to a request (RFC 3261 8.2.6.2): Via, From, To, Call-ID and CSeq are those of the request, octet by
 * octet. "Record-Route … MUST" be copied where the response makes a dialog (12.1.1: 101 to 299 to INVITE, SUBSCRIBE,
 * REFER, NOTIFY), Timestamp into 100 (8.2.6.1). The To tag is the transaction's. `reason` defaults to that of the
 * status; what no line may hold is left out of it.
 */
export const respond =
  (status: number, reason: Bytes = reasonOf(status)) =>
  (request: Request): Response =>
    compose(request, status, oneLine(reason), noLines, '', '')

/** Fields ready to be put into messages: each name to CRLF, and what an index says of them, counted from the first octet. */
export interface Lines {
  readonly text: Bytes
  readonly index: Index
}

/** Those fields, each name to value without CRLF; none of them one that every message is read for. */
export const linesOf = (fields: readonly Bytes[]): Lines => {
  const index: number[] = []
  let text = ''
  for (const field of fields) {
    index.push(nameEnd(field, 0) << 4, text.length + field.length)
    text += `${field}\r\n`
  }
  return { text, index }
}

/**
 * The same as `respond`, with more fields, a body and a tag in a To that has none, in one piece: each edit would copy the text
 * once more.
 */
export const respondWith =
  (status: number, lines: readonly Lines[], body: Bytes = '', tag: Bytes = '') =>
  (request: Request): Response =>
    compose(request, status, reasonOf(status), lines, body, onlyToken(tag))

/** The same with `;tag=` in To if it has no tag yet. Octets of `tag` that a tag may not hold are left out. */
export const withToTag =
  (tag: Bytes) =>
  <M extends Message>(message: M): M => {
    const i = find(message.index, TO)
    if (i < 0 || toTag(message) !== undefined) return message
    const end = trimmedEndOf(message.text, message.index, i, valueOf(message.text, message.index, i))
    const written = onlyToken(tag)
    const tagged = replaceWithin(message, i, end, end, `;tag=${written}`)
    if (written !== '' && isSound(message, end)) octets.memoryOf(tagged).toTag = written
    return tagged
  }

/** Whether a tag written at `end` of To is what a reader finds: behind a sound address without parameters. */
const isSound = (message: Message, end: number): boolean =>
  octets.memoryOf(message).toTag === null && message.text.charCodeAt(end - 1) === CLOSE

/** The same with one more Via on top. `value` is what stands behind `Via: `. */
export const pushVia =
  (value: Bytes) =>
  <M extends Message>(message: M): M =>
    insertField(message, 0, `Via: ${oneLine(value)}`)

/** The same without its top Via value, the field with it if it was alone; unchanged if there is no Via. */
export const popVia = <M extends Message>(message: M): M => {
  const { text, index } = message
  const i = find(index, VIA)
  if (i < 0) return message
  const start = valueOf(text, index, i)
  const end = valueEnd(text, start, endOf(index, i))
  return end === endOf(index, i)
    ? removeField(message, i)
    : replaceWithin(message, i, start, afterComma(text, end), '')
}

/** The same with `value` in place of the top Via value; unchanged if there is no Via. */
export const replaceTopVia =
  (value: Bytes) =>
  <M extends Message>(message: M): M => {
    const { text, index } = message
    const i = find(index, VIA)
    if (i < 0) return message
    const start = valueOf(text, index, i)
    const end = valueEnd(text, start, trimmedEndOf(text, index, i, start))
    return replaceWithin(message, i, start, end, oneLine(value))
  }

/**
 * A request of a method, a Request-URI and fields as they are to be written, without a body. Refuses a method that is
 * no token, a URI or a name that could not stand there, and CR, LF and NUL anywhere.
 */
export const request = (
  method: string,
  uri: Bytes,
  fields: readonly (readonly [name: string, value: Bytes])[],
): Either<HeaderError, Request> => {
  if (!isToken(method)) return left({ what: 'the method is no token', offset: 0 })
  if (!isUri(uri)) return left({ what: 'the Request-URI holds what no URI may', offset: 0 })
  const head = fieldLines(fields)
  if (isLeft(head)) return head
  const line = `${method} ${uri} SIP/2.0`
  const text = `${line}\r\n${head.right}\r\n`
  return right(octets.request(text, indexFrom(text, line.length), method, uri))
}

/** A response that answers no request at hand: the status line and fields as they are to be written. */
export const response = (
  status: number,
  reason: Bytes,
  fields: readonly (readonly [name: string, value: Bytes])[],
): Either<HeaderError, Response> => {
  if (!(Number.isInteger(status) && status >= 100 && status <= 699))
    return left({ what: 'the status is not from 100 to 699', offset: 0 })
  if (unprintable(reason) >= 0) return left({ what: 'the reason phrase holds what no line may', offset: 0 })
  const head = fieldLines(fields)
  if (isLeft(head)) return head
  const line = `SIP/2.0 ${status} ${reason}`
  const text = `${line}\r\n${head.right}\r\n`
  return right(octets.response(text, indexFrom(text, line.length), status, reason))
}

/**
 * The same with that body, its Content-Type, and the Content-Length that counts its octets (20.14, 20.15). A string is
 * octets, one a char: a char above 255 is refused, as no octet could stand for it.
 */
export const withBody =
  (contentType: Bytes, body: Bytes | Uint8Array) =>
  <M extends Message>(message: M): Either<HeaderError, M> => {
    if (unprintable(contentType) >= 0) return left({ what: 'the type holds what no line may', offset: 0 })
    const content = typeof body === 'string' ? body : fromUint8Array(body)
    if (!isBytes(content)) return left({ what: 'a char of the body is no octet', offset: 0 })
    const typed = setField(message, 'Content-Type', 'c', contentType)
    const measured = setField(typed, 'Content-Length', 'l', String(content.length))
    const { text, index } = measured
    return right(octets.edited(measured, text.slice(0, bodyOf(index)) + content, index, 0))
  }

/** The same with `Max-Forwards: 70` (8.1.1.6) in a request that has none, and a Content-Length where there is none. */
export const defaulted = <M extends Message>(message: M): M => {
  const { text, index } = message
  const measured =
    find(index, CONTENT_LENGTH) < 0
      ? appendField(message, `Content-Length: ${text.length - bodyOf(index)}`)
      : message
  return message._tag === 'Request' && find(index, MAX_FORWARDS) < 0
    ? insertField(measured, fieldCount(index), 'Max-Forwards: 70')
    : measured
}

const compose = (
  request: Request,
  status: number,
  reason: Bytes,
  lines: readonly Lines[],
  body: Bytes,
  tag: Bytes,
): Response => {
  const { text, index } = request
  const to = tag === '' || toTag(request) !== undefined ? -1 : find(index, TO)
  const tagAt = to < 0 ? -1 : trimmedEndOf(text, index, to, valueOf(text, index, to))
  let out = `SIP/2.0 ${status} ${reason}\r\n`
  const next = index.slice() // nearly always longer than what is needed: nothing has to grow
  next[0] = out.length - 2
  let n = 1
  const count = fieldCount(index)
  for (let i = 0; i < count; ) {
    if (!isCopied(request, i, status)) {
      i++
      continue
    }
    let start = startOf(index, i)
    let delta = out.length - start
    for (; i < count && isCopied(request, i, status); i++) {
      if (i === to) {
        out += `${text.slice(start, tagAt)};tag=${tag}`
        start = tagAt
        delta += tag.length + 5
      }
      next[n++] = index[2 * i + 1] as number
      next[n++] = endOf(index, i) + delta
    }
    out += text.slice(start, startOf(index, i))
  }
  out += `Content-Length: ${body.length}\r\n`
  next[n++] = (14 << 4) | CONTENT_LENGTH
  next[n++] = out.length - 2
  for (const { text: more, index: ends } of lines) {
    for (let k = 0; k < ends.length; k += 2) {
      next[n++] = ends[k] as number
      next[n++] = (ends[k + 1] as number) + out.length
    }
    out += more
  }

  // What was decoded of the copied fields of the request is true of the response.
  const memory = without(octets.memoryOf(request), to < 0 ? 0 : TO)
  if (to >= 0 && isSound(request, tagAt)) memory.toTag = tag
  return octets.response(flat(`${out}\r\n${body}`), next.slice(0, n), status, reason, octets.none, memory)
}

const isCopied = ({ text, index, method }: Request, i: number, status: number): boolean => {
  switch (idOf(index, i)) {
    case VIA:
    case FROM:
    case TO:
    case CALL_ID:
    case CSEQ:
      return true
    case MAX_FORWARDS:
    case CONTENT_LENGTH:
      return false
    case 0:
      return status === 100
        ? isNamed(text, index, i, 'timestamp')
        : status < 300 && dialogMethods.includes(method) && isNamed(text, index, i, 'record-route')
  }
}

/** Methods whose success makes a dialog: RFC 3261 12.1, RFC 6665 4.1, RFC 3515 2.4.4. */
const dialogMethods: readonly string[] = ['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY']

const isNamed = (text: Bytes, index: Index, i: number, name: string): boolean =>
  nameLengthOf(index, i) === name.length && startsWithLetters(text, startOf(index, i), endOf(index, i), name)

/** The field with that value in the place of the first of its name, and no second one; behind all if there is none. */
const setField = <M extends Message>(message: M, name: string, compact: string, value: Bytes): M => {
  const i = fieldNamed(message, name, compact)
  if (i < 0) return appendField(message, `${name}: ${value}`)
  const again = fieldNamed(message, name, compact, i + 1)
  if (again >= 0) return setField(removeField(message, again), name, compact, value)
  const { text, index } = message
  return replaceWithin(message, i, valueOf(text, index, i), endOf(index, i), value)
}

const fieldLines = (fields: readonly (readonly [string, Bytes])[]): Either<HeaderError, Bytes> => {
  let out = ''
  for (const [name, value] of fields) {
    if (!isToken(name)) return left({ what: 'the name of a header field is no token', offset: 0 })
    const bad = unprintable(value)
    if (bad >= 0) return left({ what: `the value of ${name} holds what no line may`, offset: bad })
    out += `${name}: ${value}\r\n`
  }
  return right(out)
}

const isUri = (uri: Bytes): boolean =>
  uri !== '' &&
  isBytes(uri) &&
  requestUriFault(uri, octetsOf(uri, 0, uri.length), 0, uri.length) === undefined

/** `text` without what no line may hold. */
const oneLine = (text: Bytes): Bytes => {
  if (unprintable(text) < 0) return text
  let out = ''
  for (const char of text) if (unprintable(char) < 0) out += char
  return out
}

const onlyToken = (text: Bytes): Bytes => {
  if (isToken(text)) return text
  let out = ''
  for (const char of text) if (isToken(char)) out += char
  return out
}

/** The position after the comma at `at` and the white space behind it. */
const afterComma = (text: Bytes, at: number): number => skipLws(text, at + 1, text.length)

const noLines: readonly Lines[] = []
const CLOSE = 0x3e
