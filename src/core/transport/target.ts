/**
 * Where a request goes, as far as it says so itself (RFC 3261 8.1.2, 12.2.1.1): the first Route that routes loosely,
 * else the Request-URI. How that leads to an address is RFC 3263's (src/core/locate).
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import { lower } from '../data/scan.js'
import { fieldNamed } from '../message/head.js'
import { endOf, valueOf } from '../message/scan.js'
import type { Request } from '../message/types.js'
import { route } from '../header/name-addr.js'
import { parseList } from '../header/split.js'
import { withoutBrackets } from '../uri/host.js'
import { parse } from '../uri/parse.js'
import { findUriParam } from '../uri/params.js'
import type { SipUri, Uri } from '../uri/types.js'
import { defaultPort } from './address.js'
import type { Protocol, Target } from './flow.js'

/** The SIP URI of the next hop of a request, or in words why there is none. */
export const nextHop = (request: Request): SipUri | string => {
  const first = firstRoute(request)
  if (typeof first === 'string') return first
  // "If the first URI of the route set does not contain the lr parameter", the Request-URI is that URI (12.2.1.1).
  if (first !== undefined && first._tag === 'Sip' && findUriParam(first.params, 'lr') !== undefined)
    return first
  const uri = parse(request.uri)
  if (isLeft(uri)) return `Request-URI: ${uri.left.what}`
  return uri.right._tag === 'Sip'
    ? uri.right
    : `Request-URI: a ${schemeOf(uri.right)} URI names no host; give a target or a Route`
}

/** Where a SIP URI leads without asking a resolver (RFC 3263 4.1): `maddr`, `transport` and the defaults. */
export const hopOf = (uri: SipUri): Target => {
  const protocol = transportOf(uri) ?? (uri.scheme === 'sips' ? 'tls' : 'udp')
  return {
    protocol,
    host: hostOf(uri),
    port: uri.port ?? defaultPort(protocol),
  }
}

/** "TARGET as the value of the maddr parameter of the URI, if present, otherwise, the host value" (RFC 3263 4), without brackets. */
export const hostOf = ({ params, host }: SipUri): string =>
  withoutBrackets(findUriParam(params, 'maddr')?.value ?? host)

/** "If the URI specifies a transport protocol in the transport parameter, that … SHOULD be used" (RFC 3263 4.1); sips never in the clear. */
export const transportOf = ({ scheme, params }: SipUri): Protocol | undefined => {
  const asked = lower(findUriParam(params, 'transport')?.value ?? '')
  if (asked === '') return undefined
  if (scheme === 'sip') return asked
  return asked === 'ws' || asked === 'wss' ? 'wss' : 'tls'
}

const firstRoute = (request: Request): Uri | string | undefined => {
  const i = fieldNamed(request, 'Route')
  if (i < 0) return undefined
  const { text, index } = request
  const routes = parseList(route, text, valueOf(text, index, i), endOf(index, i))
  return isLeft(routes) ? `Route: ${routes.left.what}` : routes.right[0]?.uri
}

const schemeOf = (uri: Exclude<Uri, SipUri>): string => (uri._tag === 'Tel' ? 'tel' : uri.scheme)
