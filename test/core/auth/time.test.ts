/** Nonces, counts and failures in virtual time. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Backoff from '../../../src/core/auth/backoff.js'
import { mint, valid } from '../../../src/core/auth/nonce.js'
import * as Replay from '../../../src/core/auth/replay.js'
import * as Digest from '../../../src/core/digest.js'
import type { Request } from '../../../src/core/message/types.js'
import { hashOf } from '../../../src/core/auth/algorithm.js'
import { authorization } from '../../../src/core/header/auth.js'
import {
  account,
  clientOf,
  entropy,
  judge,
  param,
  refused,
  request,
  secret,
  serverOf,
  values,
} from './kit.js'

const config = Digest.serverConfig('www', 'example.com', secret)

const why = (effect: Digest.ServerEffect): string => (effect._tag === 'Refuse' ? effect.why : effect._tag)

/** A client that has logged in at `server`. */
const loggedIn = (server: ReturnType<typeof serverOf>) => {
  const client = clientOf()
  const first = client.send(0, request())
  client.answered(0, first, refused(server.demand(first)))
  const effect = client.found(0, 'example.com', account).at(-1)
  if (effect?._tag !== 'Transmit') throw new Error('not sent')
  return { client, asked: effect.request }
}

describe('nonces', () => {
  const limits = { lifetime: 1000, skew: 100 }

  test('are valid from when they were made until their lifetime is over, and a little ahead', () => {
    const nonce = mint(secret, 'r', 5000, entropy(7))
    const at = (wall: number): boolean => valid(secret, 'r', nonce, wall, limits) !== undefined
    expect([4899, 4900, 5000, 6000, 6001].map(at)).toEqual([false, true, true, true, false])
    expect(valid(secret, 'r', nonce, 5000, limits)).toEqual({ id: '0000000000000000', issued: 5000 })
  })

  test('are good for one realm and one secret, and only unchanged', () => {
    const nonce = mint(secret, 'r', 5000, entropy(7))
    expect(valid(secret, 's', nonce, 5000, limits)).toBeUndefined()
    expect(valid([1, 2, 3, 4], 'r', nonce, 5000, limits)).toBeUndefined()
    for (let i = 0; i < nonce.length; i++) {
      const changed = nonce.slice(0, i) + (nonce[i] === '0' ? '1' : '0') + nonce.slice(i + 1)
      expect(valid(secret, 'r', changed, 5000, limits)).toBeUndefined()
      expect(valid(secret, 'r', nonce.slice(0, i), 5000, limits)).toBeUndefined()
    }
    expect(valid(secret, 'r', `${nonce}0`, 5000, limits)).toBeUndefined()
  })

  test('whatever is sent as one, nothing breaks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(255).map((c) => String.fromCharCode(c)) }),
        fc.integer(),
        (nonce, wall) => {
          expect(valid(secret, 'r', nonce, wall, limits)).toBeUndefined()
        },
      ),
      { seed: 14, numRuns: 500 },
    )
  })
})

describe('stale', () => {
  test('an old nonce gets stale=true, before anybody is looked up, and the client goes on by itself', () => {
    const server = serverOf()
    const { client, asked } = loggedIn(server)
    server.advance(config.lifetime + 1)
    const effect = server.demand(asked)
    expect(why(effect)).toBe('stale')
    const given = refused(effect)
    expect(param(given, 'WWW-Authenticate', 'stale')).toBe('true')
    const [again] = client.answered(0, asked, given)
    expect(again).toMatchObject({ _tag: 'Transmit' })
    expect(why(judge(server, (again as { request: Request }).request))).toBe('Admit')
  })

  test('clocks may differ: a nonce from a little ahead is good, from far ahead or long ago is stale', () => {
    const verdict = (shift: number): string => {
      const server = serverOf()
      const { asked } = loggedIn(server)
      server.setClock(server.wall() + shift)
      return why(judge(server, asked))
    }
    expect(verdict(-config.skew)).toBe('Admit')
    expect(verdict(-config.skew - 1)).toBe('stale')
    expect(verdict(config.lifetime)).toBe('Admit')
    expect(verdict(config.lifetime + 1)).toBe('stale')
  })

  test('a server that was started anew with its secret knows its nonces, with another calls them stale', () => {
    const { asked } = loggedIn(serverOf())
    expect(why(judge(serverOf(), asked))).toBe('Admit')
    expect(why(judge(serverOf({ ...config, secret: [9, 9, 9, 9] }), asked))).toBe('stale')
  })
})

