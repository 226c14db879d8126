/**
 * From octets to a message, or to the reason why they are none. One pass finds the fields; on its way those are
 * checked without which no element can do anything with a message. Everything else is read when it is asked for.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { DIGIT, decimal, skip, skipLws, TOKEN, trimEnd } from '../data/scan.js'
import { type Via, via } from '../header/via.js'
import { scanAddress } from './address.js'
import { type ParseError, type ParseErrorKind, parseError } from './error.js'
import { limits as defaults, type Limits } from './limits.js'
import { memoryOf, none, request, response } from './message.js'
import {
  afterColon,
  CALL_ID,
  CONTENT_LENGTH,
  CSEQ,
  type FieldId,
  FROM,
  fieldEnd,
  fieldId,
  MAX_FORWARDS,
  nameEnd,
  names,
  TO,
  VIA,
  valueEnd,
} from './scan.js'
import { methodFrom, requestUriFault } from './start-line.js'
import type { Deviation, Message } from './types.js'

/** What reading may be told. */
export interface ParseOptions {
  /** `lenient`, the default, accepts what a careful implementation does and lists it; `strict` refuses it. */
  readonly profile?: 'lenient' | 'strict'
  /** Replaces some of the default limits. */
  readonly limits?: Partial<Limits>
  /** Whether the octets came over a stream, where Content-Length is required (18.3). */
  readonly stream?: boolean
}

/**
 * Reads the octets of one datagram, or of one message that the framer cut from a stream. Octets after the end that
 * Content-Length gives are discarded, too few are an error (RFC 3261 18.3), and CRLF before the start line is
 * ignored (7.5). Guaranteed afterwards: Via, From, To, Call-ID and CSeq are there, all but Via once; the top Via,
 * the CSeq, Max-Forwards and Content-Length are what they should be; From and To hold a URI and at most one tag.
 */
export const parse = (bytes: Bytes, options: ParseOptions = noOptions): Either<ParseError, Message> => {
  const first = bytes.charCodeAt(0)
  if (first === CR || first === LF || bytes === '') return afterBlank(bytes, options)
  const limits = options.limits === undefined ? defaults : { ...defaults, ...options.limits }
  if (bytes.length > limits.message)
    return left(
      parseError('limit', bytes.slice(0, limits.message), 0, `more than ${limits.message} octets`, 513),
    )
  const r = reading(bytes, limits)
  const message = isResponseLine(bytes, first) ? readResponse(r) : readRequest(r)
  if (message === undefined) return left(r.error as ParseError)
  const deviation = message.deviations[0]
  if (deviation !== undefined && options.profile === 'strict')
    return left(parseError('deviation', bytes, deviation.offset, deviation.what, 400, deviation.field))
  if (options.stream === true && r.contentLength < 0)
    return left(parseError('missing', bytes, 0, 'required over a stream', 400, 'Content-Length'))
  return right(message)
}

const noOptions: ParseOptions = Object.freeze({})

/** What is left when CRLF before the start line is skipped: offsets still count from the first octet that came. */
const afterBlank = (bytes: Bytes, options: ParseOptions): Either<ParseError, Message> => {
  let start = 0
  while (bytes.charCodeAt(start) === CR || bytes.charCodeAt(start) === LF) start++
  if (start === bytes.length)
    return left(
      start === 0
        ? parseError('empty', '', 0, 'no octets', 400)
        : parseError('keep-alive', bytes, 0, 'nothing but line ends', 400),
    )
  const parsed = parse(bytes.slice(start), options)
  return isLeft(parsed) ? left({ ...parsed.left, offset: parsed.left.offset + start }) : parsed
}

/** One reading: what has been found so far. The first thing that is wrong ends it. */
interface Reading {
  readonly text: Bytes
  readonly limits: Limits
  readonly index: number[]
  /** The request's method, which CSeq must repeat; empty for a response. */
  method: string
  error: ParseError | undefined
  deviations: Deviation[] | undefined
  via: Via | undefined
  cseqNumber: number
  cseqMethod: string
  /** -1 when there is none. */
  contentLength: number
  /** Where the message ends: its octets, or fewer by Content-Length. */
  end: number
}

const reading = (text: Bytes, limits: Limits): Reading => ({
  text,
  limits,
  index: [],
  method: '',
  error: undefined,
  deviations: undefined,
  via: undefined,
  cseqNumber: 0,
  cseqMethod: '',
  contentLength: -1,
  end: text.length,
})

const fail = (r: Reading, kind: ParseErrorKind, offset: number, what: string, field?: string): undefined => {
  r.error = parseError(
    kind,
    r.text,
    offset,
    what,
    kind === 'version' ? 505 : kind === 'limit' ? 513 : 400,
    field,
  )
  return undefined
}

