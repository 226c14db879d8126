/** Headers that are one number (RFC 3261 20.14, 20.19, 20.22, 20.23 and later RFCs). */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, number } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

const MAX_32 = 0xffffffff

const integer = (name: string, max: number, compact?: string): Header<number, false> =>
  checked({
    name,
    ...(compact !== undefined && { compact }),
    list: false,
    read: (c: Cursor): number | undefined => number(c, 'number', max),
    write: (value: number): Bytes => String(value),
  })

export const contentLength: Header<number, false> = integer('Content-Length', MAX_32, 'l')
/** Seconds, "between 0 and (2**32)-1". */
export const expires: Header<number, false> = integer('Expires', MAX_32)
/** "an integer in the range 0-255". */
export const maxForwards: Header<number, false> = integer('Max-Forwards', 255)
/** Seconds. */
export const minExpires: Header<number, false> = integer('Min-Expires', MAX_32)
/** RFC 3262 7.1: 1 to 2^32-1. */
export const rseq: Header<number, false> = integer('RSeq', MAX_32)
/** RFC 5393 5.3.3.1. */
export const maxBreadth: Header<number, false> = integer('Max-Breadth', MAX_32)
/** RFC 5626 10: seconds. */
export const flowTimer: Header<number, false> = integer('Flow-Timer', MAX_32)
