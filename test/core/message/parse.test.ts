import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { toUint8Array } from '../../../src/core/data/bytes.js'
import { answerTo } from '../../../src/core/message/error.js'
import { body, callId, cseqNumber, fromTag, topVia } from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import { strict } from '../../../src/core/message/validate.js'
import { requestText } from '../../support/messages.js'
import { accepted, acceptedRequest, acceptedResponse, refused } from '../../support/parsed.js'

const ok = requestText({ method: 'OPTIONS' })

/** The request with one field replaced, added in front (`+`) or taken out. */
const having = (field: string): string => {
  const name = field.slice(0, field.indexOf(':'))
  return ok.replace(new RegExp(`^${name}:.*$`, 'm'), field)
}
const adding = (field: string): string => ok.replace('\r\n', `\r\n${field}\r\n`)
const lacking = (name: string): string => ok.replace(new RegExp(`^${name}:.*\r\n`, 'm'), '')
const startingWith = (line: string): string => ok.replace(/^.*\r\n/, `${line}\r\n`)

describe('a start line', () => {
  test('of a request gives method and Request-URI as written', () => {
    const request = acceptedRequest(requestText({ method: 'OPTIONS', uri: 'sip:%61lice@EXAMPLE.com;Lr' }))
    expect([request.method, request.uri]).toEqual(['OPTIONS', 'sip:%61lice@EXAMPLE.com;Lr'])
  })

  test('7.1: a method is any token and its case counts', () => {
    expect(acceptedRequest(requestText({ method: "a-!%*_+`'~.9" })).method).toBe("a-!%*_+`'~.9")
    expect(acceptedRequest(requestText({ method: 'invite' })).method).toBe('invite')
  })

  test('of a response gives status and reason as written', () => {
    const response = acceptedResponse(startingWith('SIP/2.0 486 Besetzt \xc3\xa4 [ ]'))
    expect([response.status, response.reason]).toEqual([486, 'Besetzt \xc3\xa4 [ ]'])
  })

  test('of a response may have no reason, and even no space before it', () => {
    expect(acceptedResponse(startingWith('SIP/2.0 180 ')).reason).toBe('')
    const bare = acceptedResponse(startingWith('SIP/2.0 180'))
    expect([bare.reason, bare.deviations]).toEqual([
      '',
      [{ offset: 11, what: 'no space after the status code' }],
    ])
  })

  test.each([
    ['two spaces', 'OPTIONS  sip:a@b SIP/2.0'],
    ['a space at the end', 'OPTIONS sip:a@b SIP/2.0 '],
    ['a tab for a space', 'OPTIONS\tsip:a@b SIP/2.0'],
    ['a space in the URI', 'OPTIONS sip:a b@c SIP/2.0'],
    ['brackets around the URI', 'OPTIONS <sip:a@b> SIP/2.0'],
    ['a URI without a scheme', 'OPTIONS a@b SIP/2.0'],
    ['a URI with headers', 'OPTIONS sip:a@b?subject=x SIP/2.0'],
    ['a SIP URI without a host', 'OPTIONS sip:a@ SIP/2.0'],
    ['a port that is none', 'OPTIONS sip:a@b:65536 SIP/2.0'],
    ['an IPv6 address without brackets', 'OPTIONS sip:2001:db8::10 SIP/2.0'],
    ['something behind the version', 'OPTIONS sip:a@b SIP/2.0/UDP'],
    ['no URI', 'OPTIONS SIP/2.0'],
    ['a version in small letters', 'OPTIONS sip:a@b sip/2.0'],
  ])('of a request with %s is refused', (_, line) => {
    const error = refused(startingWith(line))
    expect(error.kind).toBe(line.includes('\t') ? 'not-sip' : 'start-line')
    expect(error.status).toBe(line.includes('\t') ? undefined : 400)
  })

  test.each(['SIP/7.0', 'SIP/2.1', 'SIP/20.0', 'SIP/02.0', 'SIP/3.14'])(
    'of version %s gets 505',
    (version) => {
      const error = refused(startingWith(`OPTIONS sip:a@b ${version}`))
      expect([error.kind, error.status]).toEqual(['version', 505])
      expect(answerTo(error)).toMatch(/^SIP\/2\.0 505 Version Not Supported\r\n/)
      expect(refused(startingWith(`${version} 200 OK`))).toMatchObject({ kind: 'version' })
    },
  )

  test.each([
    'SIP/2.0 99 X',
    'SIP/2.0 700 X',
    'SIP/2.0 4294967301 X',
    'SIP/2.0 20x X',
    'SIP/2.0 -12 X',
    'SIP/2.0  200 X',
  ])('%s is refused and gets no answer', (line) => {
    const error = refused(startingWith(line))
    expect([error.kind, error.status, answerTo(error)]).toEqual(['start-line', undefined, undefined])
  })

  test.each([
    'sip:carol@chicago.com',
    'sips:a@[::1]:5061',
    'tel:+1-201-555-0123',
    'urn:service:sos',
    'soap.beep://192.0.2.103:3002',
    'nobodyKnowsThisScheme:totallyopaquecontent',
  ])('%s can be a Request-URI: what to do with its scheme is for the user agent to say', (uri) => {
    expect(acceptedRequest(requestText({ uri })).uri).toBe(uri)
  })

  test.each(['', 'hello', '\0\0\0\0', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'a'.repeat(65_507), 'jaK'])(
    'that is none is no SIP and gets no answer: %j',
    (text) => {
      const error = refused(text)
      expect(error.kind).toBe(text === '' ? 'empty' : 'not-sip')
      expect([error.status, answerTo(error)]).toEqual([undefined, undefined])
    },
  )

  test('7.5: CRLF before it is ignored, and offsets still count from the first octet', () => {
    expect(acceptedRequest(`\r\n\r\n${ok}`).text).toBe(ok)
    expect(refused(`\r\n\r\n${having('CSeq: x OPTIONS')}`).offset).toBe(
      refused(having('CSeq: x OPTIONS')).offset + 4,
    )
  })

  test('RFC 5626 3.5.1: nothing but CRLF is a keep-alive', () => {
    for (const text of ['\r\n', '\r\n\r\n']) expect(refused(text)).toMatchObject({ kind: 'keep-alive' })
  })
})

