/** A stack at work in Node: a reducer, its sockets, one clock, and a core. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Diagnostic, Input, Listener, Output, Refusal, SendOptions } from '../core/events.js'
import type { Message, Request, Response } from '../core/message/types.js'
import type { Observation } from '../core/stack/observe.js'
import type { Key } from '../core/transaction/key.js'
import type { StartError, Transport } from './transport.js'
import type { Callbacks } from './core.js'

/** What `send` answers for a request: the key that all news of it will bear, and the request as it left. */
export interface SentRequest {
  readonly key: Key
  readonly request: Request
}

/** What `send` answers for a response: the key of its transaction, and the response as it left, To tag included. */
export interface SentResponse {
  readonly key: Key
  readonly response: Response
}

/** A running stack. Several live in one process without knowing of each other. */
export interface Stack {
  readonly name: string
  /** Where it listens now. */
  readonly listeners: () => readonly Listener[]
  /**
   * Sends a request through a new client transaction (an ACK without one), or a response through the server transaction
   * of its request. Answers at once; nothing has changed when it is `Left`.
   */
  readonly send: {
    (request: Request, options?: SendOptions): Either<Refusal, SentRequest>
    (response: Response): Either<Refusal, SentResponse>
  }
  /** Puts another core in place of the callbacks. */
  readonly registerCore: (core: Callbacks) => void
  /** Opens a transport; `Left` when one of that protocol with the same address runs, or the system refuses. */
  readonly registerTransport: (
    protocol: string,
    reliable: boolean,
    transport: Transport,
  ) => TaskEither<StartError, readonly Listener[]>
  /** Closes one transport and its connections; the others go on, and it can be registered again. */
  readonly unregisterTransport: (transport: Transport) => Promise<void>
  /** Whether the transport named in the top Via is reliable; none when no such transport is registered. */
  readonly isReliable: (message: Message) => Option<boolean>
  /**
   * Cancels an INVITE by the key that `send` gave; at any time before its final response, which is the outcome. `Left` when
   * there is nothing to cancel.
   */
  readonly cancel: (key: Key) => Either<Refusal, { readonly key: Key }>
  /** The whole state as JSON, for `snapshot` of another stack; none when the core is a reducer without a codec. */
  readonly snapshot: () => Option<unknown>
  /** Ends a transaction without a message; a key that is not running is ignored. */
  readonly terminate: (key: Key) => void
  /** Calls `then` after `ms` milliseconds of the stack's time; the result cancels. */
  readonly after: (ms: number, then: () => void) => () => void
  /** Closes now, or stops accepting and gives live transactions `drain` ms to end. */
  readonly close: (options?: { readonly drain?: number }) => Promise<void>
}

/** Who may look on: every step of the reducer, and what an operator may want to know. */
export interface Observer {
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void
  /** Transitions, firings and diagnostics, after the step in which they happened. */
  readonly onObservation?: (observation: Observation) => void
  readonly onStep?: (input: Input, effects: readonly Output[]) => void
}
