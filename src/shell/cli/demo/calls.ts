/** The calls of the demonstration, and how each must end. Times are ms. */
import type { Config } from '../../../core/transaction/types.js'
import { rfc3261 } from '../../../core/transaction/types.js'
import type { Conditions } from '../../../testing/fate.js'
import { perfect } from '../../../testing/fate.js'
import { kind } from '../../../testing/summary.js'
import type { Observation } from '../../../testing/trace.js'
import { word } from './parties.js'

/** One call: what both sides do, and what they must have heard at the end. */
export interface Call {
  /** Its Call-ID too, so that the dice know it. */
  readonly name: string
  readonly title: string
  readonly ringAfter: number
  readonly answerAfter: number
  /** The callee's final status; 0: it lets it ring. */
  readonly answer: number
  /** How long the caller talks before it hangs up. */
  readonly talk: number
  /** When the caller loses patience; undefined: never. */
  readonly cancelAfter?: number
  readonly ends: { readonly alice: readonly string[]; readonly bob: readonly string[] }
}

const withT1 = (t1: number): Config => ({ ...rfc3261, timing: { ...rfc3261.timing, t1, t2: 8 * t1 } })

/**
 * Timers some five times as fast as RFC 3261's, so that what was lost comes again before one looks away. The parties differ, so that
 * no two timers are due in the same moment: real time could not tell which was first.
 */
export const configs: Readonly<Record<'alice' | 'bob', Config>> = { alice: withT1(100), bob: withT1(130) }

/** The relay loses a quarter and doubles a tenth. */
export const conditions: Conditions = { ...perfect, loss: 25, duplication: 12 }

/** How long is waited after the end for what is still under way; shorter than T1, so that no timer fires meanwhile. */
export const SETTLE = 40

/** How long a call may take, ms: an INVITE that just got through, and all that follows. */
export const PATIENCE: number = 2 * 64 * configs.bob.timing.t1

/** The three calls. */
export const calls: readonly Call[] = [
  {
    name: 'answered',
    title: 'Bob answers, they talk, Alice hangs up',
    ringAfter: 30,
    answerAfter: 160,
    answer: 200,
    talk: 250,
    ends: { alice: ['200 INVITE', '200 BYE'], bob: ['INVITE', 'BYE'] },
  },
  {
    name: 'refused',
    title: 'Bob is busy',
    ringAfter: 30,
    answerAfter: 160,
    answer: 486,
    talk: 0,
    ends: { alice: ['486 INVITE'], bob: ['INVITE'] },
  },
  {
    name: 'cancelled',
    title: 'Alice loses patience before Bob answers',
    ringAfter: 30,
    answerAfter: 0,
    answer: 0,
    talk: 0,
    cancelAfter: 250,
    ends: { alice: ['487 INVITE'], bob: ['INVITE', 'cancelled'] },
  },
]

/** How a call stands: `going` on, `well` when both heard what they must, otherwise in words what went wrong. */
export const standing = (call: Call, observations: readonly Observation[]): string => {
  const heard = (who: string): readonly string[] =>
    observations
      .map((one) => (one._tag === 'News' && one.who === who ? word(one.news) : undefined))
      .filter((one) => one !== undefined)
      .sort()
  const alice = heard('alice')
  const bob = heard('bob')
  const odd = [...alice.filter(unlike(call.ends.alice)), ...bob.filter(unlike(call.ends.bob))]
  if (odd.length > 0) return `unexpected: ${odd.join(', ')}`
  if (!same(alice, call.ends.alice) || !same(bob, call.ends.bob)) return 'going'
  // 15.1.2: a BYE that overtakes the ACK ends the call as well, and the repetition of the 2xx with it.
  const confirmed = observations.some(
    (one) => one._tag === 'Received' && one.who === 'bob' && /^(ACK|BYE)$/.test(kind(one.text)),
  )
  return confirmed ? 'well' : 'going'
}

const unlike =
  (expected: readonly string[]) =>
  (one: string, n: number, all: readonly string[]): boolean =>
    !expected.includes(one) || all.indexOf(one) !== n

const same = (heard: readonly string[], expected: readonly string[]): boolean =>
  heard.join() === [...expected].sort().join()
