/**
 * Headers that name somebody: `( name-addr / addr-spec ) *( SEMI generic-param )`,
 * `name-addr = [ display-name ] LAQUOT addr-spec RAQUOT` (RFC 3261 20.10, 25.1).
 */
import type { Bytes } from '../data/bytes.js'
import { quote, quoted, unfold } from '../data/quoted.js'
import {
  all,
  type Cursor,
  DIGIT,
  decimal,
  fail,
  HIGH,
  is,
  LWS,
  QUOTED,
  skip,
  space,
  TOKEN,
  trimEnd,
} from '../data/scan.js'
import { readHeaderUri, writeUri } from '../uri/parse.js'
import type { Uri } from '../uri/types.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { find, type Params, plainParams, readParams, valueOf, writeParams } from './params.js'
import { parseQ } from './q.js'
import { paramsShape, type Shape, uriShape } from './shape.js'
import type { ListNames, Names } from './token.js'

/** Somebody: a display name, where they are, and what the header says about them. */
export interface NameAddr {
  /** What the quotes mean, UTF-8 octets; absent when none was written, which `""` is not. */
  readonly display?: Bytes
  readonly uri: Uri
  /** Parameters of the header, not of the URI. */
  readonly params: Params
}

/** A Contact: somebody, or `*`, which stands alone and means all of them (10.2.2). */
export type Contact = NameAddr | '*'

/** The tag of a From or To (19.3). */
export const tag = (value: NameAddr): string | undefined => valueOf(value.params, 'tag')

/** The preference of a Contact among others, 0 to 1; `undefined` if none, or none that can be read, was given. */
export const q = (value: NameAddr): number | undefined => parseQ(valueOf(value.params, 'q'))

/**
 * For how many seconds a Contact is to be bound; `undefined` if not said. "Implementations MAY treat values larger
 * than 2**32-1 … as equivalent to 2**32-1. Malformed values SHOULD be treated as equivalent to 3600." (10.2)
 */
export const expires = (value: NameAddr): number | undefined => {
  const param = find(value.params, 'expires')
  if (param === undefined) return undefined
  const text = param.value ?? ''
  const seconds = decimal(text, 0, text.length, 0xffffffff)
  return seconds >= 0 ? seconds : all(text, DIGIT) ? 0xffffffff : 3600
}

/** Reads a name-addr or addr-spec and the parameters behind it. */
const readNameAddr = (c: Cursor): NameAddr | undefined => readAddress(c, false)

/** The value as it is written: always with angle brackets, the display name in quotes unless it is tokens. */
const writeNameAddr = ({ display, uri, params }: NameAddr): Bytes => {
  const name = display === undefined ? '' : `${isName(display) ? display : quote(display)} `
  return `${name}<${writeUri(uri)}>${writeParams(params)}`
}

const shape: Shape = {
  record: 'NameAddr',
  fields: { 'display?': 'string', uri: uriShape, params: paramsShape },
}

/** One value a field: `To: "Bob" <sip:bob@biloxi.com>`. */
export const nameAddr = (names: Names): Header<NameAddr, false> =>
  checked({ ...names, list: false, shape, read: readNameAddr, write: writeNameAddr })

/** A list: `P-Asserted-Identity: <sip:a@b>, <tel:+1>`. */
export const nameAddrs = (names: ListNames): Header<NameAddr, true> =>
  checked({ ...names, list: true, shape, read: readNameAddr, write: writeNameAddr })

/**
 * A list whose grammar has the form with angle brackets only: without them nobody could tell whether `;lr` is the
 * URI's or the header's.
 */
const hops = (name: string): Header<NameAddr, true> => {
  const read = (c: Cursor): NameAddr | undefined => readAddress(c, true)
  return checked({ name, list: true, shape, read, write: writeNameAddr })
}

const QUOTE = 0x22
const SPACE = 0x20
const STAR = 0x2a
const OPEN = 0x3c
const SEMICOLON = 0x3b
const QUESTION = 0x3f

/**
 * The address from `start` to `end` when it is a plain name in quotes or none, a URI between angle brackets and plain
 * parameters; otherwise `undefined`, and the cursor has to look.
 */
const plainAddress = (text: Bytes, start: number, end: number): NameAddr | undefined => {
  const isQuoted = text.charCodeAt(start) === QUOTE
  const close = isQuoted ? skip(text, start + 1, end, QUOTED) : start
  const after = isQuoted ? close + 1 : start
  const open = text.charCodeAt(after) === SPACE ? after + 1 : after
  if (open >= end || text.charCodeAt(open) !== OPEN || (isQuoted && text.charCodeAt(close) !== QUOTE))
    return undefined
  const uriEnd = text.indexOf('>', open)
  if (uriEnd < 0 || uriEnd >= end) return undefined
  const uri = readHeaderUri({ text, at: open + 1, end: uriEnd, fault: undefined })
  if (uri === undefined) return undefined
  const params = plainParams(text, uriEnd + 1, end)
  if (params === undefined) return undefined
  return isQuoted ? { display: text.slice(start + 1, close), uri, params } : { uri, params }
}

