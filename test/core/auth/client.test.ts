import { describe, expect, test } from 'vitest'
import { sessionKey } from '../../../src/core/auth/response.js'
import * as Digest from '../../../src/core/digest.js'
import type { Request } from '../../../src/core/message/types.js'
import { account, clientOf, param, request, response, secret, values } from './kit.js'

const challenge = (more: string, realm = 'example.com', nonce = 'n1', name = 'WWW-Authenticate'): string =>
  `${name}: Digest realm="${realm}", nonce="${nonce}"${more}`

const MODERN = ', algorithm=SHA-256, qop="auth,auth-int", opaque="o1"'

/** Sends a request, is challenged, finds the account; answers the client and the request that it sends then. */
const login = (fields: readonly string[], config = Digest.clientConfig(secret)) => {
  const client = clientOf(config)
  const first = client.send(1, request())
  const effects = client.answered(1, first, response(401, first, fields))
  const found = effects.flatMap((effect) =>
    effect._tag === 'Lookup' ? client.found(1, effect.realm, account, effect.kind) : [effect],
  )
  return { client, first, effects: found }
}

const sent = (effects: readonly Digest.ClientEffect[]): Request => {
  const last = effects.at(-1)
  if (last?._tag !== 'Transmit') throw new Error(`nothing sent: ${JSON.stringify(effects)}`)
  return last.request
}

const authorization = (of: Request, name: string): string | undefined => param(of, 'Authorization', name)

describe('CC-9: a 401 is answered', () => {
  test('by the same request with credentials and CSeq raised, in a field that says all it must', () => {
    const { first, effects } = login([challenge(MODERN)])
    const second = sent(effects)
    expect(values(second, 'CSeq')).toEqual(['2 REGISTER'])
    expect(values(second, 'Authorization')).toHaveLength(1)
    expect(values(second, 'Authorization')[0]).toMatch(
      /^Digest username="alice", realm="example\.com", nonce="n1", uri="sip:example\.com", response="[0-9a-f]{64}", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="[0-9a-f]{32}", opaque="o1"$/,
    )
    const rest = (of: Request): string =>
      of.text.replace(/^CSeq: .*\r\n/m, '').replace(/^Authorization: .*\r\n/m, '')
    expect(rest(second)).toBe(rest(first))
  })

  test('after the account was looked up, by realm and kind', () => {
    const client = clientOf()
    const first = client.send('a', request())
    expect(client.answered('a', first, response(401, first, [challenge(MODERN)]))).toEqual([
      { _tag: 'Lookup', ref: 'a', kind: 'www', realm: 'example.com' },
    ])
    expect(client.found('b', 'example.com', account)).toEqual([])
    expect(client.found('a', 'other.example.com', account)).toEqual([])
    expect(client.found('a', 'example.com', account)).toMatchObject([{ _tag: 'Transmit', ref: 'a' }])
    expect(client.found('a', 'example.com', account)).toEqual([])
  })

  test('not at all without an account: the response is for the application', () => {
    const client = clientOf()
    const first = client.send(1, request())
    const given = response(401, first, [challenge(MODERN)])
    client.answered(1, first, given)
    expect(client.dispatch({ _tag: 'NotFound', ref: 1, kind: 'www', realm: 'example.com' })).toEqual([
      { _tag: 'Deliver', ref: 1, response: given, why: 'no-account' },
    ])
  })

  test('not when the application has given up meanwhile', () => {
    const client = clientOf()
    const first = client.send(1, request())
    client.answered(1, first, response(401, first, [challenge(MODERN)]))
    expect(client.dispatch({ _tag: 'Abandoned', ref: 1 })).toEqual([])
    expect(client.found(1, 'example.com', account)).toEqual([])
    expect(client.state().waiting.size).toBe(0)
  })

  test('with an H(A1) in place of the password', () => {
    const client = clientOf()
    const first = client.send(1, request())
    client.answered(1, first, response(401, first, [challenge(MODERN), challenge(', qop="auth"')]))
    const stored = {
      username: 'alice',
      ha1: { MD5: Digest.ha1('MD5', 'alice', 'example.com', 'open sesame') },
    }
    const second = sent(client.found(1, 'example.com', stored))
    expect(authorization(second, 'algorithm')).toBe('MD5')
    expect(authorization(second, 'response')).toBe(
      Digest.responseOf(stored.ha1.MD5, {
        algorithm: { hash: 'MD5', session: false },
        nonce: 'n1',
        method: 'REGISTER',
        uri: 'sip:example.com',
        body: '',
        protection: { qop: 'auth', nc: '00000001', cnonce: authorization(second, 'cnonce')! },
      }),
    )
  })

  test('of a realm in UTF-8', () => {
    const client = clientOf()
    const first = client.send(1, request())
    const effects = client.answered(1, first, response(401, first, [challenge(MODERN, 'M\u00c3\u00bcnchen')]))
    expect(effects).toMatchObject([{ realm: 'M\u00fcnchen' }])
    expect(authorization(sent(client.found(1, 'M\u00fcnchen', account)), 'realm')).toBe('M\u00c3\u00bcnchen')
  })
})

