/** Digest between stacks over real sockets, their accounts in a store that takes its time. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Account } from '../../../src/core/auth/session.js'
import type { DigestOptions } from '../../../src/shell/digest.js'
import { udp } from '../../../src/shell/node/udp.js'
import { type Heard, options, party, portOf, send, until } from './stacks.js'

const parties: Heard[] = []
const start = async (digest: DigestOptions): Promise<Heard> => {
  const one = await party({ transports: [udp({ host: '127.0.0.1', port: 0 })], digest })
  parties.push(one)
  return one
}

afterEach(async () => {
  await Promise.all(parties.splice(0).map(({ stack }) => stack.close()))
})

const alice: Account = { username: 'alice', password: 'open sesame' }
const later = (account: Account | undefined) => (): Promise<Account | undefined> =>
  new Promise((found) => setImmediate(() => found(account)))

const guarded = (findAccount: DigestOptions['findAccount'] = later(alice)): Promise<Heard> =>
  start({ findAccount, server: { realm: 'b.example' } })

describe('over UDP', () => {
  test('a client logs in, and its later requests are let in at once', async () => {
    const server = await guarded()
    const client = await start({ findAccount: later(alice), client: {} })
    for (let n = 1; n <= 3; n++) {
      send(client, options(`sip:127.0.0.1:${portOf(server, 'udp')}`))
      await until(() => client.responses.length === n)
    }
    expect(client.responses.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(client.responses.every(({ text }) => text.includes('\r\nAuthentication-Info: '))).toBe(true)
    expect(server.requests.map(({ text }) => /nc=[0-9a-f]+/.exec(text)?.[0])).toEqual([
      'nc=00000001',
      'nc=00000002',
      'nc=00000003',
    ])
    expect([...client.diagnostics, ...server.diagnostics]).toEqual([])
  })

  test.each<[string, DigestOptions['findAccount']]>([
    ['has no account', later(undefined)],
    ['has another password', later({ username: 'alice', password: 'other' })],
    ['cannot look it up', () => Promise.reject(new Error('the store is down'))],
    [
      'fails at looking it up',
      () => {
        throw new Error('the store is broken')
      },
    ],
  ])('a client that %s gets the 401', async (_what, findAccount) => {
    const server = await guarded()
    const client = await start({ findAccount, client: {} })
    send(client, options(`sip:127.0.0.1:${portOf(server, 'udp')}`))
    await until(() => client.responses.length === 1)
    expect(client.responses[0]?.status).toBe(401)
    expect(server.requests).toEqual([])
  })

  test('a server whose store is down refuses, and says so to its operator', async () => {
    const server = await guarded(() => Promise.reject(new Error('the store is down')))
    const client = await start({ findAccount: () => alice, client: {} })
    send(client, options(`sip:127.0.0.1:${portOf(server, 'udp')}`))
    await until(() => client.responses.length === 1)
    expect(client.responses[0]?.status).toBe(401)
    expect(server.diagnostics.map(({ code }) => code)).toEqual(['core-failed', 'unauthenticated'])
  })
})
