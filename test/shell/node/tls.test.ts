import { connect } from 'node:tls'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Zone } from '../../../src/shell/node/resolver.js'
import { staticResolver } from '../../../src/shell/node/resolver.js'
import { type Credentials, tls, type TlsTransport } from '../../../src/shell/node/tls.js'
import { wss } from '../../../src/shell/node/ws.js'
import { wsClient } from '../../../src/shell/node/ws-client.js'
import type { Transport } from '../../../src/shell/transport.js'
import { authority, credentials } from './certificates.js'
import { type Heard, options, party, portOf, send, until } from './stacks.js'

const parties: Heard[] = []
const start = async (transports: readonly Transport[], zone: Zone = {}): Promise<Heard> => {
  const one = await party({ transports, resolver: staticResolver(zone) })
  parties.push(one)
  return one
}

afterEach(async () => {
  await Promise.all(parties.splice(0).map(({ stack }) => stack.close()))
})

const zone: Zone = {
  hosts: { 'a.example': ['127.0.0.1'], 'b.example': ['127.0.0.1'], 'ua.example': ['127.0.0.1'] },
}

let ca: Awaited<ReturnType<typeof authority>>
let a: Credentials
let client: Credentials

beforeAll(async () => {
  ca = await authority()
  a = await credentials([{ uri: 'sip:a.example' }, { dns: 'unrelated.example' }], ca)
  client = await credentials([{ dns: 'ua.example' }], ca)
})

const makes = [
  { name: 'tls', make: (how: Credentials): TlsTransport => tls({ ...how, port: 0 }) },
  { name: 'wss', make: (how: Credentials): TlsTransport => wss({ ...how, port: 0 }) },
]

describe.each(makes)('$name', ({ name, make }) => {
  const uri = (host: string, port: number): string => `sips:x@${host}:${port};transport=${name}`

  test('carries requests to the domain that the certificate shows (RFC 5922 7.1)', async () => {
    const server = await start([make(a)])
    const caller = await start([make(client)], zone)
    send(caller, options(uri('a.example', portOf(server, name))))
    await until(() => caller.responses.length === 1)
    expect(caller.responses[0]?.status).toBe(200)
    expect(caller.diagnostics).toEqual([])
  })

  test('sends nothing to another domain at the same address, and keeps the first connection apart', async () => {
    const server = await start([make(a)])
    const caller = await start([make(client)], zone)
    const port = portOf(server, name)
    send(caller, options(uri('a.example', port)))
    await until(() => caller.responses.length === 1)
    send(caller, options(uri('b.example', port)))
    await until(() => caller.errors.length === 1)
    expect(caller.errors).toEqual(['transport'])
    expect(caller.diagnostics.map(({ code }) => code)).toContain('identity')
    // A URI with a sip domain in the certificate is all that counts; the DNS name beside it is not.
    expect(server.requests).toHaveLength(1)
    send(caller, options(uri('a.example', port)))
    await until(() => caller.responses.length === 2)
  })

  test('takes new credentials without a restart; what stands goes on', async () => {
    const renewed = make(a)
    const server = await start([renewed])
    const port = portOf(server, name)
    const caller = await start([make(client)], zone)
    send(caller, options(uri('a.example', port)))
    await until(() => caller.responses.length === 1)
    expect(renewed.reload(await credentials([{ uri: 'sip:b.example' }], ca))).toBeUndefined()
    send(caller, options(uri('b.example', port)))
    send(caller, options(uri('a.example', port)))
    await until(() => caller.responses.length === 3)
    expect(renewed.reload({ ...a, key: client.key })?._tag).toBe('Other')
  })

  test.each([
    ['expired', { expired: true }, /expired/i],
    ['self-signed', { selfSigned: true }, /self.signed/i],
  ] as const)('refuses a certificate that is %s, and says so', async (_what, how, words) => {
    const server = await start([make(await credentials([{ uri: 'sip:a.example' }], ca, how))])
    const caller = await start([make(client)], zone)
    send(caller, options(uri('a.example', portOf(server, name))))
    await until(() => caller.errors.length === 1)
    expect(caller.errors).toEqual(['transport'])
    expect(caller.diagnostics.find(({ code }) => code === 'flow-refused')?.what).toMatch(words)
    expect(server.requests).toEqual([])
  })
})

