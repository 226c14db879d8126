/**
 * Text and octets. Display names, reason phrases and free text are UTF-8 (RFC 3261 7.3.1, 25.1); in a byte string they
 * are its octets, and this is the way between them and text.
 */
import type { Bytes } from './bytes.js'

/** The UTF-8 octets of `text`; half a surrogate pair becomes U+FFFD. */
export const encode = (text: string): Bytes => {
  let out = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code < 0x80) continue
    out += text.slice(from, i) + octets(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code)
    if (code > 0xffff) i++
    from = i + 1
  }
  return from === 0 ? text : out + text.slice(from)
}

/** The text of UTF-8 octets; what is no UTF-8 becomes U+FFFD, one for each octet, so that this never fails. */
export const decode = (bytes: Bytes): string => {
  let out = ''
  let from = 0
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes.charCodeAt(i)
    if (lead < 0x80) continue
    const code = codeAt(bytes, i, lead)
    out += bytes.slice(from, i) + String.fromCodePoint(code < 0 ? 0xfffd : code)
    if (code >= 0x80) i += code > 0xffff ? 3 : code > 0x7ff ? 2 : 1
    from = i + 1
  }
  return from === 0 ? bytes : out + bytes.slice(from)
}

/** Whether the octets are UTF-8. */
export const isUtf8 = (bytes: Bytes): boolean => encode(decode(bytes)) === bytes

const octets = (code: number): Bytes => {
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), trail(code))
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), trail(code >> 6), trail(code))
  return String.fromCharCode(0xf0 | (code >> 18), trail(code >> 12), trail(code >> 6), trail(code))
}

const trail = (code: number): number => 0x80 | (code & 0x3f)

/** The code point whose first octet is `lead`; -1 if none is written there, shortest form and no surrogate. */
const codeAt = (bytes: Bytes, at: number, lead: number): number => {
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4) return -1
  let code = lead & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const c = bytes.charCodeAt(at + i)
    if ((c & 0xc0) !== 0x80 || c > 0xff) return -1
    code = (code << 6) | (c & 0x3f)
  }
  const shortest = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80
  return code < shortest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? -1 : code
}
