/**
 * The vocabulary of the stack: what goes in and what comes out.
 *
 * From the world come facts in the past tense, from the application wishes in the imperative; out go orders for the
 * shell and news for the application. Everything is plain data, so a log of inputs is a recording.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Question as AccountQuestion } from './auth/question.js'
import type { Account } from './auth/session.js'
import type { Bytes } from './data/bytes.js'
import type { Answer, Question } from './locate/question.js'
import type { Message, Request, Response } from './message/types.js'
import type { Key, ServerKey } from './transaction/key.js'
import type { Failure, Timer } from './transaction/types.js'
import type { Address, Flow, Framing, Protocol, Target } from './transport/flow.js'
import type { CertificateName } from './transport/identity.js'

export type { Answer, NaptrRecord, Question, SrvRecord } from './locate/question.js'
export type { Target } from './transport/flow.js'

/** What no pure function can know, so it comes with every event. */
export interface Moment {
  /** Monotonic clock, ms. */
  readonly at: number
  /** Wall clock, ms since 1970; for nonces, Date and certificates only. */
  readonly wall: number
  /** 128 unguessable bits as 32 hex digits; every identifier made in this step comes from them. */
  readonly entropy: string
}

/** An event and its moment: the one input of the stack's reducer. */
export interface Input<E = Event> extends Moment {
  readonly event: E
}

export type Event = FromShell | FromApplication
export type Output = ToShell | ToApplication

/** A socket that receives: where it is bound, what it calls itself in a Via, and whether its transport is reliable. */
export interface Listener {
  readonly protocol: Protocol
  readonly local: Address
  readonly advertised: Address
  readonly reliable: boolean
  /** How a connection of it carries messages; absent where there are only datagrams. */
  readonly framing?: Framing
  /** The one place that can be reached by it, whatever the target: a WebSocket client's server. */
  readonly peer?: Target
  /** Its requests ask that the peer sends its own on their connection too (`;alias`, RFC 5923). */
  readonly alias?: true
}

/** Why a send failed, in the shell's words reduced to what matters to the core (18.4). */
export type SendCause = 'unreachable' | 'refused' | 'too-large' | 'closed' | 'overflow' | 'other'

/** Who owns a timer. */
export type TimerId =
  | { readonly _tag: 'Transaction'; readonly transaction: string; readonly timer: Timer }
  | { readonly _tag: 'Pending'; readonly transaction: string }
  | { readonly _tag: 'Flow'; readonly flow: number }
  | { readonly _tag: 'Opening'; readonly opening: number }
  | { readonly _tag: 'Application'; readonly ref: Ref }

/** A name the application gives to a wish, to know its answer by. */
export type Ref = string | number

export type FromShell =
  | { readonly _tag: 'Listening'; readonly listener: Listener }
  | { readonly _tag: 'Unlistened'; readonly protocol: Protocol; readonly local: Address }
  | {
      readonly _tag: 'Received'
      readonly flow: Flow
      readonly bytes: Bytes
      /** The same once more, where the shell has them at hand: a datagram is read faster so. Read, and neither kept nor recorded. */
      readonly octets?: Uint8Array
    }
  /** A connection stands. `opening` is the number in `OpenFlow`; absent when the peer opened it. */
  | {
      readonly _tag: 'FlowOpened'
      readonly flow: Flow
      /** What the peer's certificate says it is, its chain verified; empty without one. */
      readonly names: readonly CertificateName[]
      readonly opening?: number
    }
  | {
      readonly _tag: 'FlowRefused'
      readonly opening: number
      readonly why: SendCause
      readonly what: string
    }
  | { readonly _tag: 'FlowClosed'; readonly flow: Flow }
  /** A connection that had overflowed has room again. */
  | { readonly _tag: 'Writable'; readonly flow: Flow }
  | {
      readonly _tag: 'SendFailed'
      readonly flow: Flow
      readonly why: SendCause
      readonly cause: Option<string>
    }
  /** `ttl`: for how many ms it may be believed. */
  | {
      readonly _tag: 'Resolved'
      readonly question: Question
      readonly answer: Answer
      readonly ttl: number
    }
  | {
      readonly _tag: 'Unresolved'
      readonly question: Question
      readonly why: string
      readonly ttl: number
    }
  | { readonly _tag: 'TimerFired'; readonly id: TimerId; readonly generation: number }

/** How one request is to be sent. */
export interface SendOptions {
  /** Where to, overriding Route and Request-URI: a place, or one connection and no other. For this send only. */
  readonly target?: Target | Flow
  /** `present`: the top Via is the caller's and its branch is the key. Otherwise the stack pushes one. */
  readonly via?: 'present'
}

export type FromApplication =
  | {
      readonly _tag: 'SendRequest'
      readonly ref: Ref
      readonly request: Request
      readonly options: SendOptions
    }
  | { readonly _tag: 'SendResponse'; readonly ref: Ref; readonly response: Response }
  | { readonly _tag: 'SendStateless'; readonly ref: Ref; readonly message: Message; readonly target: Target }
  /** Cancels an INVITE by the key that `Accepted` gave it. With the helper `cancelClient` it may be wished at any time. */
  | { readonly _tag: 'Cancel'; readonly ref: Ref; readonly key: Key }
  /** No other target for this request: the way it is on is its last (CC-8). */
  | { readonly _tag: 'Settle'; readonly key: Key }
  | { readonly _tag: 'Terminate'; readonly key: Key }
  | { readonly _tag: 'After'; readonly ref: Ref; readonly ms: number }
  | { readonly _tag: 'Forget'; readonly ref: Ref } // stops what `After` started
  | { readonly _tag: 'Drain' } // no new server transactions from now on
  /** The answer to `AccountWanted`; none when there is no such account. */
  | { readonly _tag: 'AccountFound'; readonly ref: Ref; readonly account: Option<Account> }

