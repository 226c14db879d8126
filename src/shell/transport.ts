/**
 * The interface of a transport: a few functions each way. The built-in ones use nothing else, so a transport of
 * one's own is as good as they are.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../core/data/bytes.js'
import type { Listener, SendCause } from '../core/events.js'
import type { Flow, Protocol } from '../core/transport/flow.js'

/** What a transport tells the stack. */
export interface Reports {
  /** Octets arrived. For datagrams one call is one datagram. */
  readonly received: (flow: Flow, bytes: Bytes) => void
  /** A connection closed, by either side. */
  readonly flowClosed: (flow: Flow) => void
  /** What `transmit` was given could not be sent; `cause` is what came with it. */
  readonly sendFailed: (flow: Flow, why: SendCause, cause: Option<string>) => void
  /** For operators: what went wrong without concerning a message. */
  readonly troubled: (what: string) => void
}

/** Why a transport could not begin. */
export interface StartError {
  readonly _tag:
    | 'AddressInUse'
    | 'AddressNotAvailable'
    | 'NotPermitted'
    | 'NameNotFound'
    | 'AlreadyRegistered'
    | 'Other'
  readonly protocol: Protocol
  readonly what: string
}

/** A way for octets to come and go. */
export interface Transport {
  readonly protocol: Protocol
  /** RFC 3261 17: whether it delivers or says that it does not. */
  readonly reliable: boolean
  /** Begins to receive; answers where. Never rejects. */
  readonly open: (reports: Reports) => Promise<Either<StartError, readonly Listener[]>>
  /** Sends octets on a flow of one of its listeners. Never throws; failure is reported. */
  readonly transmit: (flow: Flow, bytes: Bytes, cause: Option<string>) => void
  /** Stops receiving and frees everything. */
  readonly close: () => Promise<void>
}
