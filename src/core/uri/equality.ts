/**
 * When two URIs are the same: RFC 3261 19.1.4 for sip and sips, RFC 3966 4 for tel, octets for the rest.
 *
 * 19.1.4 is no equivalence: a parameter that only one URI has is ignored (for most names), so `sip:h` equals both
 * `sip:h;x=1` and `sip:h;x=2`, which differ. It is reflexive and symmetric, and transitive among URIs that have
 * parameters of the same names; there, and only there, `canonical` says the same as `equals`.
 */
import type { Eq as EqOf } from 'fp-ts/lib/Eq.js'
import type { Bytes } from '../data/bytes.js'
import { lower } from '../data/scan.js'
import { normalize } from './escape.js'
import { canonicalHost, printHostPort, sameHost, withoutBrackets } from './host.js'
import { findUriParam } from './params.js'
import { digits, isGlobal } from './tel.js'
import type { SipUri, TelUri, Uri } from './types.js'

/** Whether two URIs are equivalent. */
export const equals = (a: Uri, b: Uri): boolean =>
  a === b || (a._tag === 'Sip' && b._tag === 'Sip' ? sipEquals(a, b) : canonical(a) === canonical(b))

/** Equivalence as fp-ts has it; of the laws of `Eq` it breaks transitivity where 19.1.4 does. */
export const Eq: EqOf<Uri> = { equals }

/**
 * The same with what is left out filled in: the default port, and the default transport (Elixir's `lazy_equivalent`).
 * So `sip:h`, `sip:h:5060` and `sip:h;transport=udp` are the same.
 */
export const LazyEq: EqOf<Uri> = { equals: (a, b) => equals(explicit(a), explicit(b)) }

/**
 * One spelling for all: a key for maps. Two URIs with the same canonical form are equivalent; two equivalent URIs have
 * the same canonical form unless a parameter stands in only one of them (see above). It is itself a URI.
 */
export const canonical = (uri: Uri): Bytes => {
  switch (uri._tag) {
    case 'Sip':
      return canonicalSip(uri)
    case 'Tel':
      return canonicalTel(uri)
    case 'Absolute':
      return `${lower(uri.scheme)}:${uri.rest}`
  }
}

/** The port of a scheme and transport where none is written (19.1.2, RFC 7118 5.4); `undefined` for other schemes. */
export const defaultPort = (scheme: string, transport: string = ''): number | undefined => {
  const kind = lower(scheme)
  if (kind !== 'sip' && kind !== 'sips') return undefined
  switch (lower(transport)) {
    case 'ws':
      return kind === 'sips' ? 443 : 80
    case 'wss':
      return 443
    case 'tls':
      return 5061
    default:
      return kind === 'sips' ? 5061 : 5060
  }
}

const sipEquals = (a: SipUri, b: SipUri): boolean =>
  a.scheme === b.scheme && // "A SIP and SIPS URI are never equivalent."
  a.port === b.port && // "a URI omitting the optional port component will not match a URI explicitly declaring port 5060"
  sameHost(a.host, b.host) &&
  sameText(a.user, b.user) && // "Comparison of the userinfo … is case-sensitive."
  sameText(a.password, b.password) &&
  sameParams(a, b) &&
  writeHeaders(a) === writeHeaders(b) // "URI header components are never ignored."

const sameText = (a: Bytes | undefined, b: Bytes | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && normalize(a) === normalize(b))

const sameParams = (a: SipUri, b: SipUri): boolean => {
  if (a.params.length === 0 && b.params.length === 0) return true
  const these = paramsOf(a)
  const those = paramsOf(b)
  for (const [name, value] of these)
    if (those.has(name) ? those.get(name) !== value : NEVER_IGNORED.has(name)) return false
  for (const name of those.keys()) if (!these.has(name) && NEVER_IGNORED.has(name)) return false
  return true
}