describe('header fields', () => {
  test('7.3.3: names in any case and compact forms are one', () => {
    const compact = ok
      .replace('Via:', 'v:')
      .replace('From:', 'f:')
      .replace('To:', 'T \t:')
      .replace('Call-ID:', 'i:')
      .replace('CSeq:', 'cSEQ:')
      .replace('Content-Length:', 'l:')
    const request = acceptedRequest(compact)
    expect([callId(request), cseqNumber(request), fromTag(request), topVia(request).host]).toEqual([
      'call1',
      1,
      'atag',
      '192.0.2.9',
    ])
    expect(request.text).toBe(compact)
  })

  test('7.3.1: folds are white space', () => {
    const folded = having('CSeq:\r\n 0001 \r\n\tOPTIONS').replace('From:', 'From:\r\n\t')
    expect(cseqNumber(accepted(folded))).toBe(1)
    expect(fromTag(accepted(folded))).toBe('atag')
  })

  test('a fold before the colon is put up with and listed', () => {
    const request = acceptedRequest(ok.replace('Call-ID:', 'Call-ID\r\n :'))
    expect(callId(request)).toBe('call1')
    expect(request.deviations.map(({ what }) => what)).toEqual(['a fold before the colon'])
  })

  test.each([
    ['without a colon', 'nonsense'],
    ['without a name', ': x'],
    ['whose name is no token', 'X@Y: z'],
    ['whose name has a space in it', 'X Y: z'],
    ['that is a fold after the start line', ' X: z'],
  ])('a line %s is refused', (_, line) => {
    expect(refused(adding(line))).toMatchObject({ kind: 'syntax', status: 400 })
  })

  test.each([
    ['a bare LF', 'X: a\nY: b'],
    ['a bare CR', 'X: a\rY: b'],
    ['CR CR LF', 'X: a\r'],
    ['LF CR', 'X: a\n\r'],
  ])('%s, which a next hop could take for a line end, is refused', (_, line) => {
    expect(refused(adding(line))).toMatchObject({ kind: 'syntax', status: 400 })
  })

  test('a head without an empty line behind it is refused', () => {
    expect(refused(ok.slice(0, -2))).toMatchObject({ kind: 'syntax', what: 'the head has no end' })
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is an ordinary name', (name) => {
    expect(accepted(adding(`${name}: x`)).text).toContain(`\r\n${name}: x\r\n`)
  })

  test.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])('%s must be there', (field) => {
    expect(refused(lacking(field))).toMatchObject({ kind: 'missing', field, status: 400 })
  })

  test.each(['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length'])(
    '%s must stand once',
    (field) => {
      const line = new RegExp(`^${field}:.*$`, 'm').exec(ok)?.[0] as string
      expect(refused(adding(line))).toMatchObject({ kind: 'duplicate', field, status: 400 })
    },
  )

  test.each(['Via:', 'From:', 'To:', 'Call-ID:', 'CSeq:', 'Max-Forwards:', 'Content-Length:'])(
    '%s with nothing behind it is refused',
    (field) => {
      expect(refused(having(field))).toMatchObject({
        kind: 'malformed',
        field: field.slice(0, -1),
        status: 400,
      })
    },
  )
})

