/**
 * Host names and addresses (RFC 3261 25.1 with RFC 5954). A host is held without brackets; what writes it puts them
 * around an IPv6 address. A host with a colon is an IPv6 address, and nothing else is.
 */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, decimal, fail, HEX, is, LABEL, lower, sameLetters, skip } from '../data/scan.js'

/**
 * Reads `host` at the cursor and returns it without brackets. Beyond the grammar a label may hold `_` and begin or
 * end with anything a label holds, as containers and devices are named so; a last label of digits only is refused.
 */
export const readHost = (c: Cursor): string | undefined => {
  const start = c.at
  if (c.text.charCodeAt(start) === 0x5b && start < c.end) return readBracketed(c)
  const end = domainEnd(c.text, start, c.end)
  if (end < 0) return fail(c, 'host expected', ~end)
  c.at = end
  return c.text.slice(start, end)
}

/** Reads `":" port` at the cursor, without white space. `undefined` without a fault means that there is none. */
export const readPort = (c: Cursor): number | undefined => {
  if (c.at >= c.end || c.text.charCodeAt(c.at) !== 0x3a) return undefined
  const start = c.at + 1
  let end = start
  while (end < c.end && isDigit(c.text.charCodeAt(end))) end++
  const port = decimal(c.text, start, end, 65535)
  if (port < 0) return fail(c, end === start ? 'port expected' : 'port above 65535', start)
  c.at = end
  return port
}

/** Whether the whole of `text` is a host as this library holds it: a name, an IPv4 address, or a bare IPv6 address. */
export const isHost = (text: string): boolean => isDomain(text) || isIpv6(text)

/** Whether the whole of `text` is a name or an IPv4 address. */
export const isDomain = (text: string): boolean => domainEnd(text, 0, text.length) === text.length

/** Whether `text` is an IPv4 address, four numbers up to 255. */
export const isIpv4 = (text: string): boolean => {
  let at = 0
  for (let part = 0; part < 4; part++) {
    const dot = part < 3 ? text.indexOf('.', at) : text.length
    if (dot < 0 || dot - at > 3 || decimal(text, at, dot, 255) < 0) return false
    at = dot + 1
  }
  return true
}

/** Whether `text` is an IPv6 address without brackets and zone. */
export const isIpv6 = (text: string): boolean => text.indexOf(':') >= 0 && words(text) !== undefined

/** `host` without the brackets around it, if there are any. */
export const withoutBrackets = (host: string): string =>
  host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host

/** The host as it is written: IPv6 in brackets. */
export const printHost = (host: string): Bytes => (host.indexOf(':') >= 0 ? `[${host}]` : host)

/** The host and `:port` as they are written. */
export const printHostPort = (host: string, port: number | undefined): Bytes =>
  port === undefined ? printHost(host) : `${printHost(host)}:${port}`

/**
 * A form that two hosts share exactly when they are the same: names in lower case, addresses by value (RFC 5954
 * 4.2: IPv6 is compared as 128 bits), IPv4 as written. Takes and returns a host without brackets.
 */
export const canonicalHost = (host: string): string => {
  if (host.indexOf(':') < 0) return lower(host)
  const address = words(host)
  return address === undefined ? lower(host) : address.map((word) => word.toString(16)).join(':')
}

/** Whether two hosts are the same, without asking DNS (19.1.4: "An IP address … is not equivalent to … a host name"). */
export const sameHost = (a: string, b: string): boolean =>
  sameLetters(a, b) || (a.indexOf(':') >= 0 && b.indexOf(':') >= 0 && canonicalHost(a) === canonicalHost(b))

const readBracketed = (c: Cursor): string | undefined => {
  let close = c.at
  while (close < c.end && c.text.charCodeAt(close) !== 0x5d) close++
  if (close >= c.end) return fail(c, 'bracket of an IPv6 address is never closed')
  const host = c.text.slice(c.at + 1, close)
  if (!isIpv6(host)) return fail(c, 'IPv6 address expected between brackets', c.at + 1)
  c.at = close + 1
  return host
}

/** Where the name or IPv4 address at `at` ends; the complement of the place of the fault if there is none. */
export const domainEnd = (text: Bytes, at: number, end: number): number => {
  let label = at
  let digits = true // of this label
  let address = true // so far, numbers up to 255 with dots between
  let dots = 0
  let number = 0
  let i = at
  for (; i < end; i++) {
    const ch = text.charCodeAt(i)
    if (isDigit(ch)) number = number * 10 + ch - 0x30
    else if (ch === 0x2e) {
      if (i === label) return ~i
      if (i + 1 >= end || !is(text.charCodeAt(i + 1), LABEL)) {
        // "hostname = *( domainlabel "." ) toplabel [ "." ]"
        return digits ? ~label : i + 1
      }
      address &&= digits && number <= 255 && i - label <= 3
      dots++
      label = i + 1
      digits = true
      number = 0
    } else if (is(ch, LABEL)) digits = false
    else break
  }
  if (i === label) return ~i
  return !digits || (address && dots === 3 && number <= 255 && i - label <= 3) ? i : ~at
}

/** The eight 16-bit words of an IPv6 address; `undefined` if the text is none. */
const words = (text: string): readonly number[] | undefined => {
  const found: number[] = []
  let gap = -1
  let i = 0
  if (text.startsWith('::')) {
    gap = 0
    i = 2
  }
  while (i < text.length && found.length < 8) {
    const end = skip(text, i, text.length, HEX)
    if (text.charCodeAt(end) === 0x2e) {
      const v4 = text.slice(i)
      if (!isIpv4(v4)) return undefined
      const [a, b, c, d] = v4.split('.').map(Number) as [number, number, number, number]
      found.push(a * 256 + b, c * 256 + d)
      i = text.length
      break
    }
    if (end === i || end - i > 4) return undefined
    found.push(Number.parseInt(text.slice(i, end), 16))
    i = end
    if (i === text.length) break
    if (text.charCodeAt(i) !== 0x3a) return undefined
    i++
    if (text.charCodeAt(i) === 0x3a) {
      if (gap >= 0) return undefined
      gap = found.length
      i++
      // RFC 5118 4.10: the grammar of RFC 3261 asked for a third colon before an IPv4 address.
      if (text.charCodeAt(i) === 0x3a && isIpv4(text.slice(i + 1))) i++
    } else if (i === text.length) return undefined
  }
  if (i < text.length) return undefined
  if (gap < 0) return found.length === 8 ? found : undefined
  if (found.length > 7) return undefined
  return [...found.slice(0, gap), ...new Array<number>(8 - found.length).fill(0), ...found.slice(gap)]
}

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39
