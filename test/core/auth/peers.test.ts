/** What digest of other libraries gets wrong, each with the test that shows we do not. */
import { describe, expect, test } from 'vitest'
import { nth } from '../../../src/core/data/entropy.js'
import * as Digest from '../../../src/core/digest.js'
import type { Request } from '../../../src/core/message/types.js'
import {
  account,
  clientOf,
  entropy,
  judge,
  param,
  refused,
  request,
  response,
  secret,
  serverOf,
  values,
} from './kit.js'

const challenge = (more: string, nonce = 'n1', name = 'WWW-Authenticate', realm = 'example.com'): string =>
  `${name}: Digest realm="${realm}", nonce="${nonce}"${more}`

const login = (
  client: ReturnType<typeof clientOf>,
  fields: readonly string[],
  first = request(),
  status = 401,
): Request => {
  const sent = client.send(1, first)
  const effects = client
    .answered(1, sent, response(status, sent, fields))
    .flatMap((effect) =>
      effect._tag === 'Lookup' ? client.found(1, effect.realm, account, effect.kind) : [effect],
    )
  const last = effects.at(-1)
  if (last?._tag !== 'Transmit') throw new Error(JSON.stringify(effects))
  return last.request
}

const auth = (of: Request, name: string): string | undefined => param(of, 'Authorization', name)

describe('S38: Sippet in Elixir', () => {
  test('answered SHA-256 with MD5 while it said SHA-256', () => {
    const sent = login(clientOf(), [challenge(', algorithm=SHA-256, qop="auth"')])
    expect(auth(sent, 'algorithm')).toBe('SHA-256')
    expect(auth(sent, 'response')).toMatch(/^[0-9a-f]{64}$/)
  })

  test('failed at two challenges', () => {
    const sent = login(clientOf(), [
      challenge(', algorithm=SHA-256, qop="auth"'),
      challenge(', algorithm=MD5, qop="auth"'),
    ])
    expect(values(sent, 'Authorization')).toHaveLength(1)
  })

  test('appended a second Authorization when the nonce was stale', () => {
    const client = clientOf()
    const sent = login(client, [challenge(', qop="auth"')])
    const [again] = client.answered(
      1,
      sent,
      response(401, sent, [challenge(', qop="auth", stale=true', 'n2')]),
    )
    expect(values((again as { request: Request }).request, 'Authorization')).toHaveLength(1)
  })

  test('raised at auth-int without a body', () => {
    expect(auth(login(clientOf(), [challenge(', qop="auth-int"')]), 'qop')).toBe('auth-int')
  })

  test('wrote qop of the challenge without quotes, and of the credentials it must have none', () => {
    const given = refused(serverOf().demand(request()))
    expect(values(given, 'WWW-Authenticate')[0]).toContain('qop="auth,auth-int"')
    const sent = login(
      clientOf(),
      values(given, 'WWW-Authenticate').map((value) => `WWW-Authenticate: ${value}`),
    )
    expect(values(sent, 'Authorization')[0]).toContain('qop=auth,')
  })

  test('sent nc=00000001 always', () => {
    const client = clientOf()
    login(client, [challenge(', qop="auth"')])
    expect(auth(client.send(2, request()), 'nc')).toBe('00000002')
  })

  test('could not verify, and its nonces never expired', () => {
    const server = serverOf()
    const client = clientOf()
    const fields = values(refused(server.demand(request())), 'WWW-Authenticate')
    const sent = login(
      client,
      fields.map((value) => `WWW-Authenticate: ${value}`),
    )
    expect(judge(server, sent)._tag).toBe('Admit')
    server.advance(Digest.serverConfig('www', '', secret).lifetime + 1)
    expect(server.demand(client.send(2, request()))).toMatchObject({ _tag: 'Refuse', why: 'stale' })
  })
})