describe('the top Via', () => {
  test.each([
    'SIP/2.0/UDP h',
    'SIP / 2.0 / UDP\r\n  h:5060 ;branch = z9hG4bK1',
    'SIP/2.0/TCP [2001:db8::1]:5060;branch=z9hG4bK1;received=[2001:db8::2]',
    'SIP/2.0/UNKNOWN under_score-1;branch=z9hG4bK1;rport;x="a;b,c"',
    'SIP/2.0/UDP 192.0.2.1;rport=5060;received=192.0.2.2;maddr=224.0.1.75;ttl=15',
    'SIP/2.0/UDP h;branch=z9hG4bK1, broken',
  ])('%s is accepted', (via) => {
    expect(topVia(accepted(having(`Via: ${via}`))).host).toMatch(
      /^(h|2001:db8::1|under_score-1|192\.0\.2\.1)$/,
    )
  })

  test.each([
    'SIP/2.0/UDP',
    'SIP/2.0 h',
    'SIP/2.0/UDP h:70000',
    'SIP/2.0/UDP h:',
    'SIP/2.0/UDP 192.0.2.300',
    'SIP/2.0/UDP [2001:db8',
    'SIP/2.0/UDP h;',
    'SIP/2.0/UDP h;;branch=z9hG4bK1',
    'SIP/2.0/UDP h;branch',
    'SIP/2.0/UDP h;branch=',
    'SIP/2.0/UDP h;rport=abc',
    'SIP/2.0/UDP h;rport=65536',
    'SIP/2.0/UDP h;ttl=256',
    'SIP/2.0/UDP h;x="never closed',
    'SIP/2.0/UDP h h',
    'SIP/2.0/UDPh',
  ])('%s is refused', (via) => {
    expect(refused(having(`Via: ${via}`))).toMatchObject({ kind: 'malformed', field: 'Via', status: 400 })
  })
})

describe('From and To', () => {
  test.each([
    ['<sip:a@b>;tag=x', 'x'],
    ['sip:a@b;tag=x', 'x'],
    ['sip:a@b;user=phone ; tag = x', 'x'],
    ['"a \\"b\\" <x>" <sip:a@b>;p="q;tag=no";tag=x', 'x'],
    ['a b <tel:+1>;tag=x;other', 'x'],
    ['caller<sip:a@b>;TAG=x', 'x'],
    ['<urn:service:sos>', undefined],
    ['<isbn:2983792873>;nottag=x', undefined],
    ['<sip:%FF@h>;tag=x', 'x'],
  ])('%s has the tag %s', (value, tag) => {
    expect(fromTag(accepted(having(`From: ${value}`)))).toBe(tag)
  })

  test.each([
    ['Bell, Alexander <sip:a@b>;tag=x', 'x', 'a display name that needs quotes has none'],
    ['\xd0\x98 <sip:a@b>;tag=x', 'x', 'a display name that needs quotes has none'],
    ['<sip:a@b>;tag=x=y', 'x=y', 'a parameter value that needs quotes has none'],
  ])('%s is put up with and listed', (value, tag, what) => {
    const message = accepted(having(`From: ${value}`))
    expect(fromTag(message)).toBe(tag)
    expect(message.deviations).toMatchObject([{ field: 'From', what }])
    expect(refused(having(`From: ${value}`), { profile: strict })).toMatchObject({
      kind: 'deviation',
      what,
    })
  })

  test.each([
    '"never closed <sip:a@b>;tag=x',
    '<sip:a@b;tag=x',
    'a@b',
    '<a@b>',
    '< sip:a@b>',
    '<sip:>',
    'sip:',
    '"a"',
    '"a" sip:a@b',
    'a"b" <sip:a@b>',
    'a> <sip:a@b>',
    '<sip:a@b> x',
    '<sip:a@b>;tag',
    '<sip:a@b>;tag=',
    '<sip:a@b>;tag=x;tag=y',
    '<sip:a@b>;tag=x;',
    '<sip:a@b>;=x',
    '<sip:a@b>, <sip:c@d>',
    '<sip:a@b>;x="never closed',
  ])('%s is refused', (value) => {
    expect(refused(having(`To: ${value}`))).toMatchObject({ kind: 'malformed', field: 'To', status: 400 })
  })
})

describe('CSeq', () => {
  test('8.1.1.5: the number is below 2**31', () => {
    expect(cseqNumber(accepted(having('CSeq: 2147483647 OPTIONS')))).toBe(2_147_483_647)
    for (const number of ['2147483648', '4294967296', '36893488147419103232', '-1', '1.5', 'x', ''])
      expect(refused(having(`CSeq: ${number} OPTIONS`))).toMatchObject({ kind: 'malformed', field: 'CSeq' })
  })

  test.each(['1 INVITE', '1 options', '1 OPTIONSX', '1 OPTION', '1OPTIONS', '1', '1 OPTIONS x'])(
    '%s is not that of an OPTIONS',
    (cseq) => {
      expect(refused(having(`CSeq: ${cseq}`))).toMatchObject({
        kind: 'malformed',
        field: 'CSeq',
        status: 400,
      })
    },
  )
})

