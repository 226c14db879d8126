/** RAck (RFC 3262 7.2): `response-num LWS CSeq-num LWS Method`, which provisional response is acknowledged. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, number, space, token } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

export interface RAck {
  /** The RSeq of the response, 0 to 2^32-1. */
  readonly rseq: number
  /** The CSeq of the response: its number, 0 to 2^32-1, and its method. */
  readonly cseq: number
  readonly method: string
}

export const rack: Header<RAck, false> = checked({
  name: 'RAck',
  list: false,
  shape: { record: 'RAck', fields: { rseq: 'number', cseq: 'number', method: 'string' } },
  read: (c: Cursor): RAck | undefined => {
    const rseq = number(c, 'response number', 0xffffffff)
    const cseq = rseq === undefined || !gap(c) ? undefined : number(c, 'sequence number', 0xffffffff)
    const method = cseq === undefined || !gap(c) ? undefined : token(c, 'method')
    return rseq === undefined || cseq === undefined || method === undefined
      ? undefined
      : { rseq, cseq, method }
  },
  write: ({ rseq, cseq, method }: RAck): Bytes => `${rseq} ${cseq} ${method}`,
})

const gap = (c: Cursor): boolean => {
  const at = c.at
  space(c)
  if (c.at === at) fail(c, 'space expected')
  return c.at > at
}
