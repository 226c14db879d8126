/**
 * From octets to a message, or to the reason why they are none. One pass finds the fields; on its way those are
 * checked without which no element can do anything with a message. Everything else is read when it is asked for.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { DIGIT, skip } from '../data/scan.js'
import { check } from './check.js'
import { type ParseError, parseError } from './error.js'
import { limits as defaults, type Limits } from './limits.js'
import { none, request, response } from './message.js'
import { decimalOf, four, fourOf, type Octets, octetsOf, overLws, overToken } from './octets.js'
import { deviate, fail, type Reading, reading } from './reading.js'
import { afterColon, CALL_ID, CSEQ, type FieldId, FROM, fieldEnd, fieldIdIn, names, TO, VIA } from './scan.js'
import { methodFrom, requestUriFault } from './start-line.js'
import type { Index, Message } from './types.js'
import type { Invalid } from './validate.js'

/** A view of what is right: the first thing about a message for which it is refused, or `undefined`. */
export type Profile = (message: Message) => Invalid | undefined

/** What reading may be told. */
export interface ParseOptions {
  /**
   * What is refused of what can be read, for example `strict`. Without it nothing is: what a careful implementation
   * accepts though the grammar refuses it is listed in `deviations`.
   */
  readonly profile?: Profile
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
 *
 * `octets`, where the caller has them at hand, are the same octets as an array. They save copying the head, are not
 * written to and not kept.
 */
export const parse = (
  bytes: Bytes,
  options: ParseOptions = noOptions,
  octets?: Uint8Array,
): Either<ParseError, Message> => {
  const first = bytes.charCodeAt(0)
  if (first === CR || first === LF || bytes === '') return afterBlank(bytes, options)
  const limits = options.limits === undefined ? defaults : { ...defaults, ...options.limits }
  if (bytes.length > limits.message) return tooLong(bytes, limits)
  const r =
    octets?.length === bytes.length ? reading(bytes, octets, bytes.length, limits) : copied(bytes, limits)
  const message = isResponseLine(bytes, first) ? readResponse(r) : readRequest(r)
  if (message === undefined) return left(r.error as ParseError)
  const fault = options.profile?.(message)
  if (fault !== undefined)
    return left(parseError('deviation', bytes, fault.offset, fault.what, 400, fault.field))
  if (options.stream === true && r.contentLength < 0)
    return left(parseError('missing', bytes, 0, 'required over a stream', 400, 'Content-Length'))
  return right(message)
}

/** A reading of a copy of the head: what of the message is looked at octet by octet. */
const copied = (bytes: Bytes, limits: Limits): Reading => {
  const empty = bytes.indexOf('\r\n\r\n')
  const bound = empty < 0 ? bytes.length : empty + 4
  return reading(bytes, octetsOf(bytes, 0, bound), bound, limits)
}

const noOptions: ParseOptions = Object.freeze({})

const tooLong = (bytes: Bytes, { message }: Limits): Either<ParseError, never> =>
  left(parseError('limit', bytes.slice(0, message), message, `more than ${message} octets`, 513))

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

const isResponseLine = (text: Bytes, first: number): boolean =>
  (first | 0x20) === 0x73 && text.charCodeAt(3) === SLASH && text.slice(0, 3).toUpperCase() === 'SIP'

/** `Request-Line = Method SP Request-URI SP SIP-Version CRLF`: one space each and none around. */
const readRequest = (r: Reading): Message | undefined => {
  const { text, octets, limits } = r
  const lineEnd = text.indexOf('\r')
  const methodEnd = overToken(octets, 0, lineEnd)
  if (methodEnd === 0 || octets[methodEnd] !== SP) return fail(r, 'not-sip', 0, 'no start line')
  const uri = methodEnd + 1
  const uriEnd = lineEnd - 8
  if (uriEnd <= uri || octets[uriEnd] !== SP || !isVersion(octets, uriEnd + 1))
    return requestLineFault(r, methodEnd, lineEnd)
  if (uriEnd - uri > limits.uri) {
    r.error = parseError('limit', text, uri, `the Request-URI has more than ${limits.uri} octets`, 414)
    return undefined
  }
  const fault = requestUriFault(text, octets, uri, uriEnd)
  if (fault !== undefined) return fail(r, 'start-line', fault.offset, fault.what)
  r.method = methodFrom(text, 0, methodEnd)
  const index = readFields(r, lineEnd)
  return index && request(cut(r), index, r.method, text.slice(uri, uriEnd), r.deviations ?? none, r.memory)
}

const isVersion = (octets: Octets, at: number): boolean =>
  four(octets, at) === SIP_ && (four(octets, at + 4) & 0xffffff) === VERSION

/** Why the request line is none; another version is 505 and no other fault. */
const requestLineFault = (r: Reading, methodEnd: number, lineEnd: number): undefined => {
  const line = r.text.slice(methodEnd, lineEnd)
  const version = methodEnd + line.lastIndexOf(' ') + 1
  if (!line.toUpperCase().includes(' SIP/')) return fail(r, 'not-sip', 0, 'the first line is no start line')
  const major = skip(r.text, version + 4, lineEnd, DIGIT)
  const minor = skip(r.text, major + 1, lineEnd, DIGIT)
  const isNumbered =
    major > version + 4 && r.text.charCodeAt(major) === DOT && minor > major + 1 && minor === lineEnd
  return isNumbered && r.text.slice(version + 4, minor) !== '2.0'
    ? fail(r, 'version', version, 'another version than SIP/2.0')
    : fail(r, 'start-line', methodEnd, 'not method, URI and SIP/2.0 with one space between')
}

/** `Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF`; the reason may be empty (4475 3.1.1.13). */
const readResponse = (r: Reading): Message | undefined => {
  const { text, octets } = r
  const lineEnd = text.indexOf('\r')
  if (!isVersion(octets, 0) || octets[7] !== SP) return fail(r, 'version', 0, 'another version than SIP/2.0')
  const status = decimalOf(octets, 8, 11, 699)
  if (status < 100) return fail(r, 'start-line', 8, 'a status code from 100 to 699 expected')
  if (lineEnd === 11) deviate(r, 11, 'no space after the status code')
  else if (octets[11] !== SP) return fail(r, 'start-line', 11, 'three digits and a space expected')
  const index = readFields(r, lineEnd)
  return index && response(cut(r), index, status, text.slice(12, lineEnd), r.deviations ?? none, r.memory)
}

/** The octets up to the end that Content-Length gives. */
const cut = ({ text, body, contentLength }: Reading): Bytes =>
  contentLength < 0 || body + contentLength === text.length ? text : text.slice(0, body + contentLength)

/** Finds the fields after the start line that ends at `lineEnd`, checks those of every message, measures the body. */
const readFields = (r: Reading, lineEnd: number): Index | undefined => {
  const { text, octets, bound, limits } = r
  if (octets[lineEnd + 1] !== LF || text.indexOf('\n') !== lineEnd + 1)
    return fail(r, 'start-line', lineEnd, 'a CR or LF that ends no line')
  let seen = 0
  let n = 0
  draft[n++] = lineEnd
  let start = lineEnd + 2
  while (start < bound && octets[start] !== CR) {
    const name = overToken(octets, start, bound)
    const colon = octets[name] === COLON ? name + 1 : afterColon(text, name)
    if (name === start || colon < 0) return fail(r, 'syntax', start, 'a header field has no name or no colon')
    if (octets[name] === CR) deviate(r, name, 'a fold before the colon')
    const lf = text.indexOf('\n', colon)
    const cr = text.indexOf('\r', colon)
    const end = cr === lf - 1 && !isBlank(octets[lf + 1]) ? cr : fieldEnd(text, colon)
    if (end < 0) return badLine(r, ~end)
    if (end - start > limits.field)
      return fail(r, 'limit', start, `a header field has more than ${limits.field} octets`)
    if (n > 2 * limits.fields) return fail(r, 'limit', start, `more than ${limits.fields} header fields`)
    const id = fieldIdIn(octets, start, name)
    draft[n++] = ((name - start) << 4) | id
    draft[n++] = end
    if (id !== 0 && (seen & (1 << id)) === 0) {
      if (!check(r, id, overLws(octets, colon, end), end)) return undefined
    } else if (id > VIA) return fail(r, 'duplicate', start, 'stands twice', names[id])
    seen |= 1 << id
    start = end + 2
  }
  if (start >= bound || octets[start + 1] !== LF) return badLine(r, start)
  r.body = start + 2
  const id = (seen & MANDATORY) === MANDATORY ? undefined : REQUIRED.find((id) => (seen & (1 << id)) === 0)
  if (id !== undefined) return fail(r, 'missing', start, 'missing', names[id])
  return r.body + r.contentLength <= text.length
    ? draft.slice(0, n)
    : fail(r, 'length', r.body, 'the body is shorter than it says', 'Content-Length')
}

const badLine = (r: Reading, offset: number): undefined =>
  offset >= r.text.length
    ? fail(r, 'syntax', r.text.length, 'the head has no end')
    : fail(r, 'syntax', offset, 'a CR or LF that ends no line')

const isBlank = (c: number | undefined): boolean => c === SP || c === HTAB

/** Where an index grows before it is copied to its size; nothing reads it afterwards. */
const draft: number[] = []

const SIP_: number = fourOf('SIP/')
const VERSION: number = fourOf('2.0')
const REQUIRED: readonly FieldId[] = [VIA, FROM, TO, CALL_ID, CSEQ]
const MANDATORY: number = REQUIRED.reduce<number>((bits, id) => bits | (1 << id), 0)
const CR = 13
const LF = 10
const SP = 32
const HTAB = 9
const DOT = 0x2e
const SLASH = 0x2f
const COLON = 0x3a
