/** More requests than an application can look up accounts for: their senders are held back, and all are served in the end. */
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../../src/core/auth/session.js'
import { tcp } from '../../../src/shell/node/tcp.js'
import { type Credentials, tls } from '../../../src/shell/node/tls.js'
import { ws } from '../../../src/shell/node/ws.js'
import type { Transport } from '../../../src/shell/transport.js'
import { authority, credentials } from './certificates.js'
import { type Heard, options, party, portOf, send, until } from './stacks.js'

const parties: Heard[] = []

afterEach(async () => {
  await Promise.all(parties.splice(0).map(({ stack }) => stack.close()))
})

const alice: Account = { username: 'alice', password: 'open sesame' }

const CLIENTS = 10

/** Long enough for what was written to be read, if anybody reads. */
const turns = async (): Promise<void> => {
  for (let n = 0; n < 100; n++) await new Promise((done) => setImmediate(done))
}

let shown: Credentials

beforeAll(async () => {
  shown = await credentials([{ dns: 'a.example' }], await authority())
})

test.each<[string, () => Transport]>([
  ['tcp', () => tcp({ port: 0 })],
  ['tls', () => tls({ port: 0, ...shown })],
  ['ws', () => ws({ port: 0 })],
])('over %s', async (protocol, transport) => {
  const asked: ((account: Account) => void)[] = []
  const server = await party({
    transports: [transport()],
    maxQueuedEvents: 3,
    digest: {
      findAccount: () => new Promise((found) => void asked.push(found)),
      server: { realm: 'b.example' },
    },
  })
  parties.push(server)
  const clients: Heard[] = []
  for (let n = 0; n < CLIENTS; n++) {
    const client = await party({
      transports: [transport()],
      digest: { findAccount: () => alice, client: {} },
    })
    clients.push(client)
    parties.push(client)
  }
  for (const client of clients)
    send(client, options('sip:a.example'), {
      target: { protocol, host: '127.0.0.1', port: portOf(server, protocol), domain: 'a.example' },
    })

  await until(() => asked.length === 4)
  await turns()
  expect(asked).toHaveLength(4)
  expect(server.requests).toEqual([])

  asked.shift()?.(alice)
  asked.shift()?.(alice)
  await until(() => server.requests.length === 2)
  await turns()
  expect(asked).toHaveLength(2) // two of three are no half

  let released = 2
  while (released < CLIENTS) {
    await until(() => asked.length > 0)
    asked.shift()?.(alice)
    released += 1
  }
  await until(() => clients.every(({ responses }) => responses.length === 1))
  expect(clients.map(({ responses }) => responses[0]?.status)).toEqual(clients.map(() => 200))
  expect(server.diagnostics).toEqual([])
})
