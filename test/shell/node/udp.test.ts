import { createSocket } from 'node:dgram'
import { isLeft } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { expect, test } from 'vitest'
import { udp } from '../../../src/shell/node/udp.js'
import type { Reports } from '../../../src/shell/transport.js'

const ignored: Reports = {
  received: () => undefined,
  newId: () => 1,
  flowOpened: () => undefined,
  flowRefused: () => undefined,
  flowClosed: () => undefined,
  writable: () => undefined,
  sendFailed: () => undefined,
  troubled: () => undefined,
}

test('what was handed over before the transport closes still leaves, in its order', async () => {
  const peer = createSocket('udp4')
  const heard: string[] = []
  const all = new Promise<void>((done) => {
    peer.on('message', (octets) => {
      if (heard.push(octets.toString('latin1')) === 3) done()
    })
  })
  await new Promise<void>((bound) => peer.bind(0, '127.0.0.1', bound))
  const transport = udp({ port: 0 })
  const opened = await transport.open(ignored)
  if (isLeft(opened)) throw new Error(opened.left.what)
  const [listener] = opened.right
  if (listener === undefined) throw new Error('no listener')
  const remote = { host: '127.0.0.1', port: peer.address().port }
  for (const bytes of ['a', 'b', 'c'])
    transport.transmit({ protocol: 'udp', local: listener.local, remote }, bytes, none)
  await transport.close()
  await all
  peer.close()
  expect(heard).toEqual(['a', 'b', 'c'])
})
