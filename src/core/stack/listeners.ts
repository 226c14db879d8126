/** The sockets that listen: which one a message leaves by, and which names are ours. */
import type { Listener } from '../events.js'
import type { Via } from '../header/via.js'
import { defaultPort } from '../transport/address.js'
import type { Address, Flow, Protocol } from '../transport/flow.js'
import { isIpv6, sameHost } from '../uri/host.js'

/** The listener for a protocol and a remote address: of the same address family. */
export const listenerFor = (
  listeners: readonly Listener[],
  protocol: Protocol,
  host: string,
): Listener | undefined =>
  listeners.find((one) => one.protocol === protocol && isIpv6(one.local.host) === isIpv6(host))

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

/** A datagram's way from a listener to an address. */
export const flowTo = ({ protocol, local }: Listener, remote: Address): Flow => ({ protocol, local, remote })
