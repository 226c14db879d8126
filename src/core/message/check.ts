/** The fields that every message is checked for, each in its first occurrence. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { DIGIT } from '../data/scan.js'
import { via } from '../header/via.js'
import { scanAddress, tagEnd } from './address.js'
import { beforeLws, decimalOf, over, overLws, overToken } from './octets.js'
import { tagStartBy } from './marks.js'
import { isPlainVia, plainAddress } from './plain.js'
import { bad, deviate, type Reading } from './reading.js'
import {
  CALL_ID,
  CONTENT_LENGTH,
  CSEQ,
  type FieldId,
  FROM,
  MAX_FORWARDS,
  names,
  TO,
  VIA,
  valueEnd,
} from './scan.js'
import { methodFrom } from './start-line.js'

/** The first field of an id, its value from `start` to `fieldEnd`; white space may trail. */
export const check = (r: Reading, id: FieldId, start: number, fieldEnd: number): boolean => {
  const { octets } = r
  const end = beforeLws(octets, start, fieldEnd)
  switch (id) {
    case 0:
      return true
    case VIA:
      return checkVia(r, start, end)
    case FROM:
    case TO:
      return checkAddress(r, id, start, end)
    case CALL_ID:
      return end > start || bad(r, 'malformed', start, 'is empty', 'Call-ID')
    case CSEQ:
      return checkCseq(r, start, end)
    case MAX_FORWARDS: {
      const hops = decimalOf(octets, start, end, MAX_31)
      if (hops < 0) return bad(r, 'malformed', start, 'is not a number', 'Max-Forwards')
      return hops <= 255 || deviate(r, start, 'is above 255', 'Max-Forwards')
    }
    case CONTENT_LENGTH:
      r.contentLength = decimalOf(octets, start, end, MAX_31)
      return r.contentLength >= 0 || bad(r, 'malformed', start, 'is not a number', 'Content-Length')
  }
}

const checkAddress = (r: Reading, id: typeof FROM | typeof TO, start: number, end: number): boolean => {
  const { text, octets, limits, memory } = r
  const marks = plainAddress(octets, start, end)
  if (marks > 0) {
    const at = tagStartBy(start, marks)
    const tag = at < end ? text.slice(at, end) : null
    if (id === FROM) {
      memory.fromMarks = marks
      memory.fromTag = tag
    } else {
      memory.toMarks = marks
      memory.toTag = tag
    }
    return true
  }
  const found = scanAddress(octets, start, end, limits.params)
  const at = typeof found === 'number' ? found : found.tag
  if (at !== undefined) {
    const tag = at === 0 ? null : text.slice(at, tagEnd(octets, at, end))
    if (id === FROM) memory.fromTag = tag
    else memory.toTag = tag
  }
  if (typeof found === 'number') return true
  return at === undefined
    ? bad(r, 'malformed', found.offset, found.what, names[id])
    : deviate(r, found.offset, found.what, names[id])
}

const checkVia = (r: Reading, start: number, fieldEnd: number): boolean => {
  const { text, octets, limits } = r
  if (isPlainVia(octets, start, fieldEnd, limits.params, r.memory)) return true
  const value = via.parse(text, start, valueEnd(text, start, fieldEnd))
  if (isLeft(value)) return bad(r, 'malformed', value.left.offset, value.left.what, 'Via')
  return (
    value.right.params.length <= limits.params ||
    bad(r, 'limit', start, `more than ${limits.params} parameters`, 'Via')
  )
}

/** `CSeq = 1*DIGIT LWS Method`: "MUST be expressible as a 32-bit unsigned integer and MUST be less than 2**31" (8.1.1.5). */
const checkCseq = (r: Reading, start: number, end: number): boolean => {
  const { text, octets, method } = r
  const digits = over(octets, start, end, DIGIT)
  const number = decimalOf(octets, start, digits, MAX_31)
  if (number < 0) return bad(r, 'malformed', start, 'the number is not one below 2**31', 'CSeq')
  const word = overLws(octets, digits, end)
  if (word === digits || word === end || overToken(octets, word, end) !== end)
    return bad(r, 'malformed', digits, 'a method expected after the number', 'CSeq')
  if (method !== '' && (end - word !== method.length || !text.startsWith(method, word)))
    return bad(r, 'malformed', word, 'the method is not that of the request', 'CSeq')
  r.memory.cseqNumber = number
  r.memory.cseqMethod = method === '' ? methodFrom(text, word, end) : method
  return true
}

const MAX_31 = 0x7fffffff
