/**
 * The `;` and `?` parts of URIs, and what their components may hold. Beyond the grammar of RFC 3261 25.1 a component
 * may hold any octet that cannot be taken for a delimiter: telephones write `#` and UTF-8 unescaped.
 */
import type { Bytes } from '../data/bytes.js'
import { CLEAR, type Cursor, DELIMITER, fail, is, sameLetters } from '../data/scan.js'
import { escapeAt, normalize } from './escape.js'
import {
  noUriHeaders,
  noUriParams,
  type UriHeader,
  type UriHeaders,
  type UriParam,
  type UriParams,
} from './types.js'

/** Reads `*( ";" name [ "=" value ] )` up to the cursor's end or a `?`; `forbidden` is one more char than always. */
export const readUriParams = (c: Cursor, forbidden: number): UriParams | undefined => {
  const { text, end } = c
  if (c.at >= end || text.charCodeAt(c.at) !== SEMICOLON) return noUriParams
  let params: UriParam[] | undefined
  while (c.at < end && text.charCodeAt(c.at) === SEMICOLON) {
    const start = c.at + 1
    let stop = start
    let equal = -1
    let clear = true // whether no octet needs a second look
    for (; stop < end; stop++) {
      const code = text.charCodeAt(stop)
      if (code === SEMICOLON || code === QUESTION) break
      if (code === EQUAL && equal < 0) equal = stop
      else if (code === forbidden || !is(code, CLEAR)) clear = false
    }
    if (!clear && !component(c, start, stop, forbidden)) return undefined
    if (equal < 0) equal = stop
    if (equal === start) return fail(c, 'parameter name expected', start)
    if (equal === stop - 1) return fail(c, 'parameter value expected', stop)
    const name = text.slice(start, equal)
    const param = equal === stop ? { name } : { name, value: text.slice(equal + 1, stop) }
    if (params === undefined) params = [param]
    else params.push(param)
    c.at = stop
  }
  return params
}

/** Reads `"?" header *( "&" header )` up to the cursor's end; one without `=` is read although it should have one. */
export const readUriHeaders = (c: Cursor): UriHeaders | undefined => {
  const { text, end } = c
  if (c.at >= end || text.charCodeAt(c.at) !== QUESTION) return noUriHeaders
  const headers: UriHeader[] = []
  while (c.at < end) {
    const start = c.at + 1
    const stop = upTo(text, start, end, AMPERSAND)
    if (!component(c, start, stop, AT)) return undefined
    const equal = upTo(text, start, stop, EQUAL)
    if (equal === start) return fail(c, 'header name expected', start)
    const name = text.slice(start, equal)
    headers.push(equal === stop ? { name } : { name, value: text.slice(equal + 1, stop) })
    c.at = stop
  }
  return headers
}

/** Whether `start` to `end` can be a component; notes the fault if not. */
export const component = (c: Cursor, start: number, end: number, forbidden: number): boolean => {
  const bad = badOctet(c.text, start, end, forbidden)
  if (bad < 0) return true
  fail(c, c.text[bad] === '%' ? 'escape expected' : 'character that may not stand here', bad)
  return false
}

/** The first char that no component may hold, or a `%` that begins no escape, or `forbidden`; -1 if none. */
const badOctet = (text: Bytes, start: number, end: number, forbidden: number): number => {
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c > 0xff || c === forbidden || is(c, DELIMITER)) return i
    if (c === PERCENT && (i + 2 >= end || escapeAt(text, i) < 0)) return i
  }
  return -1
}

/** The parameters as they are written. */
export const writeUriParams = (params: UriParams): Bytes => {
  let out = ''
  for (const { name, value } of params) out += value === undefined ? `;${name}` : `;${name}=${value}`
  return out
}

/** The headers as they are written. */
export const writeUriHeaders = (headers: UriHeaders): Bytes => {
  let out = ''
  for (const { name, value } of headers)
    out += `${out === '' ? '?' : '&'}${name}${value === undefined ? '' : `=${value}`}`
  return out
}

/** The first parameter that is called `name` once escapes and case are set aside (19.1.4). */
export const findUriParam = (params: UriParams, name: string): UriParam | undefined => {
  for (const param of params)
    if (sameLetters(param.name, name) || sameLetters(normalize(param.name), name)) return param
  return undefined
}

/** No char besides those that may never stand there. */
export const NOTHING: number = -1
const AT = 0x40
const SEMICOLON = 0x3b
const QUESTION = 0x3f
const EQUAL = 0x3d
const AMPERSAND = 0x26
const PERCENT = 0x25

const upTo = (text: Bytes, start: number, end: number, code: number): number => {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === code) return i
  return end
}