describe('which challenge is answered (RFC 8760 2.4)', () => {
  const answeredWith = (fields: readonly string[], config?: Digest.ClientConfig): string | undefined =>
    authorization(sent(login(fields, config).effects), 'algorithm')

  test('the topmost one that is supported', () => {
    const md5 = challenge(', algorithm=MD5, qop="auth"')
    const sha = challenge(', algorithm=SHA-256, qop="auth"')
    const unknown = challenge(', algorithm=SHA-3, qop="auth"')
    expect(answeredWith([md5, sha])).toBe('MD5')
    expect(answeredWith([sha, md5])).toBe('SHA-256')
    expect(answeredWith([unknown, sha, md5])).toBe('SHA-256')
    expect(answeredWith(['WWW-Authenticate: Basic realm="example.com"', md5])).toBe('MD5')
  })

  test('several challenges joined in one field, which 7.3.1 forbids, are several all the same', () => {
    expect(
      answeredWith([
        `${challenge(', algorithm=X, qop="auth"')}, Digest realm="example.com", nonce="n", qop="auth"`,
      ]),
    ).toBe('MD5')
  })

  test('local policy may refuse MD5', () => {
    const config = { ...Digest.clientConfig(secret), hashes: ['SHA-256', 'SHA-512-256'] as const }
    const md5 = challenge(', algorithm=MD5, qop="auth"')
    expect(answeredWith([md5, challenge(MODERN)], config)).toBe('SHA-256')
    expect(login([md5], config).effects).toMatchObject([{ _tag: 'Deliver', why: 'no-account' }])
  })

  test.each([
    ['Basic alone (22.4: MUST NOT)', 'WWW-Authenticate: Basic realm="example.com"'],
    ['an unknown algorithm alone', challenge(', algorithm=SHA-3, qop="auth"')],
    ['an unknown qop alone', challenge(', qop="foo"')],
    ['-sess without qop (22.4 item 8)', challenge(', algorithm=MD5-sess')],
    ['no nonce', 'WWW-Authenticate: Digest realm="example.com"'],
    ['no realm', 'WWW-Authenticate: Digest nonce="n"'],
    ['rubbish', 'WWW-Authenticate: ,,,"'],
  ])('%s is not answered', (_what, field) => {
    expect(login([field]).effects).toMatchObject([{ _tag: 'Deliver', why: 'unsupported' }])
  })

  test.each([
    [', qop="auth"', 'auth'],
    [', qop="auth-int"', 'auth-int'],
    [', qop="auth,auth-int"', 'auth'],
    [', qop="auth-int,auth"', 'auth'],
    [', qop=auth', 'auth'],
    [', qop="foo, AUTH-INT ,bar"', 'auth-int'],
  ])('of %s qop %s is chosen', (offered, chosen) => {
    expect(authorization(sent(login([challenge(offered)]).effects), 'qop')).toBe(chosen)
  })

  test('auth-int is chosen where it is preferred, and covers the body', () => {
    const config = { ...Digest.clientConfig(secret), qop: 'auth-int' as const }
    const client = clientOf(config)
    const first = client.send(1, request({ method: 'MESSAGE', body: 'hello\r\n' }))
    client.answered(1, first, response(401, first, [challenge(MODERN)]))
    const second = sent(client.found(1, 'example.com', account))
    expect(authorization(second, 'qop')).toBe('auth-int')
    expect(authorization(second, 'response')).toBe(
      Digest.responseOf(Digest.ha1('SHA-256', 'alice', 'example.com', 'open sesame'), {
        algorithm: { hash: 'SHA-256', session: false },
        nonce: 'n1',
        method: 'MESSAGE',
        uri: 'sip:example.com',
        body: 'hello\r\n',
        protection: { qop: 'auth-int', nc: '00000001', cnonce: authorization(second, 'cnonce')! },
      }),
    )
  })

  test('without qop the formula of RFC 2069 is used and no cnonce and nc are sent (22.4 item 8)', () => {
    const second = sent(login([challenge('')]).effects)
    expect(['qop', 'nc', 'cnonce'].map((name) => authorization(second, name))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(authorization(second, 'response')).toBe(
      Digest.responseOf(Digest.ha1('MD5', 'alice', 'example.com', 'open sesame'), {
        algorithm: { hash: 'MD5', session: false },
        nonce: 'n1',
        method: 'REGISTER',
        uri: 'sip:example.com',
        body: '',
      }),
    )
  })

  test('the name is hashed where the server takes it so (RFC 7616 3.4.4)', () => {
    const second = sent(login([challenge(`${MODERN}, userhash=TRUE`)]).effects)
    expect(authorization(second, 'username')).toBe(Digest.userhash('SHA-256', 'alice', 'example.com'))
    expect(authorization(second, 'userhash')).toBe('true')
  })

  test('quotes and backslashes of names survive', () => {
    const client = clientOf()
    const first = client.send(1, request())
    client.answered(
      1,
      first,
      response(401, first, ['WWW-Authenticate: Digest realm="a \\"b\\" \\\\c", nonce="n"']),
    )
    const second = sent(client.found(1, 'a "b" \\c', { username: 'a"b\\c', password: 'p' }))
    expect(values(second, 'Authorization')[0]).toContain('username="a\\"b\\\\c", realm="a \\"b\\" \\\\c"')
  })

  test('a name that no header may hold is not sent, and the server is not asked for ever', () => {
    const client = clientOf()
    let last = client.send(1, request())
    const effects: Digest.ClientEffect[] = []
    for (let i = 0; i < 5 && effects.at(-1)?._tag !== 'Deliver'; i++) {
      const given = client.answered(1, last, response(401, last, [challenge(MODERN)]))
      effects.push(
        ...(given[0]?._tag === 'Lookup'
          ? client.found(1, 'example.com', { username: 'a\r\nb', password: '' })
          : given),
      )
      const next = effects.at(-1)
      if (next?._tag === 'Transmit') last = next.request
    }
    expect(last.text).not.toContain('a\r\nb')
    expect(effects.at(-1)).toMatchObject({ _tag: 'Deliver', why: 'exhausted' })
  })
})

describe('several realms (22.3)', () => {
  const two = [challenge(MODERN), challenge(MODERN, 'proxy.example.net', 'p1', 'Proxy-Authenticate')]

  test('each is answered, in its own header', () => {
    const client = clientOf()
    const first = client.send(1, request())
    expect(client.answered(1, first, response(407, first, two)).map((effect) => effect._tag)).toEqual([
      'Lookup',
      'Lookup',
    ])
    expect(client.found(1, 'proxy.example.net', account, 'proxy')).toEqual([])
    const second = sent(client.found(1, 'example.com', account))
    expect(param(second, 'Authorization', 'nonce')).toBe('n1')
    expect(param(second, 'Proxy-Authorization', 'nonce')).toBe('p1')
  })

  test('one whose account is missing does not keep back the others', () => {
    const client = clientOf()
    const first = client.send(1, request())
    client.answered(1, first, response(407, first, two))
    client.dispatch({ _tag: 'NotFound', ref: 1, kind: 'www', realm: 'example.com' })
    const second = sent(client.found(1, 'proxy.example.net', account, 'proxy'))
    expect(values(second, 'Authorization')).toEqual([])
    expect(values(second, 'Proxy-Authorization')).toHaveLength(1)
  })

  test('one behind another: the proxy first, then the server; both counts go up', () => {
    const client = clientOf()
    const first = client.send(1, request())
    client.answered(1, first, response(407, first, [two[1]!]))
    const second = sent(client.found(1, 'proxy.example.net', account, 'proxy'))
    client.answered(1, second, response(401, second, [two[0]!]))
    const third = sent(client.found(1, 'example.com', account))
    expect(values(third, 'CSeq')).toEqual(['3 REGISTER'])
    expect(values(third, 'Proxy-Authorization')).toHaveLength(1)
    expect(param(third, 'Proxy-Authorization', 'nc')).toBe('00000002')
    expect(param(third, 'Authorization', 'nc')).toBe('00000001')
  })

  test('credentials for other realms, put there by the application, stay as they are', () => {
    const foreign = 'Authorization: Digest username="x",realm="other", nonce="1",uri="sip:y",response="00"'
    const client = clientOf()
    const first = client.send(1, request({ fields: [foreign] }))
    client.answered(1, first, response(401, first, [challenge(MODERN)]))
    const second = sent(client.found(1, 'example.com', account))
    expect(second.text).toContain(`\r\n${foreign}\r\n`)
    expect(values(second, 'Authorization')).toHaveLength(2)
  })
})

describe('later requests (22.2, 22.3)', () => {
  test('to the same destination authenticate at the first try, with the next count', () => {
    const { client, effects } = login([challenge(MODERN)])
    client.answered(1, sent(effects), response(200, sent(effects)))
    const next = client.send(2, request({ cseq: 7, callId: 'other' }))
    expect(values(next, 'CSeq')).toEqual(['7 REGISTER'])
    expect(authorization(next, 'nc')).toBe('00000002')
    expect(authorization(next, 'cnonce')).toBe(authorization(sent(effects), 'cnonce'))
    expect(authorization(client.send(3, request({ to: 'SIP:alice@EXAMPLE.com' })), 'nc')).toBe('00000003')
    expect(values(client.send(4, request({ to: 'sip:bob@example.com' })), 'Authorization')).toEqual([])
  })

  test('the count goes on in hex', () => {
    const { client } = login([challenge(MODERN)])
    const last = Array.from({ length: 15 }, (_, i) => client.send(i + 2, request({ cseq: i + 3 }))).at(-1)!
    expect(authorization(last, 'nc')).toBe('00000010')
  })

  test('credentials for a proxy stay in their call, but for a proxy of our own', () => {
    const inCall = (config: Digest.ClientConfig, callId: string): readonly string[] => {
      const client = clientOf(config)
      const first = client.send(1, request({ method: 'INVITE' }))
      client.answered(1, first, response(407, first, [challenge(MODERN, 'p', 'n', 'Proxy-Authenticate')]))
      client.found(1, 'p', account, 'proxy')
      return values(client.send(2, request({ method: 'INFO', callId })), 'Proxy-Authorization')
    }
    const config = Digest.clientConfig(secret)
    expect(inCall(config, 'call-1')).toHaveLength(1)
    expect(inCall(config, 'call-2')).toEqual([])
    expect(inCall({ ...config, outbound: ['p'] }, 'call-2')).toHaveLength(1)
  })

  test('ACK and CANCEL go as they are: their credentials are those of the INVITE (22.1)', () => {
    const { client } = login([challenge(MODERN)])
    for (const method of ['ACK', 'CANCEL'])
      expect(values(client.send(2, request({ method })), 'Authorization')).toEqual([])
  })

  test('a bounded number of destinations is remembered', () => {
    const client = clientOf({ ...Digest.clientConfig(secret), places: 10 })
    for (let i = 0; i < 50; i++) {
      const first = client.send(i, request({ to: `sip:${i}@example.com` }))
      client.answered(i, first, response(401, first, [challenge(MODERN)]))
      client.found(i, 'example.com', account)
    }
    expect(client.state().cache.places.entries.size).toBe(10)
    expect(client.state().attempts.entries.size).toBeLessThanOrEqual(10)
  })
})

describe('a second challenge', () => {
  const wrong = [challenge(MODERN, 'example.com', 'n2')]
  const stale = [challenge(`${MODERN}, stale=TRUE`, 'example.com', 'n2')]

  test('for credentials that were just refused is not answered (22.1: MUST NOT)', () => {
    const { client, effects } = login([challenge(MODERN)])
    const second = sent(effects)
    const given = response(401, second, wrong)
    expect(client.answered(1, second, given)).toEqual([
      { _tag: 'Deliver', ref: 1, response: given, why: 'rejected' },
    ])
    expect(values(client.send(2, request()), 'Authorization')).toEqual([])
  })

  test('with stale=true is answered with the new nonce, the count from 1 again, and nobody is asked', () => {
    const { client, effects } = login([challenge(MODERN)])
    const second = sent(effects)
    const again = client.answered(1, second, response(401, second, stale))
    expect(again).toHaveLength(1)
    const third = sent(again)
    expect(values(third, 'CSeq')).toEqual(['3 REGISTER'])
    expect(values(third, 'Authorization')).toHaveLength(1)
    expect(authorization(third, 'nonce')).toBe('n2')
    expect(authorization(third, 'nc')).toBe('00000001')
    expect(authorization(third, 'cnonce')).not.toBe(authorization(second, 'cnonce'))
  })

  test('after success is answered once more, for servers that do not say stale', () => {
    const { client, effects } = login([challenge(MODERN)])
    client.answered(1, sent(effects), response(200, sent(effects)))
    const later = client.send(2, request({ cseq: 3 }))
    const retried = sent(client.answered(2, later, response(401, later, wrong)))
    expect(authorization(retried, 'nonce')).toBe('n2')
    expect(
      client.answered(2, retried, response(401, retried, [challenge(MODERN, 'example.com', 'n3')])),
    ).toMatchObject([{ _tag: 'Deliver', why: 'rejected' }])
  })

  test('of requests under way at once is answered for each', () => {
    const { client, effects } = login([challenge(MODERN)])
    client.answered(1, sent(effects), response(200, sent(effects)))
    const [a, b] = [client.send('a', request({ cseq: 3 })), client.send('b', request({ cseq: 4 }))]
    expect(authorization(sent(client.answered('a', a, response(401, a, wrong))), 'nonce')).toBe('n2')
    const other = [challenge(MODERN, 'example.com', 'n3')]
    expect(authorization(sent(client.answered('b', b, response(401, b, other))), 'nonce')).toBe('n3')
  })

  test('and a third and fourth with stale=true end it', () => {
    const { client, effects } = login([challenge(MODERN)])
    let last = sent(effects)
    for (const nonce of ['n2', 'n3']) {
      last = sent(
        client.answered(
          1,
          last,
          response(401, last, [challenge(`${MODERN}, stale=true`, 'example.com', nonce)]),
        ),
      )
    }
    const final = response(401, last, [challenge(`${MODERN}, stale=true`, 'example.com', 'n4')])
    expect(client.answered(1, last, final)).toEqual([
      { _tag: 'Deliver', ref: 1, response: final, why: 'exhausted' },
    ])
  })

  test('that asks for another hash asks for the account again', () => {
    const { client, effects } = login([challenge(MODERN)])
    const second = sent(effects)
    expect(
      client.answered(1, second, response(401, second, [challenge(', qop="auth", stale=true')])),
    ).toMatchObject([{ _tag: 'Lookup', realm: 'example.com' }])
  })

  test('when CSeq is at its end is not answered (8.1.1.5: less than 2**31)', () => {
    const client = clientOf()
    const first = client.send(1, request({ cseq: 0x7fffffff }))
    client.answered(1, first, response(401, first, [challenge(MODERN)]))
    expect(client.found(1, 'example.com', account)).toMatchObject([{ _tag: 'Deliver', why: 'exhausted' }])
  })
})

test('-sess computes with nonce and cnonce of the first request, also after nextnonce (RFC 7616 3.4.2)', () => {
  const { client, effects } = login([challenge(', algorithm=SHA-256-sess, qop="auth"')])
  const second = sent(effects)
  const cnonce = authorization(second, 'cnonce')!
  const algorithm = { hash: 'SHA-256', session: true } as const
  const key = sessionKey(
    algorithm,
    Digest.ha1('SHA-256', 'alice', 'example.com', 'open sesame'),
    'n1',
    cnonce,
  )
  const expected = (nonce: string): string =>
    Digest.responseOf(key, {
      algorithm,
      nonce,
      method: 'REGISTER',
      uri: 'sip:example.com',
      body: '',
      protection: { qop: 'auth', nc: '00000001', cnonce },
    })
  expect(authorization(second, 'response')).toBe(expected('n1'))
  client.answered(1, second, response(200, second, ['Authentication-Info: nextnonce="n2"']))
  expect(authorization(client.send(2, request({ cseq: 3 })), 'response')).toBe(expected('n2'))
})

describe('Authentication-Info (RFC 7616 3.5)', () => {
  const ok = (info: string) => {
    const { client, effects } = login([challenge(MODERN)])
    const second = sent(effects)
    const cnonce = authorization(second, 'cnonce')!
    const protection = { qop: 'auth', nc: '00000001', cnonce } as const
    const rspauth = Digest.rspauthOf(Digest.ha1('SHA-256', 'alice', 'example.com', 'open sesame'), {
      algorithm: { hash: 'SHA-256', session: false },
      nonce: 'n1',
      uri: 'sip:example.com',
      body: '',
      protection,
    })
    const field = `Authentication-Info: ${info.replace('RSPAUTH', rspauth).replace('CNONCE', cnonce)}`
    const given = response(200, second, [field])
    return { client, effects: client.answered(1, second, given) }
  }

  test('nextnonce is used for the next request, with the count from 1', () => {
    const { client } = ok('nextnonce="n2"')
    const next = client.send(2, request())
    expect([authorization(next, 'nonce'), authorization(next, 'nc')]).toEqual(['n2', '00000001'])
  })

  test('a right proof is silent, a wrong one is told and its nextnonce ignored', () => {
    const right = 'qop=auth, rspauth="RSPAUTH", cnonce="CNONCE", nc=00000001'
    expect(ok(right).effects).toMatchObject([{ _tag: 'Deliver', why: 'no-challenge' }])
    for (const wrong of [
      right.replace('RSPAUTH', '00'),
      right.replace('CNONCE', 'x'),
      right.replace('nc=00000001', 'nc=00000002'),
    ]) {
      const { client, effects } = ok(`${wrong}, nextnonce="n2"`)
      expect(effects).toMatchObject([{ _tag: 'Mistrust', realm: 'example.com' }, { _tag: 'Deliver' }])
      expect(authorization(client.send(2, request()), 'nonce')).toBe('n1')
    }
  })

  test('rubbish in it is ignored', () => {
    expect(ok(',,=').effects).toMatchObject([{ _tag: 'Deliver', why: 'no-challenge' }])
  })
})

describe('retry: all of it in one call', () => {
  const config = Digest.clientConfig(secret)
  const accounts: Digest.Accounts = (realm) => (realm === 'example.com' ? account : undefined)

  test('answers the next request', () => {
    const first = request()
    const [state, next] = Digest.retry(config, accounts)(
      Digest.startClient(config),
      1,
      first,
      response(401, first, [challenge(MODERN)]),
      '00112233445566778899aabbccddeeff',
    )
    expect(next).toMatchObject({ _tag: 'Right' })
    if (next._tag === 'Right') {
      expect(values(next.right, 'CSeq')).toEqual(['2 REGISTER'])
      expect(
        Digest.retry(config, accounts)(
          state,
          1,
          next.right,
          response(401, next.right, [challenge(MODERN)]),
          '',
        )[1],
      ).toEqual({
        _tag: 'Left',
        left: 'rejected',
      })
    }
  })

  test.each([
    [200, MODERN, 'example.com', 'no-challenge'],
    [401, MODERN, 'other.example.com', 'no-account'],
    [401, ', algorithm=X', 'example.com', 'unsupported'],
  ])('or why there is none: %s %s %s is %s', (status, more, realm, why) => {
    const first = request()
    const [, next] = Digest.retry(config, accounts)(
      Digest.startClient(config),
      1,
      first,
      response(status, first, [challenge(more, realm)]),
      '',
    )
    expect(next).toEqual({ _tag: 'Left', left: why })
  })
})
