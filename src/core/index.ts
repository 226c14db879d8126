/**
 * `sippet`: the pure core. No clock, no dice, no sockets; it runs in Node, a browser, a worker, Deno, Bun or a test.
 *
 * One namespace a subject; the types that cross subjects stand beside them.
 */
export * as Codec from './codec/header.js'
export * as Digest from './digest.js'
export * as Header from './header.js'
export * as Key from './key.js'
export * as Message from './message.js'
export * as Snapshot from './codec/snapshot.js'
export * as Stack from './stack.js'
export * as Transaction from './transaction.js'
export * as Uri from './uri.js'
export * as UserAgent from './user-agent.js'
export * as Utf8 from './data/utf8.js'
export { configFrom, profiles } from './codec/config.js'
export { K } from './transaction/key-text.js'
export type { Bytes } from './data/bytes.js'
export type * from './events.js'
export type { Message as AnyMessage, Request, Response } from './message/types.js'
export { go, none, type Reducer, type Step, stay } from './reducer.js'
export { type Run, run, type World } from './runtime/run.js'
export { type TextForm, type TimerQueue, timerQueue } from './runtime/timer-queue.js'
export { timerText } from './runtime/timer-text.js'
export type { Address, Flow, Protocol, Reliability } from './transport/flow.js'
