/** Rules that overrule the dice of a network: `drop('200 INVITE', { nth: 2 })`. The first rule with an opinion decides. */
import type { Bytes } from '../../core/data/bytes.js'
import type { SendCause } from '../../core/events.js'
import type { Fate } from '../fate.js'

/** A datagram about to be carried. */
export interface Datagram {
  readonly from: string
  readonly to: string
  readonly at: number
  readonly text: Bytes
  /** `INVITE`, `200 INVITE`; empty for octets that are no message. */
  readonly kind: string
  /** Which of its kind in this direction it is, repetitions counted: 1 the first. */
  readonly nth: number
}

/** What a rule decides: a fate, or that the sender is told of a failure. */
export type Verdict = Fate | SendCause

/** Which datagrams a rule is about. What is absent does not matter. */
export interface Which {
  /** `INVITE`, `200 INVITE`. */
  readonly kind?: string
  /** The n-th of its kind in its direction, 1 the first. */
  readonly nth?: number
  readonly from?: string
  readonly to?: string
}

/** Decides the fate of some datagrams: plain data, or a function that has no opinion where it answers undefined. */
export type Rule = Decision | ((datagram: Datagram) => Verdict | undefined)

/** A rule as data. */
export interface Decision extends Which {
  readonly verdict: Verdict
}

/** Loses the datagrams of a kind. */
export const drop = (kind: string, which: Which = {}): Decision => ({ kind, ...which, verdict: [] })

/** Delivers them after `ms`. */
export const hold = (kind: string, ms: number, which: Which = {}): Decision => ({
  kind,
  ...which,
  verdict: [ms],
})

/** Delivers them at once and `ms` later again. */
export const twice = (kind: string, ms: number, which: Which = {}): Decision => ({
  kind,
  ...which,
  verdict: [0, ms],
})

/** Tells the sender that they could not be sent. */
export const fail = (kind: string, why: SendCause, which: Which = {}): Decision => ({
  kind,
  ...which,
  verdict: why,
})

/** What the first rule with an opinion says. */
export const decide = (script: readonly Rule[], datagram: Datagram): Verdict | undefined => {
  for (const rule of script) {
    const verdict =
      typeof rule === 'function' ? rule(datagram) : matches(rule, datagram) ? rule.verdict : undefined
    if (verdict !== undefined) return verdict
  }
  return undefined
}

const matches = (which: Which, datagram: Datagram): boolean =>
  (which.kind ?? datagram.kind) === datagram.kind &&
  (which.nth ?? datagram.nth) === datagram.nth &&
  (which.from ?? datagram.from) === datagram.from &&
  (which.to ?? datagram.to) === datagram.to
