import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { topVia } from '../../../src/core/message/head.js'
import { received } from '../../../src/core/header/via.js'
import { ws } from '../../../src/shell/node/ws.js'
import { wsClient } from '../../../src/shell/node/ws-client.js'
import type { Transport } from '../../../src/shell/transport.js'
import { type Heard, options, party, portOf, send, until } from './stacks.js'

const parties: Heard[] = []
const start = async (...transports: readonly Transport[]): Promise<Heard> => {
  const one = await party({ transports })
  parties.push(one)
  return one
}

afterEach(async () => {
  await Promise.all(parties.splice(0).map(({ stack }) => stack.close()))
})

const outcome = (
  port: number,
  protocols: readonly string[],
  headers: Record<string, string> = {},
): Promise<string> =>
  new Promise((done) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, [...protocols], { headers })
    socket.on('open', () => {
      done(`open ${socket.protocol}`)
      socket.close()
    })
    socket.on('error', (error) => done(error.message))
  })

describe('WebSocket', () => {
  test('a client without address calls a server that reaches it only over the connection it has (RFC 7118 5)', async () => {
    const server = await start(ws({ port: 0 }))
    const client = await start(wsClient(`ws://127.0.0.1:${portOf(server, 'ws')}`))
    send(client, options('sip:bob@anywhere.example'))
    await until(() => client.responses.length === 1)
    const via = topVia(server.requests[0]!)
    expect(via.transport).toBe('WS')
    expect(via.host).toMatch(/^[0-9a-f]{16}\.invalid$/)
    expect(via.port).toBeUndefined()
    expect(received(via)).toBe('127.0.0.1')
    send(server, options('sip:alice@invalid.invalid'), { target: server.flows[0]! })
    await until(() => server.responses.length === 1)
    expect(client.requests).toHaveLength(1)
  })

  test('octets that are no UTF-8 pass unchanged', async () => {
    const server = await start(ws({ port: 0 }))
    const client = await start(ws({ port: 0 }))
    const content = Array.from({ length: 256 }, (_, c) => String.fromCharCode(c)).join('')
    send(
      client,
      options(`sip:a@127.0.0.1:${portOf(server, 'ws')};transport=ws`, {
        body: { type: 'application/octet-stream', content },
      }),
    )
    await until(() => client.responses.length === 1)
    expect(server.requests[0]?.text.endsWith(content)).toBe(true)
  })

  test('the subprotocol sip is required, the origin is asked, and plain HTTP is sent away', async () => {
    const server = await start(ws({ port: 0, acceptOrigin: (origin) => origin !== 'http://evil.example' }))
    const port = portOf(server, 'ws')
    expect(await outcome(port, [])).toMatch(/400/)
    expect(await outcome(port, ['xmpp'])).toMatch(/400/)
    expect(await outcome(port, ['xmpp', 'sip'])).toBe('open sip')
    expect(await outcome(port, ['sip'], { origin: 'http://evil.example' })).toMatch(/403/)
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(426)
    expect(server.requests).toEqual([])
  })

  test('a client is told when the server does not speak sip, is not there, or is no WebSocket', async () => {
    const free = await start(ws({ port: 0 }))
    const port = portOf(free, 'ws')
    await free.stack.close()
    const client = await start(wsClient(`ws://127.0.0.1:${port}`))
    send(client, options('sip:bob@anywhere.example'))
    await until(() => client.errors.length === 1)
    expect(client.errors).toEqual(['transport'])
    await expect(party({ transports: [wsClient('http://127.0.0.1')] })).rejects.toThrow(/no ws or wss URL/)
  })
})
