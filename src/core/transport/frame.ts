/**
 * Messages out of a stream (RFC 3261 18.3: "Content-Length … MUST be used" over streams; 7.5: CRLF before a start line
 * is ignored; RFC 5626 3.5.1: CRLF CRLF asks and CRLF answers whether the other end is there).
 *
 * The framer is plain state and keeps what has come of one message. It never allocates on the sender's word, never holds
 * more than `limit` octets, and reads each octet once however the octets are cut into segments.
 */
import type { Bytes } from '../data/bytes.js'
import { decimal, skipLws, trimEnd } from '../data/scan.js'
import { afterColon, CONTENT_LENGTH, fieldId, nameEnd } from '../message/scan.js'

/** What has come of one message. */
export interface State {
  readonly text: Bytes
  /** The last three octets of `text`, or fewer: what the end of a head may have begun in. */
  readonly tail: Bytes
  /** The octets of the whole message once its head is complete, until then -1. */
  readonly need: number
  /** How many octets of CRLF CRLF stand between messages. */
  readonly blank: number
}

/** What was cut out. After `Broken` nothing more comes: where the next message would start is unknown. */
export type Frame =
  | { readonly _tag: 'Message'; readonly bytes: Bytes }
  | { readonly _tag: 'Ping' }
  | { readonly _tag: 'Pong' }
  /** `bytes`: the head as far as it came, for an answer. */
  | { readonly _tag: 'Broken'; readonly bytes: Bytes; readonly what: string }

/** Between two messages. */
export const start: State = Object.freeze({ text: '', tail: '', need: -1, blank: 0 })

/** Whether a message has begun and not ended. */
export const isPartial = ({ text }: State): boolean => text !== ''

/** What `chunk`, which came after all that `state` knows, completes. */
export const feed = (
  state: State,
  chunk: Bytes,
  limit: number,
): readonly [state: State, frames: readonly Frame[]] => {
  const frames: Frame[] = []
  let { text, tail, need, blank } = state
  let at = 0
  while (at < chunk.length) {
    if (text === '') {
      const c = chunk.charCodeAt(at)
      if (c === CR || c === LF) {
        blank = c === (blank % 2 === 0 ? CR : LF) ? blank + 1 : 0
        at++
        if (blank === 4) {
          frames.push({ _tag: 'Ping' })
          blank = 0
        } else if (blank === 2 && at === chunk.length) frames.push({ _tag: 'Pong' })
        continue
      }
      blank = 0
    }
    if (need < 0) {
      const end = headEnd(tail, chunk, at)
      if (end < 0 || text.length + end - at > limit) {
        text = joined(text, chunk.slice(at))
        if (text.length > limit)
          return broken(frames, text.slice(0, limit), `a head of more than ${limit} octets`)
        return [
          { text, tail: (tail + chunk.slice(Math.max(at, chunk.length - 3))).slice(-3), need: -1, blank: 0 },
          frames,
        ]
      }
      const head = text + chunk.slice(at, end)
      const length = contentLength(head)
      if (typeof length === 'string') return broken(frames, head, length)
      if (head.length + length > limit)
        return broken(frames, head, `Content-Length: a message of more than ${limit} octets`)
      text = head
      at = end
      need = head.length + length
    }
    const take = Math.min(need - text.length, chunk.length - at)
    text = joined(text, chunk.slice(at, at + take))
    at += take
    if (text.length < need) break
    frames.push({ _tag: 'Message', bytes: text })
    text = ''
    tail = ''
    need = -1
  }
  return [text === '' && blank === 0 ? start : { text, tail, need, blank }, frames]
}

const broken = (frames: Frame[], bytes: Bytes, what: string): readonly [State, readonly Frame[]] => [
  start,
  [...frames, { _tag: 'Broken', bytes, what }],
]

/**
 * A string that grows by concatenation is a tree in memory, 32 bytes a joint, until somebody reads it; reading it each
 * time would copy it each time. Once a kilobyte is often enough for the one and seldom enough for the other.
 */
const joined = (text: Bytes, more: Bytes): Bytes => {
  const all = text + more
  if (text.length >>> 10 !== all.length >>> 10) all.charCodeAt(0)
  return all
}

/** Where in `chunk`, from `at` on, the empty line ends that ends the head whose octets so far end in `tail`; -1 if it does not. */
const headEnd = (tail: Bytes, chunk: Bytes, at: number): number => {
  for (let seen = tail.length; seen > 0; seen--)
    if (EMPTY.startsWith(tail.slice(tail.length - seen)) && chunk.startsWith(EMPTY.slice(seen), at))
      return at + 4 - seen
  const end = chunk.indexOf(EMPTY, at)
  return end < 0 ? -1 : end + 4
}

/** The value of the Content-Length in a complete head, or why there is none to rely on. */
const contentLength = (head: Bytes): number | string => {
  let found = -1
  let line = head.indexOf('\r\n') + 2
  while (line < head.length - 2) {
    let end = head.indexOf('\r\n', line)
    while (isFold(head.charCodeAt(end + 2))) end = head.indexOf('\r\n', end + 2)
    const name = nameEnd(head, line)
    const value = afterColon(head, name)
    if (value > 0 && value <= end && fieldId(head, line, name) === CONTENT_LENGTH) {
      const start = skipLws(head, value, end)
      const length = decimal(head, start, trimEnd(head, start, end), Number.MAX_SAFE_INTEGER)
      if (length < 0) return 'Content-Length is no number'
      if (found >= 0 && found !== length) return 'Content-Length stands twice'
      found = length
    }
    line = end + 2
  }
  return found < 0 ? 'Content-Length is missing, which a stream needs' : found
}

const isFold = (c: number): boolean => c === 0x20 || c === 0x09

const EMPTY = '\r\n\r\n'
const CR = 0x0d
const LF = 0x0a
