/** UDP over connected sockets: ICMP errors reach the transactions that they concern, and nobody else. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, test } from 'vitest'
import { topVia } from '../../../src/core/message/head.js'
import { staticResolver } from '../../../src/shell/node/resolver.js'
import { udp } from '../../../src/shell/node/udp.js'
import { udpClient } from '../../../src/shell/node/udp-client.js'
import type { StackOptions } from '../../../src/shell/options.js'
import { request } from '../../../src/shell/request.js'
import { type Heard, options, party, portOf, send, until } from './stacks.js'

const parties: Heard[] = []
const start = async (how: Omit<StackOptions, 'name' | 'core'>): Promise<Heard> => {
  const one = await party(how)
  parties.push(one)
  return one
}

afterEach(async () => {
  await Promise.all(parties.splice(0).map(({ stack }) => stack.close()))
})

/** A port where nobody listens. */
const deadPort = async (host = '127.0.0.1'): Promise<number> => {
  const socket = createSocket(host === '::1' ? 'udp6' : 'udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((done) => socket.close(done))
  return port
}

const here = '127.0.0.1'

const invite = (uri: string): Parameters<typeof send>[1] => {
  const made = request('INVITE', uri, { from: 'sip:tester@127.0.0.1', contact: 'sip:tester@127.0.0.1' })
  if (isLeft(made)) throw new Error(made.left.what)
  return made.right
}

describe('a port where nobody listens', () => {
  test.each<[string, (uri: string) => Parameters<typeof send>[1]]>([
    ['INVITE', invite],
    ['OPTIONS', options],
  ])('%s fails at once, not by its timer', async (_method, make) => {
    const port = await deadPort()
    const client = await start({ transports: [udpClient({ host: here, port })] })
    send(client, make(`sip:${here}:${port}`))
    await until(() => client.errors.length === 1)
    expect(client.errors).toEqual(['transport'])
    expect(client.diagnostics).toMatchObject([{ code: 'send-failed', what: 'refused' }])
  })

  test('all requests that wait for it fail, each once', async () => {
    const port = await deadPort()
    const client = await start({ transports: [udpClient({ host: here, port })] })
    for (let n = 0; n < 20; n++) send(client, options(`sip:${here}:${port}`))
    await until(() => client.errors.length === 20)
    await new Promise((done) => setImmediate(done))
    expect(client.errors).toEqual(Array.from({ length: 20 }, () => 'transport'))
  })

  test('the next target is tried at once (RFC 3263 4.3)', async () => {
    const port = await deadPort()
    const server = await start({ transports: [udp({ port: 0 })] })
    const client = await start({
      transports: [udp({ port: 0 }), udpClient({ host: here, port })],
      resolver: staticResolver({
        hosts: { 'a.example': [here], 'b.example': [here] },
        srv: {
          '_sip._udp.example': [
            { priority: 1, weight: 1, port, target: 'a.example' },
            { priority: 2, weight: 1, port: portOf(server, 'udp'), target: 'b.example' },
          ],
        },
      }),
    })
    send(client, options('sip:example;transport=udp'))
    await until(() => client.responses.length === 1)
    expect(client.responses[0]?.status).toBe(200)
    expect(client.diagnostics.map(({ code }) => code)).toEqual(['next-target', 'send-failed'])
  })

  test('whoever listens beside it is not concerned', async () => {
    const port = await deadPort()
    const both = await start({ transports: [udp({ port: 0 }), udpClient({ host: here, port })] })
    const other = await start({ transports: [udp({ port: 0 })] })
    send(both, options(`sip:${here}:${portOf(other, 'udp')}`))
    send(both, options(`sip:${here}:${port}`))
    send(other, options(`sip:${here}:${portOf(both, 'udp')}`))
    await until(() => both.responses.length === 1 && other.responses.length === 1 && both.errors.length === 1)
    expect(both.errors).toEqual(['transport'])
    expect(other.errors).toEqual([])
  })

  test('IPv6', async () => {
    const port = await deadPort('::1')
    const client = await start({ transports: [udpClient({ host: '::1', port })] })
    send(client, options(`sip:[::1]:${port}`))
    await until(() => client.errors.length === 1)
    expect(client.errors).toEqual(['transport'])
  })
})

describe('a port where somebody listens', () => {
  test('carries requests both ways over one pair of addresses', async () => {
    const server = await start({ transports: [udp({ port: 0 })] })
    const port = portOf(server, 'udp')
    const client = await start({ transports: [udpClient({ host: 'localhost', port })] })
    send(client, options('sip:anybody@anywhere.example'))
    await until(() => client.responses.length === 1)
    const [flow] = server.flows
    if (flow === undefined) throw new Error('no request came')
    expect(flow.remote).toEqual({ host: here, port: portOf(client, 'udp') })
    expect(server.requests.map((one) => topVia(one).port)).toEqual([flow.remote.port])

    send(server, options('sip:client@client.invalid'), { target: flow })
    await until(() => server.responses.length === 1)
    expect(client.flows.map(({ remote }) => remote)).toEqual([{ host: here, port }])
    expect([...client.diagnostics, ...server.diagnostics]).toEqual([])
  })

  test('one that comes back is reached again', async () => {
    const port = await deadPort()
    const client = await start({ transports: [udpClient({ host: here, port })] })
    send(client, options(`sip:${here}:${port}`))
    await until(() => client.errors.length === 1)
    await start({ transports: [udp({ host: here, port })] })
    send(client, options(`sip:${here}:${port}`))
    await until(() => client.responses.length === 1)
    expect(client.responses[0]?.status).toBe(200)
  })

  test('and nobody else is heard', async () => {
    const server = await start({ transports: [udp({ port: 0 })] })
    const client = await start({
      transports: [udpClient({ host: here, port: portOf(server, 'udp') })],
    })
    const stranger = createSocket('udp4')
    stranger.send('OPTIONS sip:a SIP/7.0\r\n\r\n', portOf(client, 'udp'), here)
    send(client, options('sip:anybody@anywhere.example'))
    await until(() => client.responses.length === 1)
    stranger.close()
    expect(client.diagnostics).toEqual([])
    expect(client.requests).toEqual([])
  })
})

describe('what cannot begin', () => {
  test.each([
    ['a name without address', { host: 'nowhere.invalid' }, 'NameNotFound'],
    ['no port at all', { host: here, port: 0 }, 'Other'],
  ] as const)('%s', async (_what, peer, tag) => {
    const opened = await udpClient(peer).open({} as never)
    expect(opened).toMatchObject({ _tag: 'Left', left: { _tag: tag, protocol: 'udp' } })
  })
})
