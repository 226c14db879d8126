/**
 * Byte strings. A SIP message is octets; inside the core they are a JavaScript string in which each char is one
 * octet (0 to 255). It is immutable, compares with `===`, prints in a log, is its own JSON and costs a byte a char.
 */

/** A string in which every char is one octet, 0 to 255. Not text: display names in it are UTF-8 octets. */
export type Bytes = string

/** Whether every char is one octet (no char above 255 that could wrap into a control byte when written). */
export const isBytes = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false
  return true
}

/** The octets as an array of numbers. A char above 255 becomes `?`, never another octet. */
export const toUint8Array = (bytes: Bytes): Uint8Array => {
  const out = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes.charCodeAt(i)
    out[i] = c > 0xff ? 0x3f : c
  }
  return out
}

const CHUNK = 4096

/** The byte string of an array of octets. */
export const fromUint8Array = (octets: Uint8Array): Bytes => {
  let out = ''
  for (let i = 0; i < octets.length; i += CHUNK)
    out += String.fromCharCode(...octets.subarray(i, Math.min(i + CHUNK, octets.length)))
  return out
}

/**
 * The same octets in a string of their own. An engine keeps the text alive that a part was cut from, so what is kept of a
 * message for long is copied first.
 */
export const own = (bytes: Bytes): Bytes =>
  bytes.length < SHARED ? bytes : flat(bytes.slice(0, 1) + bytes.slice(1))

/**
 * What was put together, in one piece. An engine keeps the parts until somebody looks at a char; so here somebody does, and
 * the answer depends on what he sees, or a compiler would leave it out.
 */
export const flat = (bytes: Bytes): Bytes => (bytes.charCodeAt(0) > 0xff ? bytes.slice(0) : bytes)

/** Shorter parts are copied by V8 itself. */
const SHARED = 13
