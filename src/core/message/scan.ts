/**
 * The index of a message: where its fields stand. Numbers only, so that a message of fourteen fields costs one
 * small array and no object a field.
 *
 *   index[0]            end of the start line (its CRLF stands there)
 *   index[2i+1]         field i: length of its name × 16 + its id
 *   index[2i+2]         field i: end of its value (its CRLF stands there)
 *
 * A field starts two octets after the end of the one before; the body two empty-line octets after the last.
 */
import type { Bytes } from '../data/bytes.js'
import { quotedEnd } from '../data/quoted.js'
import { skip, skipLws, TOKEN, trimEnd } from '../data/scan.js'
import { fourOf, fourSmall, type Octets, octetsOf } from './octets.js'
import type { Index } from './types.js'

/** The fields that every message is read for, by number. 0 is any other. */
export const VIA = 1
export const FROM = 2
export const TO = 3
export const CALL_ID = 4
export const CSEQ = 5
export const MAX_FORWARDS = 6
export const CONTENT_LENGTH = 7

export type FieldId = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7

/** The names as RFC 3261 writes them, by id. */
export const names: readonly string[] = [
  '',
  'Via',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Content-Length',
]

/** Which of the fields above the name from `start` to `end` is: any case, compact or not (7.3.3). */
export const fieldIdIn = (octets: Octets, start: number, end: number): FieldId => {
  switch (end - start) {
    case 1:
      return compactId((octets[start] as number) | 0x20)
    case 2:
      return ((octets[start] as number) | 0x20) === 0x74 && ((octets[start + 1] as number) | 0x20) === 0x6f
        ? TO
        : 0
    case 3:
      return (fourSmall(octets, start) & 0xffffff) === VIA_ ? VIA : 0
    case 4: {
      const name = fourSmall(octets, start)
      return name === FROM_ ? FROM : name === CSEQ_ ? CSEQ : 0
    }
    case 7:
      return fourSmall(octets, start) === CALL && fourSmall(octets, start + 3) === L_ID ? CALL_ID : 0
    case 12:
      return fourSmall(octets, start) === MAX_ &&
        fourSmall(octets, start + 4) === FORW &&
        fourSmall(octets, start + 8) === ARDS
        ? MAX_FORWARDS
        : 0
    case 14:
      return fourSmall(octets, start) === CONT &&
        fourSmall(octets, start + 4) === ENT_ &&
        fourSmall(octets, start + 8) === LENG &&
        fourSmall(octets, start + 10) === NGTH
        ? CONTENT_LENGTH
        : 0
    default:
      return 0
  }
}

/** The same for a name that is a text. */
export const fieldId = (text: Bytes, start: number, end: number): FieldId =>
  end - start > 14 ? 0 : fieldIdIn(octetsOf(text, start, end), 0, end - start)

/** The same for a name that stands alone, which nearly always is written as in `names` or in lower case. */
export const idOfName = (name: string): FieldId => {
  const known = ids.get(name)
  return known ?? (mayHaveId(name) ? fieldId(name, 0, name.length) : 0)
}

/** Names of other fields differ from those above in length, or in their second letter. */
const mayHaveId = (name: string): boolean => {
  switch (name.length) {
    case 7: // Call-ID
      return (name.charCodeAt(1) | 0x20) === 0x61
    case 14: // Content-Length
      return (name.charCodeAt(8) | 0x20) === 0x6c
    default:
      return name.length < 5 || name.length === 12
  }
}

const compactId = (c: number): FieldId => {
  switch (c) {
    case 0x66:
      return FROM
    case 0x69:
      return CALL_ID
    case 0x6c:
      return CONTENT_LENGTH
    case 0x74:
      return TO
    case 0x76:
      return VIA
    default:
      return 0
  }
}

/** The end of the name that starts at `start`: the first octet that is not of a token. */
export const nameEnd = (text: Bytes, start: number): number => skip(text, start, text.length, TOKEN)

/**
 * The position after the colon that follows the name ending at `end`, or -1. `HCOLON = *( SP / HTAB ) ":" SWS`; a fold
 * before the colon is taken as well.
 */
export const afterColon = (text: Bytes, end: number): number => {
  let p = end
  for (;;) {
    const c = text.charCodeAt(p)
    if (c === 0x3a) return p + 1
    if (isBlank(c)) p++
    else if (c === CR && text.charCodeAt(p + 1) === LF && isBlank(text.charCodeAt(p + 2))) p += 3
    else return -1
  }
}

