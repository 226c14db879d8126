/** Making URIs of what they mean: everything given here is unescaped octets, and is escaped where it must be. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail } from '../data/scan.js'
import { escapeHeader, escapeParam, escapePassword, escapeUser, unescape } from './escape.js'
import { withoutBrackets } from './host.js'
import { NOTHING, readUriHeaders, readUriParams, writeUriHeaders, writeUriParams } from './params.js'
import { print } from './parse.js'
import type { SipUri, TelUri, Uri, UriError, UriHeader, UriParam } from './types.js'

/** Parameters by name: a value, or `true` for one without. */
export type ParamValues = Readonly<Record<string, string | true>>

/** Pairs of name and value; a header may occur more than once. */
export type Pairs = readonly (readonly [name: Bytes, value: Bytes])[]

/** What a sip or sips URI is made of. */
export interface SipParts {
  /** `sips` instead of `sip`. */
  readonly secure?: boolean
  readonly user?: Bytes
  readonly password?: Bytes
  /** A name or an address; IPv6 with or without brackets. */
  readonly host: string
  readonly port?: number
  readonly params?: ParamValues
  readonly headers?: Pairs
}

/** Makes a sip or sips URI; refuses what is no host, no port, or no value of a parameter whose grammar is fixed. */
export const sip = (parts: SipParts): Either<UriError, SipUri> => {
  const { secure, user, password, host, port, params = {}, headers = [] } = parts
  return valid<SipUri>({
    _tag: 'Sip',
    scheme: secure === true ? 'sips' : 'sip',
    ...(user !== undefined && { user: escapeUser(user) }),
    ...(password !== undefined && { password: escapePassword(password) }),
    host: withoutBrackets(host),
    ...(port !== undefined && { port }),
    params: escaped(params),
    headers: escapedHeaders(headers),
  })
}

/** Makes a tel URI of a number with or without visual separators. */
export const tel = (number: string, params: ParamValues = {}): Either<UriError, TelUri> =>
  valid<TelUri>({ _tag: 'Tel', number, params: escaped(params) })

/** `;name=value` for each, escaped (Elixir's `encode_parameters`). */
export const encodeParams = (params: ParamValues): Bytes => writeUriParams(escaped(params))

/** Reads `;name=value…`, with or without the first `;`, and resolves escapes (Elixir's `decode_parameters`). */
export const decodeParams = (text: Bytes): Either<UriError, readonly (readonly [Bytes, Bytes | true])[]> => {
  const c = after(';', text)
  const params = readUriParams(c, NOTHING)
  if (params !== undefined && c.at < c.end) fail(c, '";" expected')
  return params === undefined || c.fault !== undefined
    ? fault(c, text)
    : right(params.map(({ name, value }) => [unescape(name), value === undefined || unescape(value)]))
}

/** `?name=value&…`, escaped (Elixir's `encode_headers`). */
export const encodeHeaders = (headers: Pairs): Bytes => writeUriHeaders(escapedHeaders(headers))

/** Reads `?name=value&…`, with or without the `?`, and resolves escapes (Elixir's `decode_headers`). */
export const decodeHeaders = (text: Bytes): Either<UriError, Pairs> => {
  const c = after('?', text)
  const headers = readUriHeaders(c)
  return headers === undefined
    ? fault(c, text)
    : right(headers.map(({ name, value = '' }) => [unescape(name), unescape(value)]))
}

const escaped = (params: ParamValues): readonly UriParam[] =>
  Object.entries(params).map(([name, value]) =>
    value === true ? { name: escapeParam(name) } : { name: escapeParam(name), value: escapeParam(value) },
  )

const escapedHeaders = (headers: Pairs): readonly UriHeader[] =>
  headers.map(([name, value]) => ({ name: escapeHeader(name), value: escapeHeader(value) }))

const valid = <U extends Uri>(uri: U): Either<UriError, U> => {
  const printed = print(uri)
  return isLeft(printed) ? printed : right(uri)
}

/** A cursor over `text`, with `mark` in front if something is there and the mark is not. */
const after = (mark: string, text: Bytes): Cursor => {
  const marked = text === '' || text.startsWith(mark) ? text : mark + text
  return { text: marked, at: 0, end: marked.length, fault: undefined }
}

const fault = (c: Cursor, text: Bytes): Either<UriError, never> => {
  const { what, offset } = c.fault ?? { what: 'end expected', offset: c.at }
  return left({ what, offset: offset - (c.text.length - text.length) })
}
