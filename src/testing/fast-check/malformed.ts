/** Arbitrary octets that are no valid message: some that a careful reader accepts all the same, some to be refused. */
import * as fc from 'fast-check'
import type { Bytes } from '../../core/data/bytes.js'
import type { ParseErrorKind } from '../../core/message/error.js'
import { assemble, type Content, content, head, type Line, type Style, style } from './head.js'
import { method, requestUri } from './message.js'
import { octets } from './octets.js'

/** Octets to be refused, and as what. */
export interface Refused {
  readonly text: Bytes
  readonly kind: ParseErrorKind
}

/** A request that deviates from the grammar and is read all the same; the strict profile refuses it. */
export const deviant = (): fc.Arbitrary<Bytes> =>
  fc.tuple(parts(), fc.constantFrom(...deviations)).map(([whole, fault]) => fault(whole))

/** A request that no careful reader accepts. */
export const refused = (): fc.Arbitrary<Refused> =>
  fc
    .tuple(parts(), fc.constantFrom(...faults), fc.nat())
    .map(([whole, [kind, fault], where]) => ({ kind, text: fault(whole, where) }))

/** Any octets, valid messages cut and spoilt in places among them. */
export const rubbish = (): fc.Arbitrary<Bytes> =>
  fc.oneof(
    octets,
    fc.tuple(parts().map(written), fc.nat(), fc.nat({ max: 40 }), octets).map(([text, at, length, other]) => {
      const start = at % (text.length + 1)
      return text.slice(0, start) + other + text.slice(start + length)
    }),
  )

interface Parts {
  readonly method: string
  readonly target: Bytes
  readonly lines: readonly Line[]
  readonly body: Content | undefined
  readonly how: Style
}

const parts = (): fc.Arbitrary<Parts> =>
  method().chain((name) =>
    fc.record({
      method: fc.constant(name),
      target: requestUri(),
      lines: head(name),
      body: content(),
      how: style(),
    }),
  )

const written = ({ method: name, target, lines, body, how }: Parts, version: string = 'SIP/2.0'): Bytes =>
  assemble(`${name} ${target} ${version}`, lines, body, how)

const changed = (whole: Parts, name: string, value: (before: Bytes) => Bytes): Parts => ({
  ...whole,
  lines: whole.lines.map((line) => (line.name === name ? { name, value: value(line.value) } : line)),
})

const deviations: readonly ((whole: Parts) => Bytes)[] = [
  (it) => written({ ...it, how: { ...it.how, before: '\r\n ' } }),
  (it) => written(changed(it, 'Max-Forwards', () => '256')),
  (it) => written(changed(it, 'From', () => 'Bell, Alexander <sip:a@b.example>;tag=1')),
]

const mandatory = ['Via', 'From', 'To', 'Call-ID', 'CSeq']

const faults: readonly (readonly [ParseErrorKind, (whole: Parts, where: number) => Bytes])[] = [
  [
    'missing',
    (it, where) => {
      const gone = mandatory[where % mandatory.length]
      return written({ ...it, lines: it.lines.filter(({ name }) => name !== gone) })
    },
  ],
  ['duplicate', (it) => written({ ...it, lines: [...it.lines, { name: 'Call-ID', value: 'another' }] })],
  ['version', (it) => written(it, 'SIP/3.0')],
  ['malformed', (it) => written(changed(it, 'CSeq', (value) => value.replace(/^\d+/, '4294967296')))],
  ['malformed', (it) => written(changed(it, 'CSeq', (value) => `${value}X`))],
  ['malformed', (it) => written(changed(it, 'To', () => 'nobody'))],
  ['malformed', (it) => written(changed(it, 'Max-Forwards', () => 'seventy'))],
  ['syntax', (it) => written(changed(it, 'Call-ID', (value) => `${value}\nInjected: yes`))],
  ['syntax', (it) => written({ ...it, lines: [...it.lines, { name: 'no colon, no name', value: '' }] })],
  [
    'length',
    (it) => {
      const text = written(it)
      return text.replace(/(\r\n(?:content-length|l)[ \t]*:\s*)\d+(\r\n\r\n)/i, '$199999$2')
    },
  ],
  ['syntax', (it) => written(it).split('\r\n\r\n', 1).join('')],
  ['keep-alive', (_it, where) => '\r\n'.repeat(1 + (where % 4))],
  ['empty', () => ''],
  ['not-sip', (_it, where) => `GET /${where} HTTP/1.1\r\n\r\n`],
]
