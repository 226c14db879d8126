/** Whether a message may be sent. */
import { cseqMethod, cseqNumber, noVia, topVia } from './head.js'
import { CALL_ID, CSEQ, type FieldId, FROM, find, TO } from './scan.js'
import type { Message } from './types.js'

/**
 * Why `message` may not be sent, or `undefined`: what its receiver would refuse. `withVia` says whether a top Via must
 * be there already; otherwise who sends it writes one.
 */
export const sendable = (message: Message, withVia: boolean): string | undefined => {
  const missing = mandatory.find(([id]) => find(message.index, id) < 0)
  if (missing !== undefined) return `${missing[1]} is missing`
  if (cseqNumber(message) < 0) return 'CSeq has no number below 2**31'
  if (message._tag === 'Request' && cseqMethod(message) !== message.method)
    return 'the method of CSeq is not that of the request'
  return withVia && topVia(message) === noVia ? 'Via is missing or none' : undefined
}

const mandatory: readonly (readonly [FieldId, string])[] = [
  [FROM, 'From'],
  [TO, 'To'],
  [CALL_ID, 'Call-ID'],
  [CSEQ, 'CSeq'],
]
