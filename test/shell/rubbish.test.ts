/** Datagrams that are no message: the stack serves on and says why it dropped them, or answers 400. */
import { createSocket } from 'node:dgram'
import { isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/core/events.js'
import { respond } from '../../src/core/message/build.js'
import { createStack, type Stack, udp } from '../../src/shell/node/index.js'
import { requestText } from '../support/messages.js'

const good = (port: number, more: Parameters<typeof requestText>[0] = {}) =>
  requestText({ method: 'OPTIONS', sentBy: `127.0.0.1:${port}`, ...more })

/** The octets, and what becomes of them: a status in the answer, or the code of a diagnostic. */
const datagrams: readonly (readonly [
  name: string,
  octets: (port: number) => string,
  fate: number | Diagnostic['code'],
])[] = [
  ['rubbish', () => '\x00\xff\xfe not SIP at all \x80', 'malformed'],
  ['nothing', () => '', 'malformed'],
  ['a keep-alive', () => '\r\n\r\n', 'keep-alive'],
  ['no Via', (port) => good(port).replace(/Via: .*\r\n/, ''), 'malformed'],
  ['an empty Via', (port) => good(port).replace(/Via: .*\r\n/, 'Via: \r\n'), 'malformed'],
  ['rport=abc', (port) => good(port, { viaParams: ';rport=abc' }), 400],
  ['65,507 bytes of a', () => 'a'.repeat(65_507), 'malformed'],
  ['a response to nobody', () => 'SIP/2.0 200 OK\r\n\r\n', 'malformed'],
]

test.each(datagrams)(
  '%s: dropped with the reason or answered, and the next request is served',
  async (_, octets, fate) => {
    const diagnostics: Diagnostic[] = []
    const result = await createStack({
      name: 'test',
      transports: [udp({ port: 0 })],
      core: {
        receiveRequest: (request, _key, stack) => void stack.send(respond(200)(request)),
        receiveResponse: () => undefined,
        receiveError: () => undefined,
      },
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    })()
    if (isLeft(result)) throw new Error(result.left.what)
    const stack: Stack = result.right
    const { port } = stack.listeners()[0]!.local
    const socket = createSocket('udp4')
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
    const statuses: number[] = []
    const served = new Promise<void>((done) => {
      socket.on('message', (answer) => {
        const text = answer.toString('latin1')
        statuses.push(Number(text.slice(8, 11)))
        if (text.includes('Call-ID: last')) done()
      })
    })
    const own = socket.address().port
    const first = Buffer.from(octets(own), 'latin1')
    await new Promise<void>((done) => socket.send(first, port, '127.0.0.1', () => done()))
    socket.send(good(own, { callId: 'last', branch: 'z9hG4bKlast' }), port, '127.0.0.1')
    await served
    expect(statuses).toEqual(typeof fate === 'number' ? [fate, 200] : [200])
    if (typeof fate === 'string') {
      const said = diagnostics.filter(({ code }) => code === fate)
      expect(said).toHaveLength(1)
      expect(said[0]?.what).not.toBe('')
    }
    socket.close()
    await stack.close()
  },
)
