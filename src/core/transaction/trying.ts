/** The 100 that a server transaction sends when its core is slow (RFC 3261 17.2.1, RFC 4320 4.1). */
import type { Bytes } from '../data/bytes.js'
import { type Field, fields, join, value } from './fields.js'

/**
 * The 100 to the request whose text is `request`, `delay` ms after its receipt: Via, From, To, Call-ID and CSeq equal
 * to the request's (8.2.6.2), the To without a tag of ours ("the insertion of tags … is downgraded from MAY to SHOULD
 * NOT"), a Timestamp with the delay.
 */
export const trying = (request: Bytes, delay: number): Bytes =>
  join(
    'SIP/2.0 100 Trying',
    fields(request).flatMap((field) => keep(field, delay)),
  )

const keep = (field: Field, delay: number): readonly Bytes[] =>
  field.name === 'timestamp' ? [delayed(field, delay)] : copied.includes(field.name) ? [field.line] : []

const copied: readonly string[] = ['via', 'v', 'from', 'f', 'to', 't', 'call-id', 'i', 'cseq']

/**
 * 8.2.6.1: the Timestamp "MUST be copied"; the UAS "SHOULD add a delay value", "the difference between the time of
 * sending of the response and receipt of the request, measured in seconds". What is not a number is copied alone.
 */
const delayed = (field: Field, delay: number): Bytes => {
  const time = value(field)
  return /^\d+\.?\d*$/.test(time) ? `Timestamp: ${time} ${(delay / 1000).toFixed(3)}` : field.line
}
