import { isLeft, isRight, left as leftOf } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { isNone, none, type Option, some as someOf } from 'fp-ts/lib/Option.js'
import { describe, expect, expectTypeOf, test } from 'vitest'
import * as Header from '../../../src/core/header.js'
import type { NameAddr } from '../../../src/core/header/name-addr.js'
import type { Via } from '../../../src/core/header/via.js'
import * as Message from '../../../src/core/message.js'
import { requestText } from '../../support/messages.js'
import { acceptedRequest, left, right, some } from '../../support/parsed.js'

const request = acceptedRequest(
  requestText({
    vias: ['SIP/2.0/UDP a;branch=z9hG4bK1 , SIP/2.0/TCP b', 'SIP/2.0/TLS c'],
    fields: [
      'Subject : lunch?',
      'Route: <sip:p1;lr>,\r\n <sip:p2;lr>',
      'route: <sip:p3;lr>',
      'X-Foo: 1,2',
      'Supported:',
      'k: timer',
      'Contact: "Comma, Inc." <sip:a@b;x=1,2>;q=0.5',
    ],
  }),
)

const hop = (host: string): Via => ({ version: 'SIP/2.0', transport: 'UDP', host, params: [] })
const hosts = (message: Message.Message): readonly string[] =>
  some(Message.get('via')(message)).map(({ host }) => host)
const lines = (message: Message.Message, name: RegExp): readonly string[] =>
  message.text.split(/\r\n(?![ \t])/).filter((line) => name.test(line))
const foo = Header.text({ name: 'X-Foo' })
const bars = Header.tokens({ name: 'X-Bar' })

describe('reading', () => {
  test('the type of what is read follows from the header', () => {
    expectTypeOf(Message.get('max-forwards')(request)).toEqualTypeOf<
      import('fp-ts/lib/Option.js').Option<number>
    >()
    expectTypeOf(some(Message.get('via')(request))).toEqualTypeOf<readonly Via[]>()
    expectTypeOf(some(Message.front.get('via')(request))).toEqualTypeOf<Via>()
    expectTypeOf(some(Message.get('to')(request))).toEqualTypeOf<NameAddr>()
    expectTypeOf(Message.get(foo)(request)).toEqualTypeOf<Option<string>>()
    expectTypeOf(Message.back.get(bars)(request)).toEqualTypeOf<Option<string>>()
  })

  test('whole: all values of a list, over all its fields', () => {
    expect(hosts(request)).toEqual(['a', 'b', 'c'])
    expect(some(Message.get('route')(request))).toHaveLength(3)
    expect(some(Message.get('supported')(request))).toEqual(['timer'])
    expect(some(Message.get('contact')(request))).toHaveLength(1)
  })

  test('front and back: the first and the last value', () => {
    expect(some(Message.front.get('via')(request)).host).toBe('a')
    expect(some(Message.back.get('via')(request)).host).toBe('c')
    expect(some(Message.front.get('supported')(request))).toBe('timer')
    expect(some(Message.front.get('subject')(request))).toBe('lunch?')
    expect(some(Message.back.get('subject')(request))).toBe('lunch?')
  })

  test("a header of the user's own is as good as a built-in one", () => {
    expect(some(Message.get(foo)(request))).toBe('1,2')
    expect(Message.get(bars)(request)).toEqual(none)
  })

  test('fetch tells what is absent from what cannot be read, and where', () => {
    expect(left(Message.fetch('date')(request))).toEqual({ _tag: 'Absent', name: 'Date' })
    const odd = acceptedRequest(requestText({ fields: ['Expires: soon', 'Route: <sip:a>, nonsense'] }))
    expect(left(Message.fetch('expires')(odd))).toMatchObject({ _tag: 'Malformed', name: 'Expires' })
    const error = left(Message.fetch('route')(odd))
    expect(error).toMatchObject({ _tag: 'Malformed', name: 'Route' })
    expect(odd.text.slice((error as Message.Malformed).offset)).toMatch(/^nonsense/)
    expect(isNone(Message.get('expires')(odd))).toBe(true)
    expect(some(Message.front.get('route')(odd)).uri).toMatchObject({ host: 'a' })
  })

  test('a header that is no list and stands twice is not one thing; its first and last values are', () => {
    const twice = acceptedRequest(requestText({ fields: ['Subject: one', 's: two'] }))
    expect(left(Message.fetch('subject')(twice))).toMatchObject({ _tag: 'Malformed', what: 'stands twice' })
    expect(some(Message.front.get('subject')(twice))).toBe('one')
    expect(some(Message.back.get('subject')(twice))).toBe('two')
  })

  test('20.10: a * among Contacts over several fields cannot be read', () => {
    const star = acceptedRequest(requestText({ fields: ['Contact: *', 'm: <sip:a@b>'] }))
    expect(isLeft(Message.fetch('contact')(star))).toBe(true)
  })

  test('has, raw and fields go by name alone, compact forms included', () => {
    expect(Message.has('supported')(request)).toBe(true)
    expect(Message.has('K')(request)).toBe(true)
    expect(Message.has('x-foo')(request)).toBe(true)
    expect(Message.has('x-bar')(request)).toBe(false)
    expect(Message.raw('Supported')(request)).toEqual(['', 'timer'])
    expect(Message.raw(foo)(request)).toEqual(['1,2'])
    expect(Message.fields(request).map(({ name }) => name)).toEqual([
      ...['Via', 'Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards'],
      ...['Subject', 'Route', 'route', 'X-Foo', 'Supported', 'k', 'Contact', 'Content-Length'],
    ])
  })
})