describe('tls', () => {
  test('says of a key that does not belong to its certificate that it cannot start', async () => {
    await expect(party({ transports: [tls({ ...a, key: client.key, port: 0 })] })).rejects.toThrow(/Other/)
  })

  test('with certificates required, refuses a caller without and hears one with', async () => {
    const server = await start([tls({ ...a, port: 0, clientCertificates: 'require' })])
    const port = portOf(server, 'tls')
    const closed = new Promise((done) => {
      const bare = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
        bare.write('OPTIONS'),
      )
      bare.on('error', () => undefined)
      bare.on('close', done)
    })
    await closed
    const caller = await start([tls({ ...client, port: 0 })], zone)
    send(caller, options(`sips:x@a.example:${port}`))
    await until(() => caller.responses.length === 1)
    expect(server.requests).toHaveLength(1)
  })

  test('reuses the connection of a peer for the sent-by that it asked to be aliased, if its certificate shows it (RFC 5923)', async () => {
    const server = await start([tls({ ...a, port: 0, clientCertificates: 'request' })], zone)
    const port = portOf(server, 'tls')
    const head = (alias: string): string =>
      `OPTIONS sips:x@a.example SIP/2.0\r\nVia: SIP/2.0/TLS ua.example:5999;branch=z9hG4bKalias${alias.length}${alias}\r\n` +
      'From: <sips:u@ua.example>;tag=1\r\nTo: <sips:x@a.example>\r\nCall-ID: alias\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'
    const got: string[] = []
    const socket = connect({
      port,
      host: '127.0.0.1',
      cert: client.cert,
      key: client.key,
      rejectUnauthorized: false,
    })
    socket.on('data', (chunk: Buffer) => got.push(chunk.toString('latin1')))
    await new Promise((done) => socket.once('secureConnect', done))
    socket.write(head(';alias'))
    await until(() => got.join('').includes('SIP/2.0 200'))
    send(server, options('sips:u@ua.example:5999'))
    await until(() => got.join('').includes('OPTIONS sips:u@ua.example:5999 SIP/2.0'))
    socket.destroy()
  })

  test('asks for the same, and gets the peer’s requests on the connection that it opened', async () => {
    const server = await start([tls({ ...a, port: 0, clientCertificates: 'request' })], zone)
    const caller = await start(
      [tls({ ...client, port: 0, alias: true, advertised: { host: 'ua.example', port: 5999 } })],
      zone,
    )
    send(caller, options(`sips:x@a.example:${portOf(server, 'tls')}`))
    await until(() => caller.responses.length === 1)
    expect(server.requests[0]?.text).toMatch(/^Via: SIP\/2\.0\/TLS ua\.example:5999;branch=[^;]+;alias\b/m)
    send(server, options('sips:u@ua.example:5999'))
    await until(() => server.responses.length === 1)
    expect(caller.flows.map(({ remote }) => remote.port)).toEqual([portOf(server, 'tls')])
    expect([...server.diagnostics, ...caller.diagnostics]).toEqual([])
  })

  test('unasked, the same request opens a connection of its own', async () => {
    const server = await start([tls({ ...a, port: 0, clientCertificates: 'request' })], zone)
    const caller = await start([tls({ ...client, port: 0, advertised: { host: 'ua.example' } })], zone)
    const port = portOf(caller, 'tls')
    send(caller, options(`sips:x@a.example:${portOf(server, 'tls')}`))
    await until(() => caller.responses.length === 1)
    expect(server.requests[0]?.text).not.toContain(';alias')
    send(server, options(`sips:u@ua.example:${port}`))
    await until(() => server.responses.length === 1)
    expect(caller.flows.map(({ remote }) => remote.port)).not.toEqual([portOf(server, 'tls')])
  })
})

test('a client that listens nowhere believes a server whose authority it was told, and no other', async () => {
  const server = await start([wss({ ...a, port: 0 })])
  const url = `wss://localhost:${portOf(server, 'wss')}`
  const shown = await credentials([{ dns: 'localhost' }], ca)
  const local = await start([wss({ ...shown, port: 0 })])
  const client = await start([wsClient(`wss://localhost:${portOf(local, 'wss')}`, { ca: ca.cert })])
  send(client, options('sip:anybody@anywhere.example'))
  await until(() => client.responses.length === 1)
  expect(client.responses[0]?.status).toBe(200)
  for (const transport of [
    wsClient(url, { ca: ca.cert }),
    wsClient(`wss://localhost:${portOf(local, 'wss')}`),
  ]) {
    const stranger = await start([transport]) // another name, another authority
    send(stranger, options('sip:anybody@anywhere.example'))
    await until(() => stranger.errors.length === 1)
    expect(stranger.errors).toEqual(['transport'])
  }
  expect(local.requests).toHaveLength(1)
})
