/**
 * Reading a byte string: character classes of RFC 3261 25.1, a cursor, and the few scans every grammar here is made
 * of. All of it is linear in what it reads and allocates nothing per character.
 */
import type { Bytes } from './bytes.js'

/** Character classes, to be or-ed; the names are those of RFC 3261 25.1 and RFC 3966 3. */
export const TOKEN = 0x1
export const WORD = 0x2
export const DIGIT = 0x4
export const HEX = 0x8
export const ALPHA = 0x10
/** What stands unescaped anywhere in a URI: alphanum and mark. */
export const UNRESERVED = 0x20
/** What a user part, a password, a URI parameter, a URI header may hold besides: `user-unreserved` and so on. */
export const USER = 0x40
export const PASSWORD = 0x80
export const PARAM = 0x100
export const HNV = 0x200
/** Letters, digits, `-` and, beyond the grammar, `_`. */
export const LABEL = 0x400
/** A scheme after its first letter. */
export const SCHEME = 0x800
/** SP and HTAB, and CR and LF, which inside a field stand in a fold only (7.3.1). */
export const LWS = 0x1000
/** Digits and visual separators of RFC 3966. */
export const PHONE = 0x2000
/** What an unquoted parameter value may hold: token, and `[`, `]`, `:` of a host. */
export const VALUE = 0x4000
/** Octets above 127, in which UTF-8 is written. */
export const HIGH = 0x8000
/** What stands in no URI, not even leniently: space, control, `"`, `<`, `>`. */
export const DELIMITER = 0x10000
/** What needs no second look wherever it stands in a URI: an octet that is no DELIMITER and begins no escape. */
export const CLEAR = 0x40000
/** What stands in quotes for itself: neither `"` nor a backslash, nor CR or LF. */
export const QUOTED = 0x80000
/** The reserved set of RFC 2396 2.2: an escape of one of them is not equivalent to it. */
export const RESERVED = 0x20000

/** Whether char code `c` is in one of the classes; `NaN` and codes above 255 are in none. */
export const is = (c: number, classes: number): boolean =>
  c <= 0xff && ((CLASSES[c] as number) & classes) !== 0

/** The first position from `at` whose char is in none of the classes. */
export const skip = (text: Bytes, at: number, end: number, classes: number): number => {
  let i = at
  while (i < end && is(text.charCodeAt(i), classes)) i++
  return i
}

/** The first position from `at` that is no white space, folds included. */
export const skipLws = (text: Bytes, at: number, end: number): number => {
  let i = at
  while (i < end && isLws(text.charCodeAt(i))) i++
  return i
}

/** `end` without the white space before it. */
export const trimEnd = (text: Bytes, start: number, end: number): number => {
  let i = end
  while (i > start && isLws(text.charCodeAt(i - 1))) i--
  return i
}

/** Whether there is a char and all are in the classes. */
export const all = (text: Bytes, classes: number): boolean =>
  text.length > 0 && skip(text, 0, text.length, classes) === text.length

/** Whether `text` is a `token` (25.1). */
export const isToken = (text: string): boolean => all(text, TOKEN)

/** The decimal number that fills `start` to `end`; -1 if there is none, something else, or it exceeds `max`. */
export const decimal = (text: Bytes, start: number, end: number, max: number): number => {
  if (start >= end) return -1
  let n = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    n = n * 10 + digit
    if (n > max) return -1
  }
  return n
}

/** Letters of ASCII in lower case; octets above 127 stay, as `toLowerCase` would not leave them. */
export const lower = (text: string): string => {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if ((c >= 0x41 && c <= 0x5a) || c > 0x7f)
      return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  }
  return text
}

/** Whether two strings differ at most in the case of ASCII letters. */
export const sameLetters = (a: string, b: string): boolean => {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (small(a.charCodeAt(i)) !== small(b.charCodeAt(i))) return false
  return true
}

/** The same for `text` from `at` on and a word given in lower case. */
export const startsWithLetters = (text: Bytes, at: number, end: number, word: string): boolean => {
  if (end - at < word.length) return false
  for (let i = 0; i < word.length; i++)
    if (small(text.charCodeAt(at + i)) !== word.charCodeAt(i)) return false
  return true
}

