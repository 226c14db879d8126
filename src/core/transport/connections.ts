/**
 * Connections as values: which there are, whom they reach, and what each still has to do by when. The shell holds the
 * sockets; it is told what to open and close and says what happened.
 *
 * A connection reaches the exact address at its other end. One that we opened reaches it for the domains that its
 * certificate shows; one that was opened to us reaches also the sent-by that its peer asked to be aliased (RFC 5923), if
 * the peer's certificate shows that name. Of two connections to one place the newer is used.
 */
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import { isSecure, placeKey } from './address.js'
import type { Flow, Framing, Target } from './flow.js'
import { type CertificateName, shows } from './identity.js'
import type { FlowLimits } from './limits.js'
import * as Frame from './frame.js'

/** One connection. */
export interface Connection {
  readonly id: number
  readonly flow: Flow
  readonly accepted: boolean
  readonly framing: Framing
  /** What its certificate says, the chain verified. */
  readonly names: readonly CertificateName[]
  /** What of a message has come so far. */
  readonly framer: Frame.State
  /** When it opened, or when the message that is coming began (ms). */
  readonly since: number
  /** Whether a message or a keep-alive ever came. */
  readonly spoken: boolean
  /** When octets came last, to the second (ms). */
  readonly heard: number
  /** When our keep-alive left that is not answered yet (ms). */
  readonly pinged?: number
  /** Whether it takes no more output for now. */
  readonly blocked: boolean
  /** Under which places it is found. */
  readonly places: readonly string[]
  readonly timer: { readonly generation: number; readonly due: number }
}

/** All connections. None of the tables is walked while messages flow. */
export interface Connections {
  readonly byId: Table.Table<Connection>
  /** Ids of the connections that reach a place, newest first. */
  readonly byPlace: Table.Table<readonly number[]>
  readonly perPeer: Table.Table<number>
  /** How many were opened to us and have not spoken. */
  readonly silent: number
}

/** No connection. */
export const empty = (secret: Secret): Connections => ({
  byId: Table.empty(secret),
  byPlace: Table.empty(secret),
  perPeer: Table.empty(secret),
  silent: 0,
})

/** The connection of that number. */
export const get = (connections: Connections, id: number): Connection | undefined =>
  Table.get(String(id))(connections.byId)

/** The newest connection that reaches `target` and may be used for it. */
export const find = (connections: Connections, target: Target): Connection | undefined =>
  (Table.get(placeKey(target.protocol, target.host, target.port))(connections.byPlace) ?? [])
    .map((id) => get(connections, id))
    .find((one) => one !== undefined && speaksFor(one, target))

/**
 * RFC 5923 7.3: a connection is reused only for a domain that its certificate shows. A peer that was accepted without
 * certificate is reached by its exact address alone, which nobody else can have while the connection stands.
 */
const speaksFor = (connection: Connection, { protocol, host, domain = host }: Target): boolean =>
  !isSecure(protocol) ||
  shows(connection.names, domain) ||
  (connection.accepted && domain === connection.flow.remote.host)

/** Which bound one more connection with `host` would pass; undefined when none. */
export const overLimit = (
  { byId, perPeer, silent }: Connections,
  limits: FlowLimits,
  host: string,
): string | undefined => {
  if (Table.size(byId) >= limits.connections) return `${limits.connections} connections are open`
  if ((Table.get(host)(perPeer) ?? 0) >= limits.perPeer) return `${limits.perPeer} connections with ${host}`
  return silent >= limits.silent ? `${limits.silent} connections have said nothing yet` : undefined
}

/** With one more connection. */
export const add = (connections: Connections, connection: Connection): Connections => {
  const { host } = connection.flow.remote
  return {
    byId: Table.set(String(connection.id), connection)(connections.byId),
    byPlace: connection.places.reduce(
      (table, place) => listed(table, place, connection.id),
      connections.byPlace,
    ),
    perPeer: Table.set(host, (Table.get(host)(connections.perPeer) ?? 0) + 1)(connections.perPeer),
    silent: connections.silent + (isSilent(connection) ? 1 : 0),
  }
}

/** The same connection in its next state. */
export const update = (connections: Connections, before: Connection, after: Connection): Connections =>
  before === after
    ? connections
    : {
        ...connections,
        byId: Table.set(String(after.id), after)(connections.byId),
        silent: connections.silent + (isSilent(after) ? 1 : 0) - (isSilent(before) ? 1 : 0),
      }

/** The connection found under one more place (RFC 5923 8.1). */
export const alias = (connections: Connections, connection: Connection, place: string): Connections =>
  connection.places.includes(place) || connection.places.length >= ALIASES
    ? connections
    : {
        ...update(connections, connection, { ...connection, places: [...connection.places, place] }),
        byPlace: listed(connections.byPlace, place, connection.id),
      }

/** Without a connection, and every trace of it. */
export const remove = (connections: Connections, connection: Connection): Connections => {
  const { host } = connection.flow.remote
  const left = (Table.get(host)(connections.perPeer) ?? 1) - 1
  return {
    byId: Table.remove(String(connection.id))(connections.byId),
    byPlace: connection.places.reduce(
      (table, place) => unlisted(table, place, connection.id),
      connections.byPlace,
    ),
    perPeer: left > 0 ? Table.set(host, left)(connections.perPeer) : Table.remove(host)(connections.perPeer),
    silent: connections.silent - (isSilent(connection) ? 1 : 0),
  }
}

/** What is due on a connection at the instant `at`. */
export type Due =
  | 'slow' // its message takes too long
  | 'silent' // it never said anything
  | 'dead' // it did not answer a keep-alive
  | 'idle' // nobody needs it
  | 'ping' // it is time to see whether the other end is there

/** What has to happen next, and when (ms). */
export const deadline = (
  connection: Connection,
  limits: FlowLimits,
): { readonly what: Due; readonly due: number } => {
  const { accepted, framer, heard, pinged, since, spoken } = connection
  if (Frame.isPartial(framer)) return { what: 'slow', due: since + limits.message }
  if (accepted && !spoken) return { what: 'silent', due: since + limits.firstMessage }
  if (pinged !== undefined) return { what: 'dead', due: pinged + limits.pong }
  if (!accepted && limits.keepAlive > 0 && limits.keepAlive < limits.idle)
    return { what: 'ping', due: heard + limits.keepAlive }
  return { what: 'idle', due: heard + limits.idle }
}

const isSilent = ({ accepted, spoken }: Connection): boolean => accepted && !spoken

const listed = (table: Connections['byPlace'], place: string, id: number): Connections['byPlace'] =>
  Table.set<readonly number[]>(place, [id, ...(Table.get(place)(table) ?? []).slice(0, ALIASES - 1)])(table)

const unlisted = (table: Connections['byPlace'], place: string, id: number): Connections['byPlace'] => {
  const left = (Table.get(place)(table) ?? []).filter((one) => one !== id)
  return left.length === 0 ? Table.remove(place)(table) : Table.set<readonly number[]>(place, left)(table)
}

/** So many places a connection is found under, and so many connections under a place. */
const ALIASES = 8
