/** The CANCEL for an INVITE whose client transaction has had a provisional response (RFC 3261 9.1). */
import type { Bytes } from '../data/bytes.js'
import { valueEnd } from '../message/scan.js'
import { type Field, fields, join, value } from './fields.js'

/**
 * The CANCEL for the INVITE whose text is `invite`: "The Request-URI, Call-ID, To, the numeric part of CSeq, and From header
 * fields in the CANCEL request MUST be identical to those in the request being cancelled, including tags", "a single Via
 * header field value that matches the top Via value", the Route fields, and no Require or Proxy-Require.
 */
export const cancel = (invite: Bytes): Bytes => {
  const copied = fields(invite)
  const top = copied.find(isVia)
  return join(`CANCEL${invite.slice(invite.indexOf(' '), invite.indexOf('\r\n'))}`, [
    ...copied.flatMap((field) => keep(field, top)),
    'Max-Forwards: 70',
  ])
}

const keep = (field: Field, top: Field | undefined): readonly Bytes[] => {
  switch (field.name) {
    case 'via':
    case 'v':
      return field === top
        ? [field.line.slice(0, valueEnd(field.line, field.line.indexOf(':') + 1, field.line.length))]
        : []
    case 'cseq': // "the method part of the CSeq header field MUST have a value of CANCEL"
      return [`CSeq: ${value(field).trim().split(/\s/, 1).join('')} CANCEL`]
    case 'from':
    case 'f':
    case 'to':
    case 't':
    case 'call-id':
    case 'i':
    case 'route': // "MUST include that Route header field's values": stateless proxies need them
      return [field.line]
    default:
      return []
  }
}

const isVia = ({ name }: Field): boolean => name === 'via' || name === 'v'
