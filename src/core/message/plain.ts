/**
 * Sieves for what nearly every message looks like. They accept only what the readers of src/core/header and
 * src/core/uri accept as well, allocate nothing, and leave every doubt to them: `-1` and `false` mean "not plain",
 * never "wrong".
 */
import { DELIMITER, is, QUOTED, SCHEME, UNRESERVED } from '../data/scan.js'
import { addressMarks, hostMarks, lengthBy, paramMarks } from './marks.js'
import { Memory } from './memory.js'
import { four, fourOf, type Octets, over, overToken } from './octets.js'

/** The end of a host that is an IPv4 address, or a name whose last label starts with a letter; -1 when in doubt. */
export const plainHostEnd = (octets: Octets, start: number, end: number): number => {
  let label = start
  let p = start
  let dots = 0
  let digits = true // whether there are only digits and dots so far
  let number = 0
  for (; p < end; p++) {
    const c = octets[p] as number
    if (isDigit(c)) number = number * 10 + c - 0x30
    else if (c === DOT) {
      if (p === label || number > 255 || (digits && p - label > 3)) return -1
      label = p + 1
      dots++
      number = 0
    } else if (isLetter(c) || c === HYPHEN) {
      digits = false
      number = 0
    } else break
  }
  if (p === label) return -1
  return isLetter(octets[label] as number) || (digits && dots === 3 && number <= 255 && p - label <= 3)
    ? p
    : -1
}

/** The end of `":" port` at `start`, or `start` when there is none; -1 when in doubt. `mark` may be another than the colon. */
export const plainPortEnd = (octets: Octets, start: number, end: number, mark: number = COLON): number => {
  if (start >= end || octets[start] !== mark) return start
  let p = start + 1
  let port = 0
  while (p < end && isDigit(octets[p] as number)) port = port * 10 + (octets[p++] as number) - 0x30
  return p > start + 1 && p <= start + 6 && port <= 65535 ? p : -1
}

/** The marks of `sip:[user@]host[:port]`, with which the URI from `start` to `end` begins; 0 when in doubt. */
const plainUri = (octets: Octets, start: number, end: number): number => {
  if (four(octets, start) !== SIP_URI) return 0
  const user = start + 4
  const userEnd = over(octets, user, end, UNRESERVED | SCHEME) // the latter for a plus
  const host = userEnd > user && octets[userEnd] === AT ? userEnd + 1 : user
  const hostEnd = plainHostEnd(octets, host, end)
  const port = hostEnd < 0 ? -1 : plainPortEnd(octets, hostEnd, end)
  return port < 0 ? 0 : hostMarks(host - user, hostEnd - host, port - hostEnd)
}

/** Whether the URI from `start` to `end` is `sip:[user@]host[:port]` and parameters, without headers. */
export const isPlainUri = (octets: Octets, start: number, end: number): boolean => {
  const marks = plainUri(octets, start, end)
  const port = start + 4 + lengthBy(marks)
  if (marks === 0 || port === end) return marks !== 0
  return octets[port] === SEMI && visibleEnd(octets, port, end, QUESTION) === end
}

/** The marks of the address that fills `start` to `end`; 0 when in doubt. */
export const plainAddress = (octets: Octets, start: number, end: number): number => {
  let open = start
  if (octets[start] === QUOTE) {
    const quote = over(octets, start + 1, end, QUOTED)
    if (octets[quote] !== QUOTE) return 0
    open = octets[quote + 1] === SP ? quote + 2 : quote + 1
  }
  const uri = octets[open] === OPEN ? plainUri(octets, open + 1, end) : 0
  const close = open + 5 + lengthBy(uri)
  if (close >= end || octets[close] !== CLOSE) return 0
  const isSound =
    close + 1 === end ||
    (four(octets, close + 1) === TAG &&
      octets[close + 5] === EQUAL &&
      close + 6 < end &&
      overToken(octets, close + 6, end) === end)
  return isSound ? addressMarks(uri, open - start) : 0
}

/** The first position from `at` of `stop`, or of an octet that stands in no URI. */
const visibleEnd = (octets: Octets, at: number, end: number, stop: number): number => {
  let p = at
  while (p < end && octets[p] !== stop && !is(octets[p] as number, DELIMITER)) p++
  return p
}

/**
 * Whether the Via value from `start` to `end` or the first comma is `SIP/2.0/transport host[:port]` and at most
 * `maxParams` parameters without white space, with tokens for values: those whose values have a grammar of their own
 * only where they are what nearly every peer writes. Leaves its marks, if it has any, in `out`.
 */
export const isPlainVia = (
  octets: Octets,
  start: number,
  end: number,
  maxParams: number,
  out: Memory = new Memory(),
): boolean => {
  if (four(octets, start) !== SIP_ || four(octets, start + 4) !== VERSION) return false
  const transport = overToken(octets, start + 8, end)
  if (transport === start + 8 || octets[transport] !== SP) return false
  const host = plainHostEnd(octets, transport + 1, end)
  const port = host < 0 ? -1 : plainPortEnd(octets, host, end)
  let first = 0
  let more = 0
  let isShort = true
  let p = port
  for (let count = 0; p < end && octets[p] !== COMMA; count++) {
    if (p < 0 || count === maxParams || octets[p] !== SEMI) return false
    const nameEnd = overToken(octets, p + 1, end)
    const valueEnd = plainParamEnd(octets, p + 1, nameEnd, end)
    const param = paramMarks(nameEnd - p - 1, valueEnd - nameEnd)
    if (count === 0) first = param
    else more |= param << (13 * (count - 1))
    isShort &&= param !== 0 && count < 3
    p = valueEnd
  }
  const marks = hostMarks(transport - start - 7, host - transport - 1, port - host)
  if (!isShort || marks === 0) return true
  out.viaMarks = marks | (first << 16)
  out.viaMore = more
  return true
}

/** The end of the parameter with the name from `name` to `nameEnd`; -1 when in doubt. */
const plainParamEnd = (octets: Octets, name: number, nameEnd: number, end: number): number => {
  const c = (octets[name] as number) | 0x20
  const length = nameEnd - name
  if (nameEnd === end || octets[nameEnd] !== EQUAL)
    return length === 0 || length === 3 || length === 6 || length === 8 || (length === 5 && c !== 0x72)
      ? -1
      : nameEnd
  const value = nameEnd + 1
  if (length === 5 && c === 0x72) return plainPortEnd(octets, nameEnd, end, EQUAL) // rport
  if (length === 8 && c === 0x72) return plainHostEnd(octets, value, end) // received
  if (length === 0 || length === 3 || length === 5 || length === 8) return -1 // ttl, maddr
  const valueEnd = overToken(octets, value, end)
  return valueEnd === value ? -1 : valueEnd
}

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39
const isLetter = (c: number): boolean => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a

const TAG: number = fourOf(';tag')
const QUOTE = 0x22
const OPEN = 0x3c
const CLOSE = 0x3e
const SIP_URI: number = fourOf('sip:')
const SIP_: number = fourOf('SIP/')
const VERSION: number = fourOf('2.0/')
const SP = 0x20
const COMMA = 0x2c
const HYPHEN = 0x2d
const DOT = 0x2e
const COLON = 0x3a
const AT = 0x40
const QUESTION = 0x3f
const SEMI = 0x3b
const EQUAL = 0x3d
