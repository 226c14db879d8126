/**
 * The interface of a transport: a few functions each way. The built-in ones use nothing else, so a transport of
 * one's own is as good as they are.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../core/data/bytes.js'
import type { FromShell, Listener, Question, SendCause, Target } from '../core/events.js'
import type { Address, Flow, Protocol } from '../core/transport/flow.js'
import type { CertificateName } from '../core/transport/identity.js'

/** What a transport tells the stack. */
export interface Reports {
  /**
   * Octets arrived. For datagrams one call is one datagram, for `message` framing one message, for streams any part.
   * `octets`, if given, are the same as an array, which saves time with datagrams; they must not change before the return.
   */
  readonly received: (flow: Flow, bytes: Bytes, octets?: Uint8Array) => void
  /** A number for a connection, its `Flow.id`: never given twice by this stack. */
  readonly newId: () => number
  /** A connection stands, before anything is received on it. `opening` as `connect` was given it; absent when a peer called. */
  readonly flowOpened: (flow: Flow, names: readonly CertificateName[], opening?: number) => void
  /** What `connect` was asked for cannot be had. */
  readonly flowRefused: (opening: number, why: SendCause, what: string) => void
  /** A connection closed, by either side; said once, and nothing is reported on it afterwards. */
  readonly flowClosed: (flow: Flow) => void
  /** A connection for which `overflow` was reported has room again. */
  readonly writable: (flow: Flow) => void
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
    | 'BadSnapshot' // what was to be restored is no snapshot; `protocol` is empty
    | 'Other'
  readonly protocol: Protocol
  readonly what: string
}

/**
 * A way for octets to come and go. The first five members make a datagram transport; one of connections has a
 * `framing` in its listeners, and `connect` and `closeFlow`.
 */
export interface Transport {
  readonly protocol: Protocol
  /** RFC 3261 17: whether it delivers or says that it does not. */
  readonly reliable: boolean
  /** Begins to receive; answers where. Never rejects. May be called again after `close`. */
  readonly open: (reports: Reports) => Promise<Either<StartError, readonly Listener[]>>
  /** Sends octets on a flow of one of its listeners. Never throws; failure is reported. */
  readonly transmit: (flow: Flow, bytes: Bytes, cause: Option<string>) => void
  /** Connects from the listener at `local` to an address. Never throws; answers by `flowOpened` or `flowRefused`. */
  readonly connect?: (opening: number, target: Target, local: Address) => void
  /** Closes a connection after what was sent on it; one that is closed already is no error. */
  readonly closeFlow?: (flow: Flow) => void
  /**
   * Stops reading from all connections, those to come included, or goes on: more waits above than the stack takes. What the
   * transport holds back for reasons of its own stays held back. One that cannot stop its peers leaves it out.
   */
  readonly hold?: (isHeld: boolean) => void
  /** Accepts no more connections. Those that stand go on. */
  readonly drain?: () => void
  /** Stops receiving, closes all connections and frees everything. */
  readonly close: () => Promise<void>
}

/** How a question of the core is answered: `tell` is called once with `Resolved` or `Unresolved`. */
export type Resolver = (
  question: Question,
  tell: (answer: Extract<FromShell, { readonly question: Question }>) => void,
) => void
