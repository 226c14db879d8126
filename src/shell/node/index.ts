/** `sippet/node`: stacks with sockets. Everything pure comes from `sippet`. */
export type { Callbacks, Core, ReducerCore } from './core.js'
export { createStack, type StackOptions } from './create-stack.js'
export { moments } from './moment.js'
export type { Observer, SentRequest, SentResponse, Stack } from './stack.js'
export { timers, type Timers } from './timers.js'
export { udp, type UdpOptions } from './udp.js'
export type { Reports, StartError, Transport } from '../transport.js'
