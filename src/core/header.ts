/** Headers as values: the built-in ones, how to make one, and what their values say. */
import { fromNullable, type Option } from 'fp-ts/lib/Option.js'
import * as nameAddr from './header/name-addr.js'
import { type Params, valueOf } from './header/params.js'
import * as span from './header/seconds.js'
import * as hop from './header/via.js'

/** The value of the first parameter of that name; none if it is absent or has no value. */
export const param =
  (name: string) =>
  (value: { readonly params: Params }): Option<string> =>
    fromNullable(valueOf(value.params, name))

const optional =
  <A, B>(f: (a: A) => B | undefined) =>
  (a: A): Option<B> =>
    fromNullable(f(a))

export const tag: (value: nameAddr.NameAddr) => Option<string> = optional(nameAddr.tag)
export const q: (value: nameAddr.NameAddr) => Option<number> = optional(nameAddr.q)
/** Seconds; `none` if the Contact does not say, 3600 if what it says is no number (10.2). */
export const expires: (value: nameAddr.NameAddr) => Option<number> = optional(nameAddr.expires)
/** For how many seconds the callee will be there after that (20.33). */
export const duration: (value: span.RetryAfter) => Option<number> = optional(span.duration)
export const branch: (value: hop.Via) => Option<string> = optional(hop.branch)
export const received: (value: hop.Via) => Option<string> = optional(hop.received)
export const rport: (value: hop.Via) => Option<number> = optional(hop.rport)
export const maddr: (value: hop.Via) => Option<string> = optional(hop.maddr)
export const ttl: (value: hop.Via) => Option<number> = optional(hop.ttl)

export type { Authentication } from './header/auth.js'
export {
  type BuiltIn,
  type FieldOf,
  type Headers,
  headerNamed as named,
  headers,
  longName,
  type ValueOf,
} from './header/builtin.js'
export { checked, type Spec } from './header/checked.js'
export type { CSeq } from './header/cseq.js'
export { type AnyHeader, define, type Header, type HeaderError } from './header/define.js'
export type { DialogId } from './header/dialog-id.js'
export { parse, print } from './header/field.js'
export type { Identity } from './header/identity.js'
export { integer } from './header/integer.js'
export { type MediaType, mediaType, mediaTypes } from './header/media.js'
export type { MimeVersion } from './header/mime-version.js'
export { type Contact, type NameAddr, nameAddr, nameAddrs } from './header/name-addr.js'
export { type Param, type Params, withoutParam, withParam } from './header/params.js'
export { bestFirst, byPreference, parseQ, preference, printQ } from './header/q.js'
export type { RAck } from './header/rack.js'
export { type Reference, reference, references } from './header/reference.js'
export type { ResourcePriority } from './header/resource-priority.js'
export { type RetryAfter, type Seconds, seconds } from './header/seconds.js'
export { describe, fits, type Shape } from './header/shape.js'
export { parseList, split, splitCommas } from './header/split.js'
export { text } from './header/text.js'
export type { Timestamp } from './header/timestamp.js'
export {
  type ListNames,
  type Names,
  type Parameterized,
  parameterized,
  parameterizedList,
  token,
  tokens,
} from './header/token.js'
export type { Via } from './header/via.js'
export type { Warning } from './header/warning.js'