describe('replay (RFC 7616 3.4: "if the same nc value is seen twice, then the request is a replay")', () => {
  test('the same request again is refused with stale=true', () => {
    const server = serverOf()
    const { asked } = loggedIn(server)
    expect(why(judge(server, asked))).toBe('Admit')
    const effect = judge(server, asked)
    expect(why(effect)).toBe('replayed')
    expect(param(refused(effect), 'WWW-Authenticate', 'stale')).toBe('true')
  })

  test('two at once, both looked up before either is decided: one is admitted', () => {
    const server = serverOf()
    const { asked } = loggedIn(server)
    server.demand(asked, '192.0.2.1', 'a')
    server.demand(asked, '192.0.2.1', 'b')
    expect([why(server.found(account, 'a')), why(server.found(account, 'b'))]).toEqual(['Admit', 'replayed'])
  })

  test('a wrong password uses up no count', () => {
    const server = serverOf()
    const { asked } = loggedIn(server)
    expect(why(judge(server, asked, { username: 'alice', password: 'other' }))).toBe('wrong')
    expect(why(judge(server, asked))).toBe('Admit')
  })

  test('counts may come out of order, each once', () => {
    const server = serverOf()
    const { client, asked } = loggedIn(server)
    const more = Array.from({ length: 40 }, (_, i) => client.send(i + 1, request({ cseq: i + 3 })))
    expect(why(judge(server, more[39]!))).toBe('Admit') // nc 41
    expect(why(judge(server, more[8]!))).toBe('Admit') // nc 10, the last of the window
    expect(why(judge(server, more[7]!))).toBe('replayed') // nc 9
    expect(why(judge(server, more[8]!))).toBe('replayed')
    expect(why(judge(server, asked))).toBe('replayed') // nc 1
    expect(why(judge(server, more[20]!))).toBe('Admit')
  })

  test('the window agrees with a set of the counts seen', () => {
    const counts = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 0xffffffff })),
      { maxLength: 80 },
    )
    fc.assert(
      fc.property(counts, (used) => {
        const nonce = { id: 'n', issued: 1 }
        const seen = new Set<number>()
        let replay = Replay.empty(secret, 4)
        for (const count of used) {
          const next = Replay.use(nonce, count, '')(replay)
          const expected = !seen.has(count) && count > Math.max(0, ...seen) - 32
          expect(next !== undefined).toBe(expected)
          if (next !== undefined) {
            replay = next
            seen.add(count)
          }
        }
      }),
      { seed: 15, numRuns: 500 },
    )
  })

  test('what had to be forgotten is not believed again', () => {
    const server = serverOf({ ...config, remembered: 3 })
    const first = loggedIn(server)
    expect(why(judge(server, first.asked))).toBe('Admit')
    for (let i = 0; i < 3; i++) {
      server.advance(10)
      expect(why(judge(server, loggedIn(server).asked))).toBe('Admit')
    }
    expect(server.state().replay.nonces.entries.size).toBe(3)
    expect(why(judge(server, first.asked))).toBe('replayed')
    expect(why(judge(server, first.client.send(1, request())))).toBe('replayed')
  })

  test('nonces are forgotten when they expire', () => {
    const server = serverOf()
    for (let i = 0; i < 5; i++) judge(server, loggedIn(server).asked)
    server.advance(config.lifetime + 1)
    judge(server, loggedIn(server).asked)
    expect(server.state().replay.nonces.entries.size).toBe(1)
  })

  test('-sess of a client that takes a new cnonce each time, but the key of its first one, is right too', () => {
    const algorithm = { hash: 'SHA-256', session: true } as const
    const server = serverOf({ ...config, algorithms: [algorithm] })
    const nonce = param(refused(server.demand(request())), 'WWW-Authenticate', 'nonce')!
    const send = (nc: string, cnonce: string, keyed: string): string => {
      const stored = Digest.ha1('SHA-256', 'alice', 'example.com', 'open sesame')
      const key = hashOf('SHA-256', `${stored}:${nonce}:${keyed}`)
      const protection = { qop: 'auth', nc, cnonce } as const
      const signed = { algorithm, nonce, method: 'REGISTER', uri: 'sip:example.com', body: '', protection }
      const credentials = Digest.writeCredentials({
        username: 'alice',
        userhash: false,
        realm: 'example.com',
        nonce,
        uri: 'sip:example.com',
        response: Digest.responseOf(key, signed),
        algorithm,
        protection,
      })
      const printed = authorization.print(credentials)
      if (printed._tag === 'Left') throw new Error(printed.left.what)
      return why(judge(server, request({ fields: [`Authorization: ${printed.right}`] })))
    }
    expect(send('00000001', 'c1', 'c1')).toBe('Admit')
    expect(send('00000002', 'c2', 'c1')).toBe('Admit')
    expect(send('00000003', 'c3', 'c3')).toBe('Admit')
    expect(send('00000004', 'c4', 'c3')).toBe('wrong')
  })
})

