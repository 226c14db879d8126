import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import {
  defaulted,
  linesOf,
  popVia,
  pushVia,
  replaceTopVia,
  request,
  respond,
  respondWith,
  response,
  withBody,
  withToTag,
} from '../../../src/core/message/build.js'
import { toTag, topVia, viaCount } from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import { classOf, reasonOf } from '../../../src/core/message/reason.js'
import { appendField } from '../../../src/core/message/splice.js'
import type { Message } from '../../../src/core/message/types.js'
import * as Message_ from '../../../src/core/message.js'
import { requestText } from '../../support/messages.js'
import { accepted, acceptedRequest, left, right } from '../../support/parsed.js'

const fields = [
  'Record-Route: <sip:p1;lr>,\r\n\t<sip:p2;lr>',
  'Timestamp: 54',
  'record-route : <sip:p3;lr>',
  'Subject: x',
]
const invite = acceptedRequest(
  requestText({ vias: ['SIP/2.0/UDP a ;\r\n branch=z9hG4bK1', 'SIP/2.0/UDP b'], fields }).replace(
    'Call-ID:',
    'i:',
  ),
)
const names = (message: Message): readonly string[] => Message_.fields(message).map(({ name }) => name)

/** The index is what a scan of the text would make. */
const isSound = (message: Message): void => {
  const parsed = parse(message.text)
  expect(parsed).toEqual({ _tag: 'Right', right: message })
}

