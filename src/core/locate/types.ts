/** The vocabulary of locating (RFC 3263): where a request may go, as far as that is known. */
import type { Protocol, Target } from '../transport/flow.js'
import type { Answer } from './question.js'

/** An address to try. */
export interface Place extends Target {
  /** Only when the way before it could not be had at all: UDP after TCP was refused (18.1.1). */
  readonly instead?: true
}

/** One entry in the list of what is left to try, in order of preference. */
export type Way =
  /** Ask which transports the domain prefers (4.1). */
  | { readonly _tag: 'Naptr'; readonly domain: string; readonly secure: boolean }
  /** Ask for the servers of one transport (4.2, RFC 2782). */
  | { readonly _tag: 'Srv'; readonly name: string; readonly protocol: Protocol; readonly domain: string }
  /** Ask for the addresses of a host. `otherwise`: only if no SRV record was found. */
  | {
      readonly _tag: 'Host'
      readonly name: string
      readonly port: number
      readonly protocol: Protocol
      readonly domain: string
      readonly otherwise: boolean
    }
  /** Go there. `late`: it failed a short while ago, so everything else goes first. */
  | { readonly _tag: 'Address'; readonly place: Place; readonly late?: true }

export type Ways = readonly Way[]

/** What is known of a question: an answer, that there is none, or nothing. */
export type Known =
  | { readonly _tag: 'Answered'; readonly answer: Answer }
  | { readonly _tag: 'Absent' }
  | { readonly _tag: 'Unknown' }
