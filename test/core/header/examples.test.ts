import { describe, expect, test } from 'vitest'
import { type BuiltIn, headerNamed, headers, longName } from '../../../src/core/header/builtin.js'
import { parse, print } from '../../../src/core/header/field.js'
import { examples } from './examples.js'

describe('what the RFCs show', () => {
  test.each(examples.map((each) => [each.name, each.from, each] as const))('%s, %s', (name, _, each) => {
    expect(parse(name)(each.text)).toEqual({ _tag: 'Right', right: each.value })
    expect(print(name)(each.value as never)).toEqual({ _tag: 'Right', right: each.written })
  })

  test('has an example of every built-in header', () => {
    const shown = new Set(examples.map(({ name }) => name))
    expect(Object.keys(headers).filter((name) => !shown.has(name as BuiltIn))).toEqual([])
  })
})

describe('names', () => {
  test('every key is the name of its header in lower case', () => {
    for (const [key, header] of Object.entries(headers))
      expect((header as { name: string }).name.toLowerCase()).toBe(key)
  })

  test.each([
    ...Object.entries({
      a: 'accept-contact', // RFC 3841
      b: 'referred-by', // RFC 3892
      c: 'content-type',
      d: 'request-disposition', // RFC 3841
      e: 'content-encoding',
      f: 'from',
      i: 'call-id',
      j: 'reject-contact', // RFC 3841
      k: 'supported',
      l: 'content-length',
      m: 'contact',
      n: 'identity-info', // RFC 4474
      o: 'event', // RFC 6665
      r: 'refer-to', // RFC 3515
      s: 'subject',
      t: 'to',
      u: 'allow-events', // RFC 6665
      v: 'via',
      x: 'session-expires', // RFC 4028
      y: 'identity', // RFC 4474, RFC 8224
    }),
  ])('S36: the compact form %s is %s, in any case', (letter, name) => {
    expect(longName(letter)).toBe(name)
    expect(longName(letter.toUpperCase())).toBe(name)
    expect(headerNamed(letter)).toBe(headers[name as BuiltIn])
  })

  test('S36: names are compared without regard to case', () => {
    expect(headerNamed('CALL-ID')).toBe(headers['call-id'])
    expect(longName('X-Foo')).toBe('x-foo')
  })

  test.each(['constructor', '__proto__', 'toString', 'z', ''])('%j is no built-in header', (name) => {
    expect(headerNamed(name)).toBeUndefined()
    expect(longName(name)).toBe(name.toLowerCase())
  })
})