describe('failures', () => {
  const patience = { free: 2, first: 1000, most: 8000 }
  const impatient = {
    ...config,
    sourcePatience: patience,
    userPatience: { free: 4, first: 1000, most: 8000 },
  }

  /** Tries a password that is wrong, or right, at a fresh challenge. */
  const attempt = (
    server: ReturnType<typeof serverOf>,
    source: string,
    password: string,
    username = 'alice',
  ): string => {
    const client = clientOf()
    const first = client.send(0, request())
    client.answered(0, first, refused(server.demand(first)))
    const effect = client.found(0, 'example.com', { username, password }).at(-1)
    if (effect?._tag !== 'Transmit') throw new Error('not sent')
    return why(judge(server, effect.request, username === 'alice' ? account : null, source))
  }

  test('after the free ones each makes its source wait twice as long, up to a limit, whoever it tries', () => {
    const server = serverOf(impatient)
    for (const name of ['alice', 'bob']) expect(attempt(server, 'a', 'x', name)).toBe('wrong')
    expect(attempt(server, 'a', 'x', 'carol')).toBe('wrong')
    for (const ms of [1000, 2000, 4000, 8000, 8000]) {
      server.advance(ms - 1)
      expect(attempt(server, 'a', account.username === 'alice' ? 'open sesame' : '')).toBe(
        'too-many-failures',
      )
      server.advance(1)
      expect(attempt(server, 'a', 'x', `${ms}`)).toBe('wrong')
    }
    expect(attempt(server, 'b', 'open sesame')).toBe('Admit')
  })

  test('a user who was tried too often is not looked up from anywhere, whether he exists or not', () => {
    for (const name of ['alice', 'bob']) {
      const server = serverOf(impatient)
      const verdicts = ['1', '2', '3', '4', '5'].map((source) => attempt(server, source, 'x', name))
      expect(verdicts).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong'])
      expect(attempt(server, '6', 'open sesame', name)).toBe('too-many-failures')
    }
  })

  test('but goes on where he is logged in already', () => {
    const server = serverOf(impatient)
    const { client, asked } = loggedIn(server)
    expect(why(judge(server, asked))).toBe('Admit')
    for (const source of ['1', '2', '3', '4', '5']) attempt(server, source, 'x')
    expect(attempt(server, '6', 'open sesame')).toBe('too-many-failures')
    expect(why(judge(server, client.send(1, request({ cseq: 3 }))))).toBe('Admit')
  })

  test('the answer says how long to wait, and is no challenge', () => {
    const server = serverOf(impatient)
    for (let i = 0; i < 3; i++) attempt(server, 'a', 'x', `${i}`)
    server.advance(100)
    const { asked } = loggedIn(server)
    const given = refused(server.demand(asked, 'a'))
    expect([given.status, values(given, 'Retry-After'), values(given, 'WWW-Authenticate')]).toEqual([
      500,
      ['1'],
      [],
    ])
  })

  test('all is forgiven after ten times the longest wait', () => {
    const server = serverOf(impatient)
    for (let i = 0; i < 3; i++) attempt(server, 'a', 'x', `${i}`)
    server.advance(10 * patience.most + 1)
    expect(attempt(server, 'b', 'x')).toBe('wrong') // a failure clears away what is old
    expect(server.state().sources.entries.size).toBe(1)
  })

  test('those who fail are remembered in a bounded number', () => {
    let backoff = Backoff.empty(secret, 10)
    for (let i = 0; i < 100; i++) backoff = Backoff.fail(patience, `${i}`, i)(backoff)
    expect(backoff.entries.size).toBe(10)
  })

  test('requests without credentials, or with nonces of others, are no failures and leave nothing behind', () => {
    const server = serverOf(impatient)
    const before = server.state()
    for (let i = 0; i < 20; i++) server.demand(request())
    const { asked } = loggedIn(serverOf({ ...config, secret: [9, 9, 9, 9] }))
    for (let i = 0; i < 20; i++) expect(why(server.demand(asked))).toBe('stale')
    expect(server.state()).toEqual(before)
  })
})