const deviate = (r: Reading, offset: number, what: string, field?: string): void => {
  r.deviations ??= []
  r.deviations.push(field === undefined ? { offset, what } : { offset, field, what })
}

const isResponseLine = (text: Bytes, first: number): boolean =>
  (first | 0x20) === 0x73 && text.charCodeAt(3) === SLASH && text.slice(0, 3).toUpperCase() === 'SIP'

/** `Request-Line = Method SP Request-URI SP SIP-Version CRLF`: one space each and none around. */
const readRequest = (r: Reading): Message | undefined => {
  const { text } = r
  const methodEnd = skip(text, 0, text.length, TOKEN)
  const lineEnd = text.indexOf('\r', methodEnd)
  if (methodEnd === 0 || text.charCodeAt(methodEnd) !== SP || lineEnd < 0)
    return fail(r, 'not-sip', 0, 'no start line')
  const uri = methodEnd + 1
  const uriEnd = lineEnd - 8
  if (uriEnd <= uri || !text.startsWith(' SIP/2.0\r\n', uriEnd))
    return requestLineFault(r, methodEnd, lineEnd)
  if (uriEnd - uri > r.limits.uri) {
    r.error = parseError('limit', text, uri, `the Request-URI has more than ${r.limits.uri} octets`, 414)
    return undefined
  }
  const fault = requestUriFault(text, uri, uriEnd)
  if (fault !== undefined) return fail(r, 'start-line', fault.offset, fault.what)
  r.method = methodFrom(text, 0, methodEnd)
  if (!readFields(r, lineEnd)) return undefined
  const octets = r.end === text.length ? text : text.slice(0, r.end)
  return remembering(r, request(octets, r.index, r.method, text.slice(uri, uriEnd), r.deviations ?? none))
}

/** Why the request line is none; another version is 505 and no other fault. */
const requestLineFault = (r: Reading, methodEnd: number, lineEnd: number): undefined => {
  const version = r.text.slice(methodEnd, lineEnd).lastIndexOf(' ') + 1 + methodEnd
  const isSip = r.text.slice(version, version + 4).toUpperCase() === 'SIP/'
  const dot = skip(r.text, version + 4, lineEnd, DIGIT)
  const end = skip(r.text, dot + 1, lineEnd, DIGIT)
  if (isSip && dot > version + 4 && r.text.charCodeAt(dot) === 0x2e && end > dot + 1 && end === lineEnd)
    return r.text.slice(version + 4, end) === '2.0'
      ? fail(r, 'start-line', version, 'SIP/2.0 is written in capitals')
      : fail(r, 'version', version, 'another version than SIP/2.0')
  return r.text.slice(methodEnd, lineEnd).toUpperCase().includes(' SIP/')
    ? fail(
        r,
        'start-line',
        methodEnd,
        'the request line is not method, URI and SIP/2.0 with one space between',
      )
    : fail(r, 'not-sip', 0, 'the first line is no start line')
}

/** `Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF`; the reason may be empty (4475 3.1.1.13). */
const readResponse = (r: Reading): Message | undefined => {
  const { text } = r
  const lineEnd = text.indexOf('\r')
  if (lineEnd < 0 || text.charCodeAt(lineEnd + 1) !== LF) return fail(r, 'not-sip', 0, 'no start line')
  if (!text.startsWith('SIP/2.0 ')) return fail(r, 'version', 0, 'another version than SIP/2.0')
  const status = decimal(text, 8, 11, 699)
  if (status < 100 || lineEnd < 11) return fail(r, 'start-line', 8, 'a status code from 100 to 699 expected')
  if (lineEnd === 11) deviate(r, 11, 'no space after the status code')
  else if (text.charCodeAt(11) !== SP) return fail(r, 'start-line', 11, 'three digits and a space expected')
  if (!readFields(r, lineEnd)) return undefined
  const octets = r.end === text.length ? text : text.slice(0, r.end)
  return remembering(r, response(octets, r.index, status, text.slice(12, lineEnd), r.deviations ?? none))
}

const remembering = (r: Reading, message: Message): Message => {
  const memory = memoryOf(message)
  memory.via = r.via
  memory.cseqNumber = r.cseqNumber
  memory.cseqMethod = r.cseqMethod
  return message
}

