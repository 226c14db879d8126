import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { some, none } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import * as Header from '../../../src/core/header.js'
import { duration } from '../../../src/core/header/seconds.js'
import { read, refusal, write } from './read.js'

const zeros = '0'.repeat(32)

describe('lists', () => {
  test.each([
    ['a, b', ['a', 'b']],
    ['a ,\tb\r\n ,c', ['a', 'b', 'c']],
    ['"a,b" <x,y>, c', ['"a,b" <x,y>', 'c']],
    ['"a\\",b", c', ['"a\\",b"', 'c']],
    ['h (a, (b), c), d', ['h (a, (b), c)', 'd']],
    ['sip:+1(408,x', ['sip:+1(408', 'x']], // a parenthesis within a word opens no comment
    ['a (b, c', ['a (b', 'c']], // and one that never closes opens nothing
    ['"a, b', ['"a', 'b']],
    ['<a, b', ['<a', 'b']],
    ['a,,b', ['a', '', 'b']],
    ['', ['']],
    [' , ', ['', '']],
  ])('%j splits into %j', (text, parts) => {
    const spans = Header.split(text, 0, text.length)
    expect(parts.map((_, i) => text.slice(spans[2 * i], spans[2 * i + 1]))).toEqual(parts)
    expect(spans.length).toBe(parts.length * 2)
  })

  test('empty members and, where the grammar asks for one, no value at all are refused', () => {
    expect(refusal('require', ',')).toBe('value expected at 0')
    expect(refusal('require', '')).toBe('value expected at 0')
    expect(refusal('supported', 'a,,b')).toBe('value expected at 2')
    expect([read('supported', ''), read('allow', '  ')]).toEqual([[], []])
    expect([write('supported', []), write('require', [])]).toEqual([[''], []])
  })

  test('In-Reply-To: quotes and brackets are part of a word, so that every comma separates', () => {
    expect(read('in-reply-to', 'a"b, c"d@<, e')).toEqual(['a"b', 'c"d@<', 'e'])
  })

  test('offsets are those of the text that was given', () => {
    expect(refusal('allow', 'INVITE, A CK')).toBe('end of value expected at 9')
  })
})

describe('parameters', () => {
  const [value] = read('accept-contact', '*;A=b;c="d e";f="g";a=2')
  const params = value?.params ?? []

  test('are found without regard to case, the first of a name first', () => {
    expect([Header.param('a')({ params }), Header.param('C')({ params })]).toEqual([some('b'), some('d e')])
    expect([Header.param('x')({ params }), Header.param('f')({ params })]).toEqual([none, some('g')])
  })

  test('are replaced in place, added behind, and taken away', () => {
    const written = (of: Header.Params) => write('accept-contact', [{ value: '*', params: of }])
    expect(written(Header.withParam(params, { name: 'a', value: 'x,y' }))).toEqual([
      '*;a="x,y";c="d e";f="g";a=2',
    ])
    expect(written(Header.withParam(params, { name: 'z' }))).toEqual(['*;A=b;c="d e";f="g";a=2;z'])
    expect(written(Header.withoutParam(params, 'A'))).toEqual(['*;c="d e";f="g"'])
  })

  test('quotes stay where they were a choice and come where they are needed', () => {
    expect(params[2]).toEqual({ name: 'f', value: 'g', quoted: true })
    expect(params[1]).toEqual({ name: 'c', value: 'd e' })
    const both = [{ name: 'x', value: 'a b', quoted: true as const }]
    expect(write('accept-contact', [{ value: '*', params: both }])).toEqual(['*;x="a b"'])
  })

  test('an empty value is quoted; one that is not there is not', () => {
    expect(write('event', { value: 'x', params: [{ name: 'a', value: '' }, { name: 'b' }] })).toEqual([
      'x;a="";b',
    ])
    expect(refusal('event', 'x;a=')).toBe('value of a expected at 4')
  })

  test('control characters are escaped, white space within quotes is kept', () => {
    const text = 'x;a="\\\x01 \t\\\x7f"'
    expect(read('event', text).params).toEqual([{ name: 'a', value: '\x01 \t\x7f' }])
    expect(write('event', read('event', text))).toEqual([text])
  })
})

