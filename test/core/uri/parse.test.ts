import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { parse, print } from '../../../src/core/uri/parse.js'
import type { SipUri } from '../../../src/core/uri/types.js'
import { read, readSip, write } from './read.js'

describe('sip and sips', () => {
  test('19.1.1: all parts', () => {
    expect(
      read('sips:alice:secretword@atlanta.com:5061;transport=tcp;lr?subject=project%20x&priority=urgent'),
    ).toEqual({
      _tag: 'Sip',
      scheme: 'sips',
      user: 'alice',
      password: 'secretword',
      host: 'atlanta.com',
      port: 5061,
      params: [{ name: 'transport', value: 'tcp' }, { name: 'lr' }],
      headers: [
        { name: 'subject', value: 'project%20x' },
        { name: 'priority', value: 'urgent' },
      ],
    })
  })

  test('19.1.3: the examples', () => {
    for (const text of [
      'sip:alice@atlanta.com',
      'sip:alice:secretword@atlanta.com;transport=tcp',
      'sips:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:+1-212-555-1212:1234@gateway.com;user=phone',
      'sips:1212@gateway.com',
      'sip:alice@192.0.2.4',
      'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
      'sip:alice;day=tuesday@atlanta.com',
    ])
      expect(write(read(text))).toBe(text)
  })

  test('S39: the user may hold semicolons and question marks', () => {
    expect(readSip('sip:alice;day=tuesday@atlanta.com')).toMatchObject({
      user: 'alice;day=tuesday',
      host: 'atlanta.com',
      params: [],
    })
    expect(readSip('sip:a?b=c;d/e@h:1;lr')).toMatchObject({ user: 'a?b=c;d/e', host: 'h', port: 1 })
  })

  test('S39: a port that was written is kept, also the default one', () => {
    expect(write(read('sip:alice@atlanta.com:5060'))).toBe('sip:alice@atlanta.com:5060')
    expect(write(read('sip:alice@atlanta.com'))).toBe('sip:alice@atlanta.com')
  })

  test('the scheme may be written in any case', () => {
    expect(readSip('SIPS:a@b').scheme).toBe('sips')
  })

  // SIP.js and JsSIP decode and write another URI; JsSIP throws URIError on %FF.
  test('RFC 4475 3.1.1.3: escapes stay as they were written', () => {
    for (const text of [
      'sip:sips%3Auser%40example.com@example.net',
      'sip:null-%00-null@example.com',
      'sip:%FF@h',
      'sip:%61lice@h;n%61me=v%61lue?a%62=%63',
    ])
      expect(write(read(text))).toBe(text)
    expect(readSip('sip:sips%3Auser%40example.com@example.net').password).toBeUndefined()
  })

  // kirm knows no IPv6 at all.
  test('RFC 5118: an IPv6 address is a host without brackets, a port follows them', () => {
    expect(readSip('sip:[2001:db8::10]:5070')).toMatchObject({ host: '2001:db8::10', port: 5070 })
    expect(write(read('sip:bob@[2001:db8::9:1];lr'))).toBe('sip:bob@[2001:db8::9:1];lr')
  })

  test('RFC 5118 4.2: without brackets it is none', () => {
    expect(isLeft(parse('sip:2001:db8::10'))).toBe(true)
  })

  test('users of telephones write # and UTF-8 unescaped', () => {
    expect(readSip('sip:*67#1234@gw').user).toBe('*67#1234')
    expect(readSip('sip:\xc3\xa4lice@h').user).toBe('\xc3\xa4lice')
  })

  // JsSIP refuses the names of containers.
  test('a label may begin with a digit and hold underscores, and a name end with a dot', () => {
    for (const host of ['3f2a9c1b77d0', 'sip_proxy_1', '1und1.de', 'example.com.'])
      expect(readSip(`sip:a@${host}`).host).toBe(host)
  })

  test.each([
    ['', 0, 'scheme expected'],
    ['alice@atlanta.com', 0, 'scheme expected'],
    ['1sip:a@b', 0, 'scheme expected'],
    ['sip:', 4, 'host expected'],
    ['sip:alice@', 10, 'host expected'],
    ['sip:@b', 4, 'user expected'],
    ['sip:a@b@c', 7, 'end of URI expected'],
    ['sip:a@b:', 8, 'port expected'],
    ['sip:a@b:65536', 8, 'port above 65535'],
    ['sip:a@b:5060x', 12, 'end of URI expected'],
    ['sip:a@b..c', 8, 'end of URI expected'],
    ['sip:a@1.2.3', 6, 'host expected'],
    ['sip:a@256.1.1.1', 6, 'host expected'],
    ['sip:a@[::1', 6, 'bracket of an IPv6 address is never closed'],
    ['sip:a@[::g]', 7, 'IPv6 address expected between brackets'],
    ['sip:a%4@b', 5, 'escape expected'],
    ['sip:a b@c', 5, 'character that may not stand here'],
    ['sip:a@b; lr', 8, 'character that may not stand here'],
    ['sip:a@b;', 8, 'parameter name expected'],
    ['sip:a@b;=x', 8, 'parameter name expected'],
    ['sip:a@b;x=', 10, 'parameter value expected'],
    ['sip:a@b;ttl=256', 7, 'ttl is no number up to 255'],
    ['sip:a@b;user=&', 7, 'user is no token'],
    ['sip:a@b;maddr=[::g]', 7, 'maddr is no host'],
    ['sip:a@b?', 8, 'header name expected'],
    ['sip:a@b?x=1&&y=2', 12, 'header name expected'],
    ['sip:a\u0100@b', 5, 'character that may not stand here'],
  ])('refuses %j at %i: %s', (text, offset, what) => {
    expect(parse(text)).toEqual({ _tag: 'Left', left: { what, offset } })
  })
})