/** The first char that no line may hold: CR, LF, NUL, or a char that is no octet. -1 if there is none. */
export const unprintable = (text: string): number => {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x0d || c === 0x0a || c === 0 || c > 0xff) return i
  }
  return -1
}

/** What is wrong and where. */
export interface Fault {
  readonly what: string
  readonly offset: number
}

/** A place in a text that moves as the text is read; the first fault ends the reading. */
export interface Cursor {
  readonly text: Bytes
  readonly end: number
  at: number
  fault: Fault | undefined
}

/** A cursor at `start`, white space at both ends left out. */
export const cursor = (text: Bytes, start: number, end: number): Cursor => {
  const at = skipLws(text, start, end)
  return { text, end: trimEnd(text, at, end), at, fault: undefined }
}

/** Notes what is wrong at the cursor, or at `offset`; returns `undefined` so that it can be returned. */
export const fail = (c: Cursor, what: string, offset: number = c.at): undefined => {
  c.fault ??= { what, offset }
  return undefined
}

/** Whether everything is read. */
export const done = (c: Cursor): boolean => c.at >= c.end

/** Passes white space. */
export const space = (c: Cursor): void => {
  c.at = skipLws(c.text, c.at, c.end)
}

/** Passes `code` and white space on both sides of it (SEMI, EQUAL, SLASH, COMMA); says whether it was there. */
export const separator = (c: Cursor, code: number): boolean => {
  const { text, end } = c
  const at = text.charCodeAt(c.at) === code ? c.at : skipLws(text, c.at, end)
  if (at >= end || text.charCodeAt(at) !== code) return false
  c.at = skipLws(text, at + 1, end)
  return true
}

/** Reads a token; `what` names it in the fault when there is none. */
export const token = (c: Cursor, what: string): string | undefined => {
  const start = c.at
  const end = skip(c.text, start, c.end, TOKEN)
  if (end === start) return fail(c, `${what} expected`)
  c.at = end
  return c.text.slice(start, end)
}

/** Reads a decimal number up to `max`. */
export const number = (c: Cursor, what: string, max: number): number | undefined => {
  const start = c.at
  const end = skip(c.text, start, c.end, DIGIT)
  const n = decimal(c.text, start, end, max)
  if (n < 0) return fail(c, end === start ? `${what} expected` : `${what} above ${max}`)
  c.at = end
  return n
}

const isLws = (c: number): boolean => c === 0x20 || c === 0x09 || c === 0x0d || c === 0x0a

const small = (c: number): number => (c >= 0x41 && c <= 0x5a ? c + 0x20 : c)

const table = (): Uint32Array => {
  const classes = new Uint32Array(256)
  const add = (chars: string, mask: number): void => {
    for (let i = 0; i < chars.length; i++) classes[chars.charCodeAt(i)]! |= mask
  }
  const digits = '0123456789'
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const mark = "-_.!~*'()"
  add(digits, DIGIT | HEX | PHONE)
  add('abcdefABCDEF', HEX)
  add(letters, ALPHA)
  add(digits + letters, TOKEN | WORD | UNRESERVED | LABEL | SCHEME | VALUE)
  add("-.!%*_+`'~", TOKEN | WORD | VALUE)
  add('()<>:\\"/[]?{}', WORD)
  add('[]:', VALUE)
  add(mark, UNRESERVED)
  add('&=+$,;?/', USER)
  add(';/?:@&=+$,', RESERVED)
  add('&=+$,', PASSWORD)
  add('[]/:&+$', PARAM)
  add('[]/?:+$', HNV)
  add('-_', LABEL)
  add('+-.', SCHEME)
  add('-.()', PHONE)
  add(' \t\r\n', LWS)
  add(' "<>', DELIMITER)
  for (let c = 0; c < 256; c++) {
    if (c < 0x20 || c === 0x7f) classes[c]! |= DELIMITER
    if (c > 0x7f) classes[c]! |= HIGH
    if (c !== 0x22 && c !== 0x5c && c !== 0x0d && c !== 0x0a) classes[c]! |= QUOTED
    if ((classes[c]! & DELIMITER) === 0 && c !== 0x25) classes[c]! |= CLEAR
  }
  return classes
}

const CLASSES: Uint32Array = /* @__PURE__ */ table()
