/** Stacks in a browser or worker: its clock, its dice, its WebSocket. It has no resolver, and with one server needs none. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { fromUint8Array } from '../../core/data/bytes.js'
import { assemble } from '../assemble.js'
import type { StackOptions } from '../options.js'
import type { Stack } from '../stack.js'
import type { Resolver, StartError, Transport } from '../transport.js'
import { type SocketLike, webSocketClient, type WebSocketClientOptions } from '../web-socket-client.js'

/** Starts a stack. `Left` names the transport that could not open; then nothing is left open. */
export const createStack = <S>(options: StackOptions<S>): TaskEither<StartError, Stack> =>
  assemble(options, {
    moment: () => ({ at: Math.floor(performance.now()), wall: Date.now(), entropy: hex(16) }),
    resolver: unresolved,
    newSecret: () => fromUint8Array(octets(16)),
  })

/** A transport to the SIP server at `url`, `wss://…` or `ws://…`. */
export const webSocket = (url: string, options: WebSocketClientOptions = {}): Transport =>
  webSocketClient(url, options, {
    connect: (to) => new WebSocket(to, 'sip') as unknown as SocketLike,
    newName: () => hex(8),
  })

const unresolved: Resolver = (question, tell) =>
  queueMicrotask(() => tell({ _tag: 'Unresolved', question, why: 'no resolver here', ttl: 0 }))

const octets = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))

const hex = (count: number): string =>
  Array.from(octets(count), (octet) => octet.toString(16).padStart(2, '0')).join('')
