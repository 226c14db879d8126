/**
 * Snapshots: a machine's whole state as JSON and back. Times are what remains of them, the secret is not in it, and it is
 * read by io-ts, so a file that somebody has touched is refused and not half believed.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { failure } from 'io-ts/lib/PathReporter.js'
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import type { Event, Output } from '../events.js'
import { questionKey } from '../locate/names.js'
import type { Question } from '../locate/question.js'
import type { Way } from '../locate/types.js'
import type { Pending, State as StackState } from '../stack/state.js'
import { timerId } from '../layer/settle.js'
import { all } from '../layer/timers.js'
import { struct } from './shape.js'
import type { StateCodec } from './snapshot/context.js'

export type { Context, StateCodec } from './snapshot/context.js'
export { instant, message, requestMessage, responseMessage, table } from './snapshot/context.js'
export { digestClient, digestServer } from './snapshot/digest.js'
export { aroundCodec, autoAnswer, guardedUserAgent, userAgent } from './snapshot/helpers.js'
export { stack } from './snapshot/stack.js'
export { type Codec, list, optional, struct, tagged, word } from './shape.js'

/** The state of a machine as JSON, at the instant `at` (ms, monotonic). */
export const snapshot = <S>(codec: StateCodec<S>, state: S, at: number): unknown => ({
  sippet: 'snapshot',
  version: VERSION,
  state: codec({ base: at, secret: NO_SECRET }).encode(state),
})

/** What a restart needs to be told: the clock of the new process, and how long the old one has been gone. */
export interface Restart {
  /** The instant of the restart on the new monotonic clock, ms. */
  readonly at: number
  /** ms since the snapshot was made. */
  readonly elapsed: number
  /** Of the new stack; another one than the old is as good. */
  readonly secret: Secret
}

/** A state that was restored, and what has to be done about it once the transports are open. */
export interface Restored<S> {
  readonly state: S
  /** Starts every timer that was running, overdue ones included, and asks what was being asked. */
  readonly outputs: readonly Output[]
  /**
   * What became of the old process's sockets: its connections closed, those it was opening were refused. To be dispatched
   * after the new listeners were announced, and `Unlistened` for those that did not come back.
   */
  readonly events: readonly Event[]
}

/**
 * The state in `json`, its times counted from `at`; `Left` says in words what is wrong with it. Datagram flows are addresses
 * and go on; connections have closed.
 */
export const restore = <S>(
  codec: StateCodec<S>,
  stackOf: (state: S) => StackState,
  json: unknown,
  { at, elapsed, secret }: Restart,
): Either<string, Restored<S>> => {
  const read = envelope.decode(json)
  if (isLeft(read)) return left(inWords(read.left))
  const state = codec({ base: at - elapsed, secret }).decode(read.right.state)
  if (isLeft(state)) return left(inWords(state.left))
  const inner = stackOf(state.right)
  return right({
    state: state.right,
    outputs: [...timersOf(inner), ...questionsOf(inner)],
    events: lostWith(inner),
  })
}

/** The highest number of a connection that a state mentions: a new process counts on from there. */
export const lastFlow = ({ layer, connections }: StackState): number =>
  [...Table.keys(layer.flows).map(Number), ...Table.keys(connections.byId).map(Number)].reduce(
    (most, one) => Math.max(most, one),
    0,
  )

const inWords = (errors: readonly t.ValidationError[]): string => failure(errors.slice(0, 3)).join('; ')

const VERSION = 1

const NO_SECRET: Secret = [0, 0, 0, 0]

const envelope = struct<{
  readonly sippet: 'snapshot'
  readonly version: typeof VERSION
  readonly state: unknown
}>('Snapshot', { sippet: t.literal('snapshot'), version: t.literal(VERSION), state: t.unknown })

const timersOf = ({ layer, pending, alarms }: StackState): readonly Output[] => [
  ...Table.entries(layer.transactions).flatMap(([, { id, timers }]) =>
    all(timers).map(
      ({ timer, generation, due }): Output => ({
        _tag: 'StartTimer',
        id: timerId(id, timer),
        generation,
        due,
      }),
    ),
  ),
  ...Table.entries(pending).map(
    ([transaction, { generation, due }]): Output => ({
      _tag: 'StartTimer',
      id: { _tag: 'Pending', transaction },
      generation,
      due,
    }),
  ),
  ...Table.entries(alarms).map(
    ([, { ref, generation, due }]): Output => ({
      _tag: 'StartTimer',
      id: { _tag: 'Application', ref },
      generation,
      due,
    }),
  ),
]

/** Each question that somebody waits for, once. */
const questionsOf = ({ pending }: StackState): readonly Output[] =>
  [
    ...new Map(
      Table.entries(pending).flatMap(([, one]) => {
        const question = questionOf(one)
        return question === undefined ? [] : [[one.on, question] as const]
      }),
    ).values(),
  ].map((question) => ({ _tag: 'Resolve', question }))

const questionOf = ({ ways, on }: Pending): Question | undefined => {
  const asked = ways.map(named).find((one) => one !== undefined)
  return asked !== undefined && questionKey(asked) === on ? asked : undefined
}

const named = (way: Way): Question | undefined => {
  switch (way._tag) {
    case 'Naptr':
      return { _tag: 'Naptr', name: way.domain }
    case 'Srv':
    case 'Host':
      return { _tag: way._tag, name: way.name }
    case 'Address':
      return undefined
  }
}

const lostWith = ({ connections, openings }: StackState): readonly Event[] => [
  ...Table.entries(connections.byId).map(([, { flow }]): Event => ({ _tag: 'FlowClosed', flow })),
  ...Table.entries(openings).map(
    ([, { number }]): Event => ({
      _tag: 'FlowRefused',
      opening: number,
      why: 'closed',
      what: 'the process that was opening it is gone',
    }),
  ),
]
