/**
 * URIs as values. Components are held as they were written, escapes included: `%41` and `A` are equivalent (19.1.4)
 * but not the same octets, and a proxy has no business changing one into the other. Reading a component decodes it.
 */
import type { Bytes } from '../data/bytes.js'

/** A `sip:` or `sips:` URI (RFC 3261 19.1.1). */
export interface SipUri {
  readonly _tag: 'Sip'
  readonly scheme: 'sip' | 'sips'
  /** The user part as written; may hold `;`, `?` and `/` (25.1 `user-unreserved`), as telephone numbers do. */
  readonly user?: Bytes
  readonly password?: Bytes
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string
  /** Absent when none was written: `sip:h` and `sip:h:5060` are different URIs (19.1.4). */
  readonly port?: number
  readonly params: UriParams
  readonly headers: UriHeaders
}

/** A `tel:` URI (RFC 3966). */
export interface TelUri {
  readonly _tag: 'Tel'
  /** Digits and visual separators as written; begins with `+` when the number is global. */
  readonly number: Bytes
  /** Among them `ext`, `isub`, and `phone-context`, which a local number must have. */
  readonly params: UriParams
}

/** Any other absolute URI; nothing in it is looked at. */
export interface AbsoluteUri {
  readonly _tag: 'Absolute'
  /** The scheme as written. */
  readonly scheme: string
  /** What follows the colon. */
  readonly rest: Bytes
}

export type Uri = SipUri | TelUri | AbsoluteUri

/** A parameter as written, escapes included; `value` is absent when there is no `=`. */
export interface UriParam {
  readonly name: Bytes
  readonly value?: Bytes
}

/** A header of the `?` part as written, escapes included; `value` is absent when there is no `=`. */
export interface UriHeader {
  readonly name: Bytes
  readonly value?: Bytes
}

export type UriParams = readonly UriParam[]
export type UriHeaders = readonly UriHeader[]

/** Why octets are no URI, or why a URI cannot be written: what, and at which octet of the text. */
export interface UriError {
  readonly what: string
  readonly offset: number
}

export const noUriParams: UriParams = Object.freeze([])
export const noUriHeaders: UriHeaders = Object.freeze([])
