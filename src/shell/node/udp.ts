/** UDP over IPv4 or IPv6 (RFC 3261 18): one socket a listener. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIP, isIPv6 } from 'node:net'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { Listener } from '../../core/events.js'
import type { Address, Flow } from '../../core/transport/flow.js'
import type { Reports, StartError, Transport } from '../transport.js'
import { ownAddress, sendCause, startError } from './address.js'
import { resolve } from './bind.js'
import { outbox } from './outbox.js'

/** Where a UDP transport listens and what it calls itself. */
export interface UdpOptions {
  /** Address or name to bind, default `127.0.0.1`; `0.0.0.0` and `::` bind every address of the host. */
  readonly host?: string
  /** Port to bind, default 5060; 0 lets the system choose. */
  readonly port?: number
  /** What stands in the Via, where it is another address than the bound one (NAT, relay). */
  readonly advertised?: Partial<Address>
  /** Receive buffer to ask the kernel for, bytes; default 4 MiB. A small one loses datagrams under load. */
  readonly receiveBuffer?: number
}

/** A UDP transport, not yet listening. */
export const udp = (options: UdpOptions = {}): Transport => {
  let socket: Socket | undefined
  let reports: Reports | undefined
  let local: Address = { host: '', port: 0 }
  let recent: (Flow | undefined)[] = []

  /** The flow of a peer, the same as last time where possible: transactions keep it, and most come from few peers. */
  const flowFrom = (host: string, port: number): Flow => {
    const last = recent[port % RECENT]
    if (last?.remote.port === port && last.remote.host === host) return last
    const flow: Flow = { protocol: 'udp', local, remote: { host, port } }
    recent[port % RECENT] = flow
    return flow
  }

  const failed = (error: Error | null, flow: Flow, cause: Option<string>): void => {
    if (error !== null) reports?.sendFailed(flow, sendCause(error), cause)
  }

  const leaving = outbox((flow, bytes, cause) => {
    try {
      const octets = Buffer.from(bytes, 'latin1')
      socket?.send(octets, flow.remote.port, flow.remote.host, (error) => failed(error, flow, cause))
    } catch (error) {
      failed(error as Error, flow, cause) // a port of 0 and the like throw at once
    }
  })

  return {
    protocol: 'udp',
    reliable: false,
    open: async (to) => {
      reports = to
      const bound = await bind(options)
      if ('_tag' in bound) return left(bound)
      socket = bound.socket
      local = bound.local
      recent = new Array<Flow | undefined>(RECENT).fill(undefined)
      socket.on('message', (octets: Buffer, from: RemoteInfo) => {
        to.received(flowFrom(from.address, from.port), octets.toString('latin1'), octets)
      })
      socket.on('error', (error) => to.troubled(`udp ${local.host}:${local.port}: ${error.message}`))
      enlarge(socket, options.receiveBuffer ?? 4 << 20, to)
      return right([listener(local, options)])
    },
    transmit: (flow, bytes, cause) => {
      if (socket === undefined) reports?.sendFailed(flow, 'closed', cause)
      else leaving.add(flow, bytes, cause)
    },
    close: () =>
      new Promise((resolve) => {
        if (socket === undefined) {
          resolve()
          return
        }
        leaving.flush()
        const closing = socket
        socket = undefined
        closing.close(() => resolve())
      }),
  }
}

/** So many peers' flows are remembered, by port. */
const RECENT = 256

/** A socket, bound. */
export const bind = async (
  options: UdpOptions,
): Promise<{ readonly socket: Socket; readonly local: Address } | StartError> => {
  const wanted = options.host ?? '127.0.0.1'
  const host = isIP(wanted) === 0 ? await resolve(wanted) : wanted
  if (host === undefined) return { _tag: 'NameNotFound', protocol: 'udp', what: `no address for ${wanted}` }
  return new Promise((resolve) => {
    const family = isIPv6(host) ? 6 : 4
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      ipv6Only: family === 6,
      // Flows hold addresses, never names: the resolver that dgram asks for each datagram would only cost time.
      lookup: (name, _options, answer) => answer(null, name, family),
    })
    socket.once('error', (error) => {
      socket.close()
      resolve(startError('udp', error))
    })
    socket.bind({ port: options.port ?? 5060, address: host }, () => {
      socket.removeAllListeners('error')
      const { address, port } = socket.address()
      resolve({ socket, local: { host: address, port } })
    })
  })
}

/** What the stack is told of a socket at `local`. */
export const listener = (local: Address, { advertised }: UdpOptions): Listener => ({
  protocol: 'udp',
  local,
  advertised: {
    host: advertised?.host ?? ownAddress(local.host),
    port: advertised?.port ?? local.port,
  },
  reliable: false,
})

/** With the kernel's default of some 200 KiB a busy server loses datagrams long before its processor is busy. */
export const enlarge = (socket: Socket, wanted: number, reports: Reports): void => {
  try {
    socket.setRecvBufferSize(wanted)
    const got = socket.getRecvBufferSize() // Linux tells twice of what it gives
    if (got < wanted)
      reports.troubled(
        `udp receive buffer: ${wanted} bytes asked, ${got} given (net.core.rmem_max limits it)`,
      )
  } catch (error) {
    reports.troubled(`udp receive buffer: ${(error as Error).message}`)
  }
}
