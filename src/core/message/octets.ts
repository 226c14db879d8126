/**
 * Reading octets instead of chars: an element of a typed array costs half of what `charCodeAt` does. The transport has
 * the octets at hand; from a text they are copied, once and only the part that is read.
 */
import type { Bytes } from '../data/bytes.js'
import { is, TOKEN } from '../data/scan.js'

/** Octets to read. Never written to, never kept. */
export type Octets = Uint8Array

/**
 * The octets of `text` from `start` to `end`, in an array that the next call overwrites: the octet of char `start + i`
 * is element `i`. A char above 255 becomes 255, which is in no class that a grammar asks for. Zeros follow, as good as the
 * nothing behind an array: who looks a few octets ahead must not find those of an earlier message.
 */
export const octetsOf = (text: Bytes, start: number, end: number): Octets => {
  const length = end - start
  const octets = length + AHEAD <= scratch.length ? scratch : new Uint8Array(length + AHEAD)
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(start + i)
    octets[i] = c > 0xff ? 0xff : c
  }
  for (let i = length; i < length + AHEAD; i++) octets[i] = 0
  return octets
}

/** The first position from `at` whose octet is in none of the classes. */
export const over = (octets: Octets, at: number, end: number, classes: number): number => {
  let p = at
  while (p < end && is(octets[p] as number, classes)) p++
  return p
}

/** The same for a token (RFC 3261 25.1), of which nearly everything is made. */
export const overToken = (octets: Octets, at: number, end: number): number => {
  let p = at
  while (p < end && tokens[octets[p] as number] === 1) p++
  return p
}

/** The first position from `at` that is no space, tab, CR or LF. */
export const overLws = (octets: Octets, at: number, end: number): number => {
  let p = at
  while (p < end && isLws(octets[p] as number)) p++
  return p
}

/** `end` without the white space before it. */
export const beforeLws = (octets: Octets, start: number, end: number): number => {
  let p = end
  while (p > start && isLws(octets[p - 1] as number)) p--
  return p
}

/** Where the quoted string that opens at `at` ends, past its closing quote; -1 if it never closes. */
export const overQuoted = (octets: Octets, at: number, end: number): number => {
  for (let p = at + 1; p < end; p++) {
    const c = octets[p]
    if (c === QUOTE) return p + 1
    if (c === BACKSLASH) p++
  }
  return -1
}

/** The decimal number that fills `start` to `end`; -1 if there is none, something else, or it exceeds `max`. */
export const decimalOf = (octets: Octets, start: number, end: number, max: number): number => {
  if (start >= end) return -1
  let n = 0
  for (let p = start; p < end; p++) {
    const digit = (octets[p] as number) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    n = n * 10 + digit
    if (n > max) return -1
  }
  return n
}

/** Four octets from `at` on as one number, to be compared with `fourOf` a word: names are told by four letters at once. */
export const four = (octets: Octets, at: number): number =>
  (octets[at] as number) |
  ((octets[at + 1] as number) << 8) |
  ((octets[at + 2] as number) << 16) |
  ((octets[at + 3] as number) << 24)

/** The same with letters in lower case. Of the octets of a token, only letters change; of others, some do. */
export const fourSmall = (octets: Octets, at: number): number => four(octets, at) | 0x20202020

/** The number of a word of four letters, or of three and a zero. */
export const fourOf = (word: string): number =>
  word.charCodeAt(0) |
  (word.charCodeAt(1) << 8) |
  (word.charCodeAt(2) << 16) |
  ((word.charCodeAt(3) || 0) << 24)

const isLws = (c: number): boolean => c === 0x20 || c === 0x09 || c === 0x0d || c === 0x0a

const tokens: Uint8Array = Uint8Array.from({ length: 256 }, (_, c) => (is(c, TOKEN) ? 1 : 0))
/** How far anybody looks ahead: a version and the space before it. */
const AHEAD = 12
const scratch: Uint8Array = new Uint8Array(65536)
const QUOTE = 0x22
const BACKSLASH = 0x5c
