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

/** Decides the fate of some datagrams; undefined for those it does not care about. */
export type Rule = (datagram: Datagram) => Verdict | undefined

/** Narrows a rule: to the n-th of its kind, to a sender, to a receiver. */
export interface Which {
  readonly nth?: number
  readonly from?: string
  readonly to?: string
}

/** Loses the datagrams of a kind. */
export const drop = (kind: string, which: Which = {}): Rule => rule(kind, which, () => [])

/** Delivers them after `ms`. */
export const hold = (kind: string, ms: number, which: Which = {}): Rule => rule(kind, which, () => [ms])

/** Delivers them at once and `ms` later again. */
export const twice = (kind: string, ms: number, which: Which = {}): Rule => rule(kind, which, () => [0, ms])

/** Tells the sender that they could not be sent. */
export const fail = (kind: string, why: SendCause, which: Which = {}): Rule => rule(kind, which, () => why)

const rule =
  (kind: string, { nth, from, to }: Which, verdict: () => Verdict): Rule =>
  (datagram) =>
    datagram.kind === kind &&
    (nth === undefined || nth === datagram.nth) &&
    (from === undefined || from === datagram.from) &&
    (to === undefined || to === datagram.to)
      ? verdict()
      : undefined
