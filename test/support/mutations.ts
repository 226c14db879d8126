/** Messages that were valid until something happened to them. */
import * as fc from 'fast-check'
import { torture, tortureText } from './torture.js'

/** What stands in SIP messages and where it hurts. */
const words: readonly string[] = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\r',
    '\n',
    '\0',
    ' ',
    '\t',
    '\r\n ',
    ';',
    ',',
    ':',
    '"',
    '<',
    '>',
    '@',
    '%',
    '[',
    ']',
    '=',
  ],
  ...[
    'SIP/2.0',
    'SIP/2.0/UDP',
    'sip:',
    'tel:',
    ';tag=',
    ';branch=z9hG4bK',
    ';rport',
    ';received=',
    '::1',
    '*',
  ],
  ...['Via: ', 'v:', 'From: ', 'f:', 'To: ', 'Call-ID: ', 'CSeq: ', 'Contact: ', 'Content-Length: ', 'l: 0'],
  ...[
    'Max-Forwards: ',
    'INVITE',
    'ACK',
    '2147483648',
    '-1',
    '0',
    '4294967296',
    '\xff',
    '\xc3\xa9',
    '__proto__: 1',
  ],
]

const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))

/** A change of a text at a place between 0 and 1 of its length. */
type Change = (text: string) => string

const at = (text: string, where: number): number => Math.floor(where * (text.length + 1))

const place = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true })

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ where: place, what: fc.oneof(octet, fc.constantFrom(...words)) }).map(
    ({ where, what }): Change =>
      (text) =>
        text.slice(0, at(text, where)) + what + text.slice(at(text, where)),
  ),
  fc.record({ where: place, what: fc.oneof(octet, fc.constantFrom(...words)) }).map(
    ({ where, what }): Change =>
      (text) =>
        text.slice(0, at(text, where)) + what + text.slice(at(text, where) + what.length),
  ),
  fc.record({ where: place, length: fc.nat({ max: 40 }) }).map(
    ({ where, length }): Change =>
      (text) =>
        text.slice(0, at(text, where)) + text.slice(at(text, where) + length),
  ),
  fc.record({ from: place, to: place, length: fc.nat({ max: 60 }) }).map(
    ({ from, to, length }): Change =>
      (text) =>
        text.slice(0, at(text, to)) +
        text.slice(at(text, from), at(text, from) + length) +
        text.slice(at(text, to)),
  ),
  fc.record({ from: place, to: place }).map(
    ({ from, to }): Change =>
      (text) =>
        swapLines(text, from, to),
  ),
)

const swapLines = (text: string, from: number, to: number): string => {
  const lines = text.split('\r\n')
  const [i, k] = [Math.floor(from * (lines.length - 1)), Math.floor(to * (lines.length - 1))]
  return lines.map((line, n) => (n === i ? lines[k] : n === k ? lines[i] : line)).join('\r\n')
}

const valid: readonly string[] = torture.filter(({ verdict }) => verdict === 'accept').map(tortureText)

/** A torture message that is valid, after one to five changes. */
export const mutated: fc.Arbitrary<string> = fc
  .record({ base: fc.constantFrom(...valid), changes: fc.array(change, { minLength: 1, maxLength: 5 }) })
  .map(({ base, changes }) => changes.reduce((text, next) => next(text), base))

/** Any octets, most of them made of what stands in messages. */
export const rubbish: fc.Arbitrary<string> = fc
  .array(fc.oneof(octet, fc.constantFrom(...words)), { maxLength: 80 })
  .map((parts) => parts.join(''))
