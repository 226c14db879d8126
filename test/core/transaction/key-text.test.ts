import fc from 'fast-check'
import { isLeft, right } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import * as Key from '../../../src/core/key.js'
import { K } from '../../../src/core/key.js'
import type { Legacy } from '../../../src/core/transaction/legacy-key.js'

describe('keys in a program', () => {
  test('a client key is branch and method', () => {
    expect(K`z9hG4bK230f2.1|INVITE`).toEqual({
      _tag: 'ClientKey',
      branch: 'z9hG4bK230f2.1',
      method: 'INVITE',
    })
  })

  test('a server key has the sent-by too, with or without port', () => {
    const key = {
      _tag: 'ServerKey',
      branch: 'z9hG4bK74b21',
      method: 'INVITE',
      host: 'client.biloxi.example.com',
    }
    expect(K`z9hG4bK74b21|INVITE|client.biloxi.example.com:5060`).toEqual({ ...key, port: 5060 })
    expect(K`z9hG4bK74b21|INVITE|client.biloxi.example.com`).toEqual(key)
    expect(K`z9hG4bK74b21|INVITE|[2001:db8::9:1]:5060`).toEqual({ ...key, host: '2001:db8::9:1', port: 5060 })
    expect(K`z9hG4bK74b21|INVITE|[2001:db8::9:1]`).toEqual({ ...key, host: '2001:db8::9:1' })
  })

  test('methods may be written as in Elixir, the known ones', () => {
    expect(K`z9hG4bK1|:invite`).toEqual(K`z9hG4bK1|INVITE`)
    expect(K`z9hG4bK1|:prack|h`).toEqual(K`z9hG4bK1|PRACK|h`)
    expect(() => K`z9hG4bK1|:frobnicate`).toThrow(SyntaxError)
    expect(() => K`z9hG4bK1|:Invite`).toThrow(SyntaxError)
  })

  test('any other method is as it is written', () => {
    expect(K`z9hG4bK1|invite`.method).toBe('invite')
    expect(K`z9hG4bK1|FROBNICATE`.method).toBe('FROBNICATE')
  })

  test('values are put in', () => {
    expect(K`z9hG4bK${7}|${'BYE'}|h:${5070}`).toEqual(K`z9hG4bK7|BYE|h:5070`)
  })

  test.each([
    '',
    '|',
    'z9hG4bK1',
    'z9hG4bK1|',
    '|INVITE',
    '|INVITE|h',
    'z9hG4bK1|INVITE|',
    'z9hG4bK1|INVITE|:5060',
    'z9hG4bK1|INVITE|h:',
    'z9hG4bK1|INVITE|h:x',
    'z9hG4bK1|INVITE|h:-1',
    'z9hG4bK1|INVITE|h:5060x',
    'z9hG4bK1|INVITE|h:65536',
    'z9hG4bK1|INVITE|h:999999',
    'z9hG4bK1|INVITE|::1',
    'z9hG4bK1|INVITE|[::1',
    'z9hG4bK1|INVITE|[]',
    'z9hG4bK1|INVITE|[::1]5060',
    'z9hG4bK1|INVITE|h|x',
    '1|INVITE|h|uri|to|from|id|one|via',
    '1|INVITE|h|uri|to|from|id|x1|via',
    '1|INVITE|h|uri|to|from|id|1x|via',
    '1|INVITE|h|uri|to|from|id|1|via|x',
  ])('%j is none: parse says why, K throws', (text) => {
    const key = Key.parse(text)
    expect(isLeft(key) && key.left).toMatchObject({ text })
    expect(() => K(Object.assign([text], { raw: [text] }))).toThrow(SyntaxError)
  })
})

describe('show is the inverse of parse', () => {
  const odd = fc.string({
    unit: fc.constantFrom(...'|\\:[]%aZ.!*_`\'~- \r\n\t"\u0000\u007f\u00e9\u20ac'.split('')),
  })
  const text = fc.oneof(fc.string(), odd)
  const some = text.filter((s) => s !== '')
  const branch = fc.oneof(
    some,
    some.map((s) => `z9hG4bK${s}`),
  )
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), some)
  const legacy: fc.Arbitrary<Legacy> = fc.record({
    uri: text,
    toTag: text,
    fromTag: text,
    callId: text,
    cseq: fc.integer({ min: -1, max: 2 ** 32 }),
    via: text,
  })
  const key: fc.Arbitrary<Key.Key> = fc.oneof(
    fc.record({ _tag: fc.constant('ClientKey' as const), branch, method: some }),
    fc.record(
      { _tag: fc.constant('ServerKey' as const), branch, method: some, host, port: fc.nat(65535) },
      { requiredKeys: ['_tag', 'branch', 'method', 'host'] },
    ),
    fc.record(
      {
        _tag: fc.constant('ServerKey' as const),
        branch: text,
        method: some,
        host,
        port: fc.nat(65535),
        legacy,
      },
      { requiredKeys: ['_tag', 'branch', 'method', 'host', 'legacy'] },
    ),
  )

  test('for every key, odd characters and IPv6 included', () => {
    fc.assert(
      fc.property(key, (k) => {
        const shown = Key.show(k)
        expect(Key.parse(shown)).toEqual(right(k))
        expect(shown).not.toMatch(/[\r\n]/)
      }),
      { seed: 3, numRuns: 2000 },
    )
  })

  test('and ordinary keys look as they are written', () => {
    for (const shown of [
      'z9hG4bK230f2.1|INVITE',
      'z9hG4bK74b21|INVITE|client.biloxi.example.com:5060',
      'z9hG4bK74b21|INVITE|[2001:db8::9:1]:5060',
      "z9hG4bK-.!%*_+`'~|X-.!%*_+`'~|h",
      '|INVITE|h|sip:bob::@h:|to|from|id@h|1|sip/2.0/udp h',
    ]) {
      const read = Key.parse(shown)
      expect(isLeft(read) ? read.left : Key.show(read.right)).toBe(shown)
    }
  })

  test('parse never throws', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        for (const input of [a, `${a}|${b}`, `${a}|${b}|${c}`]) {
          const read = Key.parse(input)
          if (!isLeft(read)) expect(Key.parse(Key.show(read.right))).toEqual(read)
        }
      }),
      { seed: 4, numRuns: 1000 },
    )
  })
})

test('keys are equal without regard to case of branch and host and to a written default port', () => {
  const equal = (a: Key.Key, b: Key.Key): boolean => Key.Eq.equals(a, b)
  expect(equal(K`z9hG4bKabc|INVITE|Client.Example.com`, K`Z9hg4bKABC|INVITE|client.example.com:5060`)).toBe(
    true,
  )
  expect(equal(K`z9hG4bKabc|INVITE|h:5061`, K`z9hG4bKabc|INVITE|h`)).toBe(false)
  expect(equal(K`z9hG4bKabc|INVITE`, K`z9hG4bKABC|INVITE`)).toBe(true)
  expect(equal(K`z9hG4bKabc|INVITE`, K`z9hG4bKabc|invite`)).toBe(false)
  expect(equal(K`z9hG4bKabc|INVITE`, K`z9hG4bKabc|INVITE|h`)).toBe(false)
})
