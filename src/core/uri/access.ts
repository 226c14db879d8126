/** What the parts of a URI mean: escapes resolved, names compared without regard to escapes and case. */
import { fromNullable, type Option } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../data/bytes.js'
import { lower } from '../data/scan.js'
import { escapeParam, normalize, unescape } from './escape.js'
import { findUriParam } from './params.js'
import type { SipUri, TelUri } from './types.js'

/** The user part, escapes resolved, as octets. */
export const user = (uri: SipUri): Option<Bytes> => meaning(uri.user)

/** The password, escapes resolved, as octets. */
export const password = (uri: SipUri): Option<Bytes> => meaning(uri.password)

/** The first parameter of that name: its value, escapes resolved, or `true` if it has none. */
export const param =
  (name: string) =>
  (uri: SipUri | TelUri): Option<Bytes | true> => {
    const found = findUriParam(uri.params, name)
    return fromNullable(found && (found.value === undefined || unescape(found.value)))
  }

/** The values of all headers of that name, escapes resolved. */
export const header =
  (name: string) =>
  (uri: SipUri): readonly Bytes[] =>
    uri.headers
      .filter((each) => lower(unescape(each.name)) === lower(name))
      .map(({ value = '' }) => unescape(value))

/** The URI with that parameter, escaped as needed, in the place of the first of its name, or behind all. */
export const withParam =
  (name: string, value: Bytes | true) =>
  <U extends SipUri | TelUri>(uri: U): U => {
    const key = escapeParam(name)
    const next = value === true ? { name: key } : { name: key, value: escapeParam(value) }
    const old = findUriParam(uri.params, name)
    const params =
      old === undefined ? [...uri.params, next] : uri.params.map((each) => (each === old ? next : each))
    return { ...uri, params }
  }

/** The URI without the parameters of that name. */
export const withoutParam =
  (name: string) =>
  <U extends SipUri | TelUri>(uri: U): U => ({
    ...uri,
    params: uri.params.filter((each) => lower(normalize(each.name)) !== lower(name)),
  })

const meaning = (text: Bytes | undefined): Option<Bytes> => fromNullable(text && unescape(text))
