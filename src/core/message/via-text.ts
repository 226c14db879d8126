/** The parameters of a Via value as they stand, for who changes some of them and leaves every other octet alone. */
import type { Bytes } from '../data/bytes.js'
import { quotedEnd } from '../data/quoted.js'
import { skip, skipLws, startsWithLetters, TOKEN } from '../data/scan.js'

/** From a semicolon to the next, or to the end of the value. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The parameters of that name, which is in lower case, of the Via value from `start` to `end`; there may be several. */
export const paramsNamed = (name: string, text: Bytes, start: number, end: number): readonly Span[] => {
  const found: Span[] = []
  for (let semi = text.indexOf(';', start); semi >= 0 && semi < end; ) {
    const next = paramEnd(text, semi + 1, end)
    const at = skipLws(text, semi + 1, end)
    if (skip(text, at, end, TOKEN) - at === name.length && startsWithLetters(text, at, end, name))
      found.push({ start: semi, end: next })
    semi = next < end ? next : -1
  }
  return found
}

/** The value from `start` to `end` without those spans of it. */
export const withoutSpans = (text: Bytes, start: number, end: number, spans: readonly Span[]): Bytes => {
  let out = ''
  let from = start
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    out += text.slice(from, span.start)
    from = span.end
  }
  return out + text.slice(from, end)
}

/** Where the parameter that starts at `at` ends: at the next semicolon outside quotes. */
const paramEnd = (text: Bytes, at: number, end: number): number => {
  for (let p = at; p < end; p++) {
    const c = text.charCodeAt(p)
    if (c === 0x3b) return p
    if (c !== 0x22) continue
    const close = quotedEnd(text, p, end)
    if (close < 0) return end
    p = close - 1
  }
  return end
}
