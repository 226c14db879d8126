/** `sippet/testing`: virtual time, networks that lose, traces and ladders. Pure, and independent of any test runner. */
export { type Behaviour, behave, type Deed } from './behaviour.js'
export { type Conditions, type Fate, fate, perfect } from './fate.js'
export { deepFreeze } from './freeze.js'
export {
  acceptedAcknowledged,
  acceptedRepeated,
  acknowledged,
  agreement,
  answersAgain,
  assertHolds,
  atMost,
  type Breach,
  breaches,
  cancelHonoured,
  coreInvariants,
  everybodyHears,
  everythingEnds,
  type Invariant,
  type InvariantOptions,
  invariants,
  lastWord,
  type Life,
  type Moment,
  mortal,
  noMisuse,
  nonInvite,
  noStaleTimer,
  ofEachLife,
  oneOutcome,
  oneTag,
  passedUp,
  patient,
  persistent,
  prompt,
  punctual,
  reliable,
  retell,
  silentEnd,
  stackInvariants,
  type Stay,
  type Story,
  toldOnce,
  wellFormed,
} from './invariants.js'
export {
  type Arrow,
  type Drawing,
  drawing,
  type Ink,
  ladder,
  mermaid,
  type Note,
  type Row,
  rows,
  type Shown,
  type TextOptions,
} from './ladder.js'
export { happen, type Happening } from './life.js'
export {
  type At,
  type Fired as FiredTimer,
  simulate,
  type SimulateOptions,
  type Simulation,
  type Tagged,
  type TimerOf,
} from './simulate.js'
export { callOf, identity, kind, summary } from './summary.js'
export {
  type Carried,
  type Changed,
  type Fired,
  type Link,
  type Message,
  type News,
  type Observation,
  type Participant,
  printAddress,
  tapped,
  type Trace,
  watch,
  type Wish,
} from './trace.js'
export { world, type World, type WorldOptions } from './world.js'
export type { Endpoint, EndpointOptions, ReducerCore } from './world/endpoint.js'
export type { Functions, Wishes } from './world/functions.js'
export type { Guest, GuestOptions } from './world/guest.js'
export type { Network, NetworkOptions } from './world/network.js'
export {
  type Datagram,
  drop,
  fail,
  hold,
  type Rule,
  twice,
  type Verdict,
  type Which,
} from './world/script.js'
export type { StreamConditions } from './world/streams.js'
