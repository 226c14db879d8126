/** A WebSocket client that listens nowhere and knows one server (RFC 7118 5): what a browser is, in Node. */
import { randomBytes } from 'node:crypto'
import { WebSocket } from 'ws'
import type { Transport } from '../transport.js'
import { type SocketLike, webSocketClient, type WebSocketClientOptions } from '../web-socket-client.js'
import { type Credentials, rootsOf } from './tls.js'

export interface WsClientOptions extends WebSocketClientOptions {
  /** Whom to believe over `wss`; the system's roots by default. */
  readonly ca?: Credentials['ca']
}

/** A client of the server at `url`, `ws://…` or `wss://…`. */
export const wsClient = (url: string, options: WsClientOptions = {}): Transport =>
  webSocketClient(url, options, {
    connect: (to) =>
      new WebSocket(to, 'sip', {
        perMessageDeflate: false,
        ...rootsOf(options.ca),
      }) as unknown as SocketLike,
    newName: () => randomBytes(8).toString('hex'),
  })