describe('put', () => {
  test('in place of all values, the name as it stands there, the rest untouched', () => {
    const next = right(Message.put('route', [])(request))
    expect(Message.has('route')(next)).toBe(false)
    const one = right(Message.put('subject', 'dinner')(request))
    expect(lines(one, /^Subject/)).toEqual(['Subject : dinner'])
    expect(one.text.replace('dinner', 'lunch?')).toBe(request.text)
    const vias = right(Message.put('via', [hop('x'), hop('y')])(request))
    expect(lines(vias, /^Via/)).toEqual(['Via: SIP/2.0/UDP x, SIP/2.0/UDP y'])
  })

  test('a header that is not there goes behind all others', () => {
    const next = right(Message.put('organization', 'ACME')(request))
    expect(next.text.endsWith('Content-Length: 0\r\nOrganization: ACME\r\n\r\n')).toBe(true)
  })

  test('7.3.1: challenges get a field each', () => {
    const challenge = { scheme: 'Digest', params: [{ name: 'realm', value: 'a' }] }
    const next = right(Message.put('www-authenticate', [challenge, challenge])(request))
    expect(lines(next, /^WWW/)).toHaveLength(2)
    const fewer = right(Message.put('www-authenticate', [challenge])(next))
    expect(lines(fewer, /^WWW/)).toHaveLength(1)
    expect(right(Message.put('www-authenticate', [challenge, challenge])(fewer)).text).toBe(next.text)
  })

  test('front and back add a value and take none away', () => {
    expect(hosts(right(Message.front.put('via', hop('x'))(request)))).toEqual(['x', 'a', 'b', 'c'])
    expect(hosts(right(Message.back.put('via', hop('x'))(request)))).toEqual(['a', 'b', 'c', 'x'])
    const first = right(Message.front.put(bars, 'one')(request))
    expect(some(Message.get(bars)(right(Message.back.put(bars, 'two')(first))))).toEqual(['one', 'two'])
    expect(some(Message.get('subject')(right(Message.front.put('subject', 'x')(request))))).toBe('x')
  })

  test('putNew only where there is none, and makes the value only then', () => {
    expect(right(Message.putNew('subject', 'x')(request))).toBe(request)
    expect(some(Message.get('date')(right(Message.putNew('date', 0)(request))))).toBe(0)
    const never = (): string => {
      throw new Error('it was made')
    }
    expect(right(Message.putNewLazy('subject', never)(request))).toBe(request)
    expect(right(Message.back.putNew('via', hop('x'))(request))).toBe(request)
    expect(
      some(Message.get(foo)(right(Message.putNewLazy(foo, () => 'y')(acceptedRequest(requestText()))))),
    ).toBe('y')
  })

  test.each(['a\r\nX-Injected: 1', 'a\nb', 'a\0b', 'a\rb', 'a\u010d\u010ab'])('refuses %j', (text) => {
    expect(isLeft(Message.put('subject', text)(request))).toBe(true)
    expect(isLeft(Message.put(foo, text)(request))).toBe(true)
    expect(isLeft(Message.front.put('via', hop(text))(request))).toBe(true)
    expect(isLeft(Message.update('to', (to) => ({ ...to, display: text }))(request))).toBe(true)
  })
})

