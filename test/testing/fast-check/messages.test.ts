/** What the arbitraries promise: valid is accepted, deviant is listed, refused is refused as what it says. */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { callId, cseqMethod, cseqNumber, toTag } from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import { strict, validate } from '../../../src/core/message/validate.js'
import { feed, type Frame, start } from '../../../src/core/transport/frame.js'
import { call, exchange } from '../../../src/testing/fast-check/exchange.js'
import { deviant, refused, rubbish } from '../../../src/testing/fast-check/malformed.js'
import { message, methods, request, response, responseTo } from '../../../src/testing/fast-check/message.js'
import { segments, stream } from '../../../src/testing/fast-check/stream.js'

const runs = { seed: 20261124, numRuns: 150 } as const

describe('messages', () => {
  test('are read, and deviate in nothing', () => {
    fc.assert(
      fc.property(message(), (one) => {
        const read = parse(one.text)
        return isRight(read) && read.right.deviations.length === 0 && read.right.text === one.text
      }),
      runs,
    )
  })

  test.each(methods)('of method %s are to be had', (method) => {
    const [asked] = fc.sample(request({ method }), { seed: 1, numRuns: 1 })
    const [answered] = fc.sample(response({ method, status: 200 }), { seed: 1, numRuns: 1 })
    expect([asked?.method, answered && cseqMethod(answered), answered?.status]).toEqual([method, method, 200])
  })

  test('shrink to messages', () => {
    const found = fc.check(
      fc.property(message(), ({ text }) => {
        expect(isRight(parse(text))).toBe(true)
        return text.length < 200
      }),
      { seed: 4, numRuns: 200 },
    )
    expect(found.failed && isRight(parse(found.counterexample?.[0].text ?? ''))).toBe(true)
  })

  test('answer the request they were made for', () => {
    fc.assert(
      fc.property(
        request().chain((asked) => fc.tuple(fc.constant(asked), responseTo(asked))),
        ([asked, answer]) => {
          expect(callId(answer)).toBe(callId(asked))
          expect(cseqNumber(answer)).toBe(cseqNumber(asked))
          expect(toTag(answer) !== undefined || answer.status === 100).toBe(true)
        },
      ),
      runs,
    )
  })
})

describe('exchanges', () => {
  test('end with one final response, and an INVITE with its ACK', () => {
    fc.assert(
      fc.property(exchange(), ({ request: asked, responses, ack }) => {
        expect(responses.filter(({ status }) => status >= 200)).toHaveLength(1)
        expect(new Set(responses.filter(({ status }) => status > 100).map(toTag)).size).toBe(1)
        expect(ack?.method).toBe(asked.method === 'INVITE' ? 'ACK' : undefined)
      }),
      runs,
    )
  })

  test('calls are read message by message and number their requests', () => {
    fc.assert(
      fc.property(call(), (turns) => {
        for (const { message: one } of turns) expect(isRight(validate(one))).toBe(true)
        const numbers = turns
          .map((turn) => turn.message)
          .filter((one) => one._tag === 'Request' && one.method !== 'ACK')
          .map(cseqNumber)
        expect(numbers).toEqual(numbers.map((_, n) => n + 1))
      }),
      runs,
    )
  })
})

describe('malformed octets', () => {
  test('that deviate are accepted with a list, and refused by the strict profile', () => {
    fc.assert(
      fc.property(deviant(), (text) => {
        const lenient = parse(text)
        expect(isRight(lenient) && lenient.right.deviations.length > 0).toBe(true)
        const refusal = parse(text, { profile: strict })
        expect(isLeft(refusal) && refusal.left.kind).toBe('deviation')
      }),
      runs,
    )
  })

  test('that are to be refused are, as what they are', () => {
    fc.assert(
      fc.property(refused(), ({ text, kind }) => {
        const read = parse(text)
        expect(isLeft(read) && read.left.kind).toBe(kind)
      }),
      { ...runs, numRuns: 500 },
    )
  })

  test('of any kind throw nothing', () => {
    fc.assert(
      fc.property(rubbish(), (text) => {
        parse(text)
      }),
      { ...runs, numRuns: 500 },
    )
  })
})

describe('streams', () => {
  test('are their items, however they are cut', () => {
    fc.assert(
      fc.property(stream(), ({ items, segments: cut }) => {
        expect(cut.join('')).toBe(items.join(''))
        expect(cut.every((one) => one !== '')).toBe(true)
        const [, frames] = cut.reduce<readonly [ReturnType<typeof feed>[0], readonly Frame[]]>(
          ([state, all], chunk) => {
            const [next, more] = feed(state, chunk, 65_535)
            return [next, [...all, ...more]]
          },
          [start, []],
        )
        // A segment that ends between the two CRLF of a ping looks like a pong until the rest arrives.
        expect(frames.filter(({ _tag }) => _tag !== 'Pong')).toEqual(
          items.map((bytes) => (bytes === '\r\n\r\n' ? { _tag: 'Ping' } : { _tag: 'Message', bytes })),
        )
      }),
      runs,
    )
  })

  test('can be whole or byte by byte', () => {
    const cuts = fc.sample(segments('abc'), { seed: 2, numRuns: 100 }).map((one) => one.join('|'))
    expect(new Set(cuts)).toEqual(new Set(['abc', 'a|bc', 'ab|c', 'a|b|c']))
  })
})
