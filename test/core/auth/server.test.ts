import { describe, expect, test } from 'vitest'
import * as Digest from '../../../src/core/digest.js'
import type { Request } from '../../../src/core/message/types.js'
import { account, clientOf, judge, param, refused, request, secret, serverOf, values } from './kit.js'

const config = Digest.serverConfig('www', 'example.com', secret)

/** The request with credentials for the challenge that `server` gives it. */
const answerTo = (
  server: ReturnType<typeof serverOf>,
  asked: Request,
  known: Digest.Account = account,
  client = clientOf(),
): Request => {
  const first = client.send(1, asked)
  const effects = client.answered(1, first, refused(server.demand(first)))
  const last =
    effects[0]?._tag === 'Lookup' ? client.found(1, effects[0].realm, known, effects[0].kind) : effects
  const effect = last.at(-1)
  if (effect?._tag !== 'Transmit') throw new Error(`no answer: ${JSON.stringify(last)}`)
  return effect.request
}

const why = (effect: Digest.ServerEffect): string => (effect._tag === 'Refuse' ? effect.why : effect._tag)

describe('the challenge', () => {
  test('one field for each algorithm, the preferred on top, with realm, nonce, opaque and qop (RFC 8760 2.3, 2.6)', () => {
    const given = refused(serverOf().demand(request()))
    expect(given.status).toBe(401)
    const fields = values(given, 'WWW-Authenticate')
    expect(fields).toHaveLength(2)
    for (const [i, algorithm] of ['SHA-256', 'MD5'].entries())
      expect(fields[i]).toMatch(
        new RegExp(
          `^Digest realm="example\\.com", nonce="[0-9a-f]{60}", opaque="[0-9a-f]{16}", algorithm=${algorithm}, qop="auth,auth-int", charset=UTF-8$`,
        ),
      )
  })

  test('of a proxy is a 407 with Proxy-Authenticate, and only Proxy-Authorization answers it', () => {
    const server = serverOf({ ...config, kind: 'proxy' })
    const given = refused(server.demand(request()))
    expect(given.status).toBe(407)
    expect(values(given, 'Proxy-Authenticate')).toHaveLength(2)
    const answer = answerTo(server, request())
    expect(why(judge(server, answer))).toBe('Admit')
    const moved = request({ fields: [`Authorization: ${values(answer, 'Proxy-Authorization')[0]}`] })
    expect(why(judge(server, moved))).toBe('no-credentials')
  })

  test('two are never the same', () => {
    const server = serverOf()
    const nonces = Array.from({ length: 50 }, () =>
      param(refused(server.demand(request())), 'WWW-Authenticate', 'nonce'),
    )
    expect(new Set(nonces).size).toBe(50)
  })

  test.each(['ACK', 'CANCEL'])('%s is never challenged (22.1: MUST NOT)', (method) => {
    expect(serverOf().demand(request({ method }))).toMatchObject({ _tag: 'Admit' })
  })

  test('asks for the hash of the name where that is wanted', () => {
    const given = refused(serverOf({ ...config, userhash: true }).demand(request()))
    expect(param(given, 'WWW-Authenticate', 'userhash')).toBe('true')
  })
})

