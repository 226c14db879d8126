/** The ACK that an INVITE client transaction sends for a final response other than 2xx (RFC 3261 17.1.1.3). */
import type { Bytes } from '../data/bytes.js'
import type { Response } from '../message/types.js'
import { valueEnd } from '../message/scan.js'
import { type Field, fields, join, value } from './fields.js'

/**
 * The ACK for `response` to the INVITE whose text is `invite`: the fields of the INVITE that the section names, in
 * their order and octet by octet, with the To of the response and the method changed. No body (AK-8), and of Require and
 * Proxy-Require nothing (AK-9, 8.2.2.3).
 */
export const ack = (invite: Bytes, response: Response): Bytes => {
  const copied = fields(invite)
  const top = copied.find(isVia)
  const to = fields(response.text).find(isTo)
  const kept = copied.flatMap((field) => keep(field, top, to))
  const hops = copied.some(({ name }) => name === 'max-forwards') ? [] : ['Max-Forwards: 70'] // AK-7 8.1.1.6
  return join(startLine(invite), [...kept, ...hops])
}

/** AK-1: the Request-URI "equal to the values … in the request passed to the transport". */
const startLine = (invite: Bytes): Bytes => `ACK${invite.slice(invite.indexOf(' '), invite.indexOf('\r\n'))}`

const keep = (field: Field, top: Field | undefined, to: Field | undefined): readonly Bytes[] => {
  switch (field.name) {
    case 'via':
    case 'v': // AK-3 "MUST contain a single Via header field, … equal to the top Via header field"
      return field === top ? [firstValue(field)] : []
    case 'to':
    case 't': // AK-2 "MUST equal the To header field in the response being acknowledged"
      return [(to ?? field).line]
    case 'cseq': // AK-4 "the same value for the sequence number …, but the method parameter MUST be equal to 'ACK'"
      return [`CSeq: ${sequence(field)} ACK`]
    case 'from':
    case 'f':
    case 'call-id':
    case 'i': // AK-1
    case 'route': // AK-5 "If the INVITE … had Route header fields, those header fields MUST appear in the ACK"
    case 'max-forwards':
    case 'authorization':
    case 'proxy-authorization': // AK-10 22.1 "duplicate all of the Authorization and Proxy-Authorization … values"
      return [field.line]
    default:
      return []
  }
}

const isVia = ({ name }: Field): boolean => name === 'via' || name === 'v'

const isTo = ({ name }: Field): boolean => name === 'to' || name === 't'

/** A Via field may hold several values; the top one is the first of them (7.3.1). */
const firstValue = ({ line }: Field): Bytes => line.slice(0, valueEnd(line, 0, line.length))

const sequence = (field: Field): Bytes => value(field).trim().split(/\s/, 1).join('')
