/** Connections of one transport: octets both ways, with a bound on what waits. What they mean is the core's business. */
import type { Socket } from 'node:net'
import type { Option } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../../core/data/bytes.js'
import type { Address, Flow, Protocol } from '../../core/transport/flow.js'
import type { CertificateName } from '../../core/transport/identity.js'
import type { Reports } from '../transport.js'

/** The connections of a transport. */
export interface Sockets {
  /** One that stands; `opening` when we asked for it. */
  readonly add: (socket: Socket, names: readonly CertificateName[], opening?: number) => void
  readonly transmit: (flow: Flow, bytes: Bytes, cause: Option<string>) => void
  readonly closeFlow: (flow: Flow) => void
  /** Stops reading from all of them, and from those to come; or goes on with those that take what we write. */
  readonly hold: (isHeld: boolean) => void
  /** Closes all and says so. */
  readonly closeAll: () => void
}

interface Live {
  readonly socket: Socket
  readonly flow: Flow
  /** Octets refused since it last had room. */
  refused: number
  /** It does not take what we write: who takes no answers gets no more questions in. */
  stuck: boolean
}

/** No connection yet. `local` is the address of the listener they belong to. */
export const sockets = (protocol: Protocol, local: Address, reports: Reports, maxQueued: number): Sockets => {
  const live = new Map<number, Live>()
  let held = false

  const writable = (id: number): void => {
    const one = live.get(id)
    if (one === undefined) return
    one.stuck = false
    if (!held) one.socket.resume()
    if (one.refused === 0) return
    one.refused = 0
    reports.writable(one.flow)
  }

  return {
    add: (socket, names, opening) => {
      const id = reports.newId()
      const remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
      const flow: Flow = { protocol, local, remote, id }
      socket.setNoDelay(true)
      live.set(id, { socket, flow, refused: 0, stuck: false })
      socket.on('error', () => undefined) // `close` follows
      socket.on('close', () => {
        if (live.delete(id)) reports.flowClosed(flow)
      })
      socket.on('drain', () => writable(id))
      reports.flowOpened(flow, names, opening)
      socket.on('data', (chunk: Buffer) => {
        if (live.has(id)) reports.received(flow, chunk.toString('latin1'))
      })
      if (held) socket.pause()
    },
    transmit: (flow, bytes, cause) => {
      const one = flow.id === undefined ? undefined : live.get(flow.id)
      if (one === undefined) {
        reports.sendFailed(flow, 'closed', cause)
        return
      }
      const { socket } = one
      if (socket.writableLength + bytes.length > maxQueued) {
        one.refused += bytes.length
        reports.sendFailed(flow, 'overflow', cause)
        if (socket.writableLength + one.refused > 2 * maxQueued) socket.destroy()
      } else if (!socket.write(bytes, 'latin1')) {
        one.stuck = true
        socket.pause()
      }
    },
    closeFlow: ({ id }) => {
      const one = id === undefined ? undefined : live.get(id)
      if (id === undefined || one === undefined) return
      live.delete(id)
      finish(one.socket)
    },
    hold: (isHeld) => {
      held = isHeld
      for (const { socket, stuck } of live.values()) {
        if (isHeld) socket.pause()
        else if (!stuck) socket.resume()
      }
    },
    closeAll: () => {
      for (const [id, { socket, flow }] of live) {
        live.delete(id)
        finish(socket)
        reports.flowClosed(flow)
      }
    },
  }
}

/** Sends what waits and then closes; a peer that takes nothing is given some seconds. */
const finish = (socket: Socket): void => {
  const alarm = setTimeout(() => socket.destroy(), LINGER)
  alarm.unref()
  socket.once('close', () => clearTimeout(alarm))
  socket.pause()
  socket.destroySoon()
}

const LINGER = 5000
