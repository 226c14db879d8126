/** `tel:` URIs (RFC 3966 3). A local number without `phone-context` is read all the same: gateways send `tel:911`. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, DIGIT, fail, HEX, is, PHONE, sameLetters } from '../data/scan.js'
import { isDomain } from './host.js'
import { NOTHING, readUriParams, writeUriParams } from './params.js'
import type { TelUri } from './types.js'

/** Reads what stands behind `tel:` up to the cursor's end. */
export const readTel = (c: Cursor): TelUri | undefined => {
  const start = c.at
  const end = numberEnd(c.text, start, c.end)
  if (end < 0) return fail(c, 'telephone number expected')
  c.at = end
  const params = readUriParams(c, NOTHING)
  if (params === undefined) return undefined
  if (c.at < c.end) return fail(c, 'end of URI expected')
  for (const { name, value = '' } of params)
    if (sameLetters(name, 'phone-context') && !isContext(value))
      return fail(c, 'phone-context is neither a domain nor a global number', end)
  return { _tag: 'Tel', number: c.text.slice(start, end), params }
}

/** The URI as it is written; whether it reads back is the caller's to check. */
export const writeTel = ({ number, params }: TelUri): Bytes => `tel:${number}${writeUriParams(params)}`

/** Whether a number is global, that is begins with `+`. */
export const isGlobal = (number: Bytes): boolean => number.charCodeAt(0) === PLUS

/** The number without `visual-separator`s. */
export const digits = (number: Bytes): Bytes => {
  let out = ''
  let from = 0
  for (let i = 0; i < number.length; i++) {
    const c = number.charCodeAt(i)
    if (!is(c, PHONE) || is(c, DIGIT)) continue
    out += number.slice(from, i)
    from = i + 1
  }
  return from === 0 ? number : out + number.slice(from)
}

const PLUS = 0x2b

/** Where the number that begins at `start` ends; -1 if there is none. */
const numberEnd = (text: Bytes, start: number, end: number): number => {
  const global = start < end && text.charCodeAt(start) === PLUS
  let i = global ? start + 1 : start
  let found = false
  for (; i < end; i++) {
    const c = text.charCodeAt(i)
    if (is(c, DIGIT) || (!global && (is(c, HEX) || c === 0x2a || c === 0x23))) found = true
    else if (!is(c, PHONE)) break
  }
  return found ? i : -1
}

/** `descriptor = domainname / global-number-digits` */
const isContext = (value: Bytes): boolean =>
  isGlobal(value) ? numberEnd(value, 0, value.length) === value.length : isDomain(value)
