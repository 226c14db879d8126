/** The parts of arbitrary messages: header fields, bodies, and the freedom in writing them. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../../core/data/bytes.js'
import { type BuiltIn, headers } from '../../core/header/builtin.js'
import type { AnyHeader } from '../../core/header/define.js'
import { headerValue, nameAddr, via } from './header.js'
import { octets, of, tokenChars } from './octets.js'

/** A header field before it is written. */
export interface Line {
  readonly name: string
  readonly value: Bytes
}

/** A body with its type; both absent when there is none. */
export interface Content {
  readonly type: Bytes
  readonly body: Bytes
}

/** How fields are written, where the grammar leaves it open. */
export interface Style {
  readonly compact: boolean
  readonly upper: boolean
  /** White space before the colon and after it. */
  readonly before: string
  readonly after: string
}

/** Via, From, To, Call-ID, CSeq, Max-Forwards and a few others. The Vias stand first, the rest in any order. */
export const head = (method: string): fc.Arbitrary<readonly Line[]> =>
  fc
    .tuple(
      fc.array(viaLine, { minLength: 1, maxLength: 3 }),
      tagged('From', fc.constant(true)),
      tagged('To', fc.boolean()),
      printed('call-id'),
      printed('max-forwards'),
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      fc.array(fc.constantFrom(...optional).chain(printed), { maxLength: 5 }),
    )
    .chain(([vias, from, to, callId, hops, number, others]) => {
      const rest = [from, to, callId, hops, { name: 'CSeq', value: `${number} ${method}` }, ...others]
      return fc.shuffledSubarray(rest, { minLength: rest.length }).map((shuffled) => [...vias, ...shuffled])
    })

/** No body, text or any octets. */
export const content = (): fc.Arbitrary<Content | undefined> =>
  fc.option(
    fc.record({
      type: fc.constantFrom('application/sdp', 'text/plain;charset=utf-8', 'application/octet-stream'),
      body: octets,
    }),
    { nil: undefined },
  )

/** Mostly as everybody writes. */
export const style = (): fc.Arbitrary<Style> =>
  fc.record({
    compact: fc.boolean(),
    upper: fc.boolean(),
    before: fc.constantFrom('', '', ' ', '\t'),
    after: fc.constantFrom(' ', ' ', '', '  ', '\r\n '),
  })

/** The octets of a message. */
export const assemble = (
  startLine: Bytes,
  lines: readonly Line[],
  body: Content | undefined,
  how: Style,
): Bytes => {
  const all: readonly Line[] = [
    ...lines,
    ...(body === undefined ? [] : [{ name: 'Content-Type', value: body.type }]),
    { name: 'Content-Length', value: String(body?.body.length ?? 0) },
  ]
  const fields = all.map(({ name, value }) => `${written(name, how)}${how.before}:${how.after}${value}\r\n`)
  return `${startLine}\r\n${fields.join('')}\r\n${body?.body ?? ''}`
}

const written = (name: string, { compact, upper }: Style): string => {
  const all: readonly AnyHeader[] = Object.values(headers)
  const short = compact ? all.find((one) => one.name === name)?.compact : undefined
  const chosen = short ?? name
  return upper ? chosen.toUpperCase() : chosen
}

/** A value of a built-in header as a line. */
const printed = (name: BuiltIn): fc.Arbitrary<Line> =>
  headerValue(name)
    .map((value) => headers[name].print(value as never))
    .filter(isRight)
    .map(({ right }) => ({ name: headers[name].name, value: right }))

/** A top Via as RFC 3261 wants it: its version, its cookie. */
const viaLine: fc.Arbitrary<Line> = fc
  .tuple(via(), of(tokenChars, 1, 8))
  .map(([{ params, ...value }, rest]) =>
    headers.via.print({
      ...value,
      version: 'SIP/2.0',
      params: [
        { name: 'branch', value: `z9hG4bK${rest}` },
        ...params.filter(({ name }) => name.toLowerCase() !== 'branch'),
      ],
    }),
  )
  .filter(isRight)
  .map(({ right }) => ({ name: 'Via', value: right }))

const tagged = (name: 'From' | 'To', withTag: fc.Arbitrary<boolean>): fc.Arbitrary<Line> =>
  fc
    .tuple(nameAddr(), of(tokenChars, 1, 8), withTag)
    .map(([{ params, ...value }, tag, tags]) => {
      const others = params.filter((param) => param.name.toLowerCase() !== 'tag')
      return headers.from.print({
        ...value,
        params: tags ? [{ name: 'tag', value: tag }, ...others] : others,
      })
    })
    .filter(isRight)
    .map(({ right }) => ({ name, value: right }))

/** Headers that stand in messages of all kinds, beside the mandatory ones. */
const optional: readonly BuiltIn[] = [
  'accept',
  'allow',
  'contact',
  'date',
  'event',
  'expires',
  'p-asserted-identity',
  'reason',
  'record-route',
  'require',
  'route',
  'server',
  'subject',
  'supported',
  'timestamp',
  'user-agent',
  'warning',
]
