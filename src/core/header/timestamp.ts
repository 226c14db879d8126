/** Timestamp (RFC 3261 20.38): `1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ]`, `delay = *(DIGIT) [ "." *(DIGIT) ]`. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, DIGIT, fail, skip, space } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

/** When a request was sent, on its sender's clock, and how long the answer took, in seconds. */
export interface Timestamp {
  readonly time: number
  readonly delay?: number
}

/** Numbers as far as a double holds them: who must repeat a Timestamp copies its octets. */
export const timestamp: Header<Timestamp, false> = checked({
  name: 'Timestamp',
  list: false,
  shape: { record: 'Timestamp', fields: { time: 'number', 'delay?': 'number' } },
  read: (c: Cursor): Timestamp | undefined => {
    if (skip(c.text, c.at, c.end, DIGIT) === c.at) return fail(c, 'time expected')
    const time = readNumber(c)
    if (time === undefined) return undefined
    const gap = c.at
    space(c)
    if (c.at === c.end) return { time }
    if (c.at === gap) return fail(c, 'space expected before the delay')
    const delay = readNumber(c)
    return delay === undefined ? undefined : { time, delay }
  },
  write: ({ time, delay }: Timestamp): Bytes => (delay === undefined ? `${time}` : `${time} ${delay}`),
})

/** `*(DIGIT) [ "." *(DIGIT) ]`; no digit at all is zero. */
const readNumber = (c: Cursor): number | undefined => {
  const start = c.at
  c.at = skip(c.text, start, c.end, DIGIT)
  if (c.text.charCodeAt(c.at) === 0x2e && c.at < c.end) c.at = skip(c.text, c.at + 1, c.end, DIGIT)
  const seconds = Number(`0${c.text.slice(start, c.at)}`)
  return Number.isFinite(seconds) ? seconds : fail(c, 'more digits than a number holds', start)
}