/** Finds the fields after the start line that ends at `lineEnd`, checks those of every message, measures the body. */
const readFields = (r: Reading, lineEnd: number): boolean => {
  const { text, index, limits } = r
  index.push(lineEnd)
  let seen = 0
  let start = lineEnd + 2
  while (text.charCodeAt(start) !== CR) {
    const name = nameEnd(text, start)
    const colon = afterColon(text, name)
    if (name === start || colon < 0) return bad(r, 'syntax', start, 'a header field has no name or no colon')
    const end = fieldEnd(text, colon)
    if (end < 0)
      return ~end === text.length
        ? bad(r, 'syntax', text.length, 'the head has no end')
        : bad(r, 'syntax', ~end, 'a CR or LF that ends no line')
    if (end - start > limits.field)
      return bad(r, 'limit', start, `a header field has more than ${limits.field} octets`)
    const id = fieldId(text, start, name)
    index.push(((name - start) << 4) | id, end)
    if (index.length > 2 * limits.fields + 1)
      return bad(r, 'limit', start, `more than ${limits.fields} header fields`)
    if (id !== 0) {
      const first = (seen & (1 << id)) === 0
      seen |= 1 << id
      if (first) {
        if (!check(r, id, skipLws(text, colon, end), end)) return false
      } else if (id !== VIA) return bad(r, 'duplicate', start, 'stands twice', names[id])
    }
    start = end + 2
  }
  if (text.charCodeAt(start + 1) !== LF) return bad(r, 'syntax', start, 'a CR that ends no line')
  if ((seen & MANDATORY) !== MANDATORY) {
    const id = REQUIRED.find((id) => (seen & (1 << id)) === 0) as number
    return bad(r, 'missing', start, 'missing', names[id])
  }
  return measure(r, start + 2)
}

/** The datagram rule of 18.3: surplus is discarded, a body that is too short is an error. */
const measure = (r: Reading, body: number): boolean => {
  if (r.contentLength < 0) return true
  if (body + r.contentLength > r.text.length)
    return bad(r, 'length', body, 'the body is shorter than it says', 'Content-Length')
  r.end = body + r.contentLength
  return true
}

const check = (r: Reading, id: FieldId, start: number, fieldEnd: number): boolean => {
  const { text } = r
  const end = trimEnd(text, start, fieldEnd)
  switch (id) {
    case 0:
      return true
    case VIA: {
      const value = via.parse(text, start, valueEnd(text, start, end))
      if (isLeft(value)) return bad(r, 'malformed', value.left.offset, value.left.what, 'Via')
      if (value.right.params.length > r.limits.params)
        return bad(r, 'limit', start, `more than ${r.limits.params} parameters`, 'Via')
      r.via = value.right
      return true
    }
    case FROM:
    case TO: {
      const tag = scanAddress(text, start, end, r.limits.params)
      return typeof tag === 'number' || bad(r, 'malformed', tag.offset, tag.what, names[id])
    }
    case CALL_ID:
      return end > start || bad(r, 'malformed', start, 'is empty', 'Call-ID')
    case CSEQ:
      return checkCseq(r, start, end)
    case MAX_FORWARDS: {
      const hops = decimal(text, start, end, MAX_31)
      if (hops < 0) return bad(r, 'malformed', start, 'is not a number', 'Max-Forwards')
      if (hops > 255) deviate(r, start, 'is above 255', 'Max-Forwards')
      return true
    }
    case CONTENT_LENGTH:
      r.contentLength = decimal(text, start, end, MAX_31)
      return r.contentLength >= 0 || bad(r, 'malformed', start, 'is not a number', 'Content-Length')
  }
}

/** `CSeq = 1*DIGIT LWS Method`: "MUST be expressible as a 32-bit unsigned integer and MUST be less than 2**31" (8.1.1.5). */
const checkCseq = (r: Reading, start: number, end: number): boolean => {
  const { text } = r
  const digits = skip(text, start, end, DIGIT)
  r.cseqNumber = decimal(text, start, digits, MAX_31)
  if (r.cseqNumber < 0) return bad(r, 'malformed', start, 'the number is not one below 2**31', 'CSeq')
  const method = skipLws(text, digits, end)
  if (method === digits || method === end || skip(text, method, end, TOKEN) !== end)
    return bad(r, 'malformed', digits, 'a method expected after the number', 'CSeq')
  if (r.method === '') r.cseqMethod = methodFrom(text, method, end)
  else if (end - method === r.method.length && text.startsWith(r.method, method)) r.cseqMethod = r.method
  else return bad(r, 'malformed', method, 'the method is not that of the request', 'CSeq')
  return true
}

const bad = (r: Reading, kind: ParseErrorKind, offset: number, what: string, field?: string): false => {
  fail(r, kind, offset, what, field)
  return false
}

const MAX_31 = 0x7fffffff
const REQUIRED: readonly FieldId[] = [VIA, FROM, TO, CALL_ID, CSEQ]
const MANDATORY: number = REQUIRED.reduce<number>((bits, id) => bits | (1 << id), 0)
const CR = 13
const LF = 10
const SP = 32
const SLASH = 0x2f
