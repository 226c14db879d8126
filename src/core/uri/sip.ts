/** `sip:` and `sips:` URIs (RFC 3261 19.1.1, 25.1). */
import type { Bytes } from '../data/bytes.js'
import { CLEAR, type Cursor, decimal, fail, is, isToken, sameLetters } from '../data/scan.js'
import { normalize } from './escape.js'
import { isHost, printHostPort, readHost, readPort, withoutBrackets } from './host.js'
import {
  component,
  NOTHING,
  readUriHeaders,
  readUriParams,
  writeUriHeaders,
  writeUriParams,
} from './params.js'
import type { SipUri, UriHeaders, UriParam, UriParams } from './types.js'

/** A URI without password. Four literals, because what is added to one later costs another object. */
export const sipUri = (
  scheme: 'sip' | 'sips',
  user: Bytes | undefined,
  host: string,
  port: number | undefined,
  params: UriParams,
  headers: UriHeaders,
): SipUri => {
  if (user === undefined)
    return port === undefined
      ? { _tag: 'Sip', scheme, host, params, headers }
      : { _tag: 'Sip', scheme, host, port, params, headers }
  return port === undefined
    ? { _tag: 'Sip', scheme, user, host, params, headers }
    : { _tag: 'Sip', scheme, user, host, port, params, headers }
}

/** Reads what stands behind `sip:` or `sips:` up to the cursor's end. */
export const readSip = (c: Cursor, scheme: 'sip' | 'sips'): SipUri | undefined => {
  const { text, end } = c
  const start = c.at
  let at = start
  let colon = -1
  let clear = true // whether no octet needs a second look
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === AT) break // the first one ends the user: no user and nothing behind the host may hold one
    if (code === COLON) {
      if (colon >= 0) clear = false
      else colon = at
    } else if (!is(code, CLEAR)) clear = false
  }
  const hasUser = at < end
  const userEnd = colon < 0 ? at : colon
  if (hasUser) {
    if (userEnd === start) return fail(c, 'user expected')
    if (!clear && !(component(c, start, userEnd, NOTHING) && component(c, userEnd + 1, at, COLON)))
      return undefined
    c.at = at + 1
  }
  const host = readHost(c)
  if (host === undefined) return undefined
  const port = readPort(c)
  if (c.fault !== undefined) return undefined
  const after = c.at
  const params = readUriParams(c, AT)
  if (params === undefined) return undefined
  for (let i = 0; i < params.length; i++) {
    const what = paramFault(params[i] as UriParam)
    if (what !== undefined) return fail(c, what, after)
  }
  const headers = readUriHeaders(c)
  if (headers === undefined) return undefined
  if (c.at < end) return fail(c, 'end of URI expected')
  const uri = sipUri(scheme, hasUser ? text.slice(start, userEnd) : undefined, host, port, params, headers)
  return hasUser && userEnd < at ? { ...uri, password: text.slice(userEnd + 1, at) } : uri
}

/** The URI as it is written; whether it reads back is the caller's to check. */
export const writeSip = ({ scheme, user, password, host, port, params, headers }: SipUri): Bytes => {
  const secret = password === undefined ? '' : `:${password}`
  const userinfo = user === undefined ? secret : `${user}${secret}@`
  return `${scheme}:${userinfo}${printHostPort(host, port)}${writeUriParams(params)}${writeUriHeaders(headers)}`
}

const AT = 0x40
const COLON = 0x3a

/** What is wrong with a parameter whose grammar the RFC fixes (25.1 `uri-parameter`). */
const paramFault = ({ name, value = '' }: UriParam): string | undefined => {
  const key = name.length > 4 && name.includes('%') ? normalize(name) : name // none of them has less than three chars
  const isCalled = (known: string): boolean => sameLetters(key, known)
  switch (key.length) {
    case 3:
      return isCalled('ttl') && decimal(value, 0, value.length, 255) < 0
        ? 'ttl is no number up to 255'
        : undefined
    case 4:
      return isCalled('user') && !isToken(value) ? 'user is no token' : undefined
    case 5:
      return isCalled('maddr') && !isHost(withoutBrackets(value)) ? 'maddr is no host' : undefined
    case 6:
      return isCalled('method') && !isToken(value) ? 'method is no token' : undefined
    case 9:
      return isCalled('transport') && !isToken(value) ? 'transport is no token' : undefined
    default:
      return undefined
  }
}