describe('names', () => {
  test.each([
    ['Bob', 'Bob'],
    ['The Operator', 'The Operator'],
    ['', '""'],
    [' ', '" "'],
    ['Bob ', '"Bob "'],
    ['Bob, Jr.', '"Bob, Jr."'],
    ['J\xc3\xbcrgen', '"J\xc3\xbcrgen"'],
    ['<sip:x@y>', '"<sip:x@y>"'],
    ['*', '*'],
  ])('the display name %j is written %j', (display, text) => {
    const value = { display, uri: read('to', '<sip:a@b>').uri, params: [] }
    expect(write('to', value)).toEqual([`${text} <sip:a@b>`])
    expect(read('to', `${text} <sip:a@b>`)).toEqual(value)
  })

  test('UTF-8 without quotes is read: it is sent', () => {
    expect(read('from', 'J\xc3\xbcrgen <sip:a@b>').display).toBe('J\xc3\xbcrgen')
  })

  test.each([
    ['', 'address expected at 0'],
    ['"a"', '"<" expected at 3'],
    ['"a" sip:a@b', '"<" expected at 4'],
    ['<sip:a@b', '"<" is never closed at 0'],
    ['<sip:a@b> x', '";" expected at 10'],
    ['a@b', 'scheme expected at 0'],
    ['<sip:a@b>;', 'parameter name expected at 10'],
  ])('%j is refused: %s', (text, why) => {
    expect(refusal('to', text)).toBe(why)
  })

  test('what says tel: and is no number is an absolute URI all the same', () => {
    expect(read('from', '<tel:anonymous>').uri).toEqual({
      _tag: 'Absolute',
      scheme: 'tel',
      rest: 'anonymous',
    })
    expect(write('from', read('from', '<TEL:anonymous>'))).toEqual(['<TEL:anonymous>'])
  })
})

describe('preferences', () => {
  test.each([
    ['0', 0],
    ['0.', 0],
    ['0.5', 0.5],
    ['0.123', 0.123],
    ['1', 1],
    ['1.000', 1],
    ['1.001', undefined],
    ['0.1234', undefined],
    ['2', undefined],
    ['.5', undefined],
    ['00.5', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1e0', undefined],
    [undefined, undefined],
  ])('%j is %s', (text, q) => {
    expect(Header.parseQ(text)).toBe(q)
  })

  test('are written with at most three digits', () => {
    expect([0, 1, 0.5, 0.12345, 7, -1].map(Header.printQ)).toEqual(['0', '1', '0.5', '0.123', '1', '0'])
  })

  test('sort the best first, equals in their order, who says nothing as 1', () => {
    const values = read('accept-language', 'a;q=0.5, b, c;q=0.8, d;q=1, e;q=nonsense')
    expect([...values].sort(Header.bestFirst.compare).map(({ value }) => value)).toEqual([
      'b',
      'd',
      'e',
      'c',
      'a',
    ])
    expect(Header.byPreference.compare({ params: [] }, { params: [{ name: 'Q', value: '0' }] })).toBe(1)
  })

  test('of Contacts, and how long they are to be bound (10.2)', () => {
    const [a, b, c, d, e] = read(
      'contact',
      '<sip:a@b>;q=0.7;expires=60, <sip:a@b>;q=2;expires=soon, <sip:a@b>;expires=99999999999, <sip:a@b>, <sip:a@b>;expires',
    ).flatMap((value) => (value === '*' ? [] : [value]))
    expect([a, b, d].map((value) => value && Header.q(value))).toEqual([some(0.7), none, none])
    expect([a, b, c, d, e].map((value) => value && Header.expires(value))).toEqual([
      some(60),
      some(3600),
      some(4294967295),
      none,
      some(3600),
    ])
  })
})

describe('Date', () => {
  test.each([
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Wed, 31 Dec 1969 23:59:59 GMT', -1],
    ['Fri, 16 Aug 1963 05:00:00 GMT', -201_294_000],
    ['Tue, 29 Feb 2000 12:00:00 GMT', 951_825_600],
    ['Sat, 01 Jan 0000 00:00:00 GMT', -62_167_219_200],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 253_402_300_799],
  ])('%s is %i', (text, seconds) => {
    expect(read('date', text)).toBe(seconds)
    expect(write('date', seconds)).toEqual([text])
    expect(new Date(seconds * 1000).toUTCString().replace(/ 0+(\d{4}) /, ' $1 ')).toBe(text)
  })

  test('agrees with the Date of JavaScript on every day of four centuries', () => {
    const days = Array.from({ length: 146_097 }, (_, i) => (i - 80_000) * 86_400 + 3661)
    expect(days.filter((at) => write('date', at)[0] !== new Date(at * 1000).toUTCString())).toEqual([])
  })

  test.each([
    ['Fri, 31 Feb 2018 05:00:00 GMT', 'the month has no such day at 5'],
    ['Sun, 16 Aug 1963 05:00:00 GMT', 'not the weekday of that day at 0'],
    ['Thu, 29 Feb 1900 00:00:00 GMT', 'the month has no such day at 5'],
    ['Fri, 16 Awg 1963 05:00:00 GMT', 'month expected at 8'],
    ['Fri, 16 Aug 1963 05:00:00 EST', 'GMT expected at 26'],
    ['Fri, 16 Aug 1963 24:00:00 GMT', 'date of the form "Sat, 13 Nov 2010 23:29:00 GMT" expected at 0'],
    ['Fri  16 Aug 1963 05:00:00 GMT', 'date of the form "Sat, 13 Nov 2010 23:29:00 GMT" expected at 0'],
  ])('%s is refused: %s', (text, why) => {
    expect(refusal('date', text)).toBe(why)
  })

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800, -62_167_219_201, 1e300])(
    '%s is no date',
    (seconds) => {
      expect(isLeft(Header.headers.date.print(seconds))).toBe(true)
    },
  )
})

