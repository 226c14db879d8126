/** Call-ID and In-Reply-To (RFC 3261 20.8, 20.21): `callid = word [ "@" word ]`, compared octet by octet. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, skip, WORD } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { splitCommas } from './split.js'

/** Reads a `callid` at the cursor. */
export const readCallId = (c: Cursor): Bytes | undefined => {
  const start = c.at
  let end = skip(c.text, start, c.end, WORD)
  if (end === start) return fail(c, 'identifier expected')
  if (end < c.end && c.text.charCodeAt(end) === 0x40) {
    const at = end + 1
    end = skip(c.text, at, c.end, WORD)
    if (end === at) return fail(c, 'word expected behind "@"', at)
  }
  c.at = end
  return c.text.slice(start, end)
}

export const callId: Header<Bytes, false> = checked({
  name: 'Call-ID',
  compact: 'i',
  list: false,
  shape: 'string',
  read: readCallId,
  write: (value: Bytes): Bytes => value,
})

/** A word may hold quotes and brackets, but no comma: every comma separates. */
export const inReplyTo: Header<Bytes, true> = checked({
  name: 'In-Reply-To',
  list: true,
  shape: 'string',
  split: splitCommas,
  read: readCallId,
  write: (value: Bytes): Bytes => value,
})
