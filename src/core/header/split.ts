/**
 * Comma lists. RFC 3261 7.3.1: values may be joined by commas "if, and only if, the entire field-value for that
 * header field is defined as a comma-separated list"; `Header.list` says for which it is.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { quotedEnd } from '../data/quoted.js'
import { skipLws, trimEnd } from '../data/scan.js'
import type { Header, HeaderError } from './define.js'

/**
 * Where the values between `start` and `end` stand: start and end of each in turn, white space left out. A comma
 * within quotes, angle brackets or a comment separates nothing; an opening one that never closes opens nothing.
 */
export const split = (text: Bytes, start: number, end: number): readonly number[] => {
  let from = skipLws(text, start, end)
  const comma = text.indexOf(',', from)
  if (comma < 0 || comma >= end) return [from, trimEnd(text, from, end)]
  const spans: number[] = []
  let unclosed = 0 // which of `"`, `<` and `(` were found never to close from here on: no need to look again
  for (let i = from; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c === COMMA) {
      spans.push(from, trimEnd(text, from, i))
      from = skipLws(text, i + 1, end)
      i = from - 1
      continue
    }
    const kind = c === QUOTE ? 1 : c === OPEN ? 2 : c === PAREN && isOutside(text, start, i) ? 4 : 0
    if (kind === 0 || (unclosed & kind) !== 0) continue
    const close =
      kind === 1 ? quotedEnd(text, i, end) : kind === 2 ? bracketEnd(text, i, end) : commentEnd(text, i, end)
    if (close < 0) unclosed |= kind
    else i = close - 1
  }
  spans.push(from, trimEnd(text, from, end))
  return spans
}

/** The same where every comma separates: for values in which quotes and brackets are ordinary characters. */
export const splitCommas = (text: Bytes, start: number, end: number): readonly number[] => {
  const spans: number[] = []
  let from = start
  for (let i = start; i <= end; i++) {
    if (i < end && text.charCodeAt(i) !== COMMA) continue
    const first = skipLws(text, from, i)
    spans.push(first, trimEnd(text, first, i))
    from = i + 1
  }
  return spans
}

/**
 * Reads all values of one field of a list header; the offsets of errors are those of `text`. A field without any
 * value is refused unless the grammar allows it, and so is an empty member.
 */
export const parseList = <A>(
  header: Header<A>,
  text: Bytes,
  start: number,
  end: number,
): Either<HeaderError, readonly A[]> => {
  const spans = (header.split ?? split)(text, start, end)
  if (spans.length === 2 && spans[0] === spans[1] && header.mayBeEmpty === true) return right([])
  const values: A[] = []
  for (let i = 0; i < spans.length; i += 2) {
    const from = spans[i] as number
    const to = spans[i + 1] as number
    if (from >= to) return left({ what: 'value expected', offset: from })
    const value = header.parse(text, from, to)
    if (isLeft(value)) return value
    values.push(value.right)
  }
  const what = header.together?.(values)
  return what === undefined ? right(values) : left({ what, offset: start })
}

const QUOTE = 0x22
const PAREN = 0x28
const COMMA = 0x2c
const OPEN = 0x3c
const CLOSE = 0x3e

/** A comment stands between white space; a parenthesis inside a word is one of a URI (25.1 `mark`). */
const isOutside = (text: Bytes, start: number, at: number): boolean =>
  at === start || text.charCodeAt(at - 1) <= 0x20

const bracketEnd = (text: Bytes, at: number, end: number): number => {
  for (let i = at + 1; i < end; i++) if (text.charCodeAt(i) === CLOSE) return i + 1
  return -1
}

/** `comment = LPAREN *(ctext / quoted-pair / comment) RPAREN` */
export const commentEnd = (text: Bytes, at: number, end: number): number => {
  let depth = 0
  for (let i = at; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x5c) i++
    else if (c === PAREN) depth++
    else if (c === 0x29 && --depth === 0) return i + 1
  }
  return -1
}