describe('delete and drop', () => {
  test('take all values, or the first or the last', () => {
    expect(lines(Message.delete('route')(request), /^route/i)).toEqual([])
    expect(hosts(Message.front.remove('via')(request))).toEqual(['b', 'c'])
    expect(hosts(Message.back.remove('via')(request))).toEqual(['a', 'b'])
    expect(hosts(Message.back.remove('via')(Message.back.remove('via')(request)))).toEqual(['a'])
    expect(Message.has('contact')(Message.front.remove('contact')(request))).toBe(false)
    expect(Message.front.remove('date')(request)).toBe(request)
  })

  test('one value of a field goes with its comma, and the field stays as it is', () => {
    expect(lines(Message.front.remove('via')(request), /^Via/)[0]).toBe('Via: SIP/2.0/TCP b')
    const two = Message.back.remove('via')(request)
    expect(lines(Message.back.remove('via')(two), /^Via/)).toEqual(['Via: SIP/2.0/UDP a;branch=z9hG4bK1'])
  })

  test('drop takes several, known and unknown', () => {
    const next = Message.drop(['via', 'x-foo', Header.named('Contact') ?? foo, 'nothing'])(request)
    expect(['via', 'x-foo', 'contact'].map((name) => Message.has(name)(next))).toEqual([false, false, false])
  })

  test('can take what cannot be read', () => {
    const odd = acceptedRequest(requestText({ fields: ['Expires: soon'] }))
    expect(Message.has('expires')(Message.delete('expires')(odd))).toBe(false)
  })
})

describe('update, pop and getAndUpdate', () => {
  test('update puts what the function makes in its place', () => {
    const next = right(Message.update('max-forwards', (hops) => hops - 1)(request))
    expect(next.text).toBe(request.text.replace('Max-Forwards: 70', 'Max-Forwards: 69'))
    const via = right(
      Message.front.update('via', ({ params, ...rest }) => ({ ...rest, params, port: 99 }))(request),
    )
    expect(lines(via, /^Via/)[0]).toBe('Via: SIP/2.0/UDP a:99;branch=z9hG4bK1 , SIP/2.0/TCP b')
    const last = right(Message.back.update('route', (route) => ({ ...route, display: 'x' }))(request))
    expect(lines(last, /^route/)).toEqual(['route: x <sip:p3;lr>'])
  })

  test('update of nothing puts the initial value, or nothing', () => {
    expect(right(Message.update('date', (date) => date + 1)(request))).toBe(request)
    expect(some(Message.get('date')(right(Message.update('date', (date) => date + 1, 1000)(request))))).toBe(
      1000,
    )
  })

  test('pop gives the value and the message without it', () => {
    const [subject, rest] = right(Message.pop('subject')(request))
    expect([subject, Message.has('subject')(rest)]).toEqual([someOf('lunch?'), false])
    const [first, others] = right(Message.front.pop('route')(request))
    expect(some(first).uri).toMatchObject({ host: 'p1' })
    expect(some(Message.get('route')(others))).toHaveLength(2)
    expect(right(Message.pop('date')(request))).toEqual([none, request])
  })

  test('getAndUpdate says something and puts, or takes away', () => {
    const [was, next] = right(Message.getAndUpdate('subject', (old) => [old, someOf('new')])(request))
    expect([was, some(Message.get('subject')(next))]).toEqual([someOf('lunch?'), 'new'])
    const [count, without] = right(Message.front.getAndUpdate('via', () => [3, none])(request))
    expect([count, hosts(without)]).toEqual([3, ['b', 'c']])
  })

  test('what cannot be read is not changed', () => {
    const odd = acceptedRequest(requestText({ fields: ['Expires: soon'] }))
    for (const edit of [
      Message.update('expires', (n) => n + 1),
      Message.pop('expires'),
      Message.getAndUpdate('expires', (n) => [n, n]),
    ])
      expect(left(edit(odd))).toMatchObject({ _tag: 'Malformed', name: 'Expires' })
    expect(right(Message.putNew('expires', 1)(odd))).toBe(odd)
    expect(some(Message.get('expires')(right(Message.put('expires', 1)(odd))))).toBe(1)
  })
})

describe('edit', () => {
  test('runs edits in turn', () => {
    const next = pipe(
      request,
      Message.edit(Message.put('subject', 'x'), Message.delete('route'), Message.front.put('via', hop('y'))),
      right,
    )
    expect([some(Message.get('subject')(next)), Message.has('route')(next), hosts(next)[0]]).toEqual([
      'x',
      false,
      'y',
    ])
    expect(next._tag).toBe('Request')
  })

  test('stops at the first refusal', () => {
    const refused = Message.edit(Message.put('subject', 'x'), Message.put('server', 'a\r\nb'), () =>
      leftOf({ what: 'not reached', offset: 0 }),
    )(request)
    expect(left(refused).what).not.toBe('not reached')
  })

  test('keeps the kind of message', () => {
    const response = Message.respond(180)(request)
    expect(right(Message.edit(Message.put('server', 's'))(response)).status).toBe(180)
    expect(isRight(Message.edit()(request))).toBe(true)
  })
})

test('a message is frozen and edited all the same: what an edit makes is another message', () => {
  const frozen = Object.freeze(request)
  Object.freeze(frozen.index)
  expect(hosts(right(Message.front.put('via', hop('x'))(frozen)))).toEqual(['x', 'a', 'b', 'c'])
  expect(hosts(frozen)).toEqual(['a', 'b', 'c'])
})
