/** Peers that misbehave, over real sockets: each is refused, memory is bounded, and others are served meanwhile. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { tcp } from '../../../src/shell/node/tcp.js'
import { udp } from '../../../src/shell/node/udp.js'
import { ws } from '../../../src/shell/node/ws.js'
import type { StackOptions } from '../../../src/shell/options.js'
import { requestText } from '../../support/messages.js'
import { type Heard, options, party, portOf, send, until } from './stacks.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const parties: Heard[] = []
const sockets: Socket[] = []

const start = async (how: Omit<StackOptions, 'name' | 'core'>): Promise<Heard> => {
  const one = await party(how)
  parties.push(one)
  return one
}

const dial = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(parties.splice(0).map(({ stack }) => stack.close()))
})

let calls = 0
const octets = (): string => {
  calls += 1
  return requestText({
    method: 'OPTIONS',
    transport: 'TCP',
    branch: `z9hG4bKfault${calls}`,
    callId: `fault ${calls}`,
  })
}

/** Somebody else's request, answered while the fault goes on. */
const isServed = async (server: Heard, protocol = 'tcp'): Promise<void> => {
  const other = await start({ transports: [tcp({ port: 0 }), udp({ port: 0 })] })
  send(other, options(`sip:a@127.0.0.1:${portOf(server, protocol)};transport=${protocol}`))
  await until(() => other.responses.length === 1)
}

test('a connection reset in the middle of a message', async () => {
  const server = await start({ transports: [tcp({ port: 0 })] })
  const socket = await dial(portOf(server, 'tcp'))
  socket.write(octets().slice(0, 60))
  await isServed(server)
  socket.resetAndDestroy()
  await until(() => server.diagnostics.some(({ code }) => code === 'flow-lost'))
  expect(server.requests).toHaveLength(1)
})

test('octet by octet, and two messages in one segment', async () => {
  const server = await start({ transports: [tcp({ port: 0 })] })
  const socket = await dial(portOf(server, 'tcp'))
  socket.setNoDelay(true)
  for (const octet of octets()) {
    socket.write(octet)
    await new Promise((done) => setImmediate(done))
  }
  await until(() => server.requests.length === 1)
  socket.write(octets() + octets())
  await until(() => server.requests.length === 3)
  expect(server.diagnostics).toEqual([])
})

test('a slow loris is cut off, and so is one that says nothing', async () => {
  const server = await start({
    transports: [tcp({ port: 0 })],
    connections: { firstMessage: 300, message: 200 },
  })
  const silent = await dial(portOf(server, 'tcp'))
  const slow = await dial(portOf(server, 'tcp'))
  slow.write('OPTIONS sip:a')
  const ends = Promise.all([once(silent.resume(), 'close'), once(slow.resume(), 'close')])
  await isServed(server)
  await ends
  expect(server.diagnostics.map(({ what }) => what).sort()).toEqual(['silent', 'slow'])
})

test('a Content-Length of 4 GB is answered 400 and closed', async () => {
  const server = await start({ transports: [tcp({ port: 0 })] })
  const socket = await dial(portOf(server, 'tcp'))
  const got: string[] = []
  socket.on('data', (chunk: Buffer) => got.push(chunk.toString('latin1')))
  socket.write(octets().replace('Content-Length: 0', 'Content-Length: 4294967296'))
  await once(socket, 'close')
  expect(got.join('')).toMatch(/^SIP\/2\.0 400 /)
  await isServed(server)
  expect(server.requests).toHaveLength(1)
})

