/** Why octets are no message, with enough of them to answer. */
import type { Bytes } from '../data/bytes.js'
import { skip, skipLws, TOKEN, trimEnd, unprintable } from '../data/scan.js'
import { afterColon, CALL_ID, CSEQ, FROM, fieldId, TO, VIA } from './scan.js'

/** What kind of failure it is. */
export type ParseErrorKind =
  | 'empty' // no octets
  | 'keep-alive' // nothing but CRLF: RFC 5626 3.5.1, and what devices send to hold a NAT binding
  | 'not-sip' // the first line is neither a request nor a response
  | 'start-line' // it is nearly one
  | 'version' // another version than SIP/2.0
  | 'limit' // longer or more than the limits allow
  | 'syntax' // a line of the head that is no header field, or a head that does not end
  | 'missing' // a field that every message has is not there
  | 'duplicate' // a field that stands once stands twice
  | 'malformed' // the value of such a field is not one
  | 'length' // Content-Length promises more than there is (18.3)
  | 'deviation' // can be read, and is refused by the profile

/** What could be read of an unreadable message: field values as they came, each free of line ends but folds. */
export interface Readable {
  readonly method?: string
  readonly vias: readonly Bytes[]
  readonly from?: Bytes
  readonly to?: Bytes
  readonly callId?: Bytes
  readonly cseq?: Bytes
}

/** Why octets are no message. */
export interface ParseError {
  readonly kind: ParseErrorKind
  /** Where in the octets. */
  readonly offset: number
  /** The header field, by its name in RFC 3261. */
  readonly field?: string
  /** What is wrong, in words. Our words: never an octet of the peer's. */
  readonly what: string
  /** The response it deserves: 400, 414, 505 or 513. Absent for what gets none: responses, ACK, what is no SIP. */
  readonly status?: number
  readonly readable: Readable
}

/** The error about `text`, with what can be read of it. */
export const parseError = (
  kind: ParseErrorKind,
  text: Bytes,
  offset: number,
  what: string,
  status: number,
  field?: string,
): ParseError => {
  const readable = read(text)
  return {
    kind,
    offset,
    ...(field === undefined ? {} : { field }),
    what,
    ...(readable.method === undefined || readable.method === 'ACK' ? {} : { status }),
    readable,
  }
}

/**
 * The response that an unreadable request deserves, as octets to send back the way it came (8.2.6.2), or `undefined`
 * when it gets none. `tag` is put into a To that has none: "the UAS MUST add a tag to the To header field".
 */
export const answerTo = (error: ParseError, tag?: Bytes): Bytes | undefined => {
  const { status, readable } = error
  if (status === undefined || readable.vias.length === 0) return undefined
  const to =
    readable.to === undefined || tag === undefined || hasTag(readable.to)
      ? readable.to
      : `${readable.to};tag=${tag}`
  const field = (name: string, value: Bytes | undefined): Bytes =>
    value === undefined ? '' : `${name}: ${value}\r\n`
  return (
    `SIP/2.0 ${status} ${phrase(error)}\r\n` +
    readable.vias.map((value) => field('Via', value)).join('') +
    field('From', readable.from) +
    field('To', to) +
    field('Call-ID', readable.callId) +
    field('CSeq', readable.cseq) +
    'Content-Length: 0\r\n\r\n'
  )
}

/** "The Reason-Phrase SHOULD identify the syntax problem in more detail" (21.4.1). */
const phrase = ({ status, field, what }: ParseError): string => {
  if (status === 505) return 'Version Not Supported'
  if (status === 414) return 'Request-URI Too Long'
  if (status === 513) return 'Message Too Large'
  return `Bad Request - ${field === undefined ? '' : `${field}: `}${what}`
}

/** Reads what there is, believing nothing: line by line, folds kept, a value that could break a line left out. */
const read = (text: Bytes): Readable => {
  const out: Draft = { vias: [] }
  const first = lineEnd(text, 0)
  const methodEnd = skip(text, 0, first, TOKEN)
  if (methodEnd > 0 && text.charCodeAt(methodEnd) === 0x20 && isRequestLine(text.slice(methodEnd, first)))
    out.method = text.slice(0, methodEnd)
  for (let start = nextLine(text, first); start < text.length; ) {
    let end = lineEnd(text, start)
    while (isFold(text, nextLine(text, end))) end = lineEnd(text, nextLine(text, end))
    if (end === start) break
    const name = skip(text, start, end, TOKEN)
    const colon = afterColon(text, name)
    if (colon > 0 && colon <= end) {
      const value = text.slice(skipLws(text, colon, end), trimEnd(text, colon, end))
      if (value !== '' && isOneField(value)) keep(out, fieldId(text, start, name), value)
    }
    start = nextLine(text, end)
  }
  return out
}

type Draft = { -readonly [K in keyof Readable]: Readable[K] } & { vias: Bytes[] }

const keep = (out: Draft, id: number, value: Bytes): void => {
  if (id === VIA) out.vias.push(value)
  else if (id === FROM) out.from ??= value
  else if (id === TO) out.to ??= value
  else if (id === CALL_ID) out.callId ??= value
  else if (id === CSEQ) out.cseq ??= value
}

const isRequestLine = (afterMethod: Bytes): boolean => afterMethod.toUpperCase().includes(' SIP/')

const lineEnd = (text: Bytes, start: number): number => {
  const lf = text.indexOf('\n', start)
  if (lf < 0) return text.length
  return lf > start && text.charCodeAt(lf - 1) === 0x0d ? lf - 1 : lf
}

const nextLine = (text: Bytes, end: number): number => (text.charCodeAt(end) === 0x0d ? end + 2 : end + 1)

const isFold = (text: Bytes, at: number): boolean =>
  text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09

/** Whether CR and LF stand in folds only and there is no NUL, so that the value can be sent back as it is. */
const isOneField = (value: Bytes): boolean => {
  for (let at = unprintable(value); at >= 0; ) {
    if (!value.startsWith('\r\n', at) || !isFold(value, at + 2)) return false
    const next = unprintable(value.slice(at + 2))
    at = next < 0 ? -1 : at + 2 + next
  }
  return true
}

const hasTag = (to: Bytes): boolean => {
  const start = to.lastIndexOf('>') + 1
  return /;\s*tag\s*=/i.test(to.slice(start))
}
