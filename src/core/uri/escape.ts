/** Percent escapes (RFC 3261 25.1 `escaped`, RFC 2396 2.4). */
import type { Bytes } from '../data/bytes.js'
import { HEX, HNV, is, PARAM, PASSWORD, RESERVED, UNRESERVED, USER } from '../data/scan.js'

/** Whether a char stands unescaped everywhere in a URI: letter, digit or `mark`. */
export const isUnreserved = (char: string): boolean => is(char.charCodeAt(0), UNRESERVED)

/** Whether a char stands unescaped in a parameter's name or value (`paramchar`). */
export const isParamChar = (char: string): boolean => is(char.charCodeAt(0), UNRESERVED | PARAM)

/** Whether a char stands unescaped in a header's name or value (`hnv-unreserved`). */
export const isHeaderChar = (char: string): boolean => is(char.charCodeAt(0), UNRESERVED | HNV)

/** Replaces every `%HH` by its octet. What is no escape stays: this never fails. */
export const unescape = (text: Bytes): Bytes => {
  let at = text.indexOf('%')
  if (at < 0) return text
  let out = ''
  let from = 0
  for (; at >= 0; at = text.indexOf('%', at + 1)) {
    const octet = escapeAt(text, at)
    if (octet < 0) continue
    out += text.slice(from, at) + String.fromCharCode(octet)
    from = at + 3
    at += 2
  }
  return out + text.slice(from)
}

/** Escapes what may not stand in a user part. Takes octets: encode text as UTF-8 first. */
export const escapeUser = (octets: Bytes): Bytes => escape(octets, UNRESERVED | USER)

/** Escapes what may not stand in a password. */
export const escapePassword = (octets: Bytes): Bytes => escape(octets, UNRESERVED | PASSWORD)

/** Escapes what may not stand in a parameter's name or value (Elixir's `encode_paramchar`). */
export const escapeParam = (octets: Bytes): Bytes => escape(octets, UNRESERVED | PARAM)

/** Escapes what may not stand in a header's name or value (Elixir's `encode_hnvchar`). */
export const escapeHeader = (octets: Bytes): Bytes => escape(octets, UNRESERVED | HNV)

/**
 * The one form of all spellings that 19.1.4 calls equivalent: "Characters other than those in the "reserved" set …
 * are equivalent to their "%" HEX HEX encoding." What may stand unescaped does, what may not is escaped in upper
 * case; a reserved character stays what it was. The result can stand where `text` stood.
 */
export const normalize = (text: Bytes): Bytes => {
  let i = 0
  while (i < text.length && is(text.charCodeAt(i), PLAIN)) i++
  if (i === text.length) return text
  let out = text.slice(0, i)
  while (i < text.length) {
    const octet = text[i] === '%' ? escapeAt(text, i) : -1
    const c = octet < 0 ? text.charCodeAt(i) : octet
    const literal = octet < 0 ? is(c, PLAIN) : is(c, PLAIN) && !is(c, RESERVED)
    out += literal ? String.fromCharCode(c) : hex(c)
    i += octet < 0 ? 1 : 3
  }
  return out
}

/** The octet that `%HH` at `at` stands for; -1 if there is no escape. */
export const escapeAt = (text: Bytes, at: number): number => {
  const high = text.charCodeAt(at + 1)
  const low = text.charCodeAt(at + 2)
  return is(high, HEX) && is(low, HEX) ? (digit(high) << 4) | digit(low) : -1
}

/** What stands unescaped in some component: unreserved, reserved, and `[` and `]`, which RFC 3261 added. */
const PLAIN = UNRESERVED | RESERVED | PARAM

const escape = (octets: Bytes, classes: number): Bytes => {
  let out = ''
  let from = 0
  for (let i = 0; i < octets.length; i++) {
    const c = octets.charCodeAt(i)
    if (is(c, classes)) continue
    out += octets.slice(from, i) + hex(c)
    from = i + 1
  }
  return from === 0 ? octets : out + octets.slice(from)
}

/** The escape of an octet; what is no octet stays as it is, for the writer of the URI to refuse. */
const hex = (octet: number): Bytes =>
  octet > 0xff ? String.fromCharCode(octet) : `%${octet < 16 ? '0' : ''}${octet.toString(16).toUpperCase()}`

const digit = (c: number): number => (c <= 0x39 ? c - 0x30 : (c | 0x20) - 0x57)