/**
 * "A user, ttl, or method uri-parameter appearing in only one URI never matches", "A URI that includes an maddr
 * parameter will not match a URI that contains no maddr parameter", and "The same is true for the
 * transport-parameter".
 */
const NEVER_IGNORED: ReadonlySet<string> = new Set(['user', 'ttl', 'method', 'maddr', 'transport'])

/** Names and values in the form in which they are compared; of several of one name the first. */
const paramsOf = (uri: SipUri): ReadonlyMap<string, string | undefined> => {
  const params = new Map<string, string | undefined>()
  for (const { name, value } of uri.params) {
    const key = lower(normalize(name))
    if (!params.has(key)) params.set(key, value === undefined ? value : canonicalValue(key, value))
  }
  return params
}

const canonicalValue = (name: string, value: Bytes): Bytes =>
  name === 'maddr' && value.startsWith('[')
    ? `[${canonicalHost(withoutBrackets(value))}]`
    : lower(normalize(value))

/** The headers sorted by name; values of one name keep their order, which means something (7.3.1). */
const writeHeaders = (uri: SipUri): Bytes =>
  uri.headers
    .map(({ name, value = '' }) => {
      const key = lower(normalize(name))
      const text = normalize(value)
      return { key, value: CASE_SENSITIVE.has(key) ? text : lower(text) }
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ key, value }, i) => `${i === 0 ? '?' : '&'}${key}=${value}`)
    .join('')

/**
 * Headers whose values are, or hold, something that is compared with case: identifiers, methods, URIs, signatures.
 * Values of all others are compared without it ("unless explicitly defined otherwise").
 */
const CASE_SENSITIVE: ReadonlySet<string> = new Set(
  `alert-info allow authorization body call-id call-info contact cseq diversion error-info from history-info identity
  identity-info in-reply-to join p-asserted-identity p-associated-uri p-preferred-identity path proxy-authenticate
  proxy-authorization rack record-route refer-to referred-by replaces reply-to route service-route sip-etag
  sip-if-match target-dialog to user-to-user via www-authenticate`.split(/\s+/),
)

const canonicalSip = (uri: SipUri): Bytes => {
  const { scheme, user, password, host, port } = uri
  const secret = password === undefined ? '' : `:${normalize(password)}`
  const userinfo = user === undefined ? '' : `${normalize(user)}${secret}@`
  const params = sorted(paramsOf(uri))
  return `${scheme}:${userinfo}${printHostPort(canonicalHost(host), port)}${params}${writeHeaders(uri)}`
}

/**
 * "The 'global-number-digits' and the 'local-number-digits' must be equal, after removing all visual separators"; "If
 * one URI has a parameter name not found in the other, the two URIs are not equal"; "URI comparisons are
 * case-insensitive" (RFC 3966 4).
 */
const canonicalTel = ({ number, params }: TelUri): Bytes => {
  const values = new Map<string, string | undefined>()
  for (const { name, value } of params) {
    const key = lower(normalize(name))
    if (values.has(key)) continue
    const text = value === undefined ? undefined : lower(normalize(value))
    const isNumber = key === 'ext' || (key === 'phone-context' && text !== undefined && isGlobal(text))
    values.set(key, text !== undefined && isNumber ? digits(text) : text)
  }
  return `tel:${lower(digits(number))}${sorted(values)}`
}

const sorted = (params: ReadonlyMap<string, string | undefined>): Bytes =>
  [...params]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`))
    .join('')

const explicit = (uri: Uri): Uri => {
  if (uri._tag !== 'Sip') return uri
  const written = findUriParam(uri.params, 'transport')?.value
  const transport = written ?? (uri.scheme === 'sips' ? 'tls' : 'udp')
  const params = written === undefined ? [...uri.params, { name: 'transport', value: transport }] : uri.params
  const port = uri.port ?? defaultPort(uri.scheme, transport)
  return port === undefined ? { ...uri, params } : { ...uri, params, port }
}
