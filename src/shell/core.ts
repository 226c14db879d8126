/** What an application is to a stack: three functions, or a reducer. */
import type { Option } from 'fp-ts/lib/Option.js'
import type { StateCodec } from '../core/codec/snapshot.js'
import type { FromApplication, Input, Reason, ToApplication } from '../core/events.js'
import type { Request, Response } from '../core/message/types.js'
import type { Reducer } from '../core/reducer.js'
import type { Key, ServerKey } from '../core/transaction/key.js'
import type { Flow } from '../core/transport/flow.js'
import type { Stack } from './stack.js'

/**
 * A core as three functions. Each may be asynchronous; one that throws or rejects costs only its own request, which
 * is answered 500 unless it has a final response. All may send from inside.
 */
export interface Callbacks {
  /**
   * A request; `key` is none for an ACK outside a transaction. `flow` is the way it came: as the `target` of a send it
   * leads back to the same peer, which may be reachable by nothing else (RFC 5626, RFC 7118). `user` is who sent it, where
   * `digest.server` had that proven.
   */
  readonly receiveRequest: (
    request: Request,
    key: Option<ServerKey>,
    stack: Stack,
    flow: Flow,
    user?: AuthenticUser,
  ) => unknown
  /** A response; `key` is that which `send` returned, none outside a transaction. */
  readonly receiveResponse: (response: Response, key: Option<Key>, stack: Stack) => unknown
  /** Something came to nothing: `timeout`, `transport`, `cancelled`, … */
  readonly receiveError: (reason: Reason, key: Option<Key>, stack: Stack) => unknown
}

/** A core as a reducer with its first state: no clock, no sockets, so the whole service is one pure function. */
export interface ReducerCore<S> {
  readonly start: S
  readonly reducer: Reducer<S, Input<ToApplication>, FromApplication>
  /** How its state stands in a snapshot; without it there is none of the stack either. */
  readonly codec?: StateCodec<S>
}

/** A user whose digest was right (RFC 3261 22). */
export interface AuthenticUser {
  readonly username: string
  readonly realm: string
}

export type Core<S> = Callbacks | ReducerCore<S>
