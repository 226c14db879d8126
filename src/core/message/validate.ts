/** Whether a message is what RFC 3261 asks for: before it is sent, or when a strict element has received it. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { sameLetters } from '../data/scan.js'
import { headerNamed } from '../header/builtin.js'
import type { AnyHeader, Header } from '../header/define.js'
import { parseList } from '../header/split.js'
import { received, rport } from '../header/via.js'
import { defaultPort } from '../uri/equality.js'
import { sameHost } from '../uri/host.js'
import { parse } from '../uri/parse.js'
import { cseqMethod, cseqNumber, fromTag, has, noVia, topVia } from './head.js'
import {
  bodyOf,
  CALL_ID,
  CONTENT_LENGTH,
  CSEQ,
  type FieldId,
  FROM,
  fieldCount,
  find,
  MAX_FORWARDS,
  nameLengthOf,
  names,
  startOf,
  TO,
  trimmedEndOf,
  VIA,
  valueOf,
} from './scan.js'
import type { Index, Message } from './types.js'

/** One thing that is wrong with a message. */
export interface Invalid {
  /** The header field, by its name in the RFC. */
  readonly field?: string
  readonly what: string
  /** At which octet of the message. */
  readonly offset: number
}

/** A place that messages come from: a transport in lower case, an address without brackets or a name, a port. */
export interface Source {
  readonly protocol: string
  readonly host: string
  readonly port: number
}

/**
 * The message, or all that is wrong with it: fields that must be there and are not, that stand once and stand twice,
 * whose values are none; a CSeq, Content-Length or Request-URI that does not fit (RFC 3261 8.1.1, 8.2.6, 20).
 */
export const validate = <M extends Message>(message: M): Either<readonly Invalid[], M> => {
  const found = [...missing(message), ...fieldFaults(message), ...misfits(message)]
  return found.length === 0 ? right(message) : left(found)
}

/**
 * A profile for reading that refuses what the grammar does: every deviation, and all that `validate` finds. It reads each
 * field of every header that this library knows, and only who names it loads them.
 */
export const strict = (message: Message): Invalid | undefined => {
  const [deviation] = message.deviations
  if (deviation !== undefined) return deviation
  const valid = validate(message)
  return isLeft(valid) ? valid.left[0] : undefined
}

/**
 * The same for a message that came from `source`: besides, its top Via must say so. The transport is the same, and
 * host and port are those of `received` and `rport` where they are given, else those of sent-by (18.2.1, RFC 3581 4).
 */
export const validateFrom =
  (source: Source) =>
  <M extends Message>(message: M): Either<readonly Invalid[], M> => {
    const valid = validate(message)
    const elsewhere = misplaced(message, source)
    if (elsewhere.length === 0) return valid
    return left(isLeft(valid) ? [...valid.left, ...elsewhere] : elsewhere)
  }

/**
 * Why `message` may not be sent, or `undefined`: what its receiver would refuse. `withVia` says whether a top Via must
 * be there already; otherwise who sends it writes one.
 */
export const sendable = (message: Message, withVia: boolean): string | undefined => {
  const absent = mandatory.find((id) => find(message.index, id) < 0)
  if (absent !== undefined) return `${names[absent]} is missing`
  const twice = once.find((id) => isTwice(message.index, id))
  if (twice !== undefined) return `${names[twice]} stands twice`
  if (cseqNumber(message) < 0) return 'CSeq has no number below 2**31'
  if (message._tag === 'Request' && cseqMethod(message) !== message.method)
    return 'the method of CSeq is not that of the request'
  if (message._tag === 'Response' && !isStatus(message.status)) return 'the status is not from 100 to 699'
  if (!isMeasured(message)) return 'Content-Length is not the length of the body'
  return withVia && topVia(message) === noVia ? 'Via is missing or none' : undefined
}

const mandatory: readonly FieldId[] = [FROM, TO, CALL_ID, CSEQ]
const once: readonly FieldId[] = [...mandatory, MAX_FORWARDS, CONTENT_LENGTH]

