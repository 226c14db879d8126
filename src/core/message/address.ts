/** What every message is checked for in From and To: that there is a URI, and where the tag stands. */
import { ALPHA, DELIMITER, type Fault, is, LWS, SCHEME, TOKEN, VALUE } from '../data/scan.js'
import { four, fourOf, fourSmall, type Octets, over, overLws, overQuoted, overToken } from './octets.js'

/** What is wrong, and, if the address can be read all the same, where its tag stands. */
export interface AddressFault extends Fault {
  readonly tag?: number
}

/**
 * Walks `( name-addr / addr-spec ) *( SEMI generic-param )` (RFC 3261 25.1) from `start` to `end`, white space at the
 * ends left out. Returns where the value of the tag starts, 0 when there is no tag, or what is wrong. A display name
 * and parameter values may hold more than tokens, as many peers write them; the URI is judged by who reads it.
 */
export const scanAddress = (
  octets: Octets,
  start: number,
  end: number,
  maxParams: number,
): number | AddressFault => {
  const open = addressOpen(octets, start, end)
  if (typeof open === 'object') return open
  const uri = open < 0 ? start : open + 1
  const colon = four(octets, uri) === SIP ? uri + 3 : over(octets, uri, end, SCHEME)
  if (colon >= end || octets[colon] !== COLON || !is(octets[uri] as number, ALPHA))
    return { what: 'a URI with a scheme expected', offset: uri }
  const uriEnd = open < 0 ? addrSpecEnd(octets, colon + 1, end) : closeOf(octets, colon, end)
  if (open >= 0 && uriEnd === end) return { what: '">" expected after the URI', offset: end }
  if (uriEnd === colon + 1) return { what: 'nothing follows the scheme of the URI', offset: colon }
  const tag = scanParams(octets, open < 0 ? uriEnd : uriEnd + 1, end, maxParams)
  if (open <= start || octets[start] === QUOTE || typeof tag === 'object') return tag
  return over(octets, start, open, TOKEN | LWS) === open
    ? tag
    : { what: 'a display name that needs quotes has none', offset: start, tag }
}

/** Where the tag whose value starts at `start` ends. */
export const tagEnd = (octets: Octets, start: number, end: number): number => {
  const token = overToken(octets, start, end)
  if (token === end) return end
  return octets[start] === QUOTE ? overQuoted(octets, start, end) : plainEnd(octets, start, end)
}

/** Where a parameter value that starts at `start`, unquoted, ends. */
const plainEnd = (octets: Octets, start: number, end: number): number => {
  let p = start
  for (; p < end; p++) {
    const c = octets[p] as number
    if (c === SEMI || c === COMMA || is(c, DELIMITER)) break
  }
  return p
}

/** The place of the `<`, -1 when the value is an addr-spec, or what is wrong with the display name. */
const addressOpen = (octets: Octets, start: number, end: number): number | Fault => {
  if (octets[start] !== QUOTE) {
    for (let p = start; p < end; p++) {
      const c = octets[p] as number
      if (c === OPEN) return p
      if (c === SEMI) return -1
      if (c === QUOTE || c === CLOSE) return { what: 'a display name or a URI expected', offset: p }
    }
    return -1
  }
  const close = overQuoted(octets, start, end)
  if (close < 0) return { what: 'a quote is never closed', offset: start }
  const open = overLws(octets, close, end)
  return open < end && octets[open] === OPEN
    ? open
    : { what: '"<" expected after the display name', offset: open }
}

/** An addr-spec outside `<>` ends at its first semicolon: what follows are header parameters (20.10). */
const addrSpecEnd = (octets: Octets, start: number, end: number): number => {
  let p = start
  while (p < end && octets[p] !== SEMI && !is(octets[p] as number, DELIMITER)) p++
  return p
}

/** The place of the `>`, `end` when there is none. */
const closeOf = (octets: Octets, start: number, end: number): number => {
  let p = start
  while (p < end && octets[p] !== CLOSE) p++
  return p
}

const scanParams = (octets: Octets, start: number, end: number, maxParams: number): number | AddressFault => {
  let tag = 0
  let odd = 0
  let count = 0
  let p = overLws(octets, start, end)
  while (p < end) {
    if (octets[p] !== SEMI) return { what: '";" expected', offset: p }
    if (++count > maxParams) return { what: `more than ${maxParams} parameters`, offset: p }
    const name = overLws(octets, p + 1, end)
    const nameEnd = overToken(octets, name, end)
    if (nameEnd === name) return { what: 'a parameter name expected', offset: name }
    p = overLws(octets, nameEnd, end)
    const isTag = nameEnd - name === 3 && (fourSmall(octets, name) & 0xffffff) === TAG_NAME
    if (p >= end || octets[p] !== EQUAL) {
      if (isTag) return { what: 'the tag is empty', offset: p }
      continue
    }
    const value = overLws(octets, p + 1, end)
    const valueEnd =
      value < end && octets[value] === QUOTE ? overQuoted(octets, value, end) : plainEnd(octets, value, end)
    if (valueEnd < 0) return { what: 'a quote is never closed', offset: value }
    if (valueEnd === value) return { what: 'a parameter value expected', offset: value }
    if (octets[value] !== QUOTE && over(octets, value, end, VALUE) < valueEnd) odd = value
    if (isTag) {
      if (tag !== 0) return { what: 'two tags', offset: name }
      tag = value
    }
    p = overLws(octets, valueEnd, end)
  }
  return odd === 0 ? tag : { what: 'a parameter value that needs quotes has none', offset: odd, tag }
}

const SIP: number = fourOf('sip:')
const TAG_NAME: number = fourOf('tag')
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const SEMI = 0x3b
const OPEN = 0x3c
const EQUAL = 0x3d
const CLOSE = 0x3e
