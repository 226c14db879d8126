/** Connections of the virtual network: octets arrive in order and all, in pieces, until the connection ends or breaks. */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../../core/data/bytes.js'
import type { ToShell } from '../../core/events.js'
import type { Address, Flow } from '../../core/transport/flow.js'
import { roll } from '../fate.js'
import { printAddress } from '../trace.js'
import type { Port, Surroundings } from './network.js'

/** How connections behave. */
export interface StreamConditions {
  /** How long octets are under way, ms. */
  readonly delay: number
  /** Octets arrive in pieces of so many at most; 1: one by one; 0: as they were written. */
  readonly piece: number
  /** Pieces are of random length up to `piece`. */
  readonly ragged: boolean
  /** A connection breaks when so many octets have passed in one direction, wherever in a message that is; 0: never. */
  readonly breakAfter: number
  /** Connections are refused. */
  readonly refuse: boolean
}

/** The connections of a network. */
export interface Streams {
  readonly open: (order: Extract<ToShell, { _tag: 'OpenFlow' }>) => void
  readonly write: (who: string, flow: Flow, bytes: Bytes, cause: Option<string>) => void
  readonly close: (who: string, flow: Flow) => void
  readonly breakAll: (a: string, b: string) => void
}

/** One end: whose it is, and as what it knows the connection. */
interface End {
  readonly port: Port
  readonly flow: Flow
}

interface Connection {
  readonly ends: readonly [End, End]
  readonly passed: [number, number]
  /** When the last octets of each direction arrive: none overtakes another. */
  readonly arrives: [number, number]
}

/** No connections yet. */
export const streams = (
  given: Partial<StreamConditions>,
  seed: number,
  { now, plan, record, alias }: Surroundings,
  portAt: (protocol: string, remote: Address) => Port | undefined,
): Streams => {
  const conditions: StreamConditions = {
    delay: 0,
    piece: 0,
    ragged: false,
    breakAfter: 0,
    refuse: false,
    ...given,
  }
  const connections = new Set<Connection>()
  let ids = 0
  let ports = FIRST_PORT

  const find = (who: string, { id }: Flow): readonly [Connection, 0 | 1] | undefined => {
    for (const connection of connections)
      for (const side of [0, 1] as const) {
        const { port, flow } = connection.ends[side]
        if (port.who === who && flow.id === id) return [connection, side]
      }
    return undefined
  }

  const end = (connection: Connection): void => {
    connections.delete(connection)
    for (const { port, flow } of connection.ends)
      plan(now() + conditions.delay, () => port.receive({ _tag: 'FlowClosed', flow }))
  }

  /** A piece of what one side wrote, or all that a break lets through. */
  const arrive = (connection: Connection, side: 0 | 1, bytes: Bytes): void => {
    const other = connection.ends[side === 0 ? 1 : 0]
    const { arrives } = connection
    const at = Math.max(arrives[side], now() + conditions.delay)
    arrives[side] = at
    plan(at, () => {
      if (connections.has(connection)) other.port.receive({ _tag: 'Received', flow: other.flow, bytes })
    })
  }

  return {
    open: ({ opening, target, local }) => {
      const client = portAt(target.protocol, local)
      const server = portAt(target.protocol, target)
      if (client === undefined) return
      if (server === undefined || conditions.refuse) {
        const what = server === undefined ? 'nobody listens there' : 'refused by script'
        plan(now() + conditions.delay, () =>
          client.receive({ _tag: 'FlowRefused', opening, why: 'refused', what }),
        )
        return
      }
      const { protocol } = target
      const ephemeral = { host: local.host, port: ports++ }
      alias(client.who, ephemeral)
      const near: Flow = { protocol, local, remote: { host: target.host, port: target.port }, id: ++ids }
      const far: Flow = { protocol, local: server.local, remote: ephemeral, id: ++ids }
      const connection: Connection = {
        ends: [
          { port: client, flow: near },
          { port: server, flow: far },
        ],
        passed: [0, 0],
        arrives: [0, 0],
      }
      connections.add(connection)
      plan(now() + conditions.delay, () => server.receive({ _tag: 'FlowOpened', flow: far, names: [] }))
      plan(now() + 2 * conditions.delay, () =>
        client.receive({ _tag: 'FlowOpened', flow: near, names: server.names ?? [], opening }),
      )
    },
    write: (who, flow, bytes, cause) => {
      const found = find(who, flow)
      const whole = {
        _tag: 'Carried',
        at: now(),
        who,
        peer: printAddress(flow.remote),
        text: bytes,
        copy: 0,
      } as const
      if (found === undefined) {
        record({ ...whole, arrivals: [], why: 'closed' })
        const sender = portAt(flow.protocol, flow.local)
        plan(now(), () => sender?.receive({ _tag: 'SendFailed', flow, why: 'closed', cause }))
        return
      }
      const [connection, side] = found
      const room = conditions.breakAfter > 0 ? conditions.breakAfter - connection.passed[side] : bytes.length
      const breaks = room < bytes.length
      record({
        ...whole,
        arrivals: breaks ? [] : [conditions.delay],
        ...(breaks ? { why: 'broken off' } : {}),
      })
      connection.passed[side] += bytes.length
      for (const piece of pieces(bytes.slice(0, room), conditions, seed)) arrive(connection, side, piece)
      if (breaks) plan(Math.max(connection.arrives[side], now()), () => end(connection))
    },
    close: (who, flow) => {
      const found = find(who, flow)
      if (found !== undefined) end(found[0])
    },
    breakAll: (a, b) => {
      for (const connection of [...connections]) {
        const names = connection.ends.map(({ port }) => port.who)
        if (names.includes(a) && names.includes(b)) end(connection)
      }
    },
  }
}

const FIRST_PORT = 49_152

const pieces = (bytes: Bytes, { piece, ragged }: StreamConditions, seed: number): readonly Bytes[] => {
  if (piece <= 0 || bytes.length === 0) return bytes === '' ? [] : [bytes]
  const out: Bytes[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = ragged ? 1 + roll(seed, `piece ${at}`, bytes, piece) : piece
    out.push(bytes.slice(at, at + length))
    at += length
  }
  return out
}
