/** What a URI holds that the grammar does not have and this library reads all the same. */
import type { Bytes } from '../data/bytes.js'
import { ALPHA, HNV, is, PARAM, PASSWORD, UNRESERVED, USER } from '../data/scan.js'
import { normalize } from './escape.js'
import { isIpv4 } from './host.js'
import { findUriParam } from './params.js'
import { isGlobal } from './tel.js'
import type { SipUri, TelUri, Uri, UriParam } from './types.js'

/** Each thing in words; empty for a URI of the grammar (RFC 3261 25.1, RFC 3966 3), which most are. */
export const deviations = (uri: Uri): readonly string[] => {
  switch (uri._tag) {
    case 'Sip':
      return sipDeviations(uri)
    case 'Tel':
      return telDeviations(uri)
    case 'Absolute':
      return []
  }
}

const sipDeviations = ({ user = '', password = '', host, params, headers }: SipUri): readonly string[] => [
  ...(holdsOnly(user, UNRESERVED | USER) ? [] : ['unescaped character in the user']),
  ...(holdsOnly(password, UNRESERVED | PASSWORD) ? [] : ['unescaped character in the password']),
  ...(isHostname(host) ? [] : ['host name beyond the grammar']),
  ...paramDeviations(params),
  ...(headers.every(({ name, value = '' }) => holdsOnly(name + value, UNRESERVED | HNV))
    ? []
    : ['unescaped character in a header']),
  ...(headers.every(({ value }) => value !== undefined) ? [] : ['header without a value']),
]

const telDeviations = ({ number, params }: TelUri): readonly string[] => [
  ...paramDeviations(params),
  ...(isGlobal(number) || findUriParam(params, 'phone-context') !== undefined
    ? []
    : ['local number without phone-context']), // RFC 3966 5.1.5: "MUST have a 'phone-context' parameter"
]

const paramDeviations = (params: readonly UriParam[]): readonly string[] => [
  ...(params.every(({ name, value = '' }) => holdsOnly(name + value, UNRESERVED | PARAM))
    ? []
    : ['unescaped character in a parameter']),
  // "any given parameter-name MUST NOT appear more than once" (19.1.1)
  ...(new Set(params.map(({ name }) => normalize(name).toLowerCase())).size === params.length
    ? []
    : ['parameter more than once']),
]

const holdsOnly = (text: Bytes, classes: number): boolean => {
  for (let i = 0; i < text.length; i++) if (text[i] !== '%' && !is(text.charCodeAt(i), classes)) return false
  return true
}

/** `*( domainlabel "." ) toplabel [ "." ]`, or an address. */
const isHostname = (host: string): boolean => {
  if (host.includes(':') || isIpv4(host)) return true
  const labels = (host.endsWith('.') ? host.slice(0, -1) : host).split('.')
  return (
    labels.every((label) => !label.startsWith('-') && !label.endsWith('-') && !label.includes('_')) &&
    is((labels.at(-1) ?? '').charCodeAt(0), ALPHA)
  )
}
