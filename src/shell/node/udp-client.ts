/**
 * UDP to one server, over a connected socket: the only kind on which Node tells of ICMP errors. "Host, network, port or
 * protocol unreachable errors … SHOULD cause the transport layer to inform the transport user of a failure in sending"
 * (RFC 3261 18.4), so who calls a port where nobody listens knows at once and not by timer B or F.
 */
import type { Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { left, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Target } from '../../core/events.js'
import type { Flow } from '../../core/transport/flow.js'
import type { Reports, StartError, Transport } from '../transport.js'
import { sendCause, startError } from './address.js'
import { resolve } from './bind.js'
import { outbox } from './outbox.js'
import { bind, enlarge, listener, type UdpOptions } from './udp.js'

/** The server: an address, or a name that is looked up when the transport opens; port 5060 by default. */
export interface UdpPeer {
  readonly host: string
  readonly port?: number
}

/**
 * A UDP transport, not yet open, that sends to `peer` only and hears nobody else. It binds any address and port of the
 * family of `peer` unless told. Requests for that place leave by it also where another UDP transport listens.
 */
export const udpClient = (peer: UdpPeer, options: UdpOptions = {}): Transport => {
  let socket: Socket | undefined
  let reports: Reports | undefined
  let flow: Flow = { protocol: 'udp', local: nowhere, remote: nowhere }
  const unheard = new Set<string>()

  /** An error names no datagram: it may be about any since the peer was heard last. */
  const failed = (error: Error, cause: Option<string>): void => {
    const why = sendCause(error)
    const concerned = why === 'refused' || why === 'unreachable' ? [...unheard].map(some) : []
    if (concerned.length > 0) unheard.clear()
    for (const one of concerned.length > 0 ? concerned : [cause]) reports?.sendFailed(flow, why, one)
  }

  const leaving = outbox((_flow, bytes, cause) => {
    socket?.send(Buffer.from(bytes, 'latin1'), (error) => {
      if (error !== null) failed(error, cause)
    })
  })

  return {
    protocol: 'udp',
    reliable: false,
    open: async (to) => {
      const host = await resolve(peer.host)
      if (host === undefined)
        return left({ _tag: 'NameNotFound', protocol: 'udp', what: `no address for ${peer.host}` })
      const remote: Target = { protocol: 'udp', host, port: peer.port ?? 5060 }
      const bound = await bind({ host: isIPv6(host) ? '::' : '0.0.0.0', port: 0, ...options })
      if ('_tag' in bound) return left(bound)
      const connected = await connect(bound.socket, remote)
      if (connected !== undefined) return left(connected)
      const { address, port } = bound.socket.address() // by now the one that leads there
      flow = { protocol: 'udp', local: { host: address, port }, remote: { host, port: remote.port } }
      reports = to
      socket = bound.socket
      socket.on('message', (octets: Buffer) => {
        unheard.clear()
        to.received(flow, octets.toString('latin1'), octets)
      })
      socket.on('error', (error) => failed(error, none))
      enlarge(socket, options.receiveBuffer ?? 4 << 20, to)
      return right([{ ...listener(flow.local, options), peer: remote }])
    },
    transmit: (_flow, bytes, cause) => {
      if (socket === undefined) {
        reports?.sendFailed(flow, 'closed', cause)
        return
      }
      if (isSome(cause)) remember(unheard, cause.value)
      leaving.add(flow, bytes, cause)
    },
    close: () =>
      new Promise((done) => {
        leaving.flush()
        unheard.clear()
        if (socket === undefined) {
          done()
          return
        }
        const closing = socket
        socket = undefined
        closing.close(() => done())
      }),
  }
}

const connect = (socket: Socket, { host, port }: Target): Promise<StartError | undefined> =>
  new Promise((done) => {
    const refused = (error: Error): void => {
      socket.close()
      done(startError('udp', error))
    }
    socket.once('error', refused)
    try {
      socket.connect(port, host, () => {
        socket.removeListener('error', refused)
        done(undefined)
      })
    } catch (error) {
      refused(error as Error) // a port of 0 and the like throw at once
    }
  })

const remember = (unheard: Set<string>, cause: string): void => {
  unheard.delete(cause)
  unheard.add(cause)
  if (unheard.size <= MOST) return
  const [oldest] = unheard
  if (oldest !== undefined) unheard.delete(oldest)
}

const nowhere = { host: '', port: 0 } as const

/** So many transactions are told of one error; those before wait for their timers. */
const MOST = 10_000
