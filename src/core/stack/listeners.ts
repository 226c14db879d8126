/** The sockets that listen: which one a message leaves by, and which names are ours. */
import type { Listener } from '../events.js'
import type { Via } from '../header/via.js'
import { defaultPort, isLiteral } from '../transport/address.js'
import type { Address, Flow, Protocol, Target } from '../transport/flow.js'
import { isIpv6, printHost, printHostPort, sameHost } from '../uri/host.js'

/**
 * The listener for a protocol and a remote address: of the same address family. One that is bound to no address, as a
 * client's, reaches every family, and a name is in none yet. A client of that very place comes first, then who reaches
 * every place; the client of another is the last resort, and whatever it is given it sends to its server.
 */
export const listenerFor = (
  listeners: readonly Listener[],
  protocol: Protocol,
  host?: string,
  port?: number,
): Listener | undefined => {
  const able = (one: Listener): boolean =>
    one.protocol === protocol &&
    (host === undefined ||
      one.local.host === '' ||
      !isLiteral(host) ||
      isIpv6(one.local.host) === isIpv6(host))
  return (
    (port === undefined
      ? undefined
      : listeners.find(({ peer }) => peer !== undefined && leadsTo(peer, protocol, host, port))) ??
    listeners.find((one) => one.peer === undefined && able(one)) ??
    listeners.find(able)
  )
}

const leadsTo = (peer: Target, protocol: Protocol, host: string | undefined, port: number): boolean =>
  peer.protocol === protocol && peer.port === port && host !== undefined && sameHost(peer.host, host)

/** The listener that a flow belongs to. */
export const listenerOf = (listeners: readonly Listener[], { protocol, local }: Flow): Listener | undefined =>
  listeners.find(
    (one) => one.protocol === protocol && one.local.port === local.port && one.local.host === local.host,
  )

/** 18.1.2: whether the sent-by of a top Via is one that this stack writes. */
export const isOurs = (listeners: readonly Listener[], via: Via): boolean => {
  const port = via.port ?? defaultPort(via.transport)
  return listeners.some(({ advertised }) => advertised.port === port && sameHost(advertised.host, via.host))
}

/** What stands behind the transport in our Via. A WebSocket client has no port to be reached at (RFC 7118 5.2). */
export const sentBy = ({ advertised, protocol }: Listener): string =>
  advertised.host.endsWith('.invalid') && advertised.port === defaultPort(protocol)
    ? printHost(advertised.host)
    : printHostPort(advertised.host, advertised.port)

/** A datagram's way from a listener to an address, or to the one place that the listener reaches. */
export const flowTo = ({ protocol, local, peer }: Listener, remote: Address): Flow => {
  const { host, port } = peer ?? remote
  return { protocol, local, remote: { host, port } }
}
