/** Headers that are one number (RFC 3261 20.14, 20.19, 20.22, 20.23 and later RFCs). */
import { type Cursor, number } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import type { Names } from './token.js'

const MAX_32 = 0xffffffff

/** One decimal number up to `max`. */
export const integer = (names: Names, max: number): Header<number, false> =>
  checked({
    ...names,
    list: false,
    shape: 'number',
    read: (c: Cursor): number | undefined => number(c, 'number', max),
    write: String,
  })

export const contentLength: Header<number, false> = integer({ name: 'Content-Length', compact: 'l' }, MAX_32)
/** Seconds, "between 0 and (2**32)-1". */
export const expires: Header<number, false> = integer({ name: 'Expires' }, MAX_32)
/** "an integer in the range 0-255". */
export const maxForwards: Header<number, false> = integer({ name: 'Max-Forwards' }, 255)
/** Seconds. */
export const minExpires: Header<number, false> = integer({ name: 'Min-Expires' }, MAX_32)
/** RFC 3262 7.1: 1 to 2^32-1. */
export const rseq: Header<number, false> = integer({ name: 'RSeq' }, MAX_32)
/** RFC 5393 5.3.3.1. */
export const maxBreadth: Header<number, false> = integer({ name: 'Max-Breadth' }, MAX_32)
/** RFC 5626 10: seconds. */
export const flowTimer: Header<number, false> = integer({ name: 'Flow-Timer' }, MAX_32)
