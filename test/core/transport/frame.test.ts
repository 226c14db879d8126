import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../../../src/core/message/limits.js'
import { parse } from '../../../src/core/message/parse.js'
import { type Frame, feed, isPartial, type State, start } from '../../../src/core/transport/frame.js'
import { deepFreeze } from '../../../src/testing/freeze.js'
import { requestText } from '../../support/messages.js'
import { torture, tortureText } from '../../support/torture.js'

const LIMIT = limits.message

/** All frames that the chunks bring, and the state after them. */
const fed = (chunks: readonly string[], limit = LIMIT): readonly [State, readonly Frame[]] =>
  chunks.reduce<readonly [State, readonly Frame[]]>(
    ([state, frames], chunk) => {
      const [next, more] = feed(deepFreeze(state), chunk, limit)
      return [next, [...frames, ...more]]
    },
    [start, []],
  )

const frames = (...chunks: readonly string[]): readonly Frame[] => fed(chunks)[1]
const messages = (of: readonly Frame[]): readonly string[] =>
  of.flatMap((frame) => (frame._tag === 'Message' ? [frame.bytes] : []))

/** One octet a chunk. */
const octetsOf = (text: string): readonly string[] => Array.from(text)

const one = requestText({ body: 'a\r\n\r\nb' })
const two = requestText({ method: 'OPTIONS' })

describe('messages in a stream', () => {
  test('are cut by Content-Length, however many come at once', () => {
    expect(messages(frames(one + two + one))).toEqual([one, two, one])
  })

  test('come out when their last octet is there, wherever the stream was cut', () => {
    const whole = one + two
    for (let cut = 1; cut < whole.length; cut++)
      expect(messages(frames(whole.slice(0, cut), whole.slice(cut)))).toEqual([one, two])
    expect(messages(frames(...octetsOf(whole)))).toEqual([one, two])
  })

  test('are partial until then', () => {
    const [state, none] = fed([one.slice(0, -1)])
    expect([isPartial(state), none]).toEqual([true, []])
    expect(isPartial(fed([one])[0])).toBe(false)
    expect(fed([one])[0]).toEqual(start)
  })

  test('state is plain data: it survives JSON at every octet', () => {
    const end = octetsOf(one + two).reduce<readonly [State, readonly Frame[]]>(
      ([state, out], octet) => {
        const [next, more] = feed(JSON.parse(JSON.stringify(state)) as State, octet, LIMIT)
        return [next, [...out, ...more]]
      },
      [start, []],
    )
    expect(messages(end[1])).toEqual([one, two])
  })

  test('compact and folded Content-Length, in any case', () => {
    for (const name of ['l:', 'CONTENT-length :', 'Content-Length:\r\n '])
      expect(messages(frames(one.replace('Content-Length:', name) + two))).toHaveLength(2)
  })

  test('a Content-Length in a body or in a folded value frames nothing', () => {
    const odd = requestText({ fields: ['Subject: x\r\n Content-Length: 5'], body: 'Content-Length: 999\r\n' })
    expect(messages(frames(odd + two))).toEqual([odd, two])
  })
})

describe('RFC 5626 3.5.1: keep-alive', () => {
  test('CRLF CRLF asks, CRLF answers', () => {
    expect(frames('\r\n\r\n').map(({ _tag }) => _tag)).toContain('Ping')
    expect(frames('\r\n')).toEqual([{ _tag: 'Pong' }])
    expect(frames('\r', '\n').map(({ _tag }) => _tag)).toEqual(['Pong'])
    expect(frames('\r\n', '\r\n').map(({ _tag }) => _tag)).toContain('Ping')
  })

  test('between messages, before the first and after the last', () => {
    const out = frames(`\r\n\r\n${one}\r\n\r\n${two}\r\n\r\n`)
    expect(messages(out)).toEqual([one, two])
    expect(out.filter(({ _tag }) => _tag === 'Ping')).toHaveLength(3)
    expect(messages(frames(`\r\n${one}`))).toEqual([one])
  })
})

