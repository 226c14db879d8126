/**
 * Header parameters: `*( SEMI generic-param )`, `generic-param = token [ EQUAL gen-value ]`, `gen-value = token /
 * host / quoted-string` (RFC 3261 25.1). In order, names as written, compared without regard to case (7.3.1).
 */
import type { Bytes } from '../data/bytes.js'
import { quote, quoted } from '../data/quoted.js'
import {
  all,
  type Cursor,
  fail,
  isToken,
  sameLetters,
  separator,
  QUOTED,
  skip,
  space,
  TOKEN,
  token,
  VALUE,
} from '../data/scan.js'
import { isIpv6, withoutBrackets } from '../uri/host.js'

const QUOTE = 0x22
const SEMICOLON = 0x3b
const EQUAL = 0x3d

/**
 * One parameter. `value` is what it means, without quotes and backslashes; absent when there is no `=`. It is written
 * in quotes when it must be; `quoted` asks for them where they need not be, and reading sets it only then.
 */
export interface Param {
  readonly name: string
  readonly value?: string
  readonly quoted?: true
}

export type Params = readonly Param[]

/** No parameters, shared. */
export const noParams: Params = Object.freeze([])

/** Reads parameters from the cursor to its end. */
export const readParams = (c: Cursor): Params | undefined => {
  const plain = plainParams(c.text, c.at, c.end)
  if (plain !== undefined) {
    c.at = c.end
    return plain
  }
  space(c)
  const params: Param[] = []
  while (c.at < c.end) {
    if (!separator(c, 0x3b)) return fail(c, '";" expected')
    const param = readParam(c)
    if (param === undefined) return undefined
    params.push(param)
  }
  return params
}

/**
 * The parameters from `start` to `end` when there is no white space around their delimiters and no backslash in their
 * quotes, as nearly everybody writes them; otherwise `undefined`, and the cursor has to look.
 */
export const plainParams = (text: Bytes, start: number, end: number): Params | undefined => {
  if (start >= end) return noParams
  const params: Param[] = []
  for (let at = start; at < end; ) {
    const nameEnd = skip(text, at + 1, end, TOKEN)
    if (text.charCodeAt(at) !== SEMICOLON || nameEnd === at + 1) return undefined
    const name = text.slice(at + 1, nameEnd)
    const value = nameEnd + 1
    if (nameEnd === end || text.charCodeAt(nameEnd) !== EQUAL) {
      params.push({ name })
      at = nameEnd
    } else if (value < end && text.charCodeAt(value) === QUOTE) {
      const close = skip(text, value + 1, end, QUOTED)
      if (close === end || text.charCodeAt(close) !== QUOTE) return undefined
      const meaning = text.slice(value + 1, close)
      params.push(isPlain(meaning) ? { name, value: meaning, quoted: true } : { name, value: meaning })
      at = close + 1
    } else {
      const valueEnd = skip(text, value, end, VALUE)
      if (valueEnd === value) return undefined
      params.push({ name, value: text.slice(value, valueEnd) })
      at = valueEnd
    }
  }
  return params
}

/** Reads one parameter at the cursor; the one caller besides `readParams` is the family of comma-separated ones. */
export const readParam = (c: Cursor): Param | undefined => {
  const name = token(c, 'parameter name')
  if (name === undefined) return undefined
  if (c.at >= c.end || !separator(c, 0x3d)) return { name }
  if (c.text.charCodeAt(c.at) === 0x22 && c.at < c.end) {
    const value = quoted(c, `value of ${name}`)
    if (value === undefined) return undefined
    space(c)
    return isPlain(value) ? { name, value, quoted: true } : { name, value }
  }
  const end = skip(c.text, c.at, c.end, VALUE)
  if (end === c.at) return fail(c, `value of ${name} expected`)
  const value = c.text.slice(c.at, end)
  c.at = end
  space(c)
  return { name, value }
}

/** The parameters as they are written, each behind a `;`; whether they read back is the caller's to check. */
export const writeParams = (params: Params): Bytes => {
  let out = ''
  for (const param of params) out += `;${writeParam(param)}`
  return out
}

/** `name`, `name=value` or `name="value"`. */
export const writeParam = ({ name, value, quoted }: Param): Bytes => {
  if (value === undefined) return name
  return quoted !== true && isPlain(value) ? `${name}=${value}` : `${name}=${quote(value)}`
}

/** The first parameter of that name, compared without regard to case. */
export const find = (params: Params, name: string): Param | undefined => {
  for (let i = 0; i < params.length; i++) {
    const param = params[i] as Param
    if (sameLetters(param.name, name)) return param
  }
  return undefined
}

/** The value of the first parameter of that name: `undefined` if it is absent, and if it has no value. */
export const valueOf = (params: Params, name: string): string | undefined => find(params, name)?.value

/** `params` with that parameter in the place of the first of its name, or behind all. */
export const withParam = (params: Params, param: Param): Params => {
  const at = params.findIndex(({ name }) => sameLetters(name, param.name))
  return at < 0 ? [...params, param] : params.map((old, i) => (i === at ? param : old))
}

/** `params` without those of that name. */
export const withoutParam = (params: Params, name: string): Params =>
  params.filter((param) => !sameLetters(param.name, name))

/** Whether a value can stand without quotes: a token, or an IPv6 address with or without brackets (RFC 5118 4.5). */
const isPlain = (value: string): boolean =>
  isToken(value) || (all(value, VALUE) && isIpv6(withoutBrackets(value)))
