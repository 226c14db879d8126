/** Digest as helpers of a user agent: a client that answers challenges, a server that asks who it is (RFC 3261 22). */
import { none, some } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { clientConfig } from '../../../src/core/auth/client-types.js'
import { serverConfig } from '../../../src/core/auth/server-types.js'
import * as Digest from '../../../src/core/digest.js'
import type { Output, Ref } from '../../../src/core/events.js'
import { respond } from '../../../src/core/message/build.js'
import type { Request, Response } from '../../../src/core/message/types.js'
import type { Key } from '../../../src/core/transaction/key.js'
import { digestClient } from '../../../src/core/user-agent/digest-client.js'
import { digestServer, type GuardConfig } from '../../../src/core/user-agent/digest-server.js'
import { requestChecks } from '../../../src/core/user-agent/request-checks.js'
import { around, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { row } from '../../conformance/rows.js'
import { type Bench, benchOf, configOf, secret } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'
import { param, values } from '../auth/kit.js'

const account: Digest.Account = { username: 'alice', password: 'open sesame' }
const CHALLENGE = 'WWW-Authenticate: Digest realm="b", nonce="n1", algorithm=SHA-256, qop="auth"'

const sent = (on: Bench<unknown>, at: number): Request => read(on.sent().at(at)!) as Request

describe('at the client', () => {
  const client = (accounts?: Digest.Accounts) =>
    benchOf(around(digestClient(clientConfig(secret), accounts))(userAgent(configOf())))
  const atHand = () => client(() => account)

  type Client = ReturnType<typeof client>

  const news = (on: Client, tag: Output['_tag']): readonly Output[] =>
    on.log.map(({ output }) => output).filter((output) => output._tag === tag)

  /** The key that the core was given for its request. */
  const keyOf = (on: Client): Key => (news(on, 'Accepted')[0] as Extract<Output, { _tag: 'Accepted' }>).key

  const isClean = (on: Client): void => {
    const { leaving, chains, keys, client: inner } = on.state().filter
    expect([leaving.size, chains.size, keys.size, inner.waiting.size]).toEqual([0, 0, 0, 0])
    expect(on.transactions()).toEqual([])
  }

  const answer = (on: Client, status: number, fields: readonly string[] = []): readonly string[] =>
    on.receive(responseTo(sent(on, -1), status, { toTag: 'b', fields }).text)

  row(
    'CC-9',
    'a 401 is answered in a new transaction with credentials and CSeq + 1, and the core sees one request',
    () => {
      const on = atHand()
      expect(on.send(outgoing({ method: 'OPTIONS' }))).toEqual([
        'transmit OPTIONS to 192.0.2.9:5060',
        'start E 500',
        'start F 32000',
        'accepted',
      ])
      const first = sent(on, -1)
      expect(answer(on, 401, [CHALLENGE])).toEqual([
        'stop E',
        'stop F',
        'start K 5000',
        'transmit OPTIONS to 192.0.2.9:5060',
        'start E 500',
        'start F 32000',
      ])
      const second = sent(on, -1)
      expect([values(first, 'CSeq'), values(second, 'CSeq')]).toEqual([['1 OPTIONS'], ['2 OPTIONS']])
      expect(values(second, 'Via')).toHaveLength(1)
      expect(values(second, 'Via')).not.toEqual(values(first, 'Via'))
      for (const name of ['From', 'To', 'Call-ID']) expect(values(second, name)).toEqual(values(first, name))
      expect(param(second, 'Authorization', 'username')).toBe('alice')
      expect(answer(on, 200)).toEqual(['stop E', 'stop F', 'start K 5000', 'response 200'])
      const received = news(on, 'ResponseReceived') as readonly Extract<
        Output,
        { _tag: 'ResponseReceived' }
      >[]
      expect(received.map(({ first: key }) => key)).toEqual([some(keyOf(on))])
      expect(on.advance(10_000)).toEqual(['5000 ended'])
      expect(news(on, 'Ended')).toEqual([{ _tag: 'Ended', key: keyOf(on) }])
      isClean(on)
    },
  )

  row(
    ['CC-9', 'AK-10', 'CC-1'],
    'an INVITE: the ACK of the 407 is that of its transaction, the ACK of the 2xx has the credentials',
    () => {
      const on = atHand()
      on.send(outgoing())
      answer(on, 407, [CHALLENGE.replace('WWW', 'Proxy')])
      const [ack, invite] = [sent(on, -2), sent(on, -1)]
      expect([ack.method, values(ack, 'CSeq'), values(ack, 'Proxy-Authorization')]).toEqual([
        'ACK',
        ['1 ACK'],
        [],
      ])
      expect([invite.method, values(invite, 'CSeq')]).toEqual(['INVITE', ['2 INVITE']])
      expect(answer(on, 180)).toEqual(['stop A', 'stop B', 'response 180'])
      on.receive(responseTo(invite, 200, { toTag: 'b', fields: ['Contact: <sip:b@192.0.2.9>'] }).text)
      const accepted = sent(on, -1)
      expect([accepted.method, values(accepted, 'CSeq')]).toEqual(['ACK', ['2 ACK']])
      expect(values(accepted, 'Proxy-Authorization')).toEqual(values(invite, 'Proxy-Authorization'))
      on.advance(100_000)
      isClean(on)
    },
  )

  test('later requests have their credentials at once', () => {
    const on = atHand()
    on.send(outgoing({ method: 'OPTIONS' }))
    answer(on, 401, [CHALLENGE])
    answer(on, 200)
    on.send(outgoing({ method: 'OPTIONS', cseq: 3 }))
    expect(param(sent(on, -1), 'Authorization', 'nc')).toBe('00000002')
  })

  describe('where the account must be looked up', () => {
    const asked = (method = 'OPTIONS') => {
      const on = client()
      on.send(outgoing({ method }))
      const said = answer(on, 401, [CHALLENGE])
      const [wanted] = news(on, 'AccountWanted') as readonly Extract<Output, { _tag: 'AccountWanted' }>[]
      const found = (known: Digest.Account | undefined, ref: Ref = wanted!.ref): readonly string[] =>
        on.brief({ _tag: 'AccountFound', ref, account: known === undefined ? none : some(known) })
      return { on, said, wanted, found }
    }

    test('the core is asked, and the request goes when it answers', () => {
      const { on, said, wanted, found } = asked()
      expect(said).toEqual(['stop E', 'stop F', 'start K 5000', 'account wanted of b'])
      expect(wanted?.question).toEqual({ _tag: 'Ours', kind: 'www', realm: 'b' })
      expect(found(account)).toContain('transmit OPTIONS to 192.0.2.9:5060')
      expect(found(account)).toEqual([])
      answer(on, 200)
      on.advance(10_000)
      expect(news(on, 'Ended')).toHaveLength(1)
      isClean(on)
    })

    test('also when that takes longer than the transaction lasts', () => {
      const { on, found } = asked()
      expect(on.advance(60_000)).toEqual([])
      expect(found(account)).toContain('transmit OPTIONS to 192.0.2.9:5060')
      answer(on, 200)
      on.advance(10_000)
      isClean(on)
    })

    test('without one the challenge is the outcome', () => {
      const { on, found } = asked()
      expect(found(undefined)).toEqual(['response 401'])
      expect(on.advance(10_000)).toEqual(['5000 ended'])
      isClean(on)
    })

    test('and the end of its transaction is heard of behind it', () => {
      const { on, found } = asked()
      on.advance(10_000)
      expect(found(undefined)).toEqual(['response 401', 'ended'])
      isClean(on)
    })

    test('a request that is cancelled meanwhile has the challenge as its outcome', () => {
      const { on, found } = asked('INVITE')
      expect(on.brief({ _tag: 'Cancel', ref: 'c', key: keyOf(on) })).toEqual([
        'response 401',
        'refused NotAllowed CN-3',
      ])
      expect(found(account)).toEqual([])
      on.advance(100_000)
      isClean(on)
    })

    test('one that is terminated is gone without a word', () => {
      const { on, found } = asked()
      expect(on.brief({ _tag: 'Terminate', key: keyOf(on) })).toEqual([])
      expect(found(account)).toEqual([])
      on.advance(100_000)
      isClean(on)
    })

    test('a foreign answer is nobody\u2019s', () => {
      const { on, found } = asked()
      expect(found(account, 'mine')).toEqual([])
      expect(found(account, 'digest-client www nothing b')).toEqual([])
      expect(on.state().filter.client.waiting.size).toBe(1)
    })
  })

  test('Cancel goes to the transaction the request is in now', () => {
    const on = atHand()
    on.send(outgoing())
    answer(on, 401, [CHALLENGE])
    answer(on, 180)
    const before = sent(on, -1)
    expect(on.brief({ _tag: 'Cancel', ref: 'c', key: keyOf(on) })).toContain('accepted')
    const cancel = sent(on, -1)
    expect([cancel.method, values(cancel, 'CSeq'), values(cancel, 'Via')]).toEqual([
      'CANCEL',
      ['2 CANCEL'],
      values(before, 'Via'),
    ])
    on.receive(responseTo(cancel, 200).text)
    expect(on.receive(responseTo(before, 487, { toTag: 'b' }).text)).toContain('response 487')
    on.advance(100_000)
    isClean(on)
  })

  test('a cancelled request is not repeated: the challenge is its outcome', () => {
    const on = atHand()
    on.send(outgoing())
    expect(on.brief({ _tag: 'Cancel', ref: 'c', key: keyOf(on) })).toEqual(['accepted'])
    expect(answer(on, 401, [CHALLENGE])).toContain('response 401')
    expect(sent(on, -1).method).toBe('ACK')
    on.advance(100_000)
    isClean(on)
  })

  test('Terminate ends the transaction it is in now', () => {
    const on = atHand()
    on.send(outgoing({ method: 'OPTIONS' }))
    answer(on, 401, [CHALLENGE])
    on.brief({ _tag: 'Terminate', key: keyOf(on) })
    on.advance(100_000)
    expect(news(on, 'ErrorReceived')).toEqual([])
    isClean(on)
  })

  test('a timeout of the repetition is that of the request', () => {
    const on = atHand()
    on.send(outgoing({ method: 'OPTIONS' }))
    answer(on, 401, [CHALLENGE])
    on.advance(100_000)
    expect(news(on, 'ErrorReceived')).toMatchObject([{ reason: 'timeout', first: some(keyOf(on)) }])
    isClean(on)
  })

  test('a repetition that the stack does not take leaves the challenge as the outcome', () => {
    const on = client()
    on.send(outgoing({ method: 'OPTIONS' }))
    answer(on, 401, [CHALLENGE])
    const [wanted] = news(on, 'AccountWanted') as readonly Extract<Output, { _tag: 'AccountWanted' }>[]
    for (const protocol of ['udp', 'tcp'])
      on.tell({ _tag: 'Unlistened', protocol, local: { host: '192.0.2.1', port: 5060 } })
    expect(on.brief({ _tag: 'AccountFound', ref: wanted!.ref, account: some(account) })).toEqual([
      'response 401',
    ])
    on.advance(10_000)
    isClean(on)
  })

  test('credentials that are refused, or a request whose Via is the core\u2019s, are not repeated', () => {
    const on = atHand()
    on.send(outgoing({ method: 'OPTIONS' }))
    answer(on, 401, [CHALLENGE])
    expect(answer(on, 401, [CHALLENGE.replace('n1', 'n2')])).toContain('response 401')
    const own = requestOf({
      method: 'OPTIONS',
      branch: 'z9hG4bKown',
      sentBy: '192.0.2.1:5060',
      uri: 'sip:b@192.0.2.9',
    })
    on.send(own, { via: 'present' })
    expect(answer(on, 401, [CHALLENGE])).toContain('response 401')
  })

  test('a wrong proof of the server is told', () => {
    const on = atHand()
    on.send(outgoing({ method: 'OPTIONS' }))
    answer(on, 401, [CHALLENGE])
    expect(answer(on, 200, ['Authentication-Info: rspauth="00"'])).toContain('diagnostic untrusted')
  })
})

describe('at the server', () => {
  const guard: GuardConfig = {
    ...serverConfig('www', 'b', secret),
    protects: ({ method }) => method !== 'OPTIONS',
    accounts: (wanted) => (wanted._tag === 'Name' && wanted.name === 'alice' ? account : undefined),
  }
  const { accounts: _, ...asking } = guard

  const server = (config: GuardConfig = guard) =>
    benchOf(
      userAgent(configOf(), {
        guard: digestServer(config),
        checks: requestChecks({ methods: ['INVITE', 'ACK', 'CANCEL', 'OPTIONS', 'MESSAGE'] }, secret),
      }),
    )

  type Server = ReturnType<typeof server>

  const guardState = (on: Server) =>
    on.state().inner.inner.inner.inner.inner.inner as unknown as {
      readonly filter: {
        readonly waiting: { size: number }
        readonly refused: { size: number }
        readonly confirmations: { size: number }
      }
    }

  const isClean = (on: Server): void => {
    on.advance(200_000)
    const { waiting, refused, confirmations } = guardState(on).filter
    expect([waiting.size, refused.size, confirmations.size]).toEqual([0, 0, 0])
    expect(on.transactions()).toEqual([])
  }

  /** The parts of a request that answers the challenge which the same request without credentials gets. */
  const proven = (on: Server, method: string, password = 'open sesame', username = 'alice') => {
    on.receive(requestText({ method, branch: 'z9hG4bKfirst' }))
    const challenge = read(on.sent().at(-1)!) as Response
    if (method === 'INVITE') on.receive(ackTo({ branch: 'z9hG4bKfirst' }, 'b'))
    const config = clientConfig(secret)
    const bare = requestOf({ method, branch: 'z9hG4bKsecond' })
    const [, next] = Digest.retry(config, () => ({ username, password }))(
      Digest.startClient(config),
      1,
      bare,
      challenge,
      '7',
    )
    if (next._tag === 'Left') throw new Error(next.left)
    const field = `Authorization: ${values(next.right, 'Authorization')[0]}`
    return { method, branch: 'z9hG4bKsecond', cseq: 2, fields: [field] }
  }

  const received = (on: Server) =>
    on.log.flatMap(({ output }) => (output._tag === 'RequestReceived' ? [output] : []))

  test('a request without credentials is challenged, its repetition too, and the core hears of neither', () => {
    const on = server()
    const text = requestText({ method: 'MESSAGE' })
    expect(on.receive(text)).toEqual([
      'start N100 3500',
      'stop N100',
      'transmit 401 MESSAGE to 192.0.2.9:5060',
      'start J 32000',
    ])
    expect(on.receive(text)).toEqual(['transmit 401 MESSAGE to 192.0.2.9:5060'])
    expect(new Set(on.sent()).size).toBe(1)
    expect(on.advance(40_000)).toEqual([])
    expect(received(on)).toEqual([])
    isClean(on)
  })

  test('before anything else is looked at (8.2)', () => {
    const on = server()
    expect(on.receive(requestText({ method: 'PUBLISH' }))).toContain('transmit 401 PUBLISH to 192.0.2.9:5060')
    expect(on.receive(requestText(proven(on, 'PUBLISH')))).toContain('transmit 405 PUBLISH to 192.0.2.9:5060')
    isClean(on)
  })

  test('one with credentials reaches the core with its user, and the 200 proves that we know him', () => {
    const on = server()
    const parts = proven(on, 'MESSAGE')
    expect(on.receive(requestText(parts))).toEqual(['start N100 3500', 'request MESSAGE'])
    expect(received(on)).toMatchObject([{ user: { username: 'alice', realm: 'b' } }])
    on.respond(responseTo(requestOf(parts), 200))
    expect(values(read(on.sent().at(-1)!), 'Authentication-Info')).toHaveLength(1)
    isClean(on)
  })

  test('an INVITE: the 401 is acknowledged in silence, and a 2xx repeated with the same octets', () => {
    const on = server()
    const parts = proven(on, 'INVITE')
    expect(on.receive(requestText(parts))).toContain('request INVITE')
    on.respond(responseTo(requestOf(parts), 200, { toTag: 'b' }))
    const first = on.sent().at(-1)!
    expect(values(read(first), 'Authentication-Info')).toHaveLength(1)
    on.advance(500)
    expect(on.sent().at(-1)).toBe(first)
    on.receive(ackTo(parts, 'b', { branch: 'z9hG4bKack' }))
    expect(received(on).map(({ request }) => request.method)).toEqual(['INVITE', 'ACK'])
    isClean(on)
  })

  test('another final response proves nothing', () => {
    const on = server()
    const parts = proven(on, 'MESSAGE')
    on.receive(requestText(parts))
    on.respond(responseTo(requestOf(parts), 480))
    expect(values(read(on.sent().at(-1)!), 'Authentication-Info')).toEqual([])
    isClean(on)
  })

  test('wrong credentials are challenged again and told to the operator, whoever they are of', () => {
    for (const [password, username] of [
      ['x', 'alice'],
      ['x', 'nobody'],
    ] as const) {
      const on = server()
      const said = on.receive(requestText(proven(on, 'MESSAGE', password, username)))
      expect(said).toEqual([
        'start N100 3500',
        'stop N100',
        'transmit 401 MESSAGE to 192.0.2.9:5060',
        'start J 32000',
        'diagnostic unauthenticated RFC 3261 22.2',
      ])
      isClean(on)
    }
  })

  test('what is not protected, ACK and CANCEL pass', () => {
    const on = server()
    expect(on.receive(requestText({ method: 'OPTIONS', branch: 'z9hG4bKo' }))).toContain('request OPTIONS')
    expect(on.receive(requestText({ method: 'ACK', branch: 'z9hG4bKa', toTag: 'b' }))).toContain(
      'diagnostic unacknowledged CU-5',
    )
    expect(on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKc' }))).toContain(
      'transmit 481 CANCEL to 192.0.2.9:5060',
    )
  })

  describe('where the account must be looked up', () => {
    const asked = (method: string) => {
      const on = server(asking)
      const parts = proven(on, method)
      const said = on.receive(requestText(parts))
      const wanted = on.log.map(({ output }) => output).find((output) => output._tag === 'AccountWanted')
      const found = (known: Digest.Account | undefined): readonly string[] =>
        on.brief({
          _tag: 'AccountFound',
          ref: wanted!.ref,
          account: known === undefined ? none : some(known),
        })
      return { on, said, wanted, found, parts }
    }

    test('the core is asked, and has the request when it answers', () => {
      const { on, said, wanted, found, parts } = asked('MESSAGE')
      expect(said).toEqual(['start N100 3500', 'account wanted of b'])
      expect(wanted?.question).toEqual({
        _tag: 'Theirs',
        realm: 'b',
        wanted: { _tag: 'Name', name: 'alice' },
      })
      expect(on.receive(requestText(parts))).toEqual([]) // a repetition is absorbed meanwhile
      expect(found(account)).toEqual(['request MESSAGE'])
      expect(found(account)).toEqual([])
      on.respond(responseTo(requestOf(parts), 200))
      isClean(on)
    })

    test('without one the request is refused', () => {
      const { on, found } = asked('MESSAGE')
      expect(found(undefined)).toContain('transmit 401 MESSAGE to 192.0.2.9:5060')
      isClean(on)
    })

    test('a CANCEL meanwhile ends the INVITE, of which the core never heard', () => {
      const { on, found, parts } = asked('INVITE')
      const said = on.receive(requestText({ ...parts, method: 'CANCEL', fields: [] }))
      expect(said).toContain('transmit 200 CANCEL to 192.0.2.9:5060')
      expect(said).toContain('transmit 487 INVITE to 192.0.2.9:5060')
      expect(found(account)).toEqual([])
      on.receive(ackTo(parts, 'b'))
      expect(received(on)).toEqual([])
      expect(on.log.filter(({ output }) => output._tag === 'ErrorReceived')).toEqual([])
      isClean(on)
    })
  })
})

test('alice logs in at bob: two user agents and nothing between them', () => {
  const alice = benchOf(around(digestClient(clientConfig(secret), () => account))(userAgent(configOf())))
  const guard = digestServer({
    ...serverConfig('www', 'b', secret),
    protects: () => true,
    accounts: () => account,
  })
  const bob = benchOf(userAgent(configOf(), { guard }))
  const carried = { alice: 0, bob: 0 }
  const exchange = (): void => {
    for (;;) {
      const ahead = alice.sent().slice(carried.alice)
      const back = bob.sent().slice(carried.bob)
      if (ahead.length + back.length === 0) return
      carried.alice += ahead.length
      carried.bob += back.length
      for (const bytes of ahead)
        for (const output of bobHears(bytes)) if (output._tag === 'RequestReceived') answer(output.request)
      for (const bytes of back) alice.receive(bytes)
    }
  }
  const bobHears = (bytes: string): readonly Output[] => {
    const from = { host: '192.0.2.9', port: 5060 }
    return bob.tell({
      _tag: 'Received',
      flow: { protocol: 'udp', local: { host: '192.0.2.1', port: 5060 }, remote: from },
      bytes,
    })
  }
  const answer = (request: Request): void => void bob.respond(respond(200)(request))
  for (let i = 1; i <= 3; i++) {
    alice.send(outgoing({ method: 'REGISTER', cseq: 10 * i }))
    exchange()
  }
  const statuses = alice.log.flatMap(({ output }) =>
    output._tag === 'ResponseReceived' ? [output.response.status] : [],
  )
  expect(statuses).toEqual([200, 200, 200])
  expect(alice.sent()).toHaveLength(4) // one challenge for all
  const users = bob.log.flatMap(({ output }) =>
    output._tag === 'RequestReceived' ? [output.user?.username] : [],
  )
  expect(users).toEqual(['alice', 'alice', 'alice'])
  expect(alice.log.some(({ output }) => output._tag === 'Diagnostic')).toBe(false)
})
