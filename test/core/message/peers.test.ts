/** What other stacks get wrong with messages, each with the message that showed it, and that we do it right. */
import { isSome } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import * as Header from '../../../src/core/header.js'
import { encode } from '../../../src/core/data/utf8.js'
import { respond, withBody, withToTag } from '../../../src/core/message/build.js'
import { answerTo } from '../../../src/core/message/error.js'
import { body, callId, cseqNumber, topVia, viaCount } from '../../../src/core/message/head.js'
import * as Message from '../../../src/core/message.js'
import { feed, start } from '../../../src/core/transport/frame.js'
import * as Uri from '../../../src/core/uri.js'
import { requestText } from '../../support/messages.js'
import {
  accepted,
  acceptedRequest,
  acceptedResponse,
  left,
  refused,
  right,
  some,
} from '../../support/parsed.js'
import { torture, tortureText } from '../../support/torture.js'

const tortured = (name: string): string => {
  const found = torture.find(({ file }) => file === `rfc4475/${name}.dat`)
  if (found === undefined) throw new Error(name)
  return tortureText(found)
}
const response = (text: string): string => text.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n')

describe('Sippet in Elixir', () => {
  test('S24: octets behind Content-Length are discarded; a short body gets 400', () => {
    expect(accepted(`${requestText()}noise`).text).toBe(requestText())
    expect(refused(requestText({ body: 'abc' }).slice(0, -1)).status).toBe(400)
  })

  test('S26: a Via whose branch lacks the cookie, or is not there, is RFC 2543 and welcome', () => {
    expect(topVia(accepted(requestText({ branch: '390skdjuw' }))).params).toEqual([
      { name: 'branch', value: '390skdjuw' },
    ])
    expect(topVia(accepted(requestText({ branch: '' }))).params).toEqual([])
    expect(viaCount(accepted(tortured('longreq')))).toBe(34)
  })

  test('S33: fields keep their order, their lines and their case; a Via without port gets none', () => {
    const text = requestText({ vias: ['SIP/2.0/UDP h'], fields: ['X-b: 2', 'x-A: 1', 'X-B: 3'] })
    const message = right(Message.put('subject', 'x')(accepted(text)))
    expect(message.text).toBe(text.replace('\r\n\r\n', '\r\nSubject: x\r\n\r\n'))
    expect(Message.raw('x-b')(message)).toEqual(['2', '3'])
  })

  test('S34: a Via with an IPv6 sent-by goes into the response with its brackets', () => {
    const request = acceptedRequest(requestText({ sentBy: '[2001:db8::9:1]:5070' }))
    expect(topVia(request)).toMatchObject({ host: '2001:db8::9:1', port: 5070 })
    expect(respond(200)(request).text).toContain('\r\nVia: SIP/2.0/UDP [2001:db8::9:1]:5070;')
  })

  test('S35: invite is another method than INVITE, and SIP/20.0 another version than SIP/2.0', () => {
    expect(acceptedRequest(requestText({ method: 'invite' })).method).toBe('invite')
    expect(refused(requestText().replace('SIP/2.0\r\n', 'SIP/20.0\r\n')).status).toBe(505)
  })

  test('S36: names of extension headers are compared without regard to case, and all compact forms are known', () => {
    expect(Message.has('x-foo')(accepted(requestText({ fields: ['X-Foo: 1'] })))).toBe(true)
    const short = accepted(
      requestText({
        fields: ['o: dialog', 'u: dialog', 'r: <sip:a@b>', 'b: <sip:a@b>', 'x: 90', 'k: timer', 'e: gzip'],
      }),
    )
    for (const name of [
      'event',
      'allow-events',
      'refer-to',
      'referred-by',
      'session-expires',
      'supported',
    ] as const)
      expect(isSome(Message.get(name)(short)), name).toBe(true)
    expect(some(Message.get('content-encoding')(short))).toEqual(['gzip'])
  })

  test('S37: a To tag is given once; Timestamp goes into 100, Record-Route only where a dialog is made', () => {
    const request = acceptedRequest(requestText({ fields: ['Timestamp: 5', 'Record-Route: <sip:p;lr>'] }))
    const tagged = withToTag('a')(respond(180)(request))
    expect(withToTag('b')(tagged).text).toBe(tagged.text)
    expect(some(Message.get('timestamp')(respond(100)(request)))).toMatchObject({ time: 5 })
    expect(Message.has('record-route')(respond(404)(request))).toBe(false)
  })

  test('S40: all 13 valid messages of RFC 4475 are accepted, and of the invalid none that must not be', () => {
    expect(torture.slice(0, 13).every(({ verdict }) => verdict === 'accept')).toBe(true)
    for (const each of torture.slice(0, 13)) expect(accepted(tortureText(each))._tag).toMatch(/^Re/)
    for (const name of ['ltgtruri', 'lwsstart', 'escruri', 'trws', 'badaspec'])
      expect(refused(tortured(name)).status).toBe(400)
  })
})