/**
 * The end of the field in which `at` stands, folds included: the position of the CRLF that no space follows.
 * Negative when there is none: `-1 - offset` of a CR or LF that is not part of CRLF, or of the end of the text.
 * Such an octet could be read as a line end by the next hop and not by us, so it is never let through.
 */
export const fieldEnd = (text: Bytes, at: number): number => {
  let p = at
  for (;;) {
    const lf = text.indexOf('\n', p)
    if (lf < 0) return -1 - text.length
    const cr = text.indexOf('\r', p)
    if (cr !== lf - 1) return -1 - (cr < 0 || cr > lf ? lf : cr)
    if (!isBlank(text.charCodeAt(lf + 1))) return cr
    p = lf + 1
  }
}

/**
 * The end of the value of a list that starts at `start`: its comma or `end`. A comma in quotes or between `<` and `>`
 * separates nothing (7.3.1).
 */
export const valueEnd = (text: Bytes, start: number, end: number): number => {
  const comma = text.indexOf(',', start)
  if (comma < 0 || comma >= end) return end
  for (let p = start; p < end; p++) {
    const c = text.charCodeAt(p)
    if (c === 0x2c) return p
    if (c !== 0x22 && c !== 0x3c) continue
    const close = c === 0x22 ? quotedEnd(text, p, end) : text.indexOf('>', p) + 1
    if (close <= 0 || close > end) return end
    p = close - 1
  }
  return end
}

/** How many fields there are. */
export const fieldCount = (index: Index): number => (index.length - 1) >> 1

/** Where field `i` starts: the first octet of its name. */
export const startOf = (index: Index, i: number): number => (index[2 * i] as number) + 2

/** The id of field `i`. */
export const idOf = (index: Index, i: number): FieldId => ((index[2 * i + 1] as number) & 15) as FieldId

/** The length of the name of field `i`. */
export const nameLengthOf = (index: Index, i: number): number => (index[2 * i + 1] as number) >> 4

/** The end of the value of field `i`: where its CRLF stands. */
export const endOf = (index: Index, i: number): number => index[2 * i + 2] as number

/** Where the value of field `i` starts: after the colon and the space and folds that follow it. */
export const valueOf = (text: Bytes, index: Index, i: number): number => {
  const end = endOf(index, i)
  return skipLws(text, afterColon(text, startOf(index, i) + nameLengthOf(index, i)), end)
}

/** Where the value of field `i` ends without the space and folds that trail it; not before `start`. */
export const trimmedEndOf = (text: Bytes, index: Index, i: number, start: number): number =>
  trimEnd(text, start, endOf(index, i))

/** Where the body starts. */
export const bodyOf = (index: Index): number => (index[index.length - 1] as number) + 4

/** The first field of that id from field `from` on, or -1. */
export const find = (index: Index, id: FieldId, from = 0): number => {
  const count = fieldCount(index)
  for (let i = from; i < count; i++) if (idOf(index, i) === id) return i
  return -1
}

/** The index of a text whose start line ends at `lineEnd` and whose head is known to be sound. */
export const indexFrom = (text: Bytes, lineEnd: number): Index => {
  const index = [lineEnd]
  for (let start = lineEnd + 2; text.charCodeAt(start) !== CR; ) {
    const end = fieldEnd(text, start)
    if (end < 0) return index
    const name = nameEnd(text, start)
    index.push(((name - start) << 4) | fieldId(text, start, name), end)
    start = end + 2
  }
  return index
}

const isBlank = (c: number): boolean => c === 0x20 || c === 0x09

const CR = 13
const LF = 10

const ids: ReadonlyMap<string, FieldId> = new Map(
  names.flatMap((name, id) => [name, name.toLowerCase()].map((each) => [each, id as FieldId] as const)),
)
const VIA_: number = fourOf('via')
const FROM_: number = fourOf('from')
const CSEQ_: number = fourOf('cseq')
const CALL: number = fourOf('call')
const L_ID: number = fourOf('l-id')
const MAX_: number = fourOf('max-')
const FORW: number = fourOf('forw')
const ARDS: number = fourOf('ards')
const CONT: number = fourOf('cont')
const ENT_: number = fourOf('ent-')
const LENG: number = fourOf('leng')
const NGTH: number = fourOf('ngth')
