/** CSeq (RFC 3261 20.16): `1*DIGIT LWS Method`. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, number, space, token } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

/** Which request of its sender this is. */
export interface CSeq {
  /** 0 to 2^32-1. */
  readonly number: number
  /** Case-sensitive (7.1). */
  readonly method: string
}

export const cseq: Header<CSeq, false> = checked({
  name: 'CSeq',
  list: false,
  shape: { record: 'CSeq', fields: { number: 'number', method: 'string' } },
  read: (c: Cursor): CSeq | undefined => {
    const sequence = number(c, 'sequence number', 0xffffffff)
    if (sequence === undefined) return undefined
    const gap = c.at
    space(c)
    if (c.at === gap) return fail(c, 'space and method expected')
    const method = token(c, 'method')
    return method === undefined ? undefined : { number: sequence, method }
  },
  write: ({ number, method }: CSeq): Bytes => `${number} ${method}`,
})
