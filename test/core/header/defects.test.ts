/** What others get wrong, each as a test that we do not: Elixir Sippet 1.0.16 (S numbers), SIP.js, JsSIP, kirm. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { headers } from '../../../src/core/header/builtin.js'
import { print } from '../../../src/core/header/field.js'
import { contact, from, tag } from '../../../src/core/header/name-addr.js'
import { valueOf } from '../../../src/core/header/params.js'
import { branch } from '../../../src/core/header/via.js'
import { read, refusal, write } from './read.js'

describe('Elixir Sippet', () => {
  test('S30: Retry-After is read, with and without its comment', () => {
    expect(read('retry-after', "120 (I'm in a meeting)")).toEqual({
      seconds: 120,
      comment: "I'm in a meeting",
      params: [],
    })
    expect(read('retry-after', '18000;duration=3600')).toMatchObject({ seconds: 18000 })
  })

  test('S30: Expires may be 2^32-1', () => {
    expect(read('expires', '4294967295')).toBe(4294967295)
  })

  test.each(['alert-info', 'call-info', 'error-info'] as const)(
    'S31: %s keeps its angle brackets',
    (name) => {
      const text = '<http://www.example.com/sounds/moo.wav>;purpose=icon'
      expect(write(name, read(name, text))).toEqual([text])
    },
  )

  test('S32: quotes and backslashes in a display name come back as they went', () => {
    const text = '"a \\"b\\" \\\\c" <sip:a@b>;tag=1'
    const value = read('from', text)
    expect(value.display).toBe('a "b" \\c')
    expect(write('from', value)).toEqual([text])
  })

  test('S32: a display name cannot close its quotes and add a header', () => {
    const value = { ...read('from', '<sip:a@b>;tag=1'), display: '" <sip:evil@h>;tag=2 "' }
    const [text = ''] = write('from', value)
    expect(text).toBe('"\\" <sip:evil@h>;tag=2 \\"" <sip:a@b>;tag=1')
    expect(read('from', text)).toEqual(value)
    expect(isLeft(from.print({ ...value, display: 'x\r\nX-Injected: 1' }))).toBe(true)
  })

  test('S32: a parameter value with ; or , is quoted again', () => {
    const [text = ''] = write('contact', read('contact', '<sip:a@b>;x="1;2,3", <sip:c@d>'))
    expect(text).toBe('<sip:a@b>;x="1;2,3", <sip:c@d>')
  })

  test('S33: the order of parameters is kept', () => {
    const text = 'SIP/2.0/UDP h;zz=1;branch=z9hG4bKx;aa=2;rport;mm="q q"'
    expect(write('via', read('via', text))).toEqual([text])
  })

  test('S34: an IPv6 sent-by keeps its brackets', () => {
    expect(write('via', read('via', 'SIP/2.0/UDP [2001:db8::9:1]:5070;branch=z9hG4bK1'))).toEqual([
      'SIP/2.0/UDP [2001:db8::9:1]:5070;branch=z9hG4bK1',
    ])
  })

  test('S35: methods keep their case', () => {
    expect(read('cseq', '1 invite').method).toBe('invite')
    expect(read('allow', 'SELF, self')).toEqual(['SELF', 'self'])
  })

  test('S38: two challenges, in one field or in two, are two values', () => {
    const md5 = 'Digest realm="a, b", nonce="1", algorithm=MD5'
    const sha = 'Digest realm="a, b", nonce="1", algorithm=SHA-256'
    const values = read('www-authenticate', `${sha}, ${md5}`)
    expect(values.map(({ params }) => valueOf(params, 'algorithm'))).toEqual(['SHA-256', 'MD5'])
    expect(write('www-authenticate', values)).toEqual([sha, md5])
  })

  test('S38: qop is quoted in a challenge and not in credentials, algorithm and nc never', () => {
    const params = [
      { name: 'realm', value: 'r' },
      { name: 'qop', value: 'auth' },
      { name: 'algorithm', value: 'MD5' },
      { name: 'nc', value: '00000001' },
    ]
    const value = [{ scheme: 'Digest', params }]
    expect(write('www-authenticate', value)).toEqual([
      'Digest realm="r", qop="auth", algorithm=MD5, nc=00000001',
    ])
    expect(write('authorization', value)).toEqual(['Digest realm="r", qop=auth, algorithm=MD5, nc=00000001'])
  })
})

describe('SIP.js and JsSIP', () => {
  test('"Via: a, b" is two values', () => {
    expect(read('via', 'SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b;branch=2').map(branch)).toEqual(['1', '2'])
  })

  test('tel:, urn: and http: in From, To and Contact are read', () => {
    for (const uri of ['tel:+123', 'urn:service:sos', 'http://www.example.com', 'isbn:2983792873'])
      expect(read('from', `<${uri}>;tag=1`).uri).toBeDefined()
  })

  test('a URI with %FF in it is read, nothing is thrown', () => {
    expect(write('from', read('from', '<sip:%FF@h>'))).toEqual(['<sip:%FF@h>'])
  })

  test('a folded value has no line break in it', () => {
    expect(read('subject', 'I know\r\n you are\r\n\t there')).toBe('I know you are there')
    expect(read('from', '"A\r\n B" <sip:a@b>').display).toBe('A B')
  })

  test('a CSeq above 2^32-1 is refused, not rounded', () => {
    expect(refusal('cseq', '36893488147419103232 REGISTER')).toBe('sequence number above 4294967295 at 0')
  })

  test('5,001 Contacts and 40 KB of open quote are read in one pass', () => {
    const many = Array.from({ length: 5001 }, (_, i) => `<sip:u${i}@h>`).join(',')
    expect(read('contact', many)).toHaveLength(5001)
    expect(refusal('from', `"${'a'.repeat(40_000)}`)).toBe('display name: quote is never closed at 0')
    expect(refusal('contact', '"<('.repeat(20_000))).toMatch(/expected|closed/)
  })
})

describe('kirm', () => {
  test('an IPv6 sent-by is no host `[2001`, and the branch is not lost', () => {
    const [value] = read('via', 'SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1')
    expect([value?.host, value && branch(value)]).toEqual(['2001:db8::1', 'z9hG4bK1'])
  })

  test('a bad Via does not vanish so that the second becomes the top one', () => {
    expect(refusal('via', 'garbage, SIP/2.0/UDP b;branch=2')).toBe('"/" expected at 7')
  })

  test('an unbalanced quote in To is refused, not read as the URI `"Mr.`', () => {
    expect(refusal('to', '"Mr. J. User <sip:j.user@example.com>')).toBe(
      'display name: quote is never closed at 0',
    )
  })

  test('a comma in an unquoted display name is refused, not read as the URI `Bond,`', () => {
    expect(refusal('from', 'Bell, Alexander <sip:a.g.bell@bell-tel.com>;tag=43')).toBe('scheme expected at 0')
  })

  test('chars above 255 cannot become CR and LF on the wire', () => {
    const value = read('contact', '<sip:a@b>')
    const evil = [{ ...(value[0] as object), display: 'x\u010d\u010aX-Injected: 1' }]
    expect(isLeft(print('contact')(evil as never))).toBe(true)
  })

  test('names of properties of objects are no headers', () => {
    expect(Object.keys(headers)).not.toContain('constructor')
    const [value] = read('contact', '<sip:a@b>;__proto__=1;constructor=2')
    expect(value === '*' ? undefined : value && valueOf(value.params, 'constructor')).toBe('2')
    expect(valueOf([], 'constructor')).toBeUndefined()
  })
})

describe('RFC 4475', () => {
  test('3.1.1.6 lwsdisp: no space between display name and bracket', () => {
    expect(read('from', 'caller<sip:caller@example.com>;tag=323')).toMatchObject({ display: 'caller' })
  })

  test('3.1.2.6: angle brackets without a URI, spaces within them', () => {
    expect(refusal('from', '<>;tag=1')).toBe('scheme expected at 1')
    expect(refusal('to', '< sip:a@b >')).toBe('scheme expected at 1')
  })

  test('3.1.1.1 wsinv: white space and folds wherever the grammar has them', () => {
    const value = read('to', 'sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n')
    expect(tag(value)).toBe('1918181833n')
    expect(
      read('from', '"J Rosenberg \\\\\\"" <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8').display,
    ).toBe('J Rosenberg \\"')
    expect(
      read(
        'contact',
        '"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33',
      ),
    ).toMatchObject([
      {
        display: 'Quoted string ""',
        params: [
          { name: 'newparam', value: 'newvalue' },
          { name: 'secondparam' },
          { name: 'q', value: '0.33' },
        ],
      },
    ])
  })

  test("20.10: without brackets, parameters are the header's", () => {
    const value = read('contact', 'sip:caller@example.com;lr;expires=60')
    expect(value).toMatchObject([
      { uri: { params: [] }, params: [{ name: 'lr' }, { name: 'expires', value: '60' }] },
    ])
    expect(refusal('contact', 'sip:a@b?Route=x')).toBe('a URI with "?" needs angle brackets at 7')
  })

  test('20.34: a Route without brackets is refused: nobody could tell whose lr it is', () => {
    expect(refusal('route', 'sip:p1.example.com;lr')).toBe('"<" expected at 0')
  })

  test('10.2.2: "*" stands alone', () => {
    expect(read('contact', '*')).toEqual(['*'])
    expect(refusal('contact', '*, <sip:a@b>')).toBe('"*" must be the only Contact at 0')
    expect(contact.together?.(['*', '*'])).toBeDefined()
  })
})
