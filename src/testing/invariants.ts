/**
 * Invariants: what holds of every trace, whatever network and applications did. `breaches(trace)` lists where one is
 * broken, `assertHolds(trace)` throws with a ladder. Users add their own to the list.
 */
import { type Config, rfc3261 } from '../core/transaction/types.js'
import { acceptedAcknowledged, acceptedRepeated, cancelHonoured, noMisuse } from './invariants/cores.js'
import type { Breach, Invariant } from './invariants/invariant.js'
import {
  acknowledged,
  answersAgain,
  lastWord,
  nonInvite,
  oneOutcome,
  oneTag,
  passedUp,
  prompt,
  reliable,
  silentEnd,
  toldOnce,
} from './invariants/machines.js'
import { retell } from './invariants/story.js'
import { mortal, noStaleTimer, patient, persistent, punctual } from './invariants/timers.js'
import { agreement, everybodyHears, everythingEnds, wellFormed } from './invariants/wire.js'
import { ladder } from './ladder.js'
import type { Trace } from './trace.js'

/** Which promises are made. */
export interface InvariantOptions {
  /** The timers of all endpoints; RFC 3261's by default. */
  readonly config?: Config
  /** Whether hosts slept: then timers may be late, and states outstayed. */
  readonly slept?: boolean
  /** Whether the world came to rest: then nothing may be left. */
  readonly rested?: boolean
}

/** What the stack promises, whatever its application and its peers do. */
export const stackInvariants = ({
  config = rfc3261,
  slept = false,
  rested = false,
}: InvariantOptions = {}): readonly Invariant[] => [
  wellFormed,
  oneOutcome,
  acknowledged,
  answersAgain,
  lastWord,
  reliable,
  passedUp,
  toldOnce,
  silentEnd,
  noStaleTimer,
  ...(config.profile.nonInvite === 'strict' ? [nonInvite(config)] : []),
  ...(slept ? [] : [punctual(config), persistent(config), patient(config), mortal(config), prompt(config)]),
  ...(rested ? [everythingEnds] : []),
]

/** What an application promises in addition: that it is a good one. With the helpers most of it comes by itself. */
export const coreInvariants = ({
  config = rfc3261,
  slept = false,
  rested = false,
}: InvariantOptions = {}): readonly Invariant[] => [
  noMisuse,
  oneTag,
  cancelHonoured,
  acceptedAcknowledged,
  ...(slept ? [] : [acceptedRepeated(config)]),
  ...(rested ? [everybodyHears] : []),
]

/** What holds between endpoints that all behave. */
export const invariants = (options: InvariantOptions = {}): readonly Invariant[] => [
  ...stackInvariants(options),
  ...coreInvariants(options),
  agreement,
]

/** Where a trace breaks one of `promises`. */
export const breaches = (
  trace: Trace,
  promises: readonly Invariant[] = invariants(),
): readonly (Breach & { readonly invariant: Invariant })[] => {
  const story = retell(trace)
  return promises.flatMap((invariant) =>
    invariant.breaches(story).map((breach) => ({ ...breach, invariant })),
  )
}

/**
 * @throws Error when the trace breaks a promise; its message names it and shows the ladder, with timers and states. `note`
 * stands above: a seed, for example.
 */
export const assertHolds = (trace: Trace, promises?: readonly Invariant[], note: string = ''): void => {
  const found = breaches(trace, promises)
  if (found.length > 0) throw new Error(explain(trace, found, note))
}

const explain = (
  trace: Trace,
  found: readonly (Breach & { readonly invariant: Invariant })[],
  note: string,
): string =>
  [
    ...(note === '' ? [] : [note]),
    ...found
      .slice(0, SHOWN)
      .map(
        ({ invariant, at, who, what }) =>
          `${invariant.name}: ${invariant.promise}\n  but at ${at} ms, ${who}: ${what}`,
      ),
    ...(found.length > SHOWN ? [`and ${found.length - SHOWN} more`] : []),
    '',
    ladder(trace, { timers: true, states: true, news: true }),
  ].join('\n')

const SHOWN = 5

export { acceptedAcknowledged, acceptedRepeated, cancelHonoured, noMisuse } from './invariants/cores.js'
export { type Breach, type Invariant, ofEachLife } from './invariants/invariant.js'
export {
  acknowledged,
  answersAgain,
  lastWord,
  nonInvite,
  oneOutcome,
  oneTag,
  passedUp,
  prompt,
  reliable,
  silentEnd,
  toldOnce,
} from './invariants/machines.js'
export { type Life, type Moment, retell, type Stay, type Story } from './invariants/story.js'
export { mortal, noStaleTimer, patient, persistent, punctual } from './invariants/timers.js'
export { agreement, atMost, everybodyHears, everythingEnds, wellFormed } from './invariants/wire.js'