describe('sip for node by kirm, and drachtio-srf, which copied its parser', () => {
  test('a broken first Via does not make the second one the topmost', () => {
    expect(refused(requestText({ vias: ['garbage', 'SIP/2.0/UDP b;branch=z9hG4bK2'] }))).toMatchObject({
      kind: 'malformed',
      field: 'Via',
    })
  })

  test('esc02: an escape in a method or in a name is no escape', () => {
    const message = acceptedRequest(tortured('esc02'))
    expect(message.method).toBe('RE%47IST%45R')
    expect(some(Message.get('contact')(message))).toHaveLength(2)
    expect(Message.raw('C%6Fntact')(message)).toHaveLength(1)
  })

  test('dblreq: Content-Length: 0 is a length, and what follows is no body', () => {
    expect(body(accepted(tortured('dblreq')))).toBe('')
  })

  test('multi01, mcl01: a single header that stands twice is refused, not joined and not overwritten', () => {
    expect(refused(tortured('multi01'))).toMatchObject({ kind: 'duplicate', status: 400 })
    expect(refused(tortured('mcl01'))).toMatchObject({ kind: 'duplicate', field: 'Content-Length' })
  })

  test('quotbal, baddn: a quote that never closes is refused, and nothing odd is echoed', () => {
    const answer = answerTo(refused(tortured('quotbal')))
    expect(answer).toContain('SIP/2.0 400 Bad Request - To: a quote is never closed\r\n')
  })

  test('constructor and __proto__ are names like others', () => {
    const message = accepted(requestText({ fields: ['constructor: 1', '__proto__: 2'] }))
    expect([Message.raw('constructor')(message), Message.raw('__PROTO__')(message)]).toEqual([['1'], ['2']])
    expect(Message.raw('toString')(message)).toEqual([])
  })

  test('an IPv6 sent-by is one host, and its branch is found', () => {
    expect(topVia(accepted(requestText({ sentBy: '[2001:db8::1]' })))).toMatchObject({
      host: '2001:db8::1',
      params: [{ name: 'branch', value: 'z9hG4bKalice1' }],
    })
  })

  test('SIP: in capitals is the scheme sip', () => {
    expect(some(Message.get('to')(accepted(requestText({ to: '<SIP:bob@b>' })))).uri).toMatchObject({
      scheme: 'sip',
    })
  })

  test('e: is Content-Encoding', () => {
    expect(some(Message.get('content-encoding')(accepted(requestText({ fields: ['e: gzip'] }))))).toEqual([
      'gzip',
    ])
  })

  test('repeated unknown headers stay two fields, and names keep their case', () => {
    const text = requestText({ fields: ['WWW-X: a, b', 'WWW-X: c'] })
    expect(Message.raw('www-x')(accepted(text))).toEqual(['a, b', 'c'])
    expect(accepted(text).text).toBe(text)
  })

  test('a display name of č and Ċ cannot become CR and LF on the wire', () => {
    const rename = Message.update('from', (from) => ({ ...from, display: 'x\u010d\u010aX-Injected: 1' }))
    expect(left(rename(accepted(requestText()))).what).toMatch(/no line may hold/)
  })

  test('ncl, Content-Length: five: no length, no endless wait, neither in a datagram nor on a stream', () => {
    expect(refused(tortured('ncl'))).toMatchObject({ field: 'Content-Length', status: 400 })
    for (const length of ['five', '-999', '', '13, 5', '1e9']) {
      const text = requestText().replace('Content-Length: 0', `Content-Length: ${length}`)
      expect(refused(text), length).toMatchObject({ field: 'Content-Length', status: 400 })
      const [state, frames] = feed(start, `${text}${'x'.repeat(1000)}`, 65_535)
      expect([frames.map(({ _tag }) => _tag), state], length).toEqual([['Broken'], start])
    }
  })

  test('ltgtruri, badaspec: brackets around a Request-URI and space within brackets become no URI', () => {
    for (const name of ['ltgtruri', 'badaspec']) expect(refused(tortured(name)).status).toBe(400)
  })

  test('CSeq: nonsense is refused, and is not merely gone', () => {
    expect(refused(requestText().replace(/CSeq: .*/, 'CSeq: nonsense'))).toMatchObject({
      field: 'CSeq',
      status: 400,
    })
  })

  test('a URI with an IPv6 host is read', () => {
    const { uri } = some(Message.get('to')(accepted(requestText({ to: '<sip:bob@[2001:db8::1]:5070>' }))))
    expect(uri).toMatchObject({ host: '2001:db8::1', port: 5070, user: 'bob' })
  })

  test('a body beyond latin1 goes out as the octets of its UTF-8, counted as octets', () => {
    const text = '\u2713 \u041f\u0440\u0438\u0432\u0435\u0442'
    const { text: sent } = right(withBody('text/plain', encode(text))(acceptedRequest(requestText())))
    expect(sent).toContain('\r\nContent-Length: 16\r\n')
    expect(Buffer.from(sent.split('\r\n\r\n')[1] ?? '', 'latin1').toString('utf8')).toBe(text)
  })

  test('badvers gets 505, not a SIP/7.0 200', () => {
    expect(answerTo(refused(tortured('badvers')))).toMatch(/^SIP\/2\.0 505 /)
  })
})

