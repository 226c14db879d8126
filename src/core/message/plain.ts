/**
 * Sieves for what nearly every message looks like. They accept only what the readers of src/core/header and
 * src/core/uri accept as well, allocate nothing, and leave every doubt to them: `-1` and `false` mean "not plain",
 * never "wrong".
 */
import { DELIMITER, is } from '../data/scan.js'
import { four, fourOf, type Octets, overToken } from './octets.js'

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

/** Whether the URI from `start` to `end` is `sip:[user@]host[:port]` and parameters, without headers. */
export const isPlainUri = (octets: Octets, start: number, end: number): boolean => {
  if (four(octets, start) !== SIP_URI) return false
  const user = start + 4
  const at = visibleEnd(octets, user, end, AT)
  if (at === user || (at < end && octets[at] !== AT)) return false
  const host = plainHostEnd(octets, at < end ? at + 1 : user, end)
  const port = host < 0 ? -1 : plainPortEnd(octets, host, end)
  if (port < 0 || port === end) return port === end
  return octets[port] === SEMI && visibleEnd(octets, port, end, QUESTION) === end
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
 * only where they are what nearly every peer writes.
 */
export const isPlainVia = (octets: Octets, start: number, end: number, maxParams: number): boolean => {
  if (four(octets, start) !== SIP_ || four(octets, start + 4) !== VERSION) return false
  const transport = overToken(octets, start + 8, end)
  if (transport === start + 8 || octets[transport] !== SP) return false
  const host = plainHostEnd(octets, transport + 1, end)
  let p = host < 0 ? -1 : plainPortEnd(octets, host, end)
  for (let count = 0; p < end && octets[p] !== COMMA; count++) {
    if (p < 0 || count === maxParams || octets[p] !== SEMI) return false
    p = plainParamEnd(octets, p + 1, end)
  }
  return true
}

/** The end of the parameter whose name starts at `name`; -1 when in doubt. */
const plainParamEnd = (octets: Octets, name: number, end: number): number => {
  const nameEnd = overToken(octets, name, end)
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