export type ToShell =
  | { readonly _tag: 'StopTimer'; readonly id: TimerId; readonly generation: number }
  | { readonly _tag: 'Transmit'; readonly flow: Flow; readonly bytes: Bytes; readonly cause: Option<string> }
  | { readonly _tag: 'StartTimer'; readonly id: TimerId; readonly generation: number; readonly due: number }
  | { readonly _tag: 'Resolve'; readonly question: Question }
  /** Connect from the listener at `local`; the answer is `FlowOpened` or `FlowRefused` with this number. */
  | {
      readonly _tag: 'OpenFlow'
      readonly opening: number
      readonly target: Target
      readonly local: Address
    }
  | { readonly _tag: 'CloseFlow'; readonly flow: Flow }

/** Why a wish was refused; nothing has changed. */
export type Refusal =
  | { readonly _tag: 'Invalid'; readonly what: string } // the message is not one that may be sent
  | { readonly _tag: 'AlreadyStarted'; readonly key: Key } // a transaction with this key is running
  | { readonly _tag: 'NoTransaction' } // the response answers nothing that is waiting
  | { readonly _tag: 'NotAllowed'; readonly row: string } // the transaction may not send this now
  | { readonly _tag: 'NoTransport'; readonly protocol: Protocol } // nothing listens on that protocol
  | { readonly _tag: 'Draining' }
  | { readonly _tag: 'Overload' }

/** Why a transaction, or a message of the application, came to nothing. */
export type Reason =
  | Failure
  | 'unresolved' // the name has no address
  | 'cancelled' // the peer cancelled its INVITE (487 was sent), or we ours and no final response came within 64·T1
  | 'expired' // the Expires of the peer's INVITE ran out; 487 was sent
  | 'no-ack' // no ACK came for a 2xx within 64·T1
  | 'core-failed' // the application threw or rejected

export type ToApplication =
  | { readonly _tag: 'Accepted'; readonly ref: Ref; readonly key: Key; readonly message: Message }
  | { readonly _tag: 'Refused'; readonly ref: Ref; readonly reason: Refusal }
  | {
      readonly _tag: 'RequestReceived'
      readonly request: Request
      readonly key: Option<ServerKey>
      /** The To tag that responses of the transaction get which bring none (8.2.6.2); absent without a transaction. */
      readonly tag?: Bytes
      /** A CANCEL: the transaction it cancels (9.2). */
      readonly cancels: Option<ServerKey>
      /** The transaction in which the same request already arrived by another path (8.2.2.2). */
      readonly mergedWith: Option<ServerKey>
      readonly flow: Flow
      /** Who sent it, where the guard of digest has had that proven. */
      readonly user?: { readonly username: string; readonly realm: string }
    }
  | {
      readonly _tag: 'ResponseReceived'
      readonly response: Response
      readonly key: Option<Key>
      /** The key that `send` returned, also when this response came in a later try. */
      readonly first: Option<Key>
    }
  | {
      readonly _tag: 'ErrorReceived'
      readonly reason: Reason
      readonly key: Option<Key>
      readonly first: Option<Key>
    }
  | { readonly _tag: 'Elapsed'; readonly ref: Ref; readonly late: number } // ms after it was due
  | { readonly _tag: 'Ended'; readonly key: Key }
  /** A helper for digest needs an account, and waits for `AccountFound` with this ref. */
  | { readonly _tag: 'AccountWanted'; readonly ref: Ref; readonly question: AccountQuestion }
  | Diagnostic

/** What an operator may want to know. `code` is closed and stable, `row` names the rule, `what` explains. */
export interface Diagnostic {
  readonly _tag: 'Diagnostic'
  readonly code: DiagnosticCode
  readonly what: string
  readonly row?: string
  readonly flow?: Flow
  readonly transaction?: string
}

export type DiagnosticCode =
  | 'stale-timer'
  | 'unexpected'
  | 'tu-misuse'
  | 'late-2xx'
  | 'flow-closed'
  | 'withheld' // a 408 to a non-INVITE: accepted, not sent (RFC 4320 4.2)
  | 'aborted'
  | 'stray' // a response that answers nothing of ours
  | 'not-ours' // a response whose top Via is not ours
  | 'malformed' // octets that are no message; answered with 400 or 505 where that is possible
  | 'keep-alive'
  | 'key-collision' // same key, another Call-ID, From or CSeq number
  | 'overload' // answered 503 over a bound
  | 'send-failed'
  | 'unacknowledged' // an ACK that fits no dialog
  | 'core-failed' // the application threw or rejected
  | 'flow-refused' // a connection could not be had
  | 'flow-lost' // a connection was closed on us, or we closed it: idle, silent, slow, dead
  | 'identity' // the certificate shows another domain
  | 'untrusted' // a server gave a wrong proof of knowing the password (RFC 7616 3.5)
  | 'unauthenticated' // a request was refused for its credentials, or for having none
  | 'next-target' // a request goes to its next target
  | 'shell'
