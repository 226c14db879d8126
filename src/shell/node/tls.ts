/**
 * TLS over TCP (RFC 3261 26.2, RFC 5922), server and client. The chain is verified here against `ca` or the system's
 * roots; for whom a certificate speaks is decided in the core, by the domain that is to be reached.
 */
import { isIP } from 'node:net'
import { connect, createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls'
import { left, right } from 'fp-ts/lib/Either.js'
import type { CertificateName } from '../../core/transport/identity.js'
import type { StartError, Transport } from '../transport.js'
import { sendCause, startError } from './address.js'
import { listen, listenerOf, MAX_QUEUED, type StreamOptions } from './bind.js'
import { namesOf } from './certificate.js'
import { type Sockets, sockets } from './sockets.js'

/** Keys and certificates in PEM. They can be replaced while the transport runs. */
export interface Credentials {
  readonly cert: string | Buffer
  readonly key: string | Buffer
  /** Whom to believe; the system's roots by default. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[]
}

/** Where a TLS transport listens, and as whom; port 5061 by default. */
export interface TlsOptions extends StreamOptions, Credentials {
  /**
   * Whether peers that call have to show a certificate: `ignore` does not ask (default), `request` takes what comes and
   * believes it if its chain holds, `require` refuses all others.
   */
  readonly clientCertificates?: 'ignore' | 'request' | 'require'
  /**
   * Ask peers that we call to send their requests to `advertised` on the same connection (RFC 5923); false by default. They
   * do if they know how and our certificate shows that name.
   */
  readonly alias?: boolean
}

/** A TLS transport. */
export interface TlsTransport extends Transport {
  /** New connections use these from now on; those that stand keep theirs. `Left` leaves everything as it was. */
  readonly reload: (credentials: Credentials) => StartError | undefined
}

/** A TLS transport, not yet listening. */
export const tls = (options: TlsOptions): TlsTransport => {
  let credentials: Credentials = options
  let server: Server | undefined
  let live: Sockets | undefined
  let refused: ((opening: number, error: Error) => void) | undefined
  const connecting = new Set<TLSSocket>()

  return {
    protocol: 'tls',
    reliable: true,
    open: async (reports) => {
      const opening = serverOf(credentials, options)
      if ('_tag' in opening) return left(opening)
      const local = await listen('tls', opening, options.host ?? '127.0.0.1', options.port ?? 5061)
      if ('_tag' in local) return left(local)
      const all = sockets('tls', local, reports, options.maxQueuedBytes ?? MAX_QUEUED)
      server = opening
      live = all
      refused = (number, error) => reports.flowRefused(number, sendCause(error), error.message)
      opening.on('secureConnection', (socket) => all.add(socket, shown(socket)))
      opening.on('tlsClientError', (error: Error, socket) => {
        reports.troubled(`tls: ${socket.remoteAddress ?? 'a peer'}: ${error.message}`)
        socket.destroy()
      })
      opening.on('error', (error: Error) =>
        reports.troubled(`tls ${local.host}:${local.port}: ${error.message}`),
      )
      const listener = listenerOf('tls', 'stream', local, options)
      return right([options.alias === true ? { ...listener, alias: true } : listener])
    },
    connect: (opening, { host, port, domain = host }) => {
      const socket = connect({
        ...contextOf(credentials),
        host,
        port,
        ...(isIP(domain) === 0 ? { servername: domain } : {}),
        checkServerIdentity: () => undefined, // the core's decision
      })
      const failed = (error: Error): void => {
        connecting.delete(socket)
        socket.destroy()
        refused?.(opening, error)
      }
      connecting.add(socket)
      socket.once('error', failed)
      socket.once('secureConnect', () => {
        connecting.delete(socket)
        socket.removeListener('error', failed)
        live?.add(socket, shown(socket), opening)
      })
    },
    transmit: (flow, bytes, cause) => live?.transmit(flow, bytes, cause),
    closeFlow: (flow) => live?.closeFlow(flow),
    hold: (isHeld) => live?.hold(isHeld),
    reload: (next) => {
      try {
        server?.setSecureContext(contextOf(next))
      } catch (error) {
        return startError('tls', error as Error)
      }
      credentials = next
      return undefined
    },
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

const serverOf = (credentials: Credentials, { clientCertificates }: TlsOptions): Server | StartError => {
  try {
    return createServer({
      ...contextOf(credentials),
      noDelay: true,
      requestCert: clientCertificates === 'request' || clientCertificates === 'require',
      rejectUnauthorized: clientCertificates === 'require',
      handshakeTimeout: 10_000,
    })
  } catch (error) {
    return startError('tls', error as Error) // a key that does not belong to its certificate
  }
}

/** Keys and roots as Node wants them. */
export const contextOf = ({ cert, key, ca }: Credentials): SecureContextOptions => ({
  cert,
  key,
  minVersion: 'TLSv1.2',
  ...rootsOf(ca),
})

/** Whom to believe, as Node wants it. */
export const rootsOf = (ca: Credentials['ca']): Pick<SecureContextOptions, 'ca'> =>
  ca === undefined ? {} : { ca: typeof ca === 'string' || Buffer.isBuffer(ca) ? ca : [...ca] }

/** A certificate whose chain does not hold shows nothing. */
export const shown = (socket: TLSSocket): readonly CertificateName[] =>
  socket.authorized ? namesOf(socket.getPeerCertificate()) : []
