/**
 * quoted-string and folding (RFC 3261 25.1, 7.3.1). Values inside the library are what the quotes mean; the quotes
 * and backslashes come off when reading and go on when writing.
 */
import type { Bytes } from './bytes.js'
import { type Cursor, fail, skipLws, trimEnd } from './scan.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Where the quoted string that opens at `at` ends, past its closing quote; -1 if it never closes. */
export const quotedEnd = (text: Bytes, at: number, end: number): number => {
  for (let i = at + 1; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c === QUOTE) return i + 1
    if (c === BACKSLASH) i++
  }
  return -1
}

/** Reads the quoted string at the cursor and returns what it means; a fold counts as one space. */
export const quoted = (c: Cursor, what: string): string | undefined => {
  if (c.at >= c.end || c.text.charCodeAt(c.at) !== QUOTE) return fail(c, `${what} expected, in quotes`)
  const { text, end } = c
  const start = c.at + 1
  let literal = true // whether what stands there is what it means
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) {
      c.at = i + 1
      return literal ? text.slice(start, i) : meaning(text, start, i)
    }
    if (code === BACKSLASH) i++
    else if (!isBreak(code)) continue
    literal = false
  }
  return fail(c, `${what}: quote is never closed`)
}

/** What stands between the quotes, quoted pairs resolved and folds replaced by a space. */
export const meaning = (text: Bytes, start: number, end: number): string => {
  let out = ''
  let from = start
  for (let i = start; i < end; i++) {
    if (text.charCodeAt(i) !== BACKSLASH) continue
    out += unfold(text, from, i)
    from = i + 1
    i++ // the char after the backslash is taken as it is
    if (from < end && isBreak(text.charCodeAt(from))) from++ // no quoted pair may hold CR or LF
  }
  return from === start ? unfold(text, start, end) : out + unfold(text, from, end)
}

/** `start` to `end` with every fold, and the white space around it, replaced by one space (7.3.1). */
export const unfold = (text: Bytes, start: number, end: number): string => {
  let out = ''
  let from = start
  for (let i = start; i < end; i++) {
    if (!isBreak(text.charCodeAt(i))) continue
    out += `${text.slice(from, trimEnd(text, from, i))} `
    from = skipLws(text, i, end)
    i = from - 1
  }
  return from === start ? text.slice(start, end) : out + text.slice(from, end)
}

/**
 * `value` in quotes, with a backslash before `"`, `\` and control characters. CR, LF and NUL cannot be quoted: who
 * calls this refuses them (`unprintable`).
 */
export const quote = (value: string): Bytes => {
  let out = '"'
  let from = 0
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i)
    if (c !== QUOTE && c !== BACKSLASH && c !== 0x7f && (c >= 0x20 || c === 0x09)) continue
    out += `${value.slice(from, i)}\\`
    from = i
  }
  return `${out}${value.slice(from)}"`
}

const isBreak = (c: number): boolean => c === 0x0d || c === 0x0a