test.each([
  ['tcp', (): ReturnType<typeof tcp> => tcp({ port: 0 })],
  ['ws', (): ReturnType<typeof ws> => ws({ port: 0 })],
] as const)(
  'a peer that never reads, offered 100 MB over %s, costs less than 5 MB and its connection',
  async (protocol, make) => {
    const server = await start({ transports: [make(), udp({ port: 0 })] })
    const socket = await dial(portOf(server, protocol))
    socket.pause()
    if (protocol === 'ws')
      socket.write(
        'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      )
    const frame = (text: string): Buffer => {
      const length = Buffer.alloc(4)
      length.writeUInt8(0x81, 0)
      length.writeUInt8(0x80 | 126, 1)
      length.writeUInt16BE(text.length, 2)
      return Buffer.concat([length, Buffer.alloc(4), Buffer.from(text, 'latin1')])
    }
    socket.write(protocol === 'ws' ? frame(octets()) : octets())
    await until(() => server.requests.length === 1)
    const [flow] = server.flows
    collect()
    const before = process.memoryUsage().heapUsed
    const { external } = process.memoryUsage()
    const message = options('sip:peer@127.0.0.1', {
      body: { type: 'text/plain', content: 'x'.repeat(50_000) },
    })
    let refused = 0
    for (let n = 0; n < 2000; n++) {
      const sent = server.stack.send(message, { target: flow! })
      if (sent._tag === 'Left') refused += 1
      if (n % 100 === 0) await new Promise((done) => setImmediate(done))
    }
    server.errors.length = 0
    server.diagnostics.length = 0
    await isServed(server, 'udp')
    collect()
    const after = process.memoryUsage()
    expect(after.heapUsed - before).toBeLessThan(5 << 20)
    expect(after.external - external).toBeLessThan(5 << 20)
    expect(refused).toBeGreaterThan(1000) // the connection is closed early on, and then there is none
  },
)

test('5,000 idle connections of another process cost memory in proportion, and others are served', async () => {
  const server = await start({ transports: [tcp({ port: 0 })] })
  collect()
  const before = process.memoryUsage().heapUsed
  const script = fileURLToPath(new URL('idle-clients.mjs', import.meta.url))
  const clients = spawn(process.execPath, [script, String(portOf(server, 'tcp')), '5000'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const [said] = (await once(clients.stdout, 'data')) as [Buffer]
    expect(said.toString()).toBe('open\n')
    await isServed(server)
    collect()
    expect((process.memoryUsage().heapUsed - before) / 5000).toBeLessThan(8192)
  } finally {
    const ended = once(clients, 'exit')
    clients.stdin.end()
    await ended
  }
  await isServed(server)
}, 60_000)

test('a transport that is restarted alone takes its connections with it and leaves the others', async () => {
  const stream = tcp({ port: 0 })
  const server = await start({ transports: [stream, udp({ port: 0 })] })
  const socket = await dial(portOf(server, 'tcp'))
  socket.write(octets())
  await until(() => server.requests.length === 1)
  const closed = once(socket.resume(), 'close')
  await server.stack.unregisterTransport(stream)
  await closed
  expect(server.stack.listeners().map(({ protocol }) => protocol)).toEqual(['udp'])
  await isServed(server, 'udp')
  const again = await server.stack.registerTransport('tcp', true, stream)()
  expect(again._tag).toBe('Right')
  await isServed(server)
})

test('a port that is taken, an address that is not here and a name that is none are typed results', async () => {
  const server = await start({ transports: [tcp({ port: 0 }), udp({ port: 0 }), ws({ port: 0 })] })
  const why = async (transport: ReturnType<typeof tcp>): Promise<string> => {
    const opened = await server.stack.registerTransport(transport.protocol, transport.reliable, transport)()
    return opened._tag === 'Left' ? opened.left._tag : 'opened'
  }
  expect(await why(tcp({ port: portOf(server, 'tcp') }))).toBe('AddressInUse')
  expect(await why(udp({ port: portOf(server, 'udp') }))).toBe('AddressInUse')
  expect(await why(ws({ port: portOf(server, 'ws') }))).toBe('AddressInUse')
  expect(await why(tcp({ host: '192.0.2.1', port: 0 }))).toBe('AddressNotAvailable')
  expect(await why(tcp({ host: 'no-such-host.invalid', port: 0 }))).toBe('NameNotFound')
})

test('draining lets nobody in, ends within its bound, and tells those who are connected nothing before', async () => {
  const server = await start({ transports: [tcp({ port: 0 })] })
  const port = portOf(server, 'tcp')
  const socket = await dial(port)
  socket.write(octets().replaceAll('OPTIONS', 'INVITE'))
  await until(() => server.requests.length === 1)
  const begun = performance.now()
  const closing = server.stack.close({ drain: 300 })
  const late = connect(port, '127.0.0.1')
  const refused = await Promise.race([
    once(late, 'error').then(() => true),
    once(late, 'close').then(() => true),
  ])
  expect(refused).toBe(true)
  await closing
  expect(performance.now() - begun).toBeLessThan(5000)
})
