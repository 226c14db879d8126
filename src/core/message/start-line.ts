/** The start line (RFC 3261 7.1, 7.2). */
import type { Bytes } from '../data/bytes.js'
import { ALPHA, type Cursor, DELIMITER, type Fault, is, SCHEME, skip } from '../data/scan.js'
import { readHost, readPort } from '../uri/host.js'

/** The methods of RFC 3261 and its extensions. Any other token is a method as well. */
export const methods: readonly string[] = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'UPDATE',
  'INFO',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
  'MESSAGE',
  'PUBLISH',
]

/** The method from `start` to `end`; a well-known one is always the same string. */
export const methodFrom = (text: Bytes, start: number, end: number): string => {
  for (const method of methods)
    if (method.length === end - start && text.startsWith(method, start)) return method
  return text.slice(start, end)
}

/**
 * What is wrong with the Request-URI from `start` to `end`, judged as far as every element must: an absolute URI, no
 * space or bracket around it (4475 3.1.2.7, 3.1.2.8), and if it is sip or sips a host, a port that is one, and no
 * headers, which "MUST NOT be present" there (19.1.1, table 1).
 */
export const requestUriFault = (text: Bytes, start: number, end: number): Fault | undefined => {
  let at = -1
  for (let p = start; p < end; p++) {
    const c = text.charCodeAt(p)
    if (c === 0x40 && at < 0) at = p
    else if (is(c, DELIMITER)) return { what: 'the Request-URI holds what no URI may', offset: p }
  }
  const colon = skip(text, start, end, SCHEME)
  if (colon >= end - 1 || text.charCodeAt(colon) !== 0x3a || !is(text.charCodeAt(start), ALPHA))
    return { what: 'the Request-URI has no scheme', offset: start }
  return isSip(text, start, colon) ? hostFault(text, at < 0 ? colon + 1 : at + 1, end) : undefined
}

const isSip = (text: Bytes, start: number, colon: number): boolean =>
  (text.charCodeAt(start) | 0x20) === 0x73 &&
  (text.charCodeAt(start + 1) | 0x20) === 0x69 &&
  (text.charCodeAt(start + 2) | 0x20) === 0x70 &&
  (colon === start + 3 || (colon === start + 4 && (text.charCodeAt(start + 3) | 0x20) === 0x73))

const hostFault = (text: Bytes, start: number, end: number): Fault | undefined => {
  const c: Cursor = { text, end, at: start, fault: undefined }
  readHost(c)
  if (c.fault === undefined) readPort(c)
  if (c.fault !== undefined) return c.fault
  if (c.at < end && text.charCodeAt(c.at) !== 0x3b && text.charCodeAt(c.at) !== 0x3f)
    return { what: 'the Request-URI has no host that is one', offset: c.at }
  const headers = text.indexOf('?', c.at)
  return headers >= 0 && headers < end ? { what: 'the Request-URI has headers', offset: headers } : undefined
}
