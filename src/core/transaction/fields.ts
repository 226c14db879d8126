/** Messages that a transaction makes of another by copying fields of it, octet by octet. */
import type { Bytes } from '../data/bytes.js'
import { valueEnd } from '../message/scan.js'

/** A header field: its name in lower case and its octets as they stand, folds included, without the last CRLF. */
export interface Field {
  readonly name: string
  readonly line: Bytes
}

/** The header fields of a message's text, which is known to be one: lines end in CRLF, a fold goes on with a space. */
export const fields = (text: Bytes): readonly Field[] =>
  text
    .slice(0, text.indexOf('\r\n\r\n'))
    .split(/\r\n(?![ \t])/)
    .slice(1)
    .map((line) => ({ name: line.slice(0, line.indexOf(':')).trimEnd().toLowerCase(), line }))

/** The octets of a field after its colon, without space around them. */
export const value = ({ line }: Field): Bytes => line.slice(line.indexOf(':') + 1).trim()

/** A message without a body from its start line and fields. */
export const join = (startLine: Bytes, lines: readonly Bytes[]): Bytes =>
  [startLine, ...lines, 'Content-Length: 0', '', ''].join('\r\n')

/**
 * A request that belongs to an INVITE: its Request-URI, its top Via alone, From, Call-ID and the number of its CSeq, its Route
 * fields, what else of it is `kept`, and its To or another one. Of Require and Proxy-Require, nothing.
 */
export const derived = (
  invite: Bytes,
  method: 'ACK' | 'CANCEL',
  kept: readonly string[] = [],
  to?: Field,
): Bytes => {
  const copied = fields(invite)
  const top = copied.find(isVia)
  const lines = copied.flatMap((field) => {
    const { name, line } = field
    if (isVia(field)) return field === top ? [firstValue(line)] : []
    if (isTo(field)) return [(to ?? field).line]
    if (name === 'cseq') return [`CSeq: ${value(field).split(/\s/, 1).join('')} ${method}`]
    return always.includes(name) || kept.includes(name) ? [line] : []
  })
  const hops = copied.some(({ name }) => name === HOPS && kept.includes(name)) ? [] : ['Max-Forwards: 70']
  return join(`${method}${invite.slice(invite.indexOf(' '), invite.indexOf('\r\n'))}`, [...lines, ...hops])
}

/** Whether it is a To. */
export const isTo = ({ name }: Field): boolean => name === 'to' || name === 't'

const isVia = ({ name }: Field): boolean => name === 'via' || name === 'v'

const always: readonly string[] = ['from', 'f', 'call-id', 'i', 'route']

const HOPS = 'max-forwards'

/** A Via field may hold several values; the top one is the first of them (7.3.1). */
const firstValue = (line: Bytes): Bytes => line.slice(0, valueEnd(line, line.indexOf(':') + 1, line.length))
