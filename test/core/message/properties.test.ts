import * as fc from 'fast-check'
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { toUint8Array } from '../../../src/core/data/bytes.js'
import * as Header from '../../../src/core/header.js'
import {
  defaulted,
  popVia,
  pushVia,
  replaceTopVia,
  request as build,
  respond,
  withBody,
  withToTag,
} from '../../../src/core/message/build.js'
import { answerTo } from '../../../src/core/message/error.js'
import {
  callId,
  cseqMethod,
  cseqNumber,
  fromTag,
  noVia,
  topVia,
  toTag,
} from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import { strict } from '../../../src/core/message/validate.js'
import * as Message from '../../../src/core/message.js'
import { type Frame, feed, type State, start } from '../../../src/core/transport/frame.js'
import { via as viaValue } from '../../../src/testing/fast-check/index.js'
import { octets } from '../../../src/testing/fast-check/octets.js'
import { requestText } from '../../support/messages.js'
import { mutated, rubbish } from '../../support/mutations.js'
import { acceptedRequest } from '../../support/parsed.js'

/** An assertion that costs nothing when it holds: these run some hundred thousand times. */
const holds = (what: string, is: boolean): void => {
  if (!is) expect.unreachable(what)
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** All that reading says, remembered things included: a message as JSON is its text alone. */
const whole = (parsed: ReturnType<typeof parse>): unknown => {
  if (isLeft(parsed)) return parsed
  const message = parsed.right
  const head = [callId(message), fromTag(message), toTag(message), cseqNumber(message), cseqMethod(message)]
  return [{ ...message }, head, topVia(message)]
}

/** What is true of every text, whatever it is. */
const judged = (text: string): void => {
  const parsed = parse(text)
  holds('octets beside it change nothing', same(whole(parse(text, {}, toUint8Array(text))), whole(parsed)))
  if (isRight(parsed)) sound(text, parsed.right)
  else {
    const { offset, readable, status } = parsed.left
    holds('the offset is inside', offset >= 0 && offset <= text.length)
    const answer = answerTo(parsed.left, 'tag')
    holds(
      'an answer where one is due',
      (answer === undefined) === (status === undefined || readable.vias.length === 0),
    )
    holds(
      'an answer has the lines of an answer',
      (answer ?? '')
        .split(/\r\n(?![ \t])/)
        .every((line) => /^(SIP\/2\.0 \d{3} |(Via|From|To|Call-ID|CSeq|Content-Length): |$)/.test(line)),
    )
    holds('and no others', !BREAKS.test(answer ?? ''))
  }
  holds(
    'strict accepts nothing that lenient does not',
    isRight(parsed) || isLeft(parse(text, { profile: strict })),
  )
}

/** What `parse` guarantees of a message. */
const sound = (text: string, message: Message.Message): void => {
  holds('its octets are those that came', text.replace(/^[\r\n]+/, '').startsWith(message.text))
  const again = parse(message.text)
  holds('it reads again as itself', isRight(again) && same(again.right.index, message.index))
  holds('the top Via can be read', topVia(message) !== noVia)
  holds('so can CSeq', cseqNumber(message) >= 0)
  holds('it has a method', message._tag === 'Response' || cseqMethod(message) === message.method)
  holds('or a status', message._tag === 'Request' || message.status >= 100)
  const valid = Message.validate(message)
  holds('what is not valid has a reason', isRight(valid) || valid.left.length > 0)
  for (const { name } of Message.fields(message))
    Message.get(Header.named(name) ?? Header.text({ name }))(message)
}

/** What a next hop could take for the end of a line, though it is none. */
const BREAKS = /\0|\r(?!\n)|(?<!\r)\n/

/** How many inputs: `SIPPET_RUNS=1000000` makes a long run of it. */
const numRuns = Number(process.env['SIPPET_RUNS'] ?? 10_000)

describe('parse is total', () => {
  test('on arbitrary octets', () => {
    fc.assert(fc.property(fc.oneof(octets, rubbish), judged), { seed: 3261, numRuns })
  })

  test('on valid messages to which something happened', () => {
    fc.assert(fc.property(mutated, judged), { seed: 4475, numRuns })
  })
})

describe('a stream', () => {
  const frames = (chunks: readonly string[]): readonly Frame[] => {
    const [, all] = chunks.reduce<readonly [State, readonly Frame[]]>(
      ([state, out], chunk) => {
        const [next, more] = feed(state, chunk, 65_535)
        return [next, [...out, ...more]]
      },
      [start, []],
    )
    const end = all.findIndex(({ _tag }) => _tag === 'Broken')
    return (end < 0 ? all : all.slice(0, end + 1)).filter(({ _tag }) => _tag !== 'Pong')
  }

  test('of mutated messages says the same whole and in pieces', () => {
    const lengths = fc.array(fc.nat({ max: 300 }), { maxLength: 12 })
    fc.assert(
      fc.property(mutated, lengths, (text, cuts) => {
        const ends = cuts.reduce<readonly number[]>((all, cut) => [...all, (all.at(-1) ?? 0) + cut], [0])
        const pieces = [...ends, text.length].slice(1).map((to, i) => text.slice(ends[i] as number, to))
        expect(frames(pieces)).toEqual(frames([text]))
      }),
      { seed: 18_3, numRuns },
    )
  })
})

describe('nothing that is written adds a line', () => {
  const invite = acceptedRequest(requestText({ fields: ['Subject: x', 'Contact: <sip:a@b>'], body: 'body' }))
  const names = (message: Message.Message): readonly string[] =>
    Message.fields(message).map(({ name }) => name)
  const evil = fc
    .array(
      fc.oneof(
        octets,
        fc.constantFrom('\r\n', '\r\nX-Injected: 1', '\n', '\0', '"', '>', ';', ',', '\u010d\u010a'),
      ),
    )
    .map((parts) => parts.join(''))

  /** Each writes `text` somewhere; `adds` are the names of the fields that this is to add. */
  const writers: Readonly<
    Record<
      string,
      (text: string) => { readonly of: Either<unknown, Message.Message>; readonly adds?: string }
    >
  > = {
    subject: (text) => ({ of: Message.put('subject', text)(invite) }),
    own: (text) => ({ of: Message.put(Header.text({ name: 'X-Own' }), text)(invite), adds: 'X-Own' }),
    named: (text) => ({ of: Message.put(Header.text({ name: text }), 'x')(invite), adds: text }),
    token: (text) => ({ of: Message.put('priority', text)(invite), adds: 'Priority' }),
    list: (text) => ({ of: Message.put('supported', [text])(invite), adds: 'Supported' }),
    display: (text) => ({ of: Message.update('from', (from) => ({ ...from, display: text }))(invite) }),
    tag: (text) => ({
      of: Message.update('to', (to) => ({ ...to, params: [{ name: 'tag', value: text }] }))(invite),
    }),
    param: (text) => ({ of: Message.update('to', (to) => ({ ...to, params: [{ name: text }] }))(invite) }),
    user: (text) => ({
      of: Message.front.update('contact', (one) =>
        one === '*' || one.uri._tag !== 'Sip' ? one : { ...one, uri: { ...one.uri, user: text } },
      )(invite),
    }),
    uri: (text) => ({
      of: Message.front.put('route', { uri: { _tag: 'Absolute', scheme: 'x', rest: text }, params: [] })(
        invite,
      ),
      adds: 'Route',
    }),
    via: (text) => ({
      of: Message.front.put('via', { version: 'SIP/2.0', transport: text, host: 'h', params: [] })(invite),
      adds: 'Via',
    }),
    host: (text) => ({
      of: Message.front.put('via', { version: 'SIP/2.0', transport: 'UDP', host: text, params: [] })(invite),
      adds: 'Via',
    }),
    callId: (text) => ({ of: Message.put('call-id', text)(invite) }),
    type: (text) => ({ of: withBody(text, 'x')(invite), adds: 'Content-Type' }),
    pushed: (text) => ({ of: { _tag: 'Right', right: pushVia(text)(invite) }, adds: 'Via' }),
    replaced: (text) => ({ of: { _tag: 'Right', right: replaceTopVia(text)(invite) } }),
    toTag: (text) => ({ of: { _tag: 'Right', right: withToTag(text)(invite) } }),
  }

  test.each(Object.keys(writers))('%s', (name) => {
    fc.assert(
      fc.property(evil, (text) => {
        const { of, adds } = (writers[name] as (text: string) => ReturnType<(typeof writers)[string]>)(text)
        if (isLeft(of)) return
        const written = of.right.text
        expect(written).not.toMatch(BREAKS)
        const [head = ''] = written.split('\r\n\r\n', 1)
        expect(head).not.toMatch(/\r\n[ \t]/)
        const expected = [...names(invite), ...(adds === undefined ? [] : [adds])].sort()
        expect(
          head
            .split('\r\n')
            .slice(1)
            .map((line) => line.replace(/\s*:.*$/s, ''))
            .sort(),
        ).toEqual(expected)
        expect(Message.bodyBytes(of.right)).toBe(name === 'type' ? 'x' : 'body')
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  test('a reason phrase, a method, a Request-URI, a name or a value', () => {
    fc.assert(
      fc.property(evil, (text) => {
        expect(respond(486, text)(invite).text.split('\r\n')).toHaveLength(9)
        for (const built of [
          build(text, 'sip:a', [['X', 'y']]),
          build('A', text, [['X', 'y']]),
          build('A', 'sip:a', [[text, 'y']]),
          build('A', 'sip:a', [['X', text]]),
        ])
          if (isRight(built)) expect(built.right.text.split(/\r\n|\r|\n/)).toHaveLength(4)
      }),
      { seed: 8, numRuns: 2000 },
    )
  })
})

describe('edits', () => {
  const hop = viaValue()
  const edits: fc.Arbitrary<(message: Message.Request) => Either<unknown, Message.Request>> = fc.oneof(
    hop.map((via) => Message.front.put('via', via)),
    hop.map((via) => Message.back.put('via', via)),
    hop.map((via) => Message.front.update('via', () => via)),
    fc.nat().map((n) => Message.put('max-forwards', n % 256)),
    fc
      .array(fc.constantFrom('100rel', 'timer', 'path'), { maxLength: 3 })
      .map((all) => Message.put('supported', all)),
    fc.constantFrom('supported', 'subject', 'route', 'x-any').map((name) => (message: Message.Request) => ({
      _tag: 'Right' as const,
      right: Message.delete(name)(message),
    })),
    fc.constantFrom('front' as const, 'back' as const).map((end) => (message: Message.Request) => ({
      _tag: 'Right' as const,
      right: Message.viaCount(message) > 1 ? Message[end].remove('via')(message) : message,
    })),
    fc
      .constantFrom(popVia, defaulted, withToTag('t'), pushVia('SIP/2.0/UDP pushed'))
      .map((edit) => (message: Message.Request) => ({
        _tag: 'Right' as const,
        right: edit === popVia && Message.viaCount(message) < 2 ? message : edit(message),
      })),
    octets.map((body) => withBody('application/octet-stream', body)),
  )

  test('in any number leave a message that reads as what it is, index and all', () => {
    const from = requestText({
      vias: ['SIP/2.0/UDP a,SIP/2.0/UDP b', 'SIP/2.0/UDP c'],
      fields: ['Subject: x', 'k: a,b'],
    })
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 12 }), (all) => {
        const end = all.reduce((message, edit) => {
          const next = edit(message)
          return isLeft(next) ? message : next.right
        }, acceptedRequest(from))
        expect(parse(end.text)).toEqual({ _tag: 'Right', right: end })
        const fresh = acceptedRequest(end.text)
        expect([topVia(end), Message.callId(end), Message.toTag(end)]).toEqual([
          ...[topVia(fresh), Message.callId(fresh), Message.toTag(fresh)],
        ])
      }),
      { seed: 9, numRuns: 1000 },
    )
  })
})