describe('tel', () => {
  test('RFC 3966 6: the examples', () => {
    expect(read('tel:+1-201-555-0123')).toEqual({ _tag: 'Tel', number: '+1-201-555-0123', params: [] })
    expect(read('tel:7042;phone-context=example.com')).toEqual({
      _tag: 'Tel',
      number: '7042',
      params: [{ name: 'phone-context', value: 'example.com' }],
    })
    expect(write(read('tel:863-1234;phone-context=+1-914-555'))).toBe('tel:863-1234;phone-context=+1-914-555')
  })

  test('RFC 3966 3: extension, subaddress and hexadecimal local numbers', () => {
    const text = 'tel:+358-555-1234567;ext=12;isub=1411;postd=pp22'
    expect(write(read(text))).toBe(text)
    expect(read('tel:*21#AF;phone-context=a.b')).toMatchObject({ number: '*21#AF' })
  })

  test('a local number without context is read: gateways send tel:911', () => {
    expect(read('tel:911')).toMatchObject({ number: '911' })
  })

  test.each([
    'tel:',
    'tel:+',
    'tel:+a',
    'tel:+()',
    'tel:;',
    'tel:123?',
    'tel:5554448000@myfoo.com',
    'tel:+1 201',
    'tel:+1;phone-context=&',
    'tel:1;phone-context=5',
  ])('refuses %j', (text) => {
    expect(isLeft(parse(text))).toBe(true)
  })
})

describe('other schemes', () => {
  // SIP.js and JsSIP refuse the whole message.
  test('RFC 4475 3.3.3: are read and nothing in them is looked at', () => {
    expect(read('nobodyKnowsThisScheme:totallyopaquecontent')).toEqual({
      _tag: 'Absolute',
      scheme: 'nobodyKnowsThisScheme',
      rest: 'totallyopaquecontent',
    })
    for (const text of [
      'urn:service:sos',
      'http://www.example.com/?a=b#c',
      'mailto:bob@biloxi.com',
      'isbn:2983792873',
    ])
      expect(write(read(text))).toBe(text)
  })

  test.each(['x:', 'x:a b', 'x:<a>', 'x:a%'])('refuses %j', (text) => {
    expect(isLeft(parse(text))).toBe(true)
  })
})

describe('what cannot be written', () => {
  const uri = readSip('sip:alice@atlanta.com')

  test.each<[string, Partial<SipUri>]>([
    ['a line break in the user', { user: 'a\r\nX: y' }],
    ['a line break in the host', { host: 'h\r\nX: y' }],
    ['NUL in a parameter', { params: [{ name: 'x', value: '\0' }] }],
    ['a char that is no octet', { user: '\u010d\u010a' }],
    ['a user that holds an @', { user: 'a@b' }],
    ['a user that holds a colon', { user: 'a:b' }],
    ['a user with a bare %', { user: '100%' }],
    ['an empty user', { user: '' }],
    ['a host that is two', { host: 'a;b' }],
    ['a host with a port', { host: 'a:5060' }],
    ['a port that is none', { port: 65536 }],
    ['a port that is no number', { port: Number.NaN }],
    ['a parameter that is two', { params: [{ name: 'a;b' }] }],
    ['a parameter whose value is a header', { params: [{ name: 'a', value: 'b?c=d' }] }],
    ['a parameter without a name', { params: [{ name: '', value: 'x' }] }],
    ['a header that is two', { headers: [{ name: 'a', value: 'b&c=d' }] }],
  ])('%s', (_, change) => {
    expect(isLeft(print({ ...uri, ...change }))).toBe(true)
  })

  test('a password without a user', () => {
    expect(
      isLeft(print({ _tag: 'Sip', scheme: 'sip', password: 'x', host: 'h', params: [], headers: [] })),
    ).toBe(true)
  })

  test('a sip URI that says it is of another scheme', () => {
    expect(print({ _tag: 'Absolute', scheme: 'sip', rest: 'a@b' })).toEqual({
      _tag: 'Left',
      left: { what: 'would read back as another URI', offset: 0 },
    })
  })
})
