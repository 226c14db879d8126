import { afterEach, describe, expect, test } from 'vitest'
import { topVia } from '../../../src/core/message/head.js'
import type { Transport } from '../../../src/shell/transport.js'
import { tcp } from '../../../src/shell/node/tcp.js'
import { udp } from '../../../src/shell/node/udp.js'
import { type Heard, options, party, portOf, send, until } from './stacks.js'

const parties: Heard[] = []
const start = async (...transports: readonly Transport[]): Promise<Heard> => {
  const one = await party({ transports })
  parties.push(one)
  return one
}

/** A party that listens on one port number for UDP and TCP; another process may have the one of a pair. */
const onOnePort = async (): Promise<Heard> => {
  const one = await start(tcp({ port: 0 }))
  const opened = await one.stack.registerTransport('udp', false, udp({ port: portOf(one, 'tcp') }))()
  return opened._tag === 'Right' ? one : onOnePort()
}

afterEach(async () => {
  await Promise.all(parties.splice(0).map(({ stack }) => stack.close()))
})

describe('TCP', () => {
  test.each(['127.0.0.1', '::1'])(
    'carries requests and responses on one connection over %s',
    async (host) => {
      const server = await start(tcp({ host, port: 0 }))
      const client = await start(tcp({ host, port: 0 }))
      const uri = `sip:a@${host.includes(':') ? `[${host}]` : host}:${portOf(server, 'tcp')};transport=tcp`
      for (let n = 0; n < 20; n++) send(client, options(uri))
      await until(() => client.responses.length === 20)
      send(client, options(uri))
      await until(() => client.responses.length === 21)
      expect(client.responses.every(({ status }) => status === 200)).toBe(true)
      expect(server.requests).toHaveLength(21)
      expect(topVia(server.requests[0]!).transport).toBe('TCP')
      expect(server.diagnostics).toEqual([])
    },
  )

  test('a request too long for a datagram goes over TCP, and over UDP where TCP is refused (TR-2)', async () => {
    const server = await start(udp({ port: 0 }))
    const port = portOf(server, 'udp')
    const client = await start(udp({ port: 0 }), tcp({ port: 0 }))
    const long = options(`sip:a@127.0.0.1:${port}`, {
      body: { type: 'text/plain', content: 'x'.repeat(1400) },
    })
    send(client, long)
    await until(() => client.responses.length === 1)
    expect(topVia(server.requests[0]!).transport).toBe('UDP')
    expect(client.diagnostics.map(({ code }) => code)).toEqual(['flow-refused'])
    const both = await onOnePort()
    send(
      client,
      options(`sip:a@127.0.0.1:${portOf(both, 'udp')}`, {
        body: { type: 'text/plain', content: 'x'.repeat(1400) },
      }),
    )
    await until(() => client.responses.length === 2)
    expect(topVia(both.requests[0]!).transport).toBe('TCP')
  })
})