const isTwice = (index: Index, id: FieldId): boolean => {
  const first = find(index, id)
  return first >= 0 && find(index, id, first + 1) >= 0
}

const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 100 && status <= 699

const bodyLength = ({ text, index }: Message): number => text.length - bodyOf(index)

/** Whether Content-Length, where there is one, counts the octets of the body. */
const isMeasured = (message: Message): boolean => {
  const { text, index } = message
  const i = find(index, CONTENT_LENGTH)
  if (i < 0) return true
  const start = valueOf(text, index, i)
  return Number(text.slice(start, trimmedEndOf(text, index, i, start))) === bodyLength(message)
}

const missing = (message: Message): readonly Invalid[] => {
  const asked = message._tag === 'Request' ? [VIA, ...mandatory, MAX_FORWARDS] : [VIA, ...mandatory]
  return asked.flatMap((id) =>
    find(message.index, id as FieldId) < 0 ? [invalid('is missing', bodyOf(message.index), names[id])] : [],
  )
}

/** What does not fit together, though each field may be well. */
const misfits = (message: Message): readonly Invalid[] => {
  const { text, index } = message
  const at = (id: FieldId): number => startOf(index, Math.max(0, find(index, id)))
  const found: Invalid[] = []
  if (message._tag === 'Request') {
    const uri = parse(message.uri)
    if (isLeft(uri)) found.push(invalid(`the Request-URI: ${uri.left.what}`, message.method.length + 1))
    if (find(index, CSEQ) >= 0 && cseqMethod(message) !== message.method)
      found.push(invalid('the method is not that of the request', at(CSEQ), 'CSeq'))
  }
  if (find(index, FROM) >= 0 && fromTag(message) === undefined)
    found.push(invalid('has no tag', at(FROM), 'From')) // 8.1.1.3: "MUST contain a new tag parameter"
  if (!isMeasured(message))
    found.push(invalid('is not the length of the body', at(CONTENT_LENGTH), 'Content-Length'))
  if (text.length > bodyOf(index) && !has(message, 'Content-Type', 'c'))
    found.push(invalid('is missing, and there is a body', bodyOf(index), 'Content-Type')) // 20.15
  return found
}

/** Every field of a header that this library knows: whether its value is one, and whether it may stand again. */
const fieldFaults = (message: Message): readonly Invalid[] => {
  const { text, index } = message
  const seen = new Set<string>()
  return Array.from({ length: fieldCount(index) }, (_, i) => i).flatMap((i) => {
    const start = startOf(index, i)
    const header = headerNamed(text.slice(start, start + nameLengthOf(index, i)))
    if (header === undefined) return []
    const again = seen.has(header.name) && !header.list
    seen.add(header.name)
    return again ? [invalid('stands twice', start, header.name)] : valueFaults(message, i, header)
  })
}

const valueFaults = ({ text, index }: Message, i: number, header: AnyHeader): readonly Invalid[] => {
  const start = valueOf(text, index, i)
  const end = trimmedEndOf(text, index, i, start)
  const value = header.list
    ? parseList(header as Header<unknown>, text, start, end)
    : header.parse(text, start, end)
  return isLeft(value) ? [invalid(value.left.what, value.left.offset, header.name)] : []
}

const misplaced = (message: Message, source: Source): readonly Invalid[] => {
  const via = topVia(message)
  const offset = startOf(message.index, Math.max(0, find(message.index, VIA)))
  const host = received(via) ?? via.host
  const port = rport(via) ?? via.port ?? defaultPort('sip', via.transport)
  const found: Invalid[] = []
  if (!sameLetters(via.transport, source.protocol))
    found.push(invalid(`is not of ${source.protocol}`, offset, 'Via'))
  if (!sameHost(host, source.host)) found.push(invalid('names another host than it came from', offset, 'Via'))
  if (port !== source.port) found.push(invalid('names another port than it came from', offset, 'Via'))
  return found
}

const invalid = (what: string, offset: number, field?: string): Invalid =>
  field === undefined ? { what, offset } : { field, what, offset }
