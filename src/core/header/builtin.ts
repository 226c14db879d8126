/**
 * The headers that this library knows, by lower-case name. It is a list of constants for those who write a name in
 * place of a constant, not a registry: nothing here is consulted for a header of the user's own.
 */
import type { Bytes } from '../data/bytes.js'
import { lower } from '../data/scan.js'
import {
  type Authentication,
  authenticationInfo,
  authorization,
  proxyAuthenticate,
  proxyAuthorization,
  wwwAuthenticate,
} from './auth.js'
import { callId, inReplyTo } from './call-id.js'
import { pChargingFunctionAddresses, pChargingVector } from './charging.js'
import { type CSeq, cseq } from './cseq.js'
import { date } from './date.js'
import type { AnyHeader, Header } from './define.js'
import { type DialogId, dialogId } from './dialog-id.js'
import { type Identity, identity } from './identity.js'
import { contentLength, expires, flowTimer, maxBreadth, maxForwards, minExpires, rseq } from './integer.js'
import { accept, type MediaType, mediaType } from './media.js'
import { type MimeVersion, mimeVersion } from './mime-version.js'
import {
  type Contact,
  contact,
  diversion,
  from,
  historyInfo,
  type NameAddr,
  pAssertedIdentity,
  pAssociatedUri,
  pCalledPartyId,
  path,
  pPreferredIdentity,
  pServedUser,
  recordRoute,
  referredBy,
  referTo,
  replyTo,
  route,
  serviceRoute,
  to,
} from './name-addr.js'
import type { Params } from './params.js'
import { privacy } from './privacy.js'
import { type RAck, rack } from './rack.js'
import { type Reference, reference, references } from './reference.js'
import { acceptResourcePriority, type ResourcePriority, resourcePriority } from './resource-priority.js'
import { sessionId } from './session-id.js'
import { type RetryAfter, retryAfter, type Seconds, seconds } from './seconds.js'
import { text } from './text.js'
import { type Timestamp, timestamp } from './timestamp.js'
import { type Parameterized, parameterized, parameterizedList, quotableList, token, tokens } from './token.js'
import { type Via, via } from './via.js'
import { type Warning, warning } from './warning.js'

