/** The start line (RFC 3261 7.1, 7.2). */
import type { Bytes } from '../data/bytes.js'
import { ALPHA, type Cursor, DELIMITER, type Fault, is, isToken, SCHEME } from '../data/scan.js'
import { readHost, readPort } from '../uri/host.js'
import { fourOf, fourSmall, type Octets, over } from './octets.js'
import { isPlainUri } from './plain.js'

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

/** The transports that RFCs give a Via: RFC 3261 20.42, RFC 4168, RFC 7118. Any other token is one as well. */
export const protocols: readonly string[] = ['UDP', 'TCP', 'TLS', 'SCTP', 'TLS-SCTP', 'WS', 'WSS']

/** Whether `text` can be a method: a token. Case counts (7.1): `invite` is another method than `INVITE`. */
export const isMethod = (text: string): boolean => isToken(text)

/** The method from `start` to `end`; a well-known one is always the same string. */
export const methodFrom = (text: Bytes, start: number, end: number): string => {
  for (const method of methodsBy[text.charCodeAt(start) & 31] as readonly string[])
    if (method.length === end - start && text.startsWith(method, start)) return method
  return text.slice(start, end)
}

/** The methods by their first letter. */
const methodsBy: readonly (readonly string[])[] = Array.from({ length: 32 }, (_, letter) =>
  methods.filter((method) => (method.charCodeAt(0) & 31) === letter),
)

/**
 * What is wrong with the Request-URI from `start` to `end` of `text`, whose octets are `octets`, judged as far as every element must: an absolute URI, no
 * space or bracket around it (4475 3.1.2.7, 3.1.2.8), and if it is sip or sips a host, a port that is one, and no
 * headers, which "MUST NOT be present" there (19.1.1, table 1).
 */
export const requestUriFault = (
  text: Bytes,
  octets: Octets,
  start: number,
  end: number,
): Fault | undefined => {
  if (isPlainUri(octets, start, end)) return undefined
  let at = -1
  for (let p = start; p < end; p++) {
    const c = octets[p] as number
    if (c === 0x40 && at < 0) at = p
    else if (is(c, DELIMITER)) return { what: 'the Request-URI holds what no URI may', offset: p }
  }
  const colon = over(octets, start, end, SCHEME)
  if (colon >= end - 1 || octets[colon] !== 0x3a || !is(octets[start] as number, ALPHA))
    return { what: 'the Request-URI has no scheme', offset: start }
  return isSip(octets, start, colon) ? hostFault(text, at < 0 ? colon + 1 : at + 1, end) : undefined
}

const isSip = (octets: Octets, start: number, colon: number): boolean =>
  (fourSmall(octets, start) & 0xffffff) === SIP_NAME &&
  (colon === start + 3 || (colon === start + 4 && ((octets[start + 3] as number) | 0x20) === 0x73))

/** What is wrong behind the user part: the host, the port, or headers. */
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

const SIP_NAME: number = fourOf('sip')
