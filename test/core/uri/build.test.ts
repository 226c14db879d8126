import * as fc from 'fast-check'
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { encode } from '../../../src/core/data/utf8.js'
import { octets } from '../../../src/testing/fast-check/octets.js'
import * as Uri from '../../../src/core/uri.js'
import { read, readSip, write } from './read.js'

const built = <U extends Uri.Uri>(uri: Either<Uri.UriError, U>): U => {
  if (isLeft(uri)) throw new Error(uri.left.what)
  return uri.right
}

describe('the builder', () => {
  test('escapes what must be and nothing else', () => {
    const uri = built(
      Uri.sip({
        secure: true,
        user: 'a b;c?d@e:f',
        password: 'p:w;',
        host: 'h',
        port: 5061,
        params: { transport: 'tcp', lr: true, 'x y': 'a;b=c?d&e' },
        headers: [
          ['subject', 'project x & y'],
          ['to', 'sip:bob@biloxi.com'],
        ],
      }),
    )
    expect(write(uri)).toBe(
      'sips:a%20b;c?d%40e%3Af:p%3Aw%3B@h:5061;transport=tcp;lr;x%20y=a%3Bb%3Dc%3Fd&e?subject=project%20x%20%26%20y&to=sip:bob%40biloxi.com',
    )
  })

  test('takes IPv6 with and without brackets', () => {
    expect(write(built(Uri.sip({ host: '[::1]' })))).toBe('sip:[::1]')
    expect(write(built(Uri.sip({ host: '::1', port: 5060 })))).toBe('sip:[::1]:5060')
  })

  test('takes octets: text is encoded first', () => {
    expect(write(built(Uri.sip({ user: encode('Jürgen'), host: 'h' })))).toBe('sip:J%C3%BCrgen@h')
    for (const user of ['Ж', '\u0141', '\uffff']) expect(isLeft(Uri.sip({ user, host: 'h' }))).toBe(true)
  })

  test.each<[string, Uri.SipParts]>([
    ['no host', { host: '' }],
    ['a host with a port', { host: 'h:1' }],
    ['no port', { host: 'h', port: -1 }],
    ['no ttl', { host: 'h', params: { ttl: '256' } }],
    ['an empty user', { host: 'h', user: '' }],
    ['a password alone', { host: 'h', password: 'x' }],
  ])('refuses %s', (_, parts) => {
    expect(isLeft(Uri.sip(parts))).toBe(true)
  })

  test('makes tel URIs', () => {
    expect(write(built(Uri.tel('+1-201-555-0123', { ext: '12' })))).toBe('tel:+1-201-555-0123;ext=12')
    expect(write(built(Uri.tel('7042', { 'phone-context': 'example.com' })))).toBe(
      'tel:7042;phone-context=example.com',
    )
    expect(isLeft(Uri.tel('phone'))).toBe(true)
  })

  test('any octets go in, and the same come out', () => {
    fc.assert(
      fc.property(octets, octets, octets, (user, value, header) => {
        fc.pre(user !== '' && value !== '')
        const uri = built(
          Uri.sip({ user, password: value, host: 'h', params: { x: value }, headers: [['y', header]] }),
        )
        const again = readSip(write(uri))
        expect(pipe(again, Uri.user)).toEqual(some(user))
        expect(pipe(again, Uri.password)).toEqual(some(value))
        expect(pipe(again, Uri.param('x'))).toEqual(some(value))
        expect(pipe(again, Uri.header('y'))).toEqual([header])
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})

describe('parameters and headers as text', () => {
  test('are encoded and decoded', () => {
    expect(Uri.encodeParams({ transport: 'tcp', lr: true, q: 'a=b' })).toBe(';transport=tcp;lr;q=a%3Db')
    expect(Uri.decodeParams(';transport=tcp;lr;q=a%3Db')).toEqual(
      right([
        ['transport', 'tcp'],
        ['lr', true],
        ['q', 'a=b'],
      ]),
    )
    expect(
      Uri.encodeHeaders([
        ['subject', 'a b'],
        ['x', ''],
      ]),
    ).toBe('?subject=a%20b&x=')
    expect(Uri.decodeHeaders('subject=a%20b&x=&y')).toEqual(
      right([
        ['subject', 'a b'],
        ['x', ''],
        ['y', ''],
      ]),
    )
    expect([Uri.encodeParams({}), Uri.encodeHeaders([])]).toEqual(['', ''])
    expect([Uri.decodeParams(''), Uri.decodeHeaders('')]).toEqual([right([]), right([])])
  })

  test('faults are where they stand in what was given', () => {
    expect(Uri.decodeParams('a;;b')).toEqual({
      _tag: 'Left',
      left: { what: 'parameter name expected', offset: 2 },
    })
    expect(Uri.decodeParams(';a?b')).toEqual({ _tag: 'Left', left: { what: '";" expected', offset: 2 } })
    expect(Uri.decodeHeaders('a=%4')).toEqual({ _tag: 'Left', left: { what: 'escape expected', offset: 2 } })
  })
})

describe('parts', () => {
  const uri = readSip('sip:%61:b%3A@h;TRANSport=tcp;n%61me=v%20;lr?X=1&x=2')

  test('are decoded when they are asked for', () => {
    expect([Uri.user(uri), Uri.password(uri)]).toEqual([some('a'), some('b:')])
    expect([
      Uri.param('transport')(uri),
      Uri.param('name')(uri),
      Uri.param('lr')(uri),
      Uri.param('x')(uri),
    ]).toEqual([some('tcp'), some('v '), some(true), none])
    expect(Uri.header('x')(uri)).toEqual(['1', '2'])
    expect(Uri.user(readSip('sip:h'))).toEqual(none)
  })

  test('are changed one at a time, the rest stays as written', () => {
    expect(write(Uri.withParam('name', 'a;b')(uri))).toBe(
      'sip:%61:b%3A@h;TRANSport=tcp;name=a%3Bb;lr?X=1&x=2',
    )
    expect(write(Uri.withParam('ob', true)(uri))).toBe(
      'sip:%61:b%3A@h;TRANSport=tcp;n%61me=v%20;lr;ob?X=1&x=2',
    )
    expect(write(Uri.withoutParam('NAME')(uri))).toBe('sip:%61:b%3A@h;TRANSport=tcp;lr?X=1&x=2')
  })
})

describe('escapes', () => {
  test('are resolved; what is none stays', () => {
    expect(Uri.unescape('%41%4g%%34%2')).toBe('A%4g%4%2')
    expect(Uri.unescape('')).toBe('')
  })

  test('each component escapes its own', () => {
    const all = "aZ09-_.!~*'();/?:@&=+$,[]% \xff"
    expect(Uri.escapeUser(all)).toBe("aZ09-_.!~*'();/?%3A%40&=+$,%5B%5D%25%20%FF")
    expect(Uri.escapePassword(all)).toBe("aZ09-_.!~*'()%3B%2F%3F%3A%40&=+$,%5B%5D%25%20%FF")
    expect(Uri.escapeParam(all)).toBe("aZ09-_.!~*'()%3B/%3F:%40&%3D+$%2C[]%25%20%FF")
    expect(Uri.escapeHeader(all)).toBe("aZ09-_.!~*'()%3B/?:%40%26%3D+$%2C[]%25%20%FF")
  })

  test('classes of characters', () => {
    const of = (is: (char: string) => boolean) => Array.from(';/?:@&=+$,[]%a-~ \u0100').filter(is).join('')
    expect([of(Uri.isUnreserved), of(Uri.isParamChar), of(Uri.isHeaderChar)]).toEqual([
      'a-~',
      '/:&+$[]a-~',
      '/?:+$[]a-~',
    ])
    expect(Uri.isUnreserved('')).toBe(false)
  })
})

describe('deviations', () => {
  test.each([
    ['sip:alice:p@example.com:5060;a=b?c=d', []],
    ['sip:a@[::1]', []],
    ['sip:a@192.0.2.1', []],
    ['urn:x', []],
    ['tel:+1', []],
    ['tel:1;phone-context=a.b', []],
    ['sip:5678#99@h', ['unescaped character in the user']],
    ['sip:a:b/c@h', ['unescaped character in the password']],
    ['sip:a@b_c', ['host name beyond the grammar']],
    ['sip:a@3f2a', ['host name beyond the grammar']],
    ['sip:a@-b.c', ['host name beyond the grammar']],
    ['sip:a@b;x=y=z', ['unescaped character in a parameter']],
    ['sip:a@b;x;X', ['parameter more than once']],
    ['sip:a@b?c=d;e', ['unescaped character in a header']],
    ['sip:a@b?c', ['header without a value']],
    ['tel:911', ['local number without phone-context']],
  ])('%s: %j', (text, is) => {
    expect(Uri.deviations(read(text))).toEqual(is)
  })
})
