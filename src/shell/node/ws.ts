/**
 * SIP over WebSocket (RFC 7118), server and client, in the clear or with TLS. One SIP message a WebSocket message, in a
 * text frame when its octets are UTF-8 and in a binary one otherwise.
 */
import { isUtf8 } from 'node:buffer'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { WebSocket, WebSocketServer } from 'ws'
import type { Bytes } from '../../core/data/bytes.js'
import type { Target } from '../../core/events.js'
import type { Address, Flow, Protocol } from '../../core/transport/flow.js'
import type { CertificateName } from '../../core/transport/identity.js'
import { printHostPort } from '../../core/uri/host.js'
import type { Reports, StartError, Transport } from '../transport.js'
import { sendCause, startError } from './address.js'
import { listen, listenerOf, MAX_QUEUED, type StreamOptions } from './bind.js'
import { type Credentials, contextOf, shown, type TlsTransport } from './tls.js'

/** Where a WebSocket transport listens, and whom it lets in; port 80, or 443 with credentials, by default. */
export interface WsOptions extends StreamOptions {
  /** Whether a page of that origin may call; undefined when no browser calls. Everybody may by default (RFC 7118 10.1 leaves it open). */
  readonly acceptOrigin?: (origin: string | undefined, request: IncomingMessage) => boolean
  /** The path of the URL that we connect to; `/` by default. */
  readonly path?: string
  /** Octets of one message; 65 535 by default. */
  readonly maxMessage?: number
}

/** The same with TLS. */
export interface WssOptions extends WsOptions, Credentials {}

/** A WebSocket transport in the clear, not yet listening. */
export const ws = (options: WsOptions = {}): Transport => webSockets('ws', options, undefined)

/** A WebSocket transport with TLS, not yet listening. */
export const wss = (options: WssOptions): TlsTransport => webSockets('wss', options, options)

interface Live {
  readonly socket: WebSocket
  readonly flow: Flow
  refused: number
  /** It does not take what we write: who takes no answers gets no more questions in. */
  stuck: boolean
}