describe('right credentials', () => {
  test('are admitted after a look-up', () => {
    const server = serverOf()
    const answer = answerTo(server, request())
    expect(server.demand(answer)).toEqual({
      _tag: 'Lookup',
      ref: 1,
      realm: 'example.com',
      wanted: { _tag: 'Name', name: 'alice' },
    })
    expect(server.found(account)).toMatchObject({
      _tag: 'Admit',
      request: answer,
      user: { username: 'alice', realm: 'example.com' },
    })
    expect(server.state().pending.size).toBe(0)
  })

  test('by the stored H(A1) of the hash used; without one of that hash the user is as if unknown', () => {
    const stored = (hash: Digest.Hash): Digest.Account => ({
      username: 'alice',
      ha1: { [hash]: Digest.ha1(hash, 'alice', 'example.com', 'open sesame') },
    })
    const server = serverOf()
    expect(why(judge(server, answerTo(server, request()), stored('SHA-256')))).toBe('Admit')
    expect(why(judge(server, answerTo(server, request()), stored('MD5')))).toBe('wrong')
  })

  test('of a hashed name are looked up by it, and the name comes with the account', () => {
    const server = serverOf({ ...config, userhash: true })
    const answer = answerTo(server, request())
    expect(server.demand(answer)).toMatchObject({
      wanted: {
        _tag: 'Userhash',
        hash: 'SHA-256',
        value: Digest.userhash('SHA-256', 'alice', 'example.com'),
      },
    })
    expect(server.found(account)).toMatchObject({ _tag: 'Admit', user: { username: 'alice' } })
  })

  test('in UTF-8, name and password, also as username* (RFC 7616 3.4, 4)', () => {
    const server = serverOf({ ...config, realm: 'M\u00fcnchen' })
    const jason = { username: 'J\u00e4s\u00f8n Doe', password: 'Secret, or n\u00f6t?' }
    const answer = answerTo(server, request(), jason)
    expect(server.demand(answer)).toMatchObject({ wanted: { name: 'J\u00e4s\u00f8n Doe' } })
    expect(server.found(jason)).toMatchObject({
      _tag: 'Admit',
      user: { username: 'J\u00e4s\u00f8n Doe', realm: 'M\u00fcnchen' },
    })
    const extended = (of: Request): string =>
      `Authorization: ${values(of, 'Authorization')[0]!.replace(/username="[^"]*"/, "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe")}`
    const second = request({ fields: [extended(answerTo(server, request(), jason))] })
    expect(server.demand(second)).toMatchObject({ wanted: { name: 'J\u00e4s\u00f8n Doe' } })
    expect(why(server.found(jason))).toBe('Admit')
  })

  test('without qop, of a client of RFC 2069, once a nonce', () => {
    const signed = (server: ReturnType<typeof serverOf>): Request => {
      const given = refused(server.demand(request()))
      const nonce = param(given, 'WWW-Authenticate', 'nonce')!
      const response = Digest.responseOf(Digest.ha1('MD5', 'alice', 'example.com', 'open sesame'), {
        algorithm: { hash: 'MD5', session: false },
        nonce,
        method: 'REGISTER',
        uri: 'sip:example.com',
        body: '',
      })
      const field = `Authorization: Digest username="alice",realm="example.com",nonce="${nonce}",uri="sip:example.com",response="${response.toUpperCase()}"`
      return request({ fields: [field] })
    }
    const server = serverOf()
    const asked = signed(server)
    const admitted = judge(server, asked)
    expect(admitted).toMatchObject({ _tag: 'Admit', user: { username: 'alice' } })
    expect(admitted._tag === 'Admit' && admitted.user).not.toHaveProperty('confirmation')
    expect(why(judge(server, asked))).toBe('replayed')
    const strict = serverOf({ ...config, withoutQop: false })
    expect(why(judge(strict, signed(strict)))).toBe('not-offered')
  })

  test('among others: those for other realms and of other schemes are left alone', () => {
    const server = serverOf()
    const answer = answerTo(
      server,
      request({
        fields: ['Authorization: Digest realm="x"', 'Authorization: Basic YTpi', 'Authorization: ,,'],
      }),
    )
    expect(why(judge(server, answer))).toBe('Admit')
  })

  test('beside others for our realm, of another proxy with the same realm (22.3)', () => {
    const server = serverOf()
    const answer = answerTo(server, request())
    const foreign = values(answer, 'Authorization')[0]!.replace(/nonce="[^"]*"/, 'nonce="theirs"')
    const both = request({
      fields: [`Authorization: ${foreign}`, `Authorization: ${values(answer, 'Authorization')[0]}`],
    })
    expect(why(judge(server, both))).toBe('Admit')
  })
})

