/**
 * A relay between two endpoints on real sockets: what one sends to the port that faces it goes to the other, if the dice
 * say so. Each endpoint advertises the port that faces the other, so that responses and requests within a dialog
 * cross the relay as well.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { Bytes } from '../../core/data/bytes.js'
import type { Address } from '../../core/transport/flow.js'
import { type Conditions, type Fate, fate } from '../../testing/fate.js'
import { identity } from '../../testing/summary.js'
import { counter } from '../../testing/trace.js'

/** One side of the relay, `near` its endpoint. */
export interface RelayOptions {
  readonly conditions: Conditions
  readonly seed: number
  /** The names of the two endpoints: directions are called by them. */
  readonly between: readonly [string, string]
  /** Hears of everything that was carried or not, as it comes in. */
  readonly onFate: (carried: {
    readonly who: string
    readonly text: Bytes
    readonly copy: number
    readonly arrivals: Fate
  }) => void
  /** Has the last word on each fate. */
  readonly overrule?: (direction: string, text: Bytes, copy: number, rolled: Fate) => Fate
}

/** A relay that listens. */
export interface Relay {
  /** The port that faces each endpoint: where it sends to, and what the other one advertises. */
  readonly facing: readonly [Address, Address]
  /** Says where the endpoints are; until then everything is lost. */
  readonly connect: (ends: readonly [Address, Address]) => void
  readonly close: () => Promise<void>
}

/** Opens a relay on two loopback ports. Rejects when the system refuses sockets. */
export const relay = async (options: RelayOptions): Promise<Relay> => {
  const sockets = [await open(), await open()] as const
  const later = new Set<NodeJS.Timeout>()
  const rolls = counter()
  const copies = counter()
  let ends: readonly [Address, Address] | undefined

  const forward = (side: 0 | 1, text: Bytes): void => {
    const other = side === 0 ? 1 : 0
    const direction = `${options.between[side]}>${options.between[other]}`
    const name = identity(text)
    const roll = rolls(`${direction} ${name}`)
    const rolled = fate(options.conditions, options.seed, direction, name, roll)
    const arrivals = options.overrule?.(direction, text, roll, rolled) ?? rolled
    options.onFate({ who: options.between[side], text, copy: copies(`${direction} ${text}`), arrivals })
    const send = (): void => {
      const to = ends?.[other]
      // The port that faces the other one is the sender's own name there.
      if (to !== undefined) sockets[other].send(Buffer.from(text, 'latin1'), to.port, to.host)
    }
    for (const ms of arrivals)
      if (ms === 0) send()
      else {
        const timer = setTimeout(() => {
          later.delete(timer)
          send()
        }, ms)
        later.add(timer)
      }
  }

  for (const side of [0, 1] as const)
    sockets[side].on('message', (octets: Buffer, _from: RemoteInfo) =>
      forward(side, octets.toString('latin1')),
    )

  return {
    facing: [addressOf(sockets[0]), addressOf(sockets[1])],
    connect: (both) => {
      ends = both
    },
    close: async () => {
      for (const timer of later) clearTimeout(timer)
      await Promise.all(
        sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
      )
    },
  }
}

const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () => {
      socket.removeAllListeners('error')
      socket.on('error', () => undefined) // an endpoint that is gone: the datagram is lost, as datagrams are
      resolve(socket)
    })
  })

const addressOf = (socket: Socket): Address => {
  const { address, port } = socket.address()
  return { host: address, port }
}
