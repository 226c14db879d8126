/** Reading and writing URIs of any scheme. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import {
  ALPHA,
  type Cursor,
  fail,
  is,
  lower,
  SCHEME,
  skip,
  startsWithLetters,
  unprintable,
} from '../data/scan.js'
import { same } from '../data/same.js'
import { component, NOTHING } from './params.js'
import { readSip, writeSip } from './sip.js'
import { readTel, writeTel } from './tel.js'
import type { AbsoluteUri, Uri, UriError } from './types.js'

/**
 * Reads a URI that is the whole of `text`. A scheme that nobody knows is no error: it is for the user agent to
 * answer 416 (8.2.2.1).
 */
export const parse = (text: Bytes): Either<UriError, Uri> => {
  const c: Cursor = { text, at: 0, end: text.length, fault: undefined }
  const uri = readUri(c)
  return uri === undefined ? left(c.fault as UriError) : right(uri)
}

/** Writes a URI; refuses one that would not read back as the same (a `@` in a host, a `;` in a parameter, CR LF). */
export const print = (uri: Uri): Either<UriError, Bytes> => {
  const text = writeUri(uri)
  const bad = unprintable(text)
  if (bad >= 0) return left({ what: 'character that no line may hold', offset: bad })
  const again = parse(text)
  if (again._tag === 'Left') return again
  return same(uri, again.right) ? right(text) : left({ what: 'would read back as another URI', offset: 0 })
}

/** Reads the URI that reaches from the cursor to its end; no white space is passed. */
const readUri = (c: Cursor): Uri | undefined => {
  const { text, at, end } = c
  if (at + 4 <= end && text.startsWith('sip:', at)) {
    c.at = at + 4
    return readSip(c, 'sip')
  }
  if (at >= end || !is(text.charCodeAt(at), ALPHA)) return fail(c, 'scheme expected')
  const colon = skip(text, at, end, SCHEME)
  if (colon >= end || text.charCodeAt(colon) !== 0x3a) return fail(c, 'scheme expected')
  c.at = colon + 1
  const scheme = text.slice(at, colon)
  switch (lower(scheme)) {
    case 'sip':
      return readSip(c, 'sip')
    case 'sips':
      return readSip(c, 'sips')
    case 'tel':
      return readTel(c)
    default:
      return readAbsolute(c, scheme)
  }
}

/**
 * The same for a header: what says `tel:` and is no telephone number is still the `absoluteURI` that RFC 3261 25.1
 * asks for, and is read as one.
 */
export const readHeaderUri = (c: Cursor): Uri | undefined => {
  const start = c.at
  const uri = readUri(c)
  if (uri !== undefined || !startsWithLetters(c.text, start, c.end, 'tel:')) return uri
  c.fault = undefined
  c.at = start + 4
  return readAbsolute(c, c.text.slice(start, start + 3))
}

/** The URI as it is written; whether it reads back is the caller's to check. */
export const writeUri = (uri: Uri): Bytes => {
  switch (uri._tag) {
    case 'Sip':
      return writeSip(uri)
    case 'Tel':
      return writeTel(uri)
    case 'Absolute':
      return `${uri.scheme}:${uri.rest}`
  }
}

/** `absoluteURI = scheme ":" ( hier-part / opaque-part )`, of which only the octets are looked at. */
const readAbsolute = (c: Cursor, scheme: string): AbsoluteUri | undefined => {
  const start = c.at
  if (start === c.end) return fail(c, 'something expected behind the scheme')
  if (!component(c, start, c.end, NOTHING)) return undefined
  c.at = c.end
  return { _tag: 'Absolute', scheme, rest: c.text.slice(start, c.end) }
}
