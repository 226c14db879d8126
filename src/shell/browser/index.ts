/**
 * `sippet/browser`: the pure core, and stacks over WebSocket, for pages and workers. It is shipped as one module without
 * dependencies.
 */
export * as Stack from '../../core/stack.js'
export * as Header from '../../core/header.js'
export * as Key from '../../core/key.js'
export * as Transaction from '../../core/transaction.js'
export * as Uri from '../../core/uri.js'
export * as UserAgent from '../../core/user-agent.js'
export * as Utf8 from '../../core/data/utf8.js'
export type { Bytes } from '../../core/data/bytes.js'
export type * from '../../core/events.js'
export type { Message as AnyMessage, Request, Response } from '../../core/message/types.js'
export type { StackOptions } from '../assemble.js'
export type { AuthenticUser, Callbacks, Core, ReducerCore } from '../core.js'
export type { DigestOptions } from '../digest.js'
export type { Observer, SentRequest, SentResponse, Stack as RunningStack } from '../stack.js'
export type { Reports, Resolver, StartError, Transport } from '../transport.js'
export type { WebSocketClientOptions } from '../web-socket-client.js'
export { createStack, webSocket } from './create-stack.js'
