/** The client of browsers, over a WebSocket that is made up. */
import { none } from 'fp-ts/lib/Option.js'
import { expect, test } from 'vitest'
import type { Flow } from '../../src/core/transport/flow.js'
import type { Reports } from '../../src/shell/transport.js'
import { type SocketLike, webSocketClient } from '../../src/shell/web-socket-client.js'

const made = (url = 'wss://sip.example:8443/ws', protocol = 'sip') => {
  const said: string[] = []
  const sent: (string | Uint8Array)[] = []
  let buffered = 0
  const socket: SocketLike = {
    binaryType: '',
    protocol,
    readyState: 1,
    get bufferedAmount() {
      return buffered
    },
    send: (data) => sent.push(data),
    close: () => said.push('close'),
    onopen: null,
    onclose: null,
    onerror: null,
    onmessage: null,
  }
  const flows: Flow[] = []
  const reports: Reports = {
    received: (_flow, bytes) => said.push(`received ${bytes}`),
    newId: () => flows.length + 1,
    flowOpened: (flow, names, opening) => {
      flows.push(flow)
      said.push(`opened ${opening} ${names.map(({ value }) => value).join()}`)
    },
    flowRefused: (opening, why) => said.push(`refused ${opening} ${why}`),
    flowClosed: (flow) => said.push(`closed ${flow.id}`),
    writable: () => said.push('writable'),
    sendFailed: (_flow, why) => said.push(`failed ${why}`),
    troubled: (what) => said.push(what),
  }
  const transport = webSocketClient(
    url,
    { maxQueuedBytes: 100 },
    { connect: () => socket, newName: () => 'abc' },
  )
  const connect = async (): Promise<Flow> => {
    await transport.open(reports)
    transport.connect?.(5, { protocol: 'wss', host: 'sip.example', port: 8443 }, { host: '', port: 0 })
    socket.onopen?.()
    return flows[0] as Flow
  }
  const buffer = (octets: number): void => {
    buffered = octets
  }
  return { transport, socket, said, sent, connect, buffer, reports }
}

test('it calls itself a name that nobody can resolve, and knows one server (RFC 7118 5)', async () => {
  const { transport, reports } = made()
  expect(await transport.open(reports)).toMatchObject({
    right: [
      {
        advertised: { host: 'abc.invalid', port: 443 },
        framing: 'message',
        peer: { protocol: 'wss', host: 'sip.example', port: 8443 },
      },
    ],
  })
})

test('octets that are UTF-8 go as text, others as they are; both ways', async () => {
  const { transport, socket, said, sent, connect } = made()
  const flow = await connect()
  transport.transmit(flow, 'caf\xc3\xa9', none)
  transport.transmit(flow, '\xff', none)
  expect(sent).toEqual(['café', new Uint8Array([255])])
  socket.onmessage?.({ data: 'café' })
  socket.onmessage?.({ data: new Uint8Array([255, 65]).buffer })
  socket.onmessage?.({ data: 7 })
  expect(said.slice(1)).toEqual(['received caf\xc3\xa9', 'received \xffA'])
})

test('the name in the URL is what its certificate was verified for', async () => {
  const { said, connect } = made()
  await connect()
  expect(said).toEqual(['opened 5 sip.example'])
})

test('a server that speaks another subprotocol is refused', async () => {
  const { said, connect } = made('ws://sip.example', 'xmpp')
  await connect()
  expect(said).toEqual(['close', 'refused 5 other'])
})

test('closing is said once, and what is sent then fails', async () => {
  const { transport, socket, said, connect } = made()
  const flow = await connect()
  socket.onclose?.()
  socket.onclose?.()
  transport.transmit(flow, 'x', none)
  expect(said.slice(1)).toEqual(['closed 1', 'failed closed'])
})

test('above its bound a send fails, and above twice that the connection is closed', async () => {
  const { transport, said, sent, connect, buffer } = made()
  const flow = await connect()
  buffer(90)
  transport.transmit(flow, 'x'.repeat(60), none)
  expect(said.slice(1)).toEqual(['failed overflow'])
  transport.transmit(flow, 'x'.repeat(60), none)
  expect(said.slice(1)).toEqual(['failed overflow', 'failed overflow', 'close'])
  expect(sent).toEqual([])
  buffer(0)
})

test('what is no WebSocket URL cannot be opened', async () => {
  const { transport, reports } = made('https://sip.example')
  expect(await transport.open(reports)).toMatchObject({ left: { _tag: 'Other' } })
})