/** The built-in headers: for each name the header, and with it the type of its value. */
export interface Headers {
  /** RFC 3261 20.1 */
  readonly accept: Header<MediaType, true>
  /** RFC 3841 9.2 */
  readonly 'accept-contact': Header<Parameterized, true>
  /** RFC 3261 20.2 */
  readonly 'accept-encoding': Header<Parameterized, true>
  /** RFC 3261 20.3 */
  readonly 'accept-language': Header<Parameterized, true>
  /** RFC 4412 3.2 */
  readonly 'accept-resource-priority': Header<ResourcePriority, true>
  /** RFC 3261 20.4 */
  readonly 'alert-info': Header<Reference, true>
  /** RFC 3261 20.5 */
  readonly allow: Header<string, true>
  /** RFC 6665 8.2.2 */
  readonly 'allow-events': Header<string, true>
  /** RFC 5373 2 */
  readonly 'answer-mode': Header<Parameterized, false>
  /** RFC 3261 20.6 */
  readonly 'authentication-info': Header<Params, false>
  /** RFC 3261 20.7 */
  readonly authorization: Header<Authentication, true>
  /** RFC 3261 20.8 */
  readonly 'call-id': Header<Bytes, false>
  /** RFC 3261 20.9 */
  readonly 'call-info': Header<Reference, true>
  /** RFC 3261 20.10 */
  readonly contact: Header<Contact, true>
  /** RFC 3261 20.11 */
  readonly 'content-disposition': Header<Parameterized, false>
  /** RFC 3261 20.12 */
  readonly 'content-encoding': Header<string, true>
  /** RFC 3261 20.13 */
  readonly 'content-language': Header<string, true>
  /** RFC 3261 20.14 */
  readonly 'content-length': Header<number, false>
  /** RFC 3261 20.15 */
  readonly 'content-type': Header<MediaType, false>
  /** RFC 3261 20.16 */
  readonly cseq: Header<CSeq, false>
  /** RFC 3261 20.17 */
  readonly date: Header<number, false>
  /** RFC 5806 4 */
  readonly diversion: Header<NameAddr, true>
  /** RFC 3261 20.18 */
  readonly 'error-info': Header<Reference, true>
  /** RFC 6665 8.2.1 */
  readonly event: Header<Parameterized, false>
  /** RFC 3261 20.19 */
  readonly expires: Header<number, false>
  /** RFC 6809 6.2 */
  readonly 'feature-caps': Header<Parameterized, true>
  /** RFC 5626 10 */
  readonly 'flow-timer': Header<number, false>
  /** RFC 3261 20.20 */
  readonly from: Header<NameAddr, false>
  /** RFC 6442 4.1 */
  readonly geolocation: Header<Reference, true>
  /** RFC 6442 4.4 */
  readonly 'geolocation-error': Header<Parameterized, false>
  /** RFC 6442 4.2 */
  readonly 'geolocation-routing': Header<Parameterized, false>
  /** RFC 7044 5 */
  readonly 'history-info': Header<NameAddr, true>
  /** RFC 8224 4.1 */
  readonly identity: Header<Identity, true>
  /** RFC 4474 9 */
  readonly 'identity-info': Header<Reference, false>
  /** RFC 3261 20.21 */
  readonly 'in-reply-to': Header<Bytes, true>
  /** RFC 6086 7.2 */
  readonly 'info-package': Header<Parameterized, false>
  /** RFC 3911 7.1 */
  readonly join: Header<DialogId, false>
  /** RFC 5393 5.8 */
  readonly 'max-breadth': Header<number, false>
  /** RFC 3261 20.22 */
  readonly 'max-forwards': Header<number, false>
  /** RFC 3261 20.24 */
  readonly 'mime-version': Header<MimeVersion, false>
  /** RFC 3261 20.23 */
  readonly 'min-expires': Header<number, false>
  /** RFC 4028 5 */
  readonly 'min-se': Header<Seconds, false>
  /** RFC 3261 20.25 */
  readonly organization: Header<Bytes, false>
  /** RFC 7315 5.4 */
  readonly 'p-access-network-info': Header<Parameterized, true>
  /** RFC 3325 9.1 */
  readonly 'p-asserted-identity': Header<NameAddr, true>
  /** RFC 7315 5.1 */
  readonly 'p-associated-uri': Header<NameAddr, true>
  /** RFC 7315 5.2 */
  readonly 'p-called-party-id': Header<NameAddr, false>
  /** RFC 7315 5.5 */
  readonly 'p-charging-function-addresses': Header<Params, true>
  /** RFC 7315 5.6 */
  readonly 'p-charging-vector': Header<Params, false>
  /** RFC 5009 8 */
  readonly 'p-early-media': Header<string, true>
  /** RFC 3325 9.2 */
  readonly 'p-preferred-identity': Header<NameAddr, true>
  /** RFC 5502 6 */
  readonly 'p-served-user': Header<NameAddr, false>
  /** RFC 7315 5.3 */
  readonly 'p-visited-network-id': Header<Parameterized, true>
  /** RFC 3327 4 */
  readonly path: Header<NameAddr, true>
  /** RFC 3261 20.26 */
  readonly priority: Header<string, false>
  /** RFC 5373 2 */
  readonly 'priv-answer-mode': Header<Parameterized, false>
  /** RFC 3323 4.2 */
  readonly privacy: Header<readonly string[], false>
  /** RFC 3261 20.27 */
  readonly 'proxy-authenticate': Header<Authentication, true>
  /** RFC 3261 20.28 */
  readonly 'proxy-authorization': Header<Authentication, true>
  /** RFC 3261 20.29 */
  readonly 'proxy-require': Header<string, true>
  /** RFC 3262 7.2 */
  readonly rack: Header<RAck, false>
  /** RFC 3326 2 */
  readonly reason: Header<Parameterized, true>
  /** RFC 3261 20.30 */
  readonly 'record-route': Header<NameAddr, true>
  /** RFC 6086 7.3 */
  readonly 'recv-info': Header<Parameterized, true>
  /** RFC 4488 4 */
  readonly 'refer-sub': Header<Parameterized, false>
  /** RFC 3515 2.1 */
  readonly 'refer-to': Header<NameAddr, false>
  /** RFC 3892 3 */
  readonly 'referred-by': Header<NameAddr, false>
  /** RFC 3841 9.2 */
  readonly 'reject-contact': Header<Parameterized, true>
  /** RFC 3891 6.1 */
  readonly replaces: Header<DialogId, false>
  /** RFC 3261 20.31 */
  readonly 'reply-to': Header<NameAddr, false>
  /** RFC 3841 9.1 */
  readonly 'request-disposition': Header<string, true>
  /** RFC 3261 20.32 */
  readonly require: Header<string, true>
  /** RFC 4412 3.1 */
  readonly 'resource-priority': Header<ResourcePriority, true>
  /** RFC 3261 20.33 */
  readonly 'retry-after': Header<RetryAfter, false>
  /** RFC 3261 20.34 */
  readonly route: Header<NameAddr, true>
  /** RFC 3262 7.1 */
  readonly rseq: Header<number, false>
  /** RFC 3329 2.2 */
  readonly 'security-client': Header<Parameterized, true>
  /** RFC 3329 2.2 */
  readonly 'security-server': Header<Parameterized, true>
  /** RFC 3329 2.2 */
  readonly 'security-verify': Header<Parameterized, true>
  /** RFC 3261 20.35 */
  readonly server: Header<Bytes, false>
  /** RFC 3608 5 */
  readonly 'service-route': Header<NameAddr, true>
  /** RFC 4028 4 */
  readonly 'session-expires': Header<Seconds, false>
  /** RFC 7989 5 */
  readonly 'session-id': Header<Parameterized, false>
  /** RFC 3903 11.3.1 */
  readonly 'sip-etag': Header<string, false>
  /** RFC 3903 11.3.2 */
  readonly 'sip-if-match': Header<string, false>
  /** RFC 3261 20.36 */
  readonly subject: Header<Bytes, false>
  /** RFC 6665 8.2.3 */
  readonly 'subscription-state': Header<Parameterized, false>
  /** RFC 3261 20.37 */
  readonly supported: Header<string, true>
  /** RFC 5839 7.2 */
  readonly 'suppress-if-match': Header<string, false>
  /** RFC 4538 7 */
  readonly 'target-dialog': Header<DialogId, false>
  /** RFC 3261 20.38 */
  readonly timestamp: Header<Timestamp, false>
  /** RFC 3261 20.39 */
  readonly to: Header<NameAddr, false>
  /** RFC 3261 20.40 */
  readonly unsupported: Header<string, true>
  /** RFC 3261 20.41 */
  readonly 'user-agent': Header<Bytes, false>
  /** RFC 7433 4.1 */
  readonly 'user-to-user': Header<Parameterized, true>
  /** RFC 3261 20.42 */
  readonly via: Header<Via, true>
  /** RFC 3261 20.43 */
  readonly warning: Header<Warning, true>
  /** RFC 3261 20.44 */
  readonly 'www-authenticate': Header<Authentication, true>
}