describe('the others', () => {
  test('Retry-After: nested and escaped comments', () => {
    const text = '120 (a (b) \\) c);duration=60'
    const value = read('retry-after', text)
    expect(value.comment).toBe('a (b) ) c')
    expect(duration(value)).toBe(60)
    expect(read('retry-after', write('retry-after', value)[0] ?? '')).toEqual(value)
    expect(refusal('retry-after', '120 (a')).toBe('comment is never closed at 4')
  })

  test.each([
    ['via', 'SIP/2.0/UDP h;branch=" "', 'branch is no token at 13'],
    ['warning', '39A old.example "x"', 'code of three digits expected at 0'],
    ['warning', '399 a unquoted', 'text expected, in quotes at 6'],
    ['replaces', 'a@b;from-tag=1', 'exactly one to-tag expected at 14'],
    ['replaces', 'a@b;from-tag=1;to-tag="a b"', 'to-tag is no token at 27'],
    ['session-expires', '4000;refresher', 'refresher without a value at 14'],
    ['session-expires', 'abc', 'seconds expected at 0'],
    ['rack', '4294967296 1 INVITE', 'response number above 4294967295 at 0'],
    ['rack', '1 1', 'space expected at 3'],
    ['resource-priority', 'dsn', 'namespace and priority with one dot between expected at 0'],
    ['resource-priority', 'a.b.c', 'namespace and priority with one dot between expected at 0'],
    ['content-type', 'text', '"/" expected at 4'],
    ['content-type', 'text/html, text/plain', '";" expected at 9'],
    ['content-length', '0x10', 'end of value expected at 1'],
    ['content-length', '-1', 'number expected at 0'],
    ['max-forwards', '256', 'number above 255 at 0'],
    ['mime-version', '1', '"." expected at 1'],
    ['call-id', 'a@b@c', 'end of value expected at 3'],
    ['call-id', 'a@', 'word expected behind "@" at 2'],
    ['authorization', 'Digest', 'parameters expected at 6'],
    ['authorization', 'Digest realm', 'value of realm expected at 12'],
    ['authorization', 'Digest realm="a" nonce="b"', 'end of value expected at 17'],
    ['alert-info', 'http://x', '"<" expected at 0'],
    ['identity', ';info=<a:b>', 'digest expected at 0'],
    ['identity', 'abc;info=<a:b', '"<" is never closed at 9'],
    ['session-id', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', '32 hexadecimal digits expected at 0'],
    ['session-id', 'g'.repeat(32), '32 hexadecimal digits expected at 0'],
    ['session-id', `${zeros};remote=0`, 'remote without 32 hexadecimal digits at 32'],
    ['session-id', `${zeros};remote`, 'remote without 32 hexadecimal digits at 32'],
    ['session-id', `${zeros};remote=${zeros};Remote=${zeros}`, 'remote stands twice at 32'],
    ['timestamp', '.5', 'time expected at 0'],
    ['timestamp', '9'.repeat(400), 'more digits than a number holds at 0'],
    ['timestamp', '5x', 'space expected before the delay at 1'],
    ['privacy', '', 'kind of privacy expected at 0'],
  ] as const)('%s: %j is refused: %s', (name, text, why) => {
    expect(refusal(name, text)).toBe(why)
  })

  test('a value that would read back as another is not written', () => {
    expect(Header.headers.subject.print(' a')).toEqual({
      _tag: 'Left',
      left: { what: 'would read back as another value', offset: 0 },
    })
    expect(isLeft(Header.headers.allow.print('A, B'))).toBe(true)
    expect(isLeft(Header.headers['content-length'].print(1.5))).toBe(true)
    expect(isLeft(Header.headers.privacy.print([]))).toBe(true)
    expect(isLeft(Header.headers['session-id'].print({ value: 'A'.repeat(32), params: [] }))).toBe(true)
  })

  test('what is no value at all is refused, not thrown over', () => {
    for (const header of Object.values(Header.headers) as Header.AnyHeader[])
      for (const u of [undefined, null, 1.5, '', {}, [], { params: null }, { uri: {} }])
        expect(header.print(u as never)._tag).toMatch(/Left|Right/)
  })

  test("a header of the user's own is another constant", () => {
    const xFoo = Header.parameterizedList({ name: 'X-Foo' })
    expect(Header.parse(xFoo)('a;b=1, c')).toEqual({
      _tag: 'Right',
      right: [
        { value: 'a', params: [{ name: 'b', value: '1' }] },
        { value: 'c', params: [] },
      ],
    })
    expect(isRight(Header.print(xFoo)([{ value: 'a', params: [] }]))).toBe(true)
  })

  test('shapes in words', () => {
    expect(Header.describe(Header.headers.contact.shape ?? 'true')).toBe("NameAddr or '*'")
    expect(Header.describe(Header.headers.privacy.shape ?? 'true')).toBe('string[]')
  })
})