describe('SIP.js and JsSIP', () => {
  test('two values in one Via are two Vias', () => {
    expect(viaCount(accepted(requestText({ vias: ['SIP/2.0/UDP a, SIP/2.0/UDP b'] })))).toBe(2)
    expect(viaCount(accepted(tortured('wsinv')))).toBe(3)
  })

  test('s: is Subject, and a fold in a value is a space', () => {
    const message = accepted(requestText({ fields: ['s: so\r\n  long'] }))
    expect(some(Message.get('subject')(message))).toBe('so long')
  })

  test('_ in a name stays _', () => {
    const text = requestText({ fields: ['X_Under_Score: 1'] })
    expect([accepted(text).text, Message.has('X-Under-Score')(accepted(text))]).toEqual([text, false])
  })

  test('an edited incoming message can go on: a proxy is possible', () => {
    const text = tortured('esc01')
    const next = right(Message.update('max-forwards', (hops) => hops - 1)(accepted(text)))
    expect(next.text).toBe(text.replace('Max-Forwards: 87', 'Max-Forwards: 86'))
  })

  test('escapes stay as they are: sips%3Auser%40example.com is one user', () => {
    expect(acceptedRequest(tortured('esc01')).uri).toBe('sip:sips%3Auser%40example.com@example.net')
  })

  test('semiuri, intmeth: a semicolon in a user and odd characters go out as they came', () => {
    for (const name of ['semiuri', 'intmeth']) {
      const request = acceptedRequest(tortured(name))
      expect(right(Uri.print(right(Uri.parse(request.uri))))).toBe(request.uri)
    }
    expect(right(Uri.parse(acceptedRequest(tortured('semiuri')).uri))).toMatchObject({
      user: 'user;par=u%40example.net',
    })
  })

  test('user and password are told apart', () => {
    expect(right(Uri.parse('sip:alice:secret@h'))).toMatchObject({ user: 'alice', password: 'secret' })
  })

  test('a binary part of a body stays what it is', () => {
    expect(Message.body(accepted(tortured('mpart01'))).length).toBe(553)
    const message = accepted(requestText({ body: '\x80\xff\0' }))
    expect([...Message.body(message)]).toEqual([0x80, 0xff, 0])
  })

  test.each([
    '<tel:+123>',
    '<urn:service:sos>',
    '<http://www.example.com>',
    '<name:John_Smith>',
    '<sip:%FF@h>',
  ])('%s in From is welcome', (from) => {
    expect(some(Message.get('from')(accepted(requestText({ from })))).params).toEqual([
      { name: 'tag', value: 'atag' },
    ])
  })

  test('unkscm, novelsc, unksm2: an unknown scheme throws nothing', () => {
    for (const name of ['unkscm', 'novelsc', 'unksm2']) expect(accepted(tortured(name))._tag).toBe('Request')
  })

  test('a reason with brackets, a host label that begins with a digit, a # in a user: no call is lost for that', () => {
    expect(acceptedResponse(response(requestText()).replace('OK', 'OK [x]')).reason).toBe('OK [x]')
    expect(accepted(requestText({ sentBy: '1a2b3c.docker' }))._tag).toBe('Request')
    expect(accepted(requestText({ uri: 'sip:a#b@c' }))._tag).toBe('Request')
  })

  test('a line without a colon is no field that takes its name from the next one', () => {
    expect(refused(requestText({ fields: ['nocolonhere', 'X: y'] })).kind).toBe('syntax')
  })

  test('scalar02, scalarlg: a CSeq above 2**31 is refused, not rounded', () => {
    expect(refused(tortured('scalar02'))).toMatchObject({ field: 'CSeq', status: 400 })
    expect(refused(tortured('scalarlg')).status).toBeUndefined()
  })

  test('mismatch01, badinv01, clerr, insuf get 400', () => {
    for (const name of ['mismatch01', 'badinv01', 'clerr', 'insuf'])
      expect(answerTo(refused(tortured(name))), name).toMatch(/^SIP\/2\.0 400 /)
  })

  test('inv2543: a caller of RFC 2543 has neither branch nor tag, and can be told from another', () => {
    const message = accepted(tortured('inv2543'))
    expect([topVia(message).params, callId(message), cseqNumber(message)]).toEqual([
      [],
      'inv2543.1717@ift.client.example.com',
      56,
    ])
  })

  test('5,001 Contacts and a quote of 40 kB that never closes cost a moment and no more', () => {
    const contacts = Array.from({ length: 5001 }, (_, i) => `<sip:u${i}@h>`).join(', ')
    const many = accepted(requestText({ fields: [`Contact: ${contacts}`] }), {
      limits: { message: 1e6, field: 1e6 },
    })
    expect(some(Message.get('contact')(many))).toHaveLength(5001)
    const quote = requestText({ fields: [`Contact: "${'x'.repeat(40_000)}`] })
    expect(refused(quote).kind).toBe('limit')
    expect(isSome(Message.get('contact')(accepted(quote, { limits: { field: 65_535 } })))).toBe(false)
  })
})

describe('sipgo', () => {
  test('a message without To, and a Content-Length beyond all memory, harm nobody', () => {
    expect(refused(requestText().replace(/To: .*\r\n/, ''))).toMatchObject({ kind: 'missing', field: 'To' })
    expect(refused(requestText().replace('Length: 0', 'Length: 2147483647')).kind).toBe('length')
  })
})

test('what prints reads back: nothing above can be set that cannot be read', () => {
  const custom = Header.tokens({ name: 'X-List' })
  const message = right(Message.put(custom, ['a', 'b'])(accepted(requestText())))
  expect(some(Message.get(custom)(accepted(message.text)))).toEqual(['a', 'b'])
})