/** The name of a built-in header, in lower case. */
export type BuiltIn = keyof Headers

/** The type of one value of a header, which is given by itself or by its built-in name. */
export type ValueOf<H> = H extends BuiltIn ? ValueOf<Headers[H]> : H extends Header<infer A> ? A : never

/** The type of all that a header says in a message: one value, or all values of a list. */
export type FieldOf<H> = H extends BuiltIn
  ? FieldOf<Headers[H]>
  : H extends Header<infer A, infer L>
    ? L extends true
      ? readonly A[]
      : A
    : never

export const headers: Headers = Object.freeze({
  accept,
  'accept-contact': parameterizedList({ name: 'Accept-Contact', compact: 'a' }),
  'accept-encoding': parameterizedList({ name: 'Accept-Encoding', mayBeEmpty: true }),
  'accept-language': parameterizedList({ name: 'Accept-Language', mayBeEmpty: true }),
  'accept-resource-priority': acceptResourcePriority,
  'alert-info': references({ name: 'Alert-Info' }),
  allow: tokens({ name: 'Allow', mayBeEmpty: true }),
  'allow-events': tokens({ name: 'Allow-Events', compact: 'u', mayBeEmpty: true }),
  'answer-mode': parameterized({ name: 'Answer-Mode' }),
  'authentication-info': authenticationInfo,
  authorization,
  'call-id': callId,
  'call-info': references({ name: 'Call-Info' }),
  contact,
  'content-disposition': parameterized({ name: 'Content-Disposition' }),
  'content-encoding': tokens({ name: 'Content-Encoding', compact: 'e' }),
  'content-language': tokens({ name: 'Content-Language' }),
  'content-length': contentLength,
  'content-type': mediaType({ name: 'Content-Type', compact: 'c' }),
  cseq,
  date,
  diversion,
  'error-info': references({ name: 'Error-Info' }),
  event: parameterized({ name: 'Event', compact: 'o' }),
  expires,
  'feature-caps': parameterizedList({ name: 'Feature-Caps' }),
  'flow-timer': flowTimer,
  from,
  geolocation: references({ name: 'Geolocation' }),
  'geolocation-error': parameterized({ name: 'Geolocation-Error' }),
  'geolocation-routing': parameterized({ name: 'Geolocation-Routing' }),
  'history-info': historyInfo,
  identity,
  'identity-info': reference({ name: 'Identity-Info', compact: 'n' }),
  'in-reply-to': inReplyTo,
  'info-package': parameterized({ name: 'Info-Package' }),
  join: dialogId('Join', ['to-tag', 'from-tag']),
  'max-breadth': maxBreadth,
  'max-forwards': maxForwards,
  'mime-version': mimeVersion,
  'min-expires': minExpires,
  'min-se': seconds({ name: 'Min-SE' }),
  organization: text({ name: 'Organization' }),
  'p-access-network-info': parameterizedList({ name: 'P-Access-Network-Info' }),
  'p-asserted-identity': pAssertedIdentity,
  'p-associated-uri': pAssociatedUri,
  'p-called-party-id': pCalledPartyId,
  'p-charging-function-addresses': pChargingFunctionAddresses,
  'p-charging-vector': pChargingVector,
  'p-early-media': tokens({ name: 'P-Early-Media', mayBeEmpty: true }),
  'p-preferred-identity': pPreferredIdentity,
  'p-served-user': pServedUser,
  'p-visited-network-id': quotableList({ name: 'P-Visited-Network-ID' }),
  path,
  priority: token({ name: 'Priority' }),
  'priv-answer-mode': parameterized({ name: 'Priv-Answer-Mode' }),
  privacy,
  'proxy-authenticate': proxyAuthenticate,
  'proxy-authorization': proxyAuthorization,
  'proxy-require': tokens({ name: 'Proxy-Require' }),
  rack,
  reason: parameterizedList({ name: 'Reason' }),
  'record-route': recordRoute,
  'recv-info': parameterizedList({ name: 'Recv-Info', mayBeEmpty: true }),
  'refer-sub': parameterized({ name: 'Refer-Sub' }),
  'refer-to': referTo,
  'referred-by': referredBy,
  'reject-contact': parameterizedList({ name: 'Reject-Contact', compact: 'j' }),
  replaces: dialogId('Replaces', ['to-tag', 'from-tag']),
  'reply-to': replyTo,
  'request-disposition': tokens({ name: 'Request-Disposition', compact: 'd' }),
  require: tokens({ name: 'Require' }),
  'resource-priority': resourcePriority,
  'retry-after': retryAfter,
  route,
  rseq,
  'security-client': parameterizedList({ name: 'Security-Client' }),
  'security-server': parameterizedList({ name: 'Security-Server' }),
  'security-verify': parameterizedList({ name: 'Security-Verify' }),
  server: text({ name: 'Server' }),
  'service-route': serviceRoute,
  'session-expires': seconds({ name: 'Session-Expires', compact: 'x' }),
  'session-id': sessionId,
  'sip-etag': token({ name: 'SIP-ETag' }),
  'sip-if-match': token({ name: 'SIP-If-Match' }),
  subject: text({ name: 'Subject', compact: 's' }),
  'subscription-state': parameterized({ name: 'Subscription-State' }),
  supported: tokens({ name: 'Supported', compact: 'k', mayBeEmpty: true }),
  'suppress-if-match': token({ name: 'Suppress-If-Match' }),
  'target-dialog': dialogId('Target-Dialog', []),
  timestamp,
  to,
  unsupported: tokens({ name: 'Unsupported' }),
  'user-agent': text({ name: 'User-Agent' }),
  'user-to-user': quotableList({ name: 'User-to-User' }),
  via,
  warning,
  'www-authenticate': wwwAuthenticate,
})

/** The header itself, of which the built-in name may have been given. */
export const headerFrom = (header: BuiltIn | AnyHeader): AnyHeader =>
  typeof header === 'string' ? headers[header] : header

/** The built-in header of that name in any case, or of that compact form; `undefined` if there is none. */
export const headerNamed = (name: string): AnyHeader | undefined => {
  const long = longName(name)
  return Object.hasOwn(headers, long) ? headers[long as BuiltIn] : undefined
}

/** A name in lower case, a compact form (7.3.3) replaced by the name it stands for. */
export const longName = (name: string): string => {
  const small = lower(name)
  return (small.length === 1 ? compact.get(small) : undefined) ?? small
}

const compact: ReadonlyMap<string, string> = new Map(
  Object.entries(headers).flatMap(([name, header]: readonly [string, Header<never>]) =>
    header.compact === undefined ? [] : [[header.compact, name]],
  ),
)
