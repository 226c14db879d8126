/** Our client and our server against each other. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Digest from '../../../src/core/digest.js'
import type { Request, Response } from '../../../src/core/message/types.js'
import { clientOf, judge, refused, request, response, secret, serverOf, values } from './kit.js'

interface Case {
  readonly algorithm: Digest.Algorithm
  readonly qop: Digest.Qop
  readonly kind: Digest.Kind
  readonly userhash: boolean
  readonly realm: string
  readonly username: string
  readonly password: string
  readonly body: string
  readonly stored: boolean
}

const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', ' ', ':', '"', '\\', ',', '=', '\u00e4', '\u20ac', '\u{1f600}'),
})

const cases: fc.Arbitrary<Case> = fc.record({
  algorithm: fc.record({ hash: fc.constantFrom(...Digest.hashes), session: fc.boolean() }),
  qop: fc.constantFrom<Digest.Qop>('auth', 'auth-int'),
  kind: fc.constantFrom<Digest.Kind>('www', 'proxy'),
  userhash: fc.boolean(),
  realm: text,
  username: text.filter((name) => !name.includes(':')),
  password: text,
  body: fc.string({ unit: fc.nat(255).map((c) => String.fromCharCode(c)) }),
  stored: fc.boolean(),
})

const accountOf = ({ username, password, realm, algorithm: { hash }, stored }: Case): Digest.Account =>
  stored
    ? { username: username.normalize('NFC'), ha1: { [hash]: Digest.ha1(hash, username, realm, password) } }
    : { username, password }

const parties = (one: Case) => ({
  client: clientOf({ ...Digest.clientConfig(secret), qop: one.qop }),
  server: serverOf({
    ...Digest.serverConfig(one.kind, one.realm, secret),
    algorithms: [one.algorithm],
    qop: [one.qop],
    userhash: one.userhash,
  }),
})

/** The request that the client sends after the server's challenge. */
const answer = (one: Case, { client, server }: ReturnType<typeof parties>): Request => {
  const first = client.send(1, request({ method: 'MESSAGE', body: one.body }))
  const challenge: Response = refused(server.demand(first))
  client.answered(1, first, challenge)
  const effect = client.found(1, one.realm, accountOf(one), one.kind).at(-1)
  if (effect?._tag !== 'Transmit') throw new Error(JSON.stringify(effect))
  return effect.request
}

test('the server accepts what the client answers, again and again, for every algorithm and qop', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const both = parties(one)
      const account = accountOf(one)
      const second = answer(one, both)
      const admitted = judge(both.server, second, account)
      expect(admitted).toMatchObject({
        _tag: 'Admit',
        user: { username: one.username.normalize('NFC'), realm: one.realm },
      })
      const { confirmation } = (admitted as Extract<Digest.ServerEffect, { _tag: 'Admit' }>).user!
      expect(confirmation === undefined).toBe(one.kind === 'proxy')
      const plain = response(200, second, [], one.body)
      const ok = confirmation === undefined ? plain : Digest.confirm(confirmation)(plain)
      expect(both.client.answered(1, second, ok)).toMatchObject([{ _tag: 'Deliver', why: 'no-challenge' }])
      for (const ref of [2, 3]) {
        const next = both.client.send(ref, request({ method: 'MESSAGE', body: one.body, cseq: 10 + ref }))
        expect(judge(both.server, next, account)._tag).toBe('Admit')
      }
    }),
    { seed: 11, numRuns: 150 },
  )
})

describe('and refuses each of 1,000 mutations', () => {
  const name = (kind: Digest.Kind): string => (kind === 'www' ? 'Authorization' : 'Proxy-Authorization')

  /** Parameters that the response does not cover: they may be missing, and MD5 is what a missing algorithm means. */
  const uncovered = (one: Case): readonly string[] => [
    'opaque',
    'userhash',
    ...(one.algorithm.hash === 'MD5' && !one.algorithm.session ? ['algorithm'] : []),
  ]

  test('of one character of the credentials, or of what they cover', () => {
    let mutations = 0
    fc.assert(
      fc.property(cases, fc.nat(), fc.integer({ min: 1, max: 25 }), (one, where, shift) => {
        const both = parties(one)
        const second = answer(one, both)
        const field = values(second, name(one.kind))[0]!
        const at = where % field.length
        // A letter or digit becomes another one: elsewhere the change could be one of spelling only.
        const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'
        const old = alphabet.indexOf(field[at]!)
        fc.pre(old >= 0)
        const changed = field.slice(0, at) + alphabet[(old + shift) % 36]! + field.slice(at + 1)
        const before = field.slice(0, at).lastIndexOf(', ')
        const parameter = /^[^=]*/.exec(field.slice(before < 0 ? 7 : before + 2))![0]
        fc.pre(!uncovered(one).includes(parameter))
        const mutated = request({
          method: 'MESSAGE',
          body: one.body,
          fields: [`${name(one.kind)}: ${changed}`],
        })
        expect(judge(both.server, mutated, accountOf(one))._tag).toBe('Refuse')
        mutations++
      }),
      { seed: 12, numRuns: 1000 },
    )
    expect(mutations).toBe(1000)
  })

  test('of method, body (auth-int), password, user, secret of the server and its realm', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const both = parties(one)
        const fields = [`${name(one.kind)}: ${values(answer(one, both), name(one.kind))[0]!}`]
        const facts = { method: 'MESSAGE', body: one.body, fields }
        const account = { username: one.username, password: one.password }
        const verdict = (asked: Request, known: Digest.Account, server = both.server): string =>
          judge(server, asked, known)._tag
        expect(verdict(request({ ...facts, method: 'INFO' }), account)).toBe('Refuse')
        expect(verdict(request(facts), { ...account, password: `${one.password}!` })).toBe('Refuse')
        if (one.userhash)
          expect(verdict(request(facts), { ...account, username: `${one.username}!` })).toBe('Refuse')
        if (one.qop === 'auth-int')
          expect(verdict(request({ ...facts, body: `${one.body}!` }), account)).toBe('Refuse')
        const config = Digest.serverConfig(one.kind, one.realm, [1, 2, 3, 4])
        expect(verdict(request(facts), account, serverOf({ ...config, algorithms: [one.algorithm] }))).toBe(
          'Refuse',
        )
        expect(verdict(request(facts), account)).toBe('Admit') // the server itself is as willing as before
      }),
      { seed: 13, numRuns: 50 },
    )
  })
})