describe('Content-Length and the body', () => {
  const withBody = requestText({
    method: 'MESSAGE',
    fields: ['Content-Type: text/plain'],
    body: 'a\0\xff\r\n',
  })

  test('is octets, whatever they are', () => {
    expect(body(accepted(withBody))).toBe('a\0\xff\r\n')
  })

  test('18.3: "bytes beyond the end of the body … MUST be discarded"', () => {
    const message = accepted(`${withBody}NOISE`)
    expect(message.text).toBe(withBody)
    expect(body(accepted(having('Content-Length: 0').concat('NOISE')))).toBe('')
  })

  test('18.3: "If the transport packet ends before the end of the message body, this is considered an error"', () => {
    const error = refused(withBody.slice(0, -1))
    expect(error).toMatchObject({ kind: 'length', field: 'Content-Length', status: 400 })
  })

  test('18.3: without it the body goes to the end of the datagram; a stream needs it', () => {
    expect(body(accepted(lacking('Content-Length').concat('to the end')))).toBe('to the end')
    expect(refused(lacking('Content-Length'), { stream: true })).toMatchObject({
      kind: 'missing',
      field: 'Content-Length',
    })
  })

  test.each(['five', '-999', '0x10', '1e3', '1 2', '99999999999999999999', '1.0'])(
    '%s is no number',
    (length) => {
      expect(refused(having(`Content-Length: ${length}`))).toMatchObject({
        kind: 'malformed',
        field: 'Content-Length',
        status: 400,
      })
    },
  )
})

describe('limits', () => {
  test.each([
    ['message', 513, { message: ok.length - 1 }, ok],
    ['fields', 513, { fields: 5 }, ok],
    ['field', 513, { field: 100 }, adding(`X: ${'x'.repeat(98)}`)],
    ['uri', 414, { uri: 19 }, startingWith(`OPTIONS sip:${'a'.repeat(14)}@b SIP/2.0`)],
  ] as const)('more %s than allowed get %i', (_, status, limits, text) => {
    const error = refused(text, { limits })
    expect([error.kind, error.status]).toEqual(['limit', status])
    expect(answerTo(error)?.slice(0, 11)).toBe(`SIP/2.0 ${status}`)
    const [name, limit] = Object.entries(limits)[0] as [string, number]
    expect(isRight(parse(text, { limits: { [name]: limit + (name === 'fields' ? 2 : 1) } }))).toBe(true)
  })

  test.each(['Via: SIP/2.0/UDP h', 'Via: SIP/2.0/UDP h;y="q"', 'From: <sip:a@b>', 'To: sip:a@b'])(
    'more parameters than allowed are refused: %s',
    (field) => {
      expect(refused(having(`${field}${';x'.repeat(65)}`)).what).toBe('more than 64 parameters')
      expect(isRight(parse(having(`${field}${';x'.repeat(63)}`)))).toBe(true)
    },
  )

  test('the defaults take a datagram of 65,507 octets that is all one body', () => {
    const text = requestText({ body: 'x'.repeat(65_000) })
    expect(body(accepted(text)).length).toBe(65_000)
  })
})

describe('Max-Forwards', () => {
  test.each(['70.5', 'notanumber', '-1'])('%s is refused', (hops) => {
    expect(refused(having(`Max-Forwards: ${hops}`))).toMatchObject({
      kind: 'malformed',
      field: 'Max-Forwards',
    })
  })

  test('above 255 is put up with and listed', () => {
    expect(accepted(having('Max-Forwards: 300')).deviations).toMatchObject([{ what: 'is above 255' }])
  })
})

describe('octets beside the text', () => {
  test('change nothing, and are not believed when they are not as many', () => {
    expect(parse(ok, {}, toUint8Array(ok))).toEqual(parse(ok))
    expect(parse(ok, {}, toUint8Array('x'))).toEqual(parse(ok))
    expect(parse(having('CSeq: x'), {}, toUint8Array(having('CSeq: x')))).toEqual(parse(having('CSeq: x')))
  })

  test('a message that ends early is not completed by the one before it', () => {
    for (const whole of [ok, ok.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n')])
      for (let length = 0; length < whole.length; length++) {
        const part = whole.slice(0, length)
        expect(parse(whole)._tag).toBe('Right')
        expect(parse(part)).toEqual(parse(part, {}, toUint8Array(part)))
      }
  })
})