const webSockets = (protocol: Protocol, options: WsOptions, first: Credentials | undefined): TlsTransport => {
  let credentials = first
  const maxQueued = options.maxQueuedBytes ?? MAX_QUEUED
  const maxPayload = options.maxMessage ?? 65_535
  const live = new Map<number, Live>()
  const connecting = new Set<WebSocket>()
  let held = false
  let server: Server | undefined
  let reports: Reports | undefined

  const add = (socket: WebSocket, transport: Duplex, local: Address, opening?: number): void => {
    if (reports === undefined) return
    const to = reports
    const id = to.newId()
    const { remoteAddress = '', remotePort = 0 } = transport as Partial<TLSSocket>
    const flow: Flow = { protocol, local, remote: { host: remoteAddress, port: remotePort }, id }
    live.set(id, { socket, flow, refused: 0, stuck: false })
    socket.on('error', () => undefined) // `close` follows
    socket.on('close', () => {
      if (live.delete(id)) to.flowClosed(flow)
    })
    transport.on('drain', () => {
      const one = live.get(id)
      if (one === undefined) return
      one.stuck = false
      if (!held) socket.resume()
      if (one.refused === 0) return
      one.refused = 0
      to.writable(flow)
    })
    to.flowOpened(flow, namesOf(transport), opening)
    socket.on('message', (data: Buffer) => {
      if (live.has(id)) to.received(flow, data.toString('latin1'))
    })
    if (held) socket.pause()
  }

  const connect = (opening: number, target: Target, local: Address): void => {
    const domain = target.domain ?? target.host
    const socket = new WebSocket(
      `${protocol}://${printHostPort(target.host, target.port)}${options.path ?? '/'}`,
      'sip',
      {
        perMessageDeflate: false,
        maxPayload,
        ...(credentials === undefined
          ? {}
          : { ...contextOf(credentials), checkServerIdentity: () => false /* no error: the core decides */ }),
        ...(credentials === undefined || isIP(domain) !== 0 ? {} : { servername: domain }),
      },
    )
    let carrier: Duplex | undefined
    const failed = (error: Error): void => {
      connecting.delete(socket)
      reports?.flowRefused(opening, sendCause(error), error.message)
    }
    connecting.add(socket)
    socket.once('error', failed)
    socket.once('upgrade', (response) => {
      carrier = response.socket
    })
    socket.once('open', () => {
      connecting.delete(socket)
      socket.removeListener('error', failed)
      if (carrier !== undefined) add(socket, carrier, local, opening)
    })
  }

  const transmit = (flow: Flow, bytes: Bytes, cause: Option<string>): void => {
    const one = flow.id === undefined ? undefined : live.get(flow.id)
    if (one === undefined) {
      reports?.sendFailed(flow, 'closed', cause)
      return
    }
    const { socket } = one
    if (socket.bufferedAmount + bytes.length > maxQueued) {
      one.refused += bytes.length
      reports?.sendFailed(flow, 'overflow', cause)
      if (socket.bufferedAmount + one.refused > 2 * maxQueued) socket.terminate()
      return
    }
    const octets = Buffer.from(bytes, 'latin1')
    socket.send(octets, { binary: !isUtf8(octets) })
    if (socket.bufferedAmount <= PAUSE) return
    one.stuck = true
    socket.pause()
  }

  return {
    protocol,
    reliable: true,
    connect,
    transmit,
    open: async (to) => {
      const http = serverOf(protocol, credentials)
      if ('_tag' in http) return left(http)
      const fallback = credentials === undefined ? 80 : 443
      const local = await listen(protocol, http, options.host ?? '127.0.0.1', options.port ?? fallback)
      if ('_tag' in local) return left(local)
      server = http
      reports = to
      const upgrades = new WebSocketServer({
        noServer: true,
        perMessageDeflate: false,
        maxPayload,
        handleProtocols: () => 'sip',
      })
      http.on('upgrade', (request, socket, head) => {
        const refusal = refusalOf(request, options)
        if (refusal !== undefined) turnAway(socket, refusal)
        else upgrades.handleUpgrade(request, socket, head, (accepted) => add(accepted, socket, local))
      })
      http.on('error', (error) => to.troubled(`${protocol} ${local.host}:${local.port}: ${error.message}`))
      return right([listenerOf(protocol, 'message', local, options)])
    },
    reload: (next) => {
      try {
        // Only a server made with credentials is one of TLS, and only `wss` shows this member.
        ;(server as SecureServer | undefined)?.setSecureContext(contextOf(next))
      } catch (error) {
        return startError(protocol, error as Error)
      }
      credentials = next
      return undefined
    },
    closeFlow: ({ id }) => {
      const one = id === undefined ? undefined : live.get(id)
      if (id === undefined || one === undefined) return
      live.delete(id)
      one.socket.close(GOING_AWAY)
    },
    hold: (isHeld) => {
      held = isHeld
      for (const { socket, stuck } of live.values()) {
        if (isHeld) socket.pause()
        else if (!stuck) socket.resume()
      }
    },
    drain: () => void server?.close(),
    close: () =>
      new Promise((resolve) => {
        for (const socket of connecting) socket.terminate()
        for (const [id, { socket, flow }] of live) {
          live.delete(id)
          socket.close(GOING_AWAY)
          setTimeout(() => socket.terminate(), LINGER).unref()
          reports?.flowClosed(flow)
        }
        const closing = server
        server = undefined
        if (closing === undefined) {
          resolve()
          return
        }
        closing.close(() => resolve())
        closing.closeIdleConnections()
      }),
  }
}

/** Plain HTTP gets 426; what is slow or long before it is a WebSocket is cut off by the server's own bounds. */
const serverOf = (protocol: Protocol, credentials: Credentials | undefined): Server | StartError => {
  const bounds = { headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 8192 }
  try {
    const server =
      credentials === undefined
        ? createServer(bounds)
        : createSecureServer({ ...bounds, ...contextOf(credentials) })
    return server.on('request', (_request, response) => {
      response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end()
    })
  } catch (error) {
    return startError(protocol, error as Error) // a key that does not belong to its certificate
  }
}

/** "The WebSocket server … MUST … "sip" … subprotocol" (RFC 7118 4.1); the origin is the application's to judge. */
const refusalOf = (request: IncomingMessage, { acceptOrigin }: WsOptions): string | undefined => {
  const offered = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
  if (!offered.includes('sip')) return '400 Bad Request'
  return acceptOrigin === undefined || acceptOrigin(request.headers.origin, request)
    ? undefined
    : '403 Forbidden'
}

const turnAway = (socket: Duplex, status: string): void => {
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

const namesOf = (transport: Duplex): readonly CertificateName[] =>
  transport instanceof TLSSocket ? shown(transport) : []

const GOING_AWAY = 1001
const LINGER = 2000
const PAUSE = 16_384