describe('what breaks the framing', () => {
  const broken = (text: string, limit = LIMIT): string => {
    const [state, out] = fed([text], limit)
    const last = out.at(-1)
    expect(isPartial(state)).toBe(false)
    return last?._tag === 'Broken' ? last.what : `not broken: ${JSON.stringify(out)}`
  }

  test.each([
    ['is missing', one.replace(/Content-Length.*\r\n/, '')],
    ['is missing', `hello\r\n\r\n${one}`],
    ['is no number', one.replace(/Content-Length: \d+/, 'Content-Length: five')],
    ['is no number', one.replace(/Content-Length: \d+/, 'Content-Length: -999')],
    ['is no number', one.replace(/Content-Length: \d+/, 'Content-Length:')],
    ['stands twice', one.replace('Content-Length:', 'l: 1\r\nContent-Length:')],
  ])('a Content-Length that %s', (what, text) => {
    expect(broken(text)).toMatch(new RegExp(`Content-Length ?:? ?${what}`))
  })

  test('clerr: a promise of more than the limit is refused before the octets come', () => {
    const clerr = tortureText(torture.find(({ file }) => file.endsWith('clerr.dat')) as (typeof torture)[0])
    expect(fed([clerr])[0]).toMatchObject({ need: expect.any(Number) as number }) // 9,999 octets: more may come
    expect(broken(clerr.replace('9999', '99999'))).toMatch(/message of more than 65535 octets/)
    expect(broken(clerr.replace('9999', '99999999999999999999'))).toMatch(/Content-Length/)
  })

  test('a head longer than the limit is refused as soon as it is', () => {
    expect(broken('a'.repeat(LIMIT + 1))).toMatch(/head of more than 65535 octets/)
    expect(broken(one, 100)).toMatch(/more than 100 octets/)
    const [, out] = fed(
      Array.from({ length: 200 }, () => 'x'),
      100,
    )
    expect(out.filter(({ _tag }) => _tag === 'Broken').length).toBeGreaterThan(0)
  })

  test('what came before it is not lost', () => {
    expect(messages(frames(`${one}garbage\r\n\r\n`))).toEqual([one])
  })
})

describe('properties', () => {
  const piece = fc.constantFrom(
    one,
    two,
    '\r\n\r\n',
    '\r\n',
    requestText({ body: 'x'.repeat(3000) }),
    'X: y\r\n\r\n',
  )
  const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 40 })

  /** The stream in pieces of those lengths, the rest at the end. */
  const cut = (stream: string, lengths: readonly number[]): readonly string[] => {
    const ends = lengths.reduce<readonly number[]>((all, length) => [...all, (all.at(-1) ?? 0) + length], [])
    return [...ends, stream.length].map((to, i) => stream.slice(i === 0 ? 0 : ends[i - 1], to))
  }

  /** A Pong may stand before a Ping when the two were cut apart: half a question looks like an answer. */
  const meaning = (of: readonly Frame[]): readonly Frame[] => of.filter(({ _tag }) => _tag !== 'Pong')
  const untilBroken = (of: readonly Frame[]): readonly Frame[] => {
    const at = of.findIndex(({ _tag }) => _tag === 'Broken')
    return at < 0 ? of : of.slice(0, at + 1)
  }

  test('whole or in pieces, a stream says the same', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), cuts, (pieces, lengths) => {
        const stream = pieces.join('')
        const inPieces = untilBroken(meaning(fed(cut(stream, lengths))[1]))
        expect(inPieces).toEqual(untilBroken(meaning(frames(stream))))
      }),
      { seed: 5626, numRuns: 1000 },
    )
  })

  test('on any octets it holds no more than the limit and never throws', () => {
    const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
    const any = fc.oneof(
      fc.string({ unit: octet, maxLength: 60 }),
      fc.constantFrom('\r\n', '\r\n\r\n', 'l: 3', one),
    )
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (chunks) => {
        const [state] = chunks.reduce<readonly [State, readonly Frame[]]>(
          ([before], chunk) => feed(before, chunk, 500),
          [start, []],
        )
        expect(state.text.length).toBeLessThanOrEqual(500)
      }),
      { seed: 4, numRuns: 2000 },
    )
  })

  test('the torture messages that a stream can carry come out whole and are judged as a datagram is', () => {
    const framed = torture.map(tortureText).filter((text) => /^(content-length|l)\s*:\s*\d+\r\n/im.test(text))
    expect(framed.length).toBeGreaterThan(50)
    const clean = framed.flatMap((text) => {
      const [state, [first, ...more]] = fed([text])
      return first?._tag === 'Message' && more.length === 0 && state === start ? [first.bytes] : []
    })
    expect(clean.length).toBeGreaterThan(45)
    for (const text of clean) expect(parse(text, { stream: true })).toEqual(parse(text))
  })
})
