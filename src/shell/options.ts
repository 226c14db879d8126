/** What a stack is made of: what its owner chooses, and what the host brings. */
import type { Moment } from '../core/events.js'
import type { StackChoices } from '../core/stack/config.js'
import type { Abilities } from '../core/user-agent/request-checks.js'
import type { Core } from './core.js'
import type { DigestOptions } from './digest.js'
import type { Observer } from './stack.js'
import type { Resolver, Transport } from './transport.js'

/** What a stack is made of. Everything but name and core has a default. */
export interface StackOptions<S = unknown> extends Observer, StackChoices {
  /** For people: it stands in no message. */
  readonly name: string
  readonly core: Core<S>
  readonly transports?: readonly Transport[]
  /** Whether the user agent's helpers (2xx repetition, ACK, CANCEL) work for the core; true by default. */
  readonly helpers?: boolean
  /** What the core can do: the helpers answer requests beyond it (405, 416, 420, 415). Without it only merged ones. */
  readonly abilities?: Abilities
  /** Digest: answers challenges for us, and asks others who they are (RFC 3261 22). */
  readonly digest?: DigestOptions
  /** 16 octets or more that nobody can guess; random by default. */
  readonly secret?: string
  /**
   * Events whose work waits for an account (`digest.findAccount`): while more than so many do, nothing is read from any
   * connection; it goes on when half of them are left. 10,000 by default.
   */
  readonly maxQueuedEvents?: number
  /** Who answers the questions of RFC 3263; the system's resolver by default. */
  readonly resolver?: Resolver
  /** A state to go on from: what `stack.snapshot()` gave, and how many ms ago. The transports must be where they were. */
  readonly snapshot?: { readonly json: unknown; readonly elapsed: number }
}

/** What a host gives a stack. */
export interface Host {
  readonly moment: () => Moment
  readonly resolver: Resolver
  /** 16 octets that nobody can guess, as a byte string. */
  readonly newSecret: () => string
}
