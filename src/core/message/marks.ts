/**
 * What the checks of a parse know of a plain value besides that it is sound: how long its parts are, packed into
 * numbers. Who asks for the value later cuts it out of the text and need not walk over it again. An edit elsewhere changes no
 * length. 0: nothing is known, because the value is not plain or a part is too long; it has to be read.
 */
import type { Bytes } from '../data/bytes.js'
import { decimal } from '../data/scan.js'
import type { NameAddr } from '../header/name-addr.js'
import { noParams, type Param, type Params } from '../header/params.js'
import { type Via, viaOf } from '../header/via.js'
import { sipUri } from '../uri/sip.js'
import { noUriHeaders, noUriParams } from '../uri/types.js'
import type { Memory } from './memory.js'

/** 16 bits for what a URI and a Via have: user and its `@`, or transport and a space: 6, host: 7, colon and port: 3. */
export const hostMarks = (before: number, host: number, port: number): number =>
  before < 0x40 && host < 0x80 ? before | (host << 6) | (port << 13) : 0

/** 13 bits for a parameter: name: 5, equal sign and value: 8. */
export const paramMarks = (name: number, value: number): number =>
  name < 0x20 && value < 0x100 ? name | (value << 5) : 0

/** 23 bits for `["display" ]<uri>` and no parameters but the tag: the URI, and what stands before its bracket: 7. */
export const addressMarks = (uri: number, before: number): number =>
  uri !== 0 && before < 0x80 ? uri | (before << 16) : 0

/** How long the part with those `hostMarks` is. */
export const lengthBy = (marks: number): number =>
  (marks & 0x3f) + ((marks >> 6) & 0x7f) + ((marks >> 13) & 7)

/** Cuts out the Via at `start`: `SIP/2.0/transport host[:port]` and up to three parameters. */
export const viaBy = (text: Bytes, start: number, { viaMarks, viaMore }: Memory): Via => {
  const host = start + 8 + (viaMarks & 0x3f)
  const hostEnd = host + ((viaMarks >> 6) & 0x7f)
  const end = start + 8 + lengthBy(viaMarks)
  return viaOf(
    'SIP/2.0',
    text.slice(start + 8, host - 1),
    text.slice(host, hostEnd),
    portBy(text, hostEnd, end),
    paramsBy(text, end, viaMarks >> 16, viaMore & 0x1fff, viaMore >> 13),
  )
}

/** Cuts out the address at `start`, whose tag is `tag`. */
export const addressBy = (text: Bytes, start: number, marks: number, tag: Bytes | undefined): NameAddr => {
  const open = start + (marks >> 16)
  const user = open + 5
  const host = user + (marks & 0x3f)
  const hostEnd = host + ((marks >> 6) & 0x7f)
  const uri = sipUri(
    'sip',
    host === user ? undefined : text.slice(user, host - 1),
    text.slice(host, hostEnd),
    portBy(text, hostEnd, user + lengthBy(marks)),
    noUriParams,
    noUriHeaders,
  )
  const params = tag === undefined ? noParams : [{ name: 'tag', value: tag }]
  if (open === start) return { uri, params }
  const quote = text.charCodeAt(open - 1) === QUOTE ? open - 1 : open - 2
  return { display: text.slice(start + 1, quote), uri, params }
}

/** Where the tag of the address at `start` starts, if it has one; otherwise behind its end. */
export const tagStartBy = (start: number, marks: number): number =>
  start + (marks >> 16) + lengthBy(marks) + 11

const portBy = (text: Bytes, colon: number, end: number): number | undefined =>
  colon === end ? undefined : decimal(text, colon + 1, end, 65535)

/** Each list by one literal, because one that grows costs more. */
const paramsBy = (text: Bytes, at: number, one: number, two: number, three: number): Params => {
  if (one === 0) return noParams
  const first = paramBy(text, at, one)
  if (two === 0) return [first]
  const next = behind(at, one)
  const second = paramBy(text, next, two)
  return three === 0 ? [first, second] : [first, second, paramBy(text, behind(next, two), three)]
}

const paramBy = (text: Bytes, at: number, marks: number): Param => {
  const nameEnd = at + 1 + (marks & 0x1f)
  const name = text.slice(at + 1, nameEnd)
  return marks < 0x20 ? { name } : { name, value: text.slice(nameEnd + 1, behind(at, marks)) }
}

/** Where the parameter ends whose semicolon stands at `at`. */
const behind = (at: number, marks: number): number => at + 1 + (marks & 0x1f) + (marks >> 5)

const QUOTE = 0x22