describe('8.2.6.2: a response to a request', () => {
  test('copies Via, From, To, Call-ID and CSeq octet by octet', () => {
    expect(respond(486)(invite).text).toBe(
      [
        'SIP/2.0 486 Busy Here',
        'Via: SIP/2.0/UDP a ;\r\n branch=z9hG4bK1',
        'Via: SIP/2.0/UDP b',
        'From: <sip:alice@192.0.2.9>;tag=atag',
        'To: <sip:bob@192.0.2.1>',
        'i: call1',
        'CSeq: 1 INVITE',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    )
  })

  test('12.1.1: Record-Route where it makes a dialog, and nowhere else', () => {
    const copied = [180, 183, 200, 202]
    for (const status of [100, 180, 183, 200, 202, 302, 404, 500])
      expect(names(respond(status)(invite)).filter((name) => /record-route/i.test(name)).length).toBe(
        copied.includes(status) ? 2 : 0,
      )
    for (const method of ['SUBSCRIBE', 'REFER', 'NOTIFY', 'OPTIONS', 'BYE', 'REGISTER', 'MESSAGE'])
      expect(
        names(respond(200)(acceptedRequest(requestText({ method, fields })))).includes('Record-Route'),
      ).toBe(['SUBSCRIBE', 'REFER', 'NOTIFY'].includes(method))
  })

  test('8.2.6.1: Timestamp into 100 only', () => {
    expect(names(respond(100)(invite))).toContain('Timestamp')
    expect(names(respond(180)(invite))).not.toContain('Timestamp')
  })

  test.each([100, 180, 200, 404, 600])('%i is a message as a parser would have made it', (status) => {
    isSound(respond(status)(invite))
  })

  test('a reason of the application cannot break its line', () => {
    expect(respond(480, 'a\r\nX-Injected: 1\0')(invite).text).toMatch(/^SIP\/2\.0 480 aX-Injected: 1\r\nVia:/)
    isSound(respond(480, 'a\r\nX-Injected: 1')(invite))
    isSound(respond(480, '')(invite))
  })

  test('with fields and a body in one piece it is what the edits make one after the other', () => {
    const more = ['Contact: <sip:bob@192.0.2.1>', 'Supported:', 'Allow: INVITE, ACK']
    const bare = acceptedRequest(requestText({ method: 'OPTIONS' }))
    for (const request of [invite, bare])
      for (const [status, fields, body] of [
        [180, more.slice(0, 1), ''],
        [200, more, ''],
        [200, more, 'v=0\r\n'],
        [486, [], 'busy'],
      ] as const) {
        const whole = respondWith(status, [linesOf(fields), linesOf(['Content-Type: a/b'])], body)(request)
        const edited = [...fields, 'Content-Type: a/b'].reduce(appendField, respond(status)(request))
        expect(whole).toEqual(right(withBody('a/b', body)(edited)))
        isSound(whole)
      }
  })

  test('with a tag in one piece it is what `withToTag` makes of it', () => {
    const folded = acceptedRequest(requestText({ method: 'OPTIONS', to: 'sip:bob@192.0.2.1;user=phone \t' }))
    const inDialog = acceptedRequest(requestText({ to: '<sip:bob@192.0.2.1>;tag=b' }))
    for (const request of [invite, folded, inDialog])
      for (const tag of ['xyz', 'x;y\r\nX: z', '']) {
        const whole = respondWith(200, [linesOf(['Supported:'])], 'v=0\r\n', tag)(request)
        const edited = withToTag(tag)(respondWith(200, [linesOf(['Supported:'])], 'v=0\r\n')(request))
        if (tag !== '') expect(whole).toEqual(edited)
        expect(toTag(whole)).toBe(tag === '' ? toTag(request) : toTag(edited))
        isSound(whole)
      }
  })

  test('every status has a reason, those of nobody that of their class', () => {
    expect([100, 200, 404, 486, 505, 606].map(reasonOf)).toEqual([
      ...['Trying', 'OK', 'Not Found', 'Busy Here', 'Version Not Supported', 'Not Acceptable'],
    ])
    expect([199, 299, 499, 799].map(reasonOf)).toEqual([
      'Early Dialog Terminated',
      'Success',
      'Client Error',
      '',
    ])
    expect([100, 299, 699].map(classOf)).toEqual([1, 2, 6])
  })
})

describe('the To tag', () => {
  test('is put where there is none, behind what stands there', () => {
    const tagged = withToTag('xyz')(respond(200)(invite))
    expect(tagged.text).toContain('\r\nTo: <sip:bob@192.0.2.1>;tag=xyz\r\n')
    expect(toTag(tagged)).toBe('xyz')
    isSound(tagged)
  })

  test('is left alone where there is one', () => {
    const tagged = withToTag('xyz')(respond(200)(invite))
    expect(withToTag('other')(tagged)).toBe(tagged)
  })

  test('of an addr-spec is a header parameter', () => {
    const bare = acceptedRequest(requestText({ to: 'sip:bob@192.0.2.1;user=phone \t' }))
    expect(withToTag('x')(bare).text).toContain('\r\nTo: sip:bob@192.0.2.1;user=phone;tag=x \t\r\n')
  })

  test('is what a reader finds, also in an address that holds none yet', () => {
    const tos = [
      '<sip:b@a>',
      'sip:b@a',
      '"b>" <sip:b@a>;x=y',
      '<sip:b@a>;x="y>"',
      'b c <sip:b@a>',
      '"b <sip:b@a>',
    ]
    for (const to of tos)
      for (const before of [toTag, () => undefined]) {
        const built = right(request('INVITE', 'sip:b@a', [['To', to]]))
        expect(before(built)).toBe(undefined)
        const tagged = withToTag('x')(built)
        const again = right(request('INVITE', 'sip:b@a', [['To', `${to};tag=x`]]))
        expect([tagged.text, toTag(tagged)]).toEqual([again.text, toTag(again)])
      }
  })

  test('cannot break its line', () => {
    expect(toTag(withToTag('a\r\nb: "c"')(invite))).toBe('abc')
  })
})

describe('Via', () => {
  test('goes on top, whatever stands first', () => {
    const pushed = pushVia('SIP/2.0/TCP me;branch=z9hG4bKme')(acceptedRequest(requestText({ fields: [] })))
    expect(topVia(pushed)).toMatchObject({ host: 'me' })
    expect(viaCount(pushed)).toBe(2)
    isSound(pushed)
    expect(popVia(pushed).text).toBe(requestText({ fields: [] }))
    expect(pushVia('SIP/2.0/TCP me\r\nX: y')(invite).text).toContain('\r\nVia: SIP/2.0/TCP meX: y\r\n')
  })

  test('comes off one value at a time', () => {
    const three = acceptedRequest(
      requestText({ vias: ['SIP/2.0/UDP a,\r\n SIP/2.0/UDP b', 'SIP/2.0/UDP c'] }),
    )
    const two = popVia(three)
    const one = popVia(two)
    expect([two, one, popVia(one)].map(viaCount)).toEqual([2, 1, 0])
    expect([topVia(two).host, topVia(one).host]).toEqual(['b', 'c'])
    isSound(two)
    isSound(one)
    const none = popVia(one)
    expect(popVia(none)).toBe(none)
  })

  test('is replaced, and the others stay', () => {
    const two = acceptedRequest(requestText({ vias: ['SIP/2.0/UDP a ,SIP/2.0/UDP b'] }))
    const next = replaceTopVia('SIP/2.0/TLS x;branch=z9hG4bK9')(two)
    expect(next.text).toContain('\r\nVia: SIP/2.0/TLS x;branch=z9hG4bK9,SIP/2.0/UDP b\r\n')
    isSound(next)
    const none = popVia(popVia(two))
    expect(replaceTopVia('SIP/2.0/TLS x')(none)).toBe(none)
  })
})

describe('built from its parts', () => {
  test('a request', () => {
    const built = right(
      request('MESSAGE', 'sip:bob@biloxi.com', [
        ['Via', 'SIP/2.0/UDP a;branch=z9hG4bK1'],
        ['f', '<sip:alice@a>;tag=1'],
        ['To', '<sip:bob@biloxi.com>'],
        ['Call-ID', 'x'],
        ['CSeq', '1 MESSAGE'],
      ]),
    )
    const complete = defaulted(right(withBody('text/plain', 'caf\xc3\xa9\r\n')(built)))
    expect(complete.text.split('\r\n').slice(5)).toEqual([
      ...['CSeq: 1 MESSAGE', 'Content-Type: text/plain', 'Content-Length: 7', 'Max-Forwards: 70', ''],
      ...['caf\xc3\xa9', ''],
    ])
    isSound(complete)
    expect(defaulted(complete)).toBe(complete)
  })

  test('a response, which needs no Max-Forwards', () => {
    const built = right(response(200, 'OK', [['X', 'y']]))
    expect(defaulted(built).text).toBe('SIP/2.0 200 OK\r\nX: y\r\nContent-Length: 0\r\n\r\n')
  })

  test.each([
    ['a method that is no token', () => request('IN VITE', 'sip:a', [])],
    ['an empty method', () => request('', 'sip:a', [])],
    ['a URI with a line end', () => request('INVITE', 'sip:a\r\nX: y', [])],
    ['a URI with a space', () => request('INVITE', 'sip:a b', [])],
    ['a URI with headers', () => request('INVITE', 'sip:a?x=y', [])],
    ['a URI of other chars', () => request('INVITE', 'sip:\u010d\u010a@a', [])],
    ['an empty URI', () => request('INVITE', '', [])],
    ['a name that is no token', () => request('INVITE', 'sip:a', [['X: y\r\nZ', '1']])],
    ['a value with a line end', () => request('INVITE', 'sip:a', [['X', '1\r\nY: 2']])],
    ['a value with a fold', () => request('INVITE', 'sip:a', [['X', '1\r\n 2']])],
    ['a status below 100', () => response(99, '', [])],
    ['a status above 699', () => response(700, '', [])],
    ['a status that is no integer', () => response(200.5, '', [])],
    ['a reason with a line end', () => response(200, 'OK\nX: y', [])],
  ])('with %s is refused', (_, build) => {
    expect(isLeft(build() as Either<unknown, unknown>)).toBe(true)
  })
})

describe('a body', () => {
  test('S29: Content-Length counts octets, CRLF as two and UTF-8 as it is', () => {
    const sdp = 'v=0\r\no=- 1 1 IN IP4 a\r\ns=\xd0\xbf\r\n'
    const typed = right(withBody('application/sdp', sdp)(invite))
    expect(typed.text).toContain(`\r\nContent-Length: ${sdp.length}\r\n`)
    expect(typed.text.endsWith(`\r\n\r\n${sdp}`)).toBe(true)
    isSound(typed)
  })

  test('is octets: an array of them, or a string of which each char is one', () => {
    const octets = Uint8Array.from({ length: 256 }, (_, i) => i)
    const binary = right(withBody('application/octet-stream', octets)(invite))
    expect(Message_.body(binary)).toEqual(octets)
    expect(left(withBody('text/plain', '\u2713')(invite)).what).toBe('a char of the body is no octet')
  })

  test('in place of another, with its type, however those are written', () => {
    const first = accepted(
      requestText({ fields: ['c: text/plain'], body: 'old' }).replace('Content-Length', 'l'),
    )
    const next = right(withBody('text/html', 'newer')(first))
    expect(next.text).toBe(
      first.text.replace('text/plain', 'text/html').replace('l: 3', 'l: 5').replace('old', 'newer'),
    )
    isSound(next)
  })

  test('of a type that breaks its line is refused', () => {
    expect(isLeft(withBody('text/plain\r\nX: y', '')(invite))).toBe(true)
  })

  test('of several parts, some binary, survives as it is', () => {
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n\r\n\0\x01\xff\r\n\r\n--b--\r\n'
    const message = accepted(
      requestText({ fields: ['Content-Type: multipart/mixed;boundary=b'], body: parts }),
    )
    expect(Message_.bodyBytes(message)).toBe(parts)
    expect(Message_.bodyBytes(right(Message_.put('subject', 'x')(message)))).toBe(parts)
  })
})