describe('credentials that are not right', () => {
  test.each<[string, (field: string) => string, string, number]>([
    ['another password', (f) => f.replace(/response="../, 'response="xx'), 'wrong', 401],
    ['a name twice', (f) => `${f}, username="alice"`, 'malformed', 400],
    ['two forms of the name', (f) => `${f}, username*=UTF-8''alice`, 'malformed', 400],
    ['no name', (f) => f.replace('username=', 'x='), 'malformed', 400],
    ['no response', (f) => f.replace('response=', 'x='), 'malformed', 400],
    ['no nc', (f) => f.replace('nc=', 'x='), 'malformed', 400],
    ['nc=00000000', (f) => f.replace(/nc=\d+/, 'nc=00000000'), 'malformed', 400],
    ['nc of nine digits', (f) => f.replace(/nc=\d+/, 'nc=000000001'), 'malformed', 400],
    ['no cnonce', (f) => f.replace('cnonce=', 'x='), 'malformed', 400],
    ['an unknown algorithm', (f) => f.replace('SHA-256', 'SHA-3'), 'malformed', 400],
    ['another URI', (f) => f.replace('uri="sip:example.com"', 'uri="sip:example.net"'), 'other-uri', 400],
    ['another user', (f) => f.replace('uri="sip:example.com"', 'uri="sip:a@example.com"'), 'other-uri', 400],
    ['no URI at all', (f) => f.replace('uri="sip:example.com"', 'uri="@"'), 'other-uri', 400],
    ['an algorithm not offered', (f) => f.replace('SHA-256', 'SHA-512-256'), 'not-offered', 401],
    ['-sess not offered', (f) => f.replace('SHA-256', 'SHA-256-sess'), 'not-offered', 401],
    ['a hashed name not asked for', (f) => `${f}, userhash=true`, 'not-offered', 401],
    ['another opaque', (f) => f.replace(/opaque="./, 'opaque="x'), 'not-offered', 401],
    ['a foreign nonce', (f) => f.replace(/ nonce="../, ' nonce="xx'), 'stale', 401],
    ['an empty nonce', (f) => f.replace(/ nonce="[^"]*"/, ' nonce=""'), 'stale', 401],
    ['another realm', (f) => f.replace('realm="example.com"', 'realm="example.org"'), 'no-credentials', 401],
    [
      'the realm in another case',
      (f) => f.replace('realm="example.com"', 'realm="Example.com"'),
      'no-credentials',
      401,
    ],
    ['another scheme', (f) => f.replace('Digest', 'Basic'), 'no-credentials', 401],
  ])('%s', (_what, change, reason, status) => {
    const server = serverOf()
    const field = change(values(answerTo(server, request()), 'Authorization')[0]!)
    const effect = judge(server, request({ fields: [`Authorization: ${field}`] }))
    expect(why(effect)).toBe(reason)
    expect(refused(effect).status).toBe(status)
    expect(param(refused(effect), 'WWW-Authenticate', 'stale')).toBe(reason === 'stale' ? 'true' : undefined)
  })

  test('an opaque that is not sent back is no fault', () => {
    const server = serverOf()
    const field = values(answerTo(server, request()), 'Authorization')[0]!.replace(/, opaque="[^"]*"/, '')
    expect(why(judge(server, request({ fields: [`Authorization: ${field}`] })))).toBe('Admit')
  })

  test('a URI that only looks different is the same, and others may be accepted (RFC 8760 2.6 item 6)', () => {
    const moved = (server: ReturnType<typeof serverOf>, uri: string): Digest.ServerEffect =>
      judge(server, {
        ...request({
          uri,
          fields: [`Authorization: ${values(answerTo(server, request()), 'Authorization')[0]}`],
        }),
      })
    expect(why(moved(serverOf(), 'SIP:EXAMPLE.com'))).toBe('Admit')
    for (const same of ['sip:example.com:5070', 'sip:example.com;transport=tcp', 'sips:EXAMPLE.com'])
      expect(why(moved(serverOf(), same))).toBe('Admit')
    expect(why(moved(serverOf(), 'sip:10.0.0.1'))).toBe('other-uri')
    const accepting = serverOf({
      ...config,
      acceptsUri: (uri, { uri: now }) => uri === 'sip:example.com' && now === 'sip:10.0.0.1',
    })
    expect(why(moved(accepting, 'sip:10.0.0.1'))).toBe('Admit')
    expect(why(moved(accepting, 'sip:10.0.0.2'))).toBe('other-uri')
  })

  test('auth-int refuses a changed body, auth does not see it', () => {
    const send = (qop: Digest.Qop, body: string): string => {
      const server = serverOf({ ...config, qop: [qop] })
      const answer = answerTo(server, request({ method: 'MESSAGE', body: 'hello' }))
      const fields = [`Authorization: ${values(answer, 'Authorization')[0]}`]
      return why(judge(server, request({ method: 'MESSAGE', body, fields })))
    }
    expect([send('auth-int', 'hello'), send('auth-int', 'hellO'), send('auth-int', '')]).toEqual([
      'Admit',
      'wrong',
      'wrong',
    ])
    expect([send('auth', 'hello'), send('auth', 'hellO')]).toEqual(['Admit', 'Admit'])
  })

  test('an answer to a look-up that nobody waits for changes nothing', () => {
    const server = serverOf()
    const answer = answerTo(server, request())
    server.demand(answer)
    server.dispatch({ _tag: 'Abandoned', ref: 1 })
    const before = server.state()
    expect(server.dispatch({ _tag: 'Found', ref: 1, account, ...server.now() })).toEqual([])
    expect(server.state()).toBe(before)
  })
})

describe('nobody learns who exists', () => {
  test('known and unknown users get the same answers, octet for octet', () => {
    const answers = (known: Digest.Account | null): readonly string[] => {
      const server = serverOf()
      return Array.from({ length: 14 }, () => {
        const wrong = answerTo(server, request(), { username: 'alice', password: 'guess' })
        return refused(judge(server, wrong, known)).text
      })
    }
    expect(answers(account)).toEqual(answers(null))
  })

  test('an unknown user cannot log in with the password that stands in for none', () => {
    const server = serverOf()
    expect(why(judge(server, answerTo(server, request(), { username: 'bob', password: '' }), null))).toBe(
      'wrong',
    )
  })
})

describe('Authentication-Info', () => {
  const admit = (server: ReturnType<typeof serverOf>, asked: Request): Digest.User => {
    const effect = judge(server, asked)
    if (effect._tag !== 'Admit' || effect.user === undefined) throw new Error(why(effect))
    return effect.user
  }

  test('proves to the client that the server knows its secret', () => {
    const server = serverOf()
    const client = clientOf()
    const asked = answerTo(server, request(), account, client)
    const { confirmation } = admit(server, asked)
    const given = Digest.confirm(confirmation!)({ ...refused(server.demand(request())), status: 200 })
    expect(values(given, 'Authentication-Info')[0]).toMatch(
      /^rspauth="[0-9a-f]{64}", qop=auth, nc=00000001, cnonce="[0-9a-f]{32}"$/,
    )
    expect(client.answered(1, asked, given)).toMatchObject([{ _tag: 'Deliver', why: 'no-challenge' }])
  })

  test('gives the next nonce when half of the time is over, which then is good', () => {
    const server = serverOf()
    const client = clientOf()
    const asked = answerTo(server, request(), account, client)
    server.advance(config.lifetime / 2 + 1)
    const { confirmation } = admit(server, asked)
    const given = Digest.confirm(confirmation!)({ ...refused(server.demand(request())), status: 200 })
    client.answered(1, asked, given)
    server.advance(config.lifetime / 2 + 1)
    const next = client.send(2, request({ cseq: 3 }))
    expect(param(next, 'Authorization', 'nc')).toBe('00000001')
    expect(why(judge(server, next))).toBe('Admit')
  })
})
