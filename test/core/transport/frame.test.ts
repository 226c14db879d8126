import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Frame, feed, isPartial, type State, start } from '../../../src/core/transport/frame.js'

const LIMIT = 65_535

const message = (body: string, length = `Content-Length: ${body.length}`): string =>
  `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP c;branch=z9hG4bK1\r\n${length}\r\nSubject: x\r\n\r\n${body}`

/** Feeds chunk after chunk. */
const run = (chunks: readonly string[], limit = LIMIT): readonly [State, readonly Frame[]] =>
  chunks.reduce<readonly [State, readonly Frame[]]>(
    ([state, frames], chunk) => {
      const [next, more] = feed(Object.freeze(state), chunk, limit)
      return [next, [...frames, ...more]]
    },
    [start, []],
  )

const bytes = (frames: readonly Frame[]): readonly string[] =>
  frames.map((frame) => (frame._tag === 'Message' ? frame.bytes : frame._tag))

/** `text` cut at the places of `cuts`. */
const cut = (text: string, cuts: readonly number[]): readonly string[] => {
  const places = [...new Set(cuts.map((at) => at % (text.length + 1)))].sort((a, b) => a - b)
  return [...places, text.length].map((end, i) => text.slice(places[i - 1] ?? 0, end))
}

describe('messages out of a stream', () => {
  test('however the octets are cut, the messages are the same', () => {
    const streams = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((body) => message(body)),
        fc.string({ maxLength: 20 }).map((body) => message(body, `l :\r\n  ${body.length}`)),
        fc.constantFrom('\r\n\r\n', '\r\n'),
      ),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { maxLength: 30 }), (parts, cuts) => {
        const expected = parts.filter((part) => part.length > 4)
        const [state, frames] = run(cut(parts.join(''), cuts))
        expect(bytes(frames).filter((one) => one !== 'Ping' && one !== 'Pong')).toEqual(expected)
        expect(isPartial(state)).toBe(false)
      }),
      { seed: 20_261, numRuns: 400 },
    )
  })

  test('octet by octet', () => {
    const text = message('hello') + message('')
    expect(bytes(run([...text])[1])).toEqual([message('hello'), message('')])
  })

  test('two in one segment and the beginning of a third', () => {
    const [state, frames] = run([message('a') + message('b') + message('c').slice(0, 30)])
    expect(bytes(frames)).toEqual([message('a'), message('b')])
    expect(isPartial(state)).toBe(true)
    expect(feed(state, message('c').slice(30), LIMIT)).toEqual([
      start,
      [{ _tag: 'Message', bytes: message('c') }],
    ])
  })

  test('a body that holds what looks like messages and keep-alives stays a body', () => {
    const body = `${message('x')}\r\n\r\n\r\n\r\n`
    expect(bytes(run(cut(message(body), [10, 90, 120, 170]))[1])).toEqual([message(body)])
  })

  test('CRLF CRLF asks, CRLF answers (RFC 5626 3.5.1), also cut apart and before a message (7.5)', () => {
    expect(bytes(run(['\r\n\r\n'])[1])).toEqual(['Ping'])
    expect(bytes(run(['\r\n'])[1])).toEqual(['Pong'])
    expect(bytes(run(['\r', '\n\r', '\n'])[1])).toEqual(['Ping'])
    expect(bytes(run(['\r\n\r\n\r\n\r\n'])[1])).toEqual(['Ping', 'Ping'])
    expect(bytes(run([`\r\n${message('')}\r\n\r\n${message('')}`])[1])).toEqual([
      message(''),
      'Ping',
      message(''),
    ])
    expect(run(['\n\n\r\r'])[0]).not.toEqual(undefined)
  })

  test.each([
    ['none at all', 'X: y', /missing/],
    ['two that differ', 'Content-Length: 1\r\nl: 2', /twice/],
    ['a word', 'Content-Length: many', /no number/],
    ['a sign', 'Content-Length: -1', /no number/],
    ['4 GB', 'Content-Length: 4294967296', /more than 65535/],
    ['more digits than a number holds', `Content-Length: ${'9'.repeat(400)}`, /no number/],
  ])('a Content-Length that is %s breaks the stream', (_what, field, why) => {
    const [state, frames] = run([message('', field) + message('')])
    expect(frames).toHaveLength(1)
    expect(frames[0]).toMatchObject({
      _tag: 'Broken',
      bytes: message('', field),
      what: expect.stringMatching(why),
    })
    expect(state).toEqual(start)
  })

  test('equal Content-Lengths are one', () => {
    expect(bytes(run([message('a', 'Content-Length: 1\r\nl: 1')])[1])).toHaveLength(1)
  })

  test('a head without an end is held up to the limit and no further', () => {
    const chunk = 'X'.repeat(100)
    const [, frames] = run(
      Array.from({ length: 11 }, () => chunk),
      1000,
    )
    expect(frames).toHaveLength(1)
    expect(frames[0]).toMatchObject({ _tag: 'Broken' })
    expect(frames[0]?._tag === 'Broken' && frames[0].bytes.length).toBe(1000)
  })

  test('what is held never exceeds the limit, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('\r', '\n', 'l', ':', '9', ' ', 'a'), maxLength: 60 })),
        (chunks) => {
          let state = start
          for (const chunk of chunks) {
            ;[state] = feed(state, chunk, 200)
            expect(state.text.length).toBeLessThanOrEqual(200)
          }
        },
      ),
      { seed: 7, numRuns: 500 },
    )
  })
})
