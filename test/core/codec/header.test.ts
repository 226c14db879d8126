import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import * as Codec from '../../../src/core/codec/header.js'
import { type BuiltIn, headers } from '../../../src/core/header/builtin.js'
import { define } from '../../../src/core/header/define.js'
import { text } from '../../../src/core/header/text.js'
import { examples } from '../header/examples.js'

describe('Codec.header', () => {
  test.each(examples.map((each) => [each.name, each.from, each] as const))('%s, %s', (name, _, each) => {
    const codec = Codec.header(name)
    const value = codec.decode(each.text)
    expect(value).toEqual({ _tag: 'Right', right: each.value })
    expect(codec.is(each.value)).toBe(true)
    expect(codec.encode(each.value as never)).toBe(each.written.join(', '))
  })

  test('refuses what is no text, and says why a text is refused', () => {
    const codec = Codec.header('expires')
    expect(isLeft(codec.decode(5))).toBe(true)
    const refused = codec.decode('soon')
    if (isRight(refused)) throw new Error('decoded')
    expect(refused.left.map(({ message }) => message)).toEqual(['number expected at 0'])
    expect(isLeft(codec.decode(undefined))).toBe(true)
  })

  test('knows what is of its type, whatever it is given', () => {
    for (const name of Object.keys(headers) as BuiltIn[])
      for (const u of [undefined, null, {}, [], [null], { params: 1 }, [{ uri: 1, params: [] }], Symbol('x')])
        if (!(Array.isArray(u) && u.length === 0)) expect(Codec.header(name).is(u), name).toBe(false)
    expect(Codec.header('from').is({ uri: { _tag: 'Sip' }, params: [] })).toBe(false)
    expect(Codec.header('subject').is('a\r\nb')).toBe(false)
  })

  test('what cannot be written encodes to undefined', () => {
    expect(Codec.header('subject').encode('a\r\nX: y')).toBeUndefined()
  })

  test("works for a header of the user's own, and composes", () => {
    const Config = t.type({
      agent: Codec.header(text({ name: 'X-Agent' })),
      via: Codec.header('via'),
      to: Codec.uri,
    })
    const config = Config.decode({ agent: 'x 1', via: 'SIP/2.0/UDP h', to: 'sip:a@b' })
    if (isLeft(config)) throw new Error('refused')
    expect(config.right.via[0]?.host).toBe('h')
    expect(Config.encode(config.right)).toEqual({ agent: 'x 1', via: 'SIP/2.0/UDP h', to: 'sip:a@b' })
    const bare = define({
      name: 'X',
      list: false,
      parse: text({ name: 'X' }).parse,
      print: text({ name: 'X' }).print,
    })
    expect(Codec.header(bare).is('a')).toBe(false)
  })
})

describe('Codec.uri', () => {
  test('decodes, tells and encodes', () => {
    const uri = Codec.uri.decode('sip:a@b;lr')
    if (isLeft(uri)) throw new Error('refused')
    expect([Codec.uri.is(uri.right), Codec.uri.encode(uri.right)]).toEqual([true, 'sip:a@b;lr'])
    expect([
      isLeft(Codec.uri.decode(1)),
      isLeft(Codec.uri.decode('a@b')),
      Codec.uri.is({ _tag: 'Sip' }),
    ]).toEqual([true, true, false])
    expect(Codec.uri.encode({ _tag: 'Absolute', scheme: 'x', rest: '\n' })).toBeUndefined()
  })
})
