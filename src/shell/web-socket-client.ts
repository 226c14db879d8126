/**
 * SIP over one WebSocket to one server, for hosts that can open connections and accept none (RFC 7118 5): browsers, and Node
 * as a client. Everything goes to that server, over a connection that is opened when something is to be sent.
 */
import { left, right } from 'fp-ts/lib/Either.js'
import { fromUint8Array, toUint8Array, type Bytes } from '../core/data/bytes.js'
import type { Target } from '../core/events.js'
import type { Flow, Protocol } from '../core/transport/flow.js'
import type { Reports, Transport } from './transport.js'

/** The part of a WebSocket that is needed: that of browsers, and of `ws`. */
export interface SocketLike {
  binaryType: string
  readonly protocol: string
  readonly readyState: number
  readonly bufferedAmount: number
  readonly send: (data: string | Uint8Array) => void
  readonly close: (code?: number) => void
  /** That of `ws` can stop reading; one of a browser cannot. */
  readonly pause?: () => void
  readonly resume?: () => void
  onopen: (() => void) | null
  onclose: (() => void) | null
  onerror: (() => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
}

export interface WebSocketClientOptions {
  /** What stands in the Via; a random name under `.invalid` by default, as the RFC asks of clients without an address. */
  readonly sentBy?: string
  /** Octets that may wait to be sent, default 256 KiB. */
  readonly maxQueuedBytes?: number
}

/** What differs between hosts. */
export interface WebSocketHost {
  readonly connect: (url: string) => SocketLike
  readonly newName: () => string
}

/** The transport; `open` connects nothing yet. */
export const webSocketClient = (
  url: string,
  { sentBy, maxQueuedBytes = 256 << 10 }: WebSocketClientOptions,
  host: WebSocketHost,
): Transport => {
  const server = serverOf(url)
  const protocol: Protocol = server?.protocol ?? 'ws'
  const live = new Map<number, { readonly socket: SocketLike; readonly flow: Flow; refused: number }>()
  let reports: Reports | undefined
  let held = false

  const connect = (opening: number, target: Target): void => {
    const to = reports
    if (to === undefined) return
    const socket = opened(host, url)
    if (socket === undefined) {
      to.flowRefused(opening, 'other', `${url} cannot be opened`)
      return
    }
    socket.binaryType = 'arraybuffer'
    const refuse = (): void => to.flowRefused(opening, 'refused', `${url} does not answer as a WebSocket`)
    socket.onerror = () => undefined // `onclose` follows
    socket.onclose = refuse
    socket.onopen = () => {
      if (socket.protocol !== 'sip') {
        socket.onclose = null
        socket.close()
        to.flowRefused(opening, 'other', 'the server does not speak the subprotocol sip')
        return
      }
      const id = to.newId()
      const flow: Flow = { protocol, local: nowhere, remote: { host: target.host, port: target.port }, id }
      live.set(id, { socket, flow, refused: 0 })
      socket.onclose = () => {
        if (live.delete(id)) to.flowClosed(flow)
      }
      socket.onmessage = ({ data }) => {
        const bytes = octetsOf(data)
        if (bytes !== undefined && live.has(id)) to.received(flow, bytes)
      }
      // The host has verified the certificate against the name in the URL; that is all it tells.
      to.flowOpened(flow, [{ kind: 'dns', value: target.domain ?? target.host }], opening)
      if (held) socket.pause?.()
    }
  }

  return {
    protocol,
    reliable: true,
    open: (to) => {
      if (server === undefined)
        return Promise.resolve(left({ _tag: 'Other', protocol, what: `${url} is no ws or wss URL` } as const))
      reports = to
      const advertised = {
        host: sentBy ?? `${host.newName()}.invalid`,
        port: server.protocol === 'wss' ? 443 : 80,
      }
      return Promise.resolve(
        right([
          { protocol, local: nowhere, advertised, reliable: true, framing: 'message', peer: server } as const,
        ]),
      )
    },
    connect,
    transmit: (flow, bytes, cause) => {
      const one = flow.id === undefined ? undefined : live.get(flow.id)
      if (one === undefined) {
        reports?.sendFailed(flow, 'closed', cause)
        return
      }
      const { socket } = one
      if (socket.bufferedAmount + bytes.length > maxQueuedBytes) {
        one.refused += bytes.length
        reports?.sendFailed(flow, 'overflow', cause)
        if (socket.bufferedAmount + one.refused > 2 * maxQueuedBytes) socket.close()
        else
          watch(socket, () => {
            one.refused = 0
            reports?.writable(flow)
          })
        return
      }
      socket.send(textOf(bytes) ?? toUint8Array(bytes))
    },
    closeFlow: ({ id }) => {
      const one = id === undefined ? undefined : live.get(id)
      if (id === undefined || one === undefined) return
      live.delete(id)
      one.socket.close()
    },
    hold: (isHeld) => {
      held = isHeld
      for (const { socket } of live.values())
        if (isHeld) socket.pause?.()
        else socket.resume?.()
    },
    close: () => {
      for (const [id, { socket, flow }] of live) {
        live.delete(id)
        socket.close()
        reports?.flowClosed(flow)
      }
      return Promise.resolve()
    },
  }
}

/** A WebSocket does not say when it has room again; it is asked ten times a second while somebody waits for that. */
const watch = (socket: SocketLike, room: () => void): void => {
  const timer = setInterval(() => {
    if (socket.readyState === OPEN && socket.bufferedAmount > 0) return
    clearInterval(timer)
    if (socket.readyState === OPEN) room()
  }, 100)
}

const opened = (host: WebSocketHost, url: string): SocketLike | undefined => {
  try {
    return host.connect(url)
  } catch {
    return undefined // mixed content, a forbidden port
  }
}

const serverOf = (url: string): Target | undefined => {
  try {
    const { protocol, hostname, port } = new URL(url)
    if (protocol !== 'ws:' && protocol !== 'wss:') return undefined
    const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
    return {
      protocol: protocol.slice(0, -1),
      host,
      port: port === '' ? (protocol === 'wss:' ? 443 : 80) : Number(port),
    }
  } catch {
    return undefined
  }
}

/** Text frames hold UTF-8 (RFC 6455 5.6); in the core every message is octets. */
const octetsOf = (data: unknown): Bytes | undefined => {
  if (typeof data === 'string') return fromUint8Array(new TextEncoder().encode(data))
  return data instanceof ArrayBuffer ? fromUint8Array(new Uint8Array(data)) : undefined
}

/** The text whose UTF-8 these octets are; undefined when they are none. */
const textOf = (bytes: Bytes): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toUint8Array(bytes))
  } catch {
    return undefined
  }
}

const nowhere = { host: '', port: 0 } as const
const OPEN = 1
