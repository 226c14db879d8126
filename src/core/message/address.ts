/** What every message is checked for in From and To: that there is a URI, and where the tag stands. */
import type { Bytes } from '../data/bytes.js'
import { quotedEnd } from '../data/quoted.js'
import { ALPHA, DELIMITER, type Fault, is, SCHEME, skip, skipLws, TOKEN } from '../data/scan.js'

/**
 * Walks `( name-addr / addr-spec ) *( SEMI generic-param )` (RFC 3261 25.1) from `start` to `end`, white space at the
 * ends left out. Returns where the value of the tag starts, 0 when there is no tag, or what is wrong. The display name
 * may hold more than tokens, as many peers write it, and the URI is judged by who reads it.
 */
export const scanAddress = (text: Bytes, start: number, end: number, maxParams: number): number | Fault => {
  const open = addressOpen(text, start, end)
  if (typeof open === 'object') return open
  const uri = open < 0 ? start : open + 1
  const colon = skip(text, uri, end, SCHEME)
  if (colon >= end || text.charCodeAt(colon) !== COLON || !is(text.charCodeAt(uri), ALPHA))
    return { what: 'a URI with a scheme expected', offset: uri }
  const uriEnd = open < 0 ? addrSpecEnd(text, colon + 1, end) : text.indexOf('>', colon)
  if (open >= 0 && (uriEnd < 0 || uriEnd >= end)) return { what: '">" expected after the URI', offset: end }
  if (uriEnd === colon + 1) return { what: 'nothing follows the scheme of the URI', offset: colon }
  return scanParams(text, open < 0 ? uriEnd : uriEnd + 1, end, maxParams)
}

/** Where a parameter value that starts at `start`, unquoted, ends. */
export const plainEnd = (text: Bytes, start: number, end: number): number => {
  let p = start
  for (; p < end; p++) {
    const c = text.charCodeAt(p)
    if (c === SEMI || c === COMMA || is(c, DELIMITER)) break
  }
  return p
}

/** The place of the `<`, -1 when the value is an addr-spec, or what is wrong with the display name. */
const addressOpen = (text: Bytes, start: number, end: number): number | Fault => {
  if (text.charCodeAt(start) !== QUOTE) {
    for (let p = start; p < end; p++) {
      const c = text.charCodeAt(p)
      if (c === OPEN) return p
      if (c === SEMI) return -1
      if (c === QUOTE || c === CLOSE) return { what: 'a display name or a URI expected', offset: p }
    }
    return -1
  }
  const close = quotedEnd(text, start, end)
  if (close < 0) return { what: 'a quote is never closed', offset: start }
  const open = skipLws(text, close, end)
  return open < end && text.charCodeAt(open) === OPEN
    ? open
    : { what: '"<" expected after the display name', offset: open }
}

/** An addr-spec outside `<>` ends at its first semicolon: what follows are header parameters (20.10). */
const addrSpecEnd = (text: Bytes, start: number, end: number): number => {
  let p = start
  while (p < end && text.charCodeAt(p) !== SEMI && !is(text.charCodeAt(p), DELIMITER)) p++
  return p
}

const scanParams = (text: Bytes, start: number, end: number, maxParams: number): number | Fault => {
  let tag = 0
  let count = 0
  let p = skipLws(text, start, end)
  while (p < end) {
    if (text.charCodeAt(p) !== SEMI) return { what: '";" expected', offset: p }
    if (++count > maxParams) return { what: `more than ${maxParams} parameters`, offset: p }
    const name = skipLws(text, p + 1, end)
    const nameEnd = skip(text, name, end, TOKEN)
    if (nameEnd === name) return { what: 'a parameter name expected', offset: name }
    p = skipLws(text, nameEnd, end)
    const isTag = nameEnd - name === 3 && isTagName(text, name)
    if (p >= end || text.charCodeAt(p) !== EQUAL) {
      if (isTag) return { what: 'the tag is empty', offset: p }
      continue
    }
    const value = skipLws(text, p + 1, end)
    const valueEnd =
      text.charCodeAt(value) === QUOTE ? quotedEnd(text, value, end) : plainEnd(text, value, end)
    if (valueEnd < 0) return { what: 'a quote is never closed', offset: value }
    if (valueEnd === value) return { what: 'a parameter value expected', offset: value }
    if (isTag) {
      if (tag !== 0) return { what: 'two tags', offset: name }
      tag = value
    }
    p = skipLws(text, valueEnd, end)
  }
  return tag
}

const isTagName = (text: Bytes, at: number): boolean =>
  (text.charCodeAt(at) | 0x20) === 0x74 &&
  (text.charCodeAt(at + 1) | 0x20) === 0x61 &&
  (text.charCodeAt(at + 2) | 0x20) === 0x67

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const SEMI = 0x3b
const OPEN = 0x3c
const EQUAL = 0x3d
const CLOSE = 0x3e