const readAddress = (c: Cursor, bracketed: boolean): NameAddr | undefined => {
  const plain = plainAddress(c.text, c.at, c.end)
  if (plain !== undefined) {
    c.at = c.end
    return plain
  }
  const display = readDisplay(c)
  if (c.fault !== undefined) return undefined
  if (c.at < c.end && c.text.charCodeAt(c.at) === OPEN) {
    const uri = readBracketed(c)
    if (uri === undefined) return undefined
    const params = readParams(c)
    if (params === undefined) return undefined
    return display === undefined ? { uri, params } : { display, uri, params }
  }
  if (bracketed || display !== undefined) return fail(c, '"<" expected')
  const uri = readBare(c)
  const params = uri && readParams(c)
  return uri && params && { uri, params }
}

/** `display-name = *( token LWS ) / quoted-string`; tokens may hold UTF-8, as they do in the field. */
const readDisplay = (c: Cursor): Bytes | undefined => {
  const start = c.at
  if (start >= c.end) return fail(c, 'address expected')
  const first = c.text.charCodeAt(start)
  if (first === OPEN) return undefined
  if (first === QUOTE) {
    const display = quoted(c, 'display name')
    space(c)
    return display
  }
  const end = skip(c.text, start, c.end, TOKEN | LWS | HIGH)
  if (end >= c.end || c.text.charCodeAt(end) !== OPEN) return undefined
  c.at = end
  return unfold(c.text, start, trimEnd(c.text, start, end))
}

/** Reads `<` URI `>` at the cursor, which stands at the bracket. */
export const readBracketed = (c: Cursor): Uri | undefined => {
  const start = c.at + 1
  const close = c.text.indexOf('>', start)
  if (close < 0 || close >= c.end) return fail(c, '"<" is never closed')
  const inner: Cursor = { text: c.text, at: start, end: close, fault: undefined }
  const uri = readHeaderUri(inner)
  c.fault = inner.fault
  c.at = close + 1
  return uri
}

/**
 * A URI without angle brackets ends where parameters of the header begin (20.10: "any parameters after it are header
 * parameters"); a question mark would be ambiguous and is refused.
 */
const readBare = (c: Cursor): Uri | undefined => {
  let end = c.at
  for (; end < c.end; end++) {
    const code = c.text.charCodeAt(end)
    if (code === SEMICOLON || is(code, LWS)) break
    if (code === QUESTION) return fail(c, 'a URI with "?" needs angle brackets', end)
  }
  const inner: Cursor = { text: c.text, at: c.at, end, fault: undefined }
  const uri = readHeaderUri(inner)
  c.fault = inner.fault
  c.at = end
  return uri
}

/** Whether a display name needs no quotes: tokens with spaces between. */
const isName = (display: Bytes): boolean => {
  for (let i = 0; i < display.length; i++)
    if (!is(display.charCodeAt(i), TOKEN) && display[i] !== ' ') return false
  return display !== '' && !display.startsWith(' ') && !display.endsWith(' ')
}

export const from: Header<NameAddr, false> = nameAddr({ name: 'From', compact: 'f' })
export const to: Header<NameAddr, false> = nameAddr({ name: 'To', compact: 't' })
export const replyTo: Header<NameAddr, false> = nameAddr({ name: 'Reply-To' })
/** RFC 3515 2.1; compact form by IANA. */
export const referTo: Header<NameAddr, false> = nameAddr({ name: 'Refer-To', compact: 'r' })
/** RFC 3892 3; `cid` points at a body part that proves it. */
export const referredBy: Header<NameAddr, false> = nameAddr({ name: 'Referred-By', compact: 'b' })

export const route: Header<NameAddr, true> = hops('Route')
export const recordRoute: Header<NameAddr, true> = hops('Record-Route')
/** RFC 3327 4. */
export const path: Header<NameAddr, true> = hops('Path')
/** RFC 3608 5. */
export const serviceRoute: Header<NameAddr, true> = hops('Service-Route')

/** RFC 3325 9.1. */
export const pAssertedIdentity: Header<NameAddr, true> = nameAddrs({ name: 'P-Asserted-Identity' })
/** RFC 3325 9.2. */
export const pPreferredIdentity: Header<NameAddr, true> = nameAddrs({ name: 'P-Preferred-Identity' })
/** RFC 7315 4.1. */
export const pAssociatedUri: Header<NameAddr, true> = nameAddrs({
  name: 'P-Associated-URI',
  mayBeEmpty: true,
})
/** RFC 7315 4.2. */
export const pCalledPartyId: Header<NameAddr, false> = nameAddr({ name: 'P-Called-Party-ID' })
/** RFC 5502 6. */
export const pServedUser: Header<NameAddr, false> = nameAddr({ name: 'P-Served-User' })
/** RFC 7044 5. */
export const historyInfo: Header<NameAddr, true> = nameAddrs({ name: 'History-Info' })
/** RFC 5806 4. */
export const diversion: Header<NameAddr, true> = nameAddrs({ name: 'Diversion' })

export const contact: Header<Contact, true> = checked({
  name: 'Contact',
  compact: 'm',
  list: true,
  shape: { oneOf: [shape, { only: '*' }] },
  together: (values) =>
    values.length > 1 && values.includes('*') ? '"*" must be the only Contact' : undefined,
  read: (c: Cursor): Contact | undefined => {
    if (c.at + 1 !== c.end || c.text.charCodeAt(c.at) !== STAR) return readNameAddr(c)
    c.at = c.end
    return '*'
  },
  write: (value: Contact): Bytes => (value === '*' ? value : writeNameAddr(value)),
})
