/** TCP (RFC 3261 18), server and client, IPv4 or IPv6: one listening socket a listener. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Transport } from '../transport.js'
import { sendCause } from './address.js'
import { listen, listenerOf, MAX_QUEUED, type StreamOptions } from './bind.js'
import { type Sockets, sockets } from './sockets.js'

/** Where a TCP transport listens; port 5060 by default. */
export type TcpOptions = StreamOptions

/** A TCP transport, not yet listening. */
export const tcp = (options: TcpOptions = {}): Transport => {
  let server: Server | undefined
  let live: Sockets | undefined
  let refused: ((opening: number, error: Error) => void) | undefined
  const connecting = new Set<Socket>()

  return {
    protocol: 'tcp',
    reliable: true,
    open: async (reports) => {
      const opening = createServer({ noDelay: true })
      const local = await listen('tcp', opening, options.host ?? '127.0.0.1', options.port ?? 5060)
      if ('_tag' in local) return left(local)
      const all = sockets('tcp', local, reports, options.maxQueuedBytes ?? MAX_QUEUED)
      server = opening
      live = all
      refused = (number, error) => reports.flowRefused(number, sendCause(error), error.message)
      opening.on('connection', (socket) => all.add(socket, []))
      opening.on('error', (error) => reports.troubled(`tcp ${local.host}:${local.port}: ${error.message}`))
      return right([listenerOf('tcp', 'stream', local, options)])
    },
    connect: (opening, { host, port }) => {
      const socket = connect({ host, port, noDelay: true })
      const failed = (error: Error): void => {
        connecting.delete(socket)
        refused?.(opening, error)
      }
      connecting.add(socket)
      socket.once('error', failed)
      socket.once('connect', () => {
        connecting.delete(socket)
        socket.removeListener('error', failed)
        live?.add(socket, [], opening)
      })
    },
    transmit: (flow, bytes, cause) => live?.transmit(flow, bytes, cause),
    closeFlow: (flow) => live?.closeFlow(flow),
    hold: (isHeld) => live?.hold(isHeld),
    drain: () => void server?.close(),
    close: () =>
      new Promise((resolve) => {
        for (const socket of connecting) socket.destroy()
        connecting.clear()
        if (server === undefined) {
          resolve()
          return
        }
        server.close(() => resolve())
        live?.closeAll()
        server = undefined
      }),
  }
}