describe('libraries in JavaScript', () => {
  test('MD5-sess is missing (SIP.js, JsSIP) or broken on the server (kirm)', () => {
    const algorithm = { hash: 'MD5', session: true } as const
    const server = serverOf({ ...Digest.serverConfig('www', 'example.com', secret), algorithms: [algorithm] })
    const fields = values(refused(server.demand(request())), 'WWW-Authenticate')
    const sent = login(
      clientOf(),
      fields.map((value) => `WWW-Authenticate: ${value}`),
    )
    expect(auth(sent, 'algorithm')).toBe('MD5-sess')
    expect(judge(server, sent)._tag).toBe('Admit')
  })

  test('algorithm=MD5 is sent whatever was asked (drachtio)', () => {
    for (const name of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'])
      expect(auth(login(clientOf(), [challenge(`, algorithm=${name}, qop="auth"`)]), 'algorithm')).toBe(name)
  })

  test('SHA-256 ends in an exception (SIP.js, JsSIP) or silently in MD5 (kirm, drachtio)', () => {
    for (const hash of Digest.hashes.filter((one) => one !== 'MD5'))
      expect(
        auth(login(clientOf(), [challenge(`, algorithm=${hash}, qop="auth"`)]), 'response'),
      ).toHaveLength(64)
  })

  test('the hash of auth-int is wrong (drachtio)', () => {
    const sent = login(
      clientOf(),
      [challenge(', qop="auth-int"')],
      request({ method: 'MESSAGE', body: 'hello' }),
    )
    expect(auth(sent, 'response')).toBe(
      Digest.responseOf(Digest.ha1('MD5', 'alice', 'example.com', 'open sesame'), {
        algorithm: { hash: 'MD5', session: false },
        nonce: 'n1',
        method: 'MESSAGE',
        uri: 'sip:example.com',
        body: 'hello',
        protection: { qop: 'auth-int', nc: '00000001', cnonce: auth(sent, 'cnonce')! },
      }),
    )
  })

  test('the count is not set back for a new nonce (SIP.js, JsSIP)', () => {
    const client = clientOf()
    const sent = login(client, [challenge(', qop="auth"')])
    client.answered(1, sent, response(200, sent))
    const second = client.send(2, request())
    const [again] = client.answered(
      2,
      second,
      response(401, second, [challenge(', qop="auth", stale=true', 'n2')]),
    )
    expect(auth((again as { request: Request }).request, 'nc')).toBe('00000001')
  })

  test('the count is decimal (drachtio)', () => {
    const client = clientOf()
    login(client, [challenge(', qop="auth"')])
    const counts = Array.from({ length: 16 }, (_, i) => auth(client.send(i + 2, request()), 'nc'))
    expect(counts.at(-7)).toBe('0000000b')
    expect(counts.at(-1)).toBe('00000011')
  })

  test('nextnonce is ignored (SIP.js, JsSIP, drachtio)', () => {
    const client = clientOf()
    const sent = login(client, [challenge(', qop="auth"')])
    client.answered(1, sent, response(200, sent, ['Authentication-Info: nextnonce="n2"']))
    expect(auth(client.send(2, request()), 'nonce')).toBe('n2')
  })

  test('of several challenges the last wins (SIP.js, JsSIP), or all are mashed together (drachtio)', () => {
    const fields = [
      challenge(', algorithm=SHA-256, qop="auth"', 'a'),
      challenge(', algorithm=MD5, qop="auth"', 'b'),
    ]
    const sent = login(clientOf(), fields)
    expect([auth(sent, 'algorithm'), auth(sent, 'nonce')]).toEqual(['SHA-256', 'a'])
  })

  test('proxies of two realms one behind another defeat all but kirm', () => {
    const client = clientOf()
    const proxy = (realm: string): string => challenge(', qop="auth"', realm, 'Proxy-Authenticate', realm)
    const second = login(client, [proxy('one')], request(), 407)
    const next = client.answered(1, second, response(407, second, [proxy('two')]))
    expect(next).toMatchObject([{ _tag: 'Lookup', realm: 'two' }])
    const [third] = client.found(1, 'two', account, 'proxy')
    expect(values((third as { request: Request }).request, 'Proxy-Authorization')).toHaveLength(2)
  })

  test('cnonce comes from Math.random (SIP.js, JsSIP, kirm, drachtio); here from the entropy of the event', () => {
    const client = clientOf()
    const sent = client.send(1, request())
    client.answered(1, sent, response(401, sent, [challenge(', qop="auth"')]))
    const [effect] = client.dispatch({
      _tag: 'Found',
      ref: 1,
      kind: 'www',
      realm: 'example.com',
      account,
      entropy: entropy(77),
    })
    expect(auth((effect as { request: Request }).request, 'cnonce')).toBe(nth(entropy(77), 0))
  })
})
