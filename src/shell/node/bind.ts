/** Binding a server to an address, with a typed result. */
import { lookup } from 'node:dns/promises'
import { isIP, isIPv6, type Server } from 'node:net'
import type { Listener } from '../../core/events.js'
import type { Address, Framing, Protocol } from '../../core/transport/flow.js'
import type { StartError } from '../transport.js'
import { ownAddress, startError } from './address.js'

/** Where a transport of connections listens, what it calls itself, and how much may wait to be sent. */
export interface StreamOptions {
  /** Address or name to bind, default `127.0.0.1`; `0.0.0.0` and `::` bind every address of the host. */
  readonly host?: string
  /** Port to bind, by default that of the protocol; 0 lets the system choose. */
  readonly port?: number
  /** What stands in the Via, where it is another address than the bound one (NAT, relay). */
  readonly advertised?: Partial<Address>
  /**
   * Octets that may wait to be sent on one connection, default 256 KiB. What would go beyond is refused with `overflow`;
   * a connection for which twice as much was wanted is closed.
   */
  readonly maxQueuedBytes?: number
}

/** The default of `maxQueuedBytes`. */
export const MAX_QUEUED: number = 256 << 10

/** Makes a server listen; answers where. */
export const listen = async (
  protocol: Protocol,
  server: Server,
  wanted: string,
  port: number,
): Promise<Address | StartError> => {
  const host = isIP(wanted) === 0 ? await resolve(wanted) : wanted
  if (host === undefined) return { _tag: 'NameNotFound', protocol, what: `no address for ${wanted}` }
  return new Promise((done) => {
    const refused = (error: Error): void => done(startError(protocol, error))
    server.once('error', refused)
    server.listen({ host, port, ipv6Only: isIPv6(host), backlog: 4096 }, () => {
      server.removeListener('error', refused)
      const bound = server.address()
      done(
        bound === null || typeof bound === 'string'
          ? { _tag: 'Other', protocol, what: 'the server closed' }
          : { host: bound.address, port: bound.port },
      )
    })
  })
}

/** What the stack is told of a server that listens. */
export const listenerOf = (
  protocol: Protocol,
  framing: Framing,
  local: Address,
  { advertised }: StreamOptions,
): Listener => ({
  protocol,
  local,
  advertised: { host: advertised?.host ?? ownAddress(local.host), port: advertised?.port ?? local.port },
  reliable: true,
  framing,
})

/** The first address of a name. */
export const resolve = (name: string): Promise<string | undefined> =>
  lookup(name).then(
    ({ address }) => address,
    () => undefined,
  )
