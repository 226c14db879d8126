/** `sippet/node`: stacks with sockets. Everything pure comes from `sippet`. */
export type { AuthenticUser, Callbacks, Core, ReducerCore } from '../core.js'
export type { DigestOptions } from '../digest.js'
export { createStack, type StackOptions } from './create-stack.js'
export { moments } from './moment.js'
export type { Observer, SentRequest, SentResponse, Stack } from '../stack.js'
export { timers, type Timers } from '../timers.js'
export { udp, type UdpOptions } from './udp.js'
export { udpClient, type UdpPeer } from './udp-client.js'
export { tcp, type TcpOptions } from './tcp.js'
export { type Credentials, tls, type TlsOptions, type TlsTransport } from './tls.js'
export { ws, type WsOptions, wss, type WssOptions } from './ws.js'
export { wsClient, type WsClientOptions } from './ws-client.js'
export type { WebSocketClientOptions } from '../web-socket-client.js'
export type { StreamOptions } from './bind.js'
export { type ResolverOptions, staticResolver, systemResolver, type Zone } from './resolver.js'
export type { Reports, Resolver, StartError, Transport } from '../transport.js'
export { autoAnswer, type AutoAnswerOptions } from '../../core/user-agent/auto-answer.js'
export { type Secret, secretOf } from '../../core/data/hash.js'
export {
  aboutRecording,
  type Recorded,
  type Recorder,
  recorder,
  type Replayed,
  replay,
  type SnapshotFile,
  snapshotFile,
} from './recorder.js'
export { newBranch, newCallId, newTag, request, type RequestOptions } from '../request.js'
