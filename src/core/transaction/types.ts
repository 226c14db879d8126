/**
 * What the four transaction machines share: timers, configuration, events and effects.
 *
 * A machine knows neither clock nor key nor flow. Delays are milliseconds from the instant of the event that
 * caused them (for a timer that fired: from the instant it was due, so that a late firing does not stretch the
 * schedule); the layer adds key, flow, generation and deadline.
 */
import type { Bytes } from '../data/bytes.js'
import type { Message, Request, Response } from '../message/types.js'

/** The timers of RFC 3261 table 4 and RFC 6026 by letter, and the three that have none. */
export type Timer =
  | 'A' // INVITE client: repeat the INVITE, doubles without cap
  | 'B' // INVITE client: give up, 64·T1
  | 'D' // INVITE client: absorb repeated non-2xx finals
  | 'E' // non-INVITE client: repeat the request, doubles up to T2
  | 'F' // non-INVITE client: give up, 64·T1
  | 'G' // INVITE server: repeat the final response, doubles up to T2
  | 'H' // INVITE server: no ACK came, 64·T1
  | 'I' // INVITE server: absorb repeated ACKs, T4
  | 'J' // non-INVITE server: absorb repeated requests, 64·T1
  | 'K' // non-INVITE client: absorb repeated finals, T4
  | 'L' // INVITE server: accept repeated INVITEs after a 2xx, 64·T1
  | 'M' // INVITE client: accept further 2xx, 64·T1
  | 'Trying' // INVITE server: 100 when the application is slow, 200 ms (17.2.1)
  | 'N100' // non-INVITE server: the 100 of RFC 4320 4.1
  | 'Guard' // server machines: the application never answers (policy)

/** Timer values in milliseconds (17.1.1.1, table 4); T1, T2 and T4 are positive. */
export interface Timing {
  /** Round-trip estimate, 500. */
  readonly t1: number
  /** Cap of non-INVITE and response retransmission, 4000. */
  readonly t2: number
  /** How long a message can stay in the network, 5000. */
  readonly t4: number
  /** How long an INVITE may go without an answer before the machine sends 100, 200. */
  readonly trying: number
  /** Timer D on unreliable transports; at least 32000 and never less than 64·T1. */
  readonly d: number
  /** How long an INVITE server waits for its application's final response; 0 waits for ever. */
  readonly guard: number
}

/** Where RFCs or the field differ, the choice is data, not a fork of the code. */
export interface Profile {
  /** RFC 4320: `strict` never sends 101–199 or 408 to a non-INVITE and sends 100 only when due; `legacy` obeys the application. */
  readonly nonInvite: 'strict' | 'legacy'
  /** RFC 6026 8.8: a server machine whose send fails stays (`stay`); RFC 3261 17.2.4 said `terminate`. */
  readonly serverSendFailed: 'stay' | 'terminate'
  /** NS: give up 64·T1 after receipt when the application is silent (policy, NS-11, NS-41). */
  readonly nonInviteGuard: boolean
}

/** Configuration of the four machines. */
export interface Config {
  readonly timing: Timing
  readonly profile: Profile
}

/** The values of RFC 3261 with RFC 4320 and RFC 6026; guards off. */
export const rfc3261: Config = {
  timing: { t1: 500, t2: 4000, t4: 5000, trying: 200, d: 32000, guard: 0 },
  profile: { nonInvite: 'strict', serverSendFailed: 'stay', nonInviteGuard: false },
}

/** A timer of the transaction fired. `late` is how many ms after its due instant it is handled (0 when in time). */
export interface TimerFired {
  readonly _tag: 'TimerFired'
  readonly timer: Timer
  readonly late: number
}

/** The transport could not send what this transaction transmitted. */
export interface TransportFailed {
  readonly _tag: 'TransportFailed'
}

/** The connection this transaction was using closed; nothing was being sent at that moment. */
export interface FlowClosed {
  readonly _tag: 'FlowClosed'
}

/** The transaction user wants the transaction gone (Elixir's `terminate`). */
export interface Abort {
  readonly _tag: 'Abort'
}

/** What can happen to a client transaction (17.1). */
export type ClientEvent =
  | { readonly _tag: 'ResponseReceived'; readonly response: Response }
  | TimerFired
  | TransportFailed
  | FlowClosed
  | Abort

/** What can happen to a server transaction (17.2). */
export type ServerEvent =
  | { readonly _tag: 'RequestReceived'; readonly request: Request } // the same request again
  | { readonly _tag: 'AckReceived'; readonly request: Request } // INVITE only: the ACK that matches this transaction
  | { readonly _tag: 'Respond'; readonly response: Response } // the transaction user answers
  | TimerFired
  | TransportFailed
  | FlowClosed
  | Abort

/** Why a transaction failed, as its user hears it. */
export type Failure =
  | 'timeout' // B, F: as if 408 had come (8.1.3.1); H: no ACK came
  | 'transport' // as if 503 had come (8.1.3.1)
  | 'tu-timeout' // a guard: the application never answered (policy)
  | 'flow-lost' // advisory: the connection closed while waiting; the transaction goes on (policy)

/** Why an event changed nothing, for operators. */
export type Ignored =
  | 'stale-timer' // a timer that this state does not run
  | 'unexpected' // a message, or news of a failed send, that this state has no arrow for
  | 'tu-misuse' // what the transaction user may not ask for now
  | 'late-2xx' // a 2xx after another final (IC-32)
  | 'flow-closed' // the connection closed where nothing depends on it
  | 'withheld' // a response that may not go to its peer: the transaction ends without it (NS-09, NS-24)
  | 'aborted' // an abort that a peer will notice (IS-16), or that must wait until a timer ends it (IC-47)

/**
 * What a machine asks for. Order within a step is a contract: stop, transmit, start, deliver or fail, ended, diagnostic.
 * The `row` of a diagnostic is a row of the conformance table (docs/machines/conformance.md).
 */
export type Effect =
  | { readonly _tag: 'StopTimer'; readonly timer: Timer }
  | { readonly _tag: 'Transmit'; readonly bytes: Bytes }
  | { readonly _tag: 'StartTimer'; readonly timer: Timer; readonly delay: number }
  | { readonly _tag: 'Deliver'; readonly message: Message }
  | { readonly _tag: 'Fail'; readonly reason: Failure }
  | { readonly _tag: 'Ended' }
  | { readonly _tag: 'Diagnostic'; readonly ignored: Ignored; readonly row: string }
