/** The head of a message as lines, for the two messages that a transaction makes from others by cutting and joining. */
import type { Bytes } from '../data/bytes.js'

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

/** The octets of a field after its colon. */
export const value = ({ line }: Field): Bytes => line.slice(line.indexOf(':') + 1)

/** A message without a body from its start line and fields. */
export const join = (startLine: Bytes, lines: readonly Bytes[]): Bytes =>
  [startLine, ...lines, 'Content-Length: 0', '', ''].join('\r\n')
