/** `comment = LPAREN *( ctext / quoted-pair / comment ) RPAREN` (RFC 3261 25.1), and where one ends. */
import type { Bytes } from '../data/bytes.js'
import { meaning } from '../data/quoted.js'
import { type Cursor, fail } from '../data/scan.js'
import { commentEnd } from './split.js'

/** Reads the comment at the cursor and returns what stands between its parentheses, quoted pairs resolved. */
export const readComment = (c: Cursor): Bytes | undefined => {
  const end = commentEnd(c.text, c.at, c.end)
  if (end < 0) return fail(c, 'comment is never closed')
  const value = meaning(c.text, c.at + 1, end - 1)
  c.at = end
  return value
}

/** `value` in parentheses, a backslash before every `\`, parenthesis and control character in it. */
export const writeComment = (value: Bytes): Bytes => {
  let out = '('
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i)
    const special = c === 0x28 || c === 0x29 || c === 0x5c || c === 0x7f || (c < 0x20 && c !== 0x09)
    out += special ? `\\${value[i] as string}` : (value[i] as string)
  }
  return `${out})`
}
