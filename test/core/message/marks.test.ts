/**
 * What is cut out of a text by the marks that the checks left is what the readers read there: neither another value nor
 * one where they find none, and neither before nor after an edit elsewhere.
 */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { fromNullable } from 'fp-ts/lib/Option.js'
import { expect, test } from 'vitest'
import { from, type NameAddr, tag, to } from '../../../src/core/header/name-addr.js'
import { via } from '../../../src/core/header/via.js'
import { fromTag, noVia, topVia, toTag } from '../../../src/core/message/head.js'
import { memoryOf } from '../../../src/core/message/message.js'
import { parse } from '../../../src/core/message/parse.js'
import { insertField } from '../../../src/core/message/splice.js'
import type { Message } from '../../../src/core/message/types.js'
import { get } from '../../../src/core/message.js'
import { requestText } from '../../support/messages.js'
import { accepted } from '../../support/parsed.js'

const long = (length: number): string => 'x'.repeat(length)

/** One of `all`, but three times in four the first, so that most of a value is plain. */
const mostly = (first: string, ...all: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: fc.constant(first), weight: 3 }, fc.constantFrom(first, ...all))

const host = mostly('h', 'a.example.com', '192.0.2.1', '192.0.2.256', '[::1]', long(127), long(128))
const port = mostly('', ':5060', ':0', ':65535', ':65536', ':')
const param = mostly(
  ';rport',
  ...[';branch=z9hG4bK1', ';rport=5060', ';received=192.0.2.1', ';x="a b"', ';ttl=1', ' ;lr', ';', ';x='],
  ...[`;x=${long(254)}`, `;x=${long(255)}`, `;${long(31)}`, `;${long(32)}`, ';maddr=h'],
)
const transport = mostly('UDP', long(61), long(62), long(63), '')
const viaText = fc
  .tuple(transport, host, port, fc.array(param, { maxLength: 4 }), mostly('', ', SIP/2.0/UDP b'))
  .map(([name, ...parts]) => `SIP/2.0/${name} ${parts.flat().join('')}`)

const display = mostly(
  '"Bob" ',
  '',
  '"Bob"',
  '""',
  `"${long(124)}" `,
  `"${long(125)}" `,
  'Bob ',
  '"\\"" ',
  '"b"  ',
)
const scheme = mostly('<sip:', '<SIP:', '<sips:', 'sip:', 'Bob sip:')
const user = mostly('bob@', '', '+1-212@', `${long(62)}@`, `${long(63)}@`, 'a%20b@', 'a:b@', '@', 'a;b@')
const close = mostly('>', ';lr>', '>>', '')
const behind = mostly(
  '',
  ';tag=1',
  `;tag=${long(127)}`,
  `;tag=${long(128)}`,
  ';tag',
  ' ;tag=1',
  ';x="a";tag=2',
)
const addressText = fc.tuple(display, scheme, user, host, port, close, behind).map((parts) => parts.join(''))

/** What the reader makes of a value. */
const readVia = (text: string) => {
  const value = via.parse(text, 0, text.length)
  return isLeft(value) ? noVia : value.right
}
const readAddress = (text: string): NameAddr | undefined => {
  const value = from.parse(text, 0, text.length)
  return isRight(value) ? value.right : undefined
}

/** The message, and that message after a field came in before all others, and another between them. */
const versions = (text: string): readonly Message[] => {
  const parsed = parse(text)
  if (isLeft(parsed)) return []
  const before = insertField(parsed.right, 0, 'Subject: before')
  return [before, insertField(before, 5, 'Subject: between'), parsed.right]
}

/** Runs the property, and makes sure that it spoke of values with marks and of others. */
const often = (
  one: fc.Arbitrary<string>,
  seed: number,
  check: (text: string) => number | undefined,
): void => {
  const seen = { marked: 0, read: 0 }
  const property = fc.property(one, (text) => {
    const marks = check(text)
    if (marks !== undefined) seen[marks > 0 ? 'marked' : 'read']++
  })
  fc.assert(property, { seed, numRuns: 5000 })
  expect(seen.marked).toBeGreaterThan(500)
  expect(seen.read).toBeGreaterThan(500)
}

test('the top Via', () => {
  often(viaText, 1, (text) => {
    const found = versions(requestText({ vias: [text] }))
    const value = readVia(text.split(',', 1).join(''))
    for (const message of found) expect(topVia(message)).toStrictEqual(value)
    return found[0] && memoryOf(found[0]).viaMarks
  })
})

test('From and its tag', () => {
  often(addressText, 2, (text) => {
    const found = versions(requestText({ from: text, fromTag: '' }))
    const value = readAddress(text)
    for (const message of found) {
      expect(get(from)(message)).toStrictEqual(fromNullable(value))
      if (value !== undefined) expect(fromTag(message)).toBe(tag(value))
    }
    return found[0] && memoryOf(found[0]).fromMarks
  })
})

test('To and its tag', () => {
  often(addressText, 3, (text) => {
    const found = versions(requestText({ to: text }))
    const value = readAddress(text)
    for (const message of found) {
      if (value !== undefined) expect(toTag(message)).toBe(tag(value))
      expect(get('to')(message)).toStrictEqual(fromNullable(value))
    }
    return found[0] && memoryOf(found[0]).toMarks
  })
})

test('a header of another type with the name From reads its field itself', () => {
  const message = accepted(requestText())
  expect(get(from)(message)).not.toEqual(
    get({ ...from, parse: () => ({ _tag: 'Right', right: 'mine' }) })(message),
  )
  expect(get(to)(message)).not.toEqual(get(from)(message))
})
