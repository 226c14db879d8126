/**
 * Failing over (RFC 3263 4.3, RFC 3261 8.1.2; rows CC-8, CC-13): a request that fails at one target goes to the next in a
 * new client transaction with a new branch, "otherwise identical", and the application hears of one outcome.
 */
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import { branch, nth } from '../data/entropy.js'
import { foldSteps } from '../data/fold.js'
import { DIGIT, decimal, skip } from '../data/scan.js'
import * as Table from '../data/table.js'
import type { Diagnostic, Output, Reason } from '../events.js'
import { client } from '../layer/receive-response.js'
import * as Names from '../locate/names.js'
import { fieldNamed } from '../message/head.js'
import { endOf, valueOf } from '../message/scan.js'
import type { Response } from '../message/types.js'
import { go, none, type Step } from '../reducer.js'
import { id as idOf, type Key } from '../transaction/key.js'
import type { Instant } from './moment.js'
import { withoutInstead } from './pending.js'
import { limitsOf, type Plan, type StackConfig, type State, type Try } from './state.js'
import { travel } from './travel.js'

/**
 * What the stack said in one step, with failures turned into next tries. `before` is the state before the step: a
 * transaction that has ended can no longer be asked how far it had come.
 */
export const relay = (
  before: State,
  config: StackConfig,
  step: Step<State, Output>,
  instant: Instant,
): Step<State, Output> =>
  Table.size(step[0].tries) === 0
    ? step
    : foldSteps(step[0], step[1], (now, output) => pass(before, config, now, output, instant))

const pass = (
  before: State,
  config: StackConfig,
  state: State,
  output: Output,
  instant: Instant,
): Step<State, Output> => {
  if (output._tag !== 'ErrorReceived' && output._tag !== 'ResponseReceived' && output._tag !== 'Ended')
    return [state, [output]]
  const found = output._tag === 'Ended' ? findKey(state, output.key) : find(state, output.key)
  if (found === undefined) return [state, [output]]
  switch (output._tag) {
    case 'ErrorReceived': {
      const { reason } = output
      if (reason !== 'timeout' && reason !== 'transport') return [state, [output]]
      if (found.attempt.superseded) return [state, none]
      // "… a timeout … without ever having received any response" (4.3): after a provisional it is a 408 (CC-13).
      return reason === 'timeout' && hasProceeded(before, found.id)
        ? [state, [output]]
        : advance(state, config, found, output, reason, limitsOf(config).grey, instant)
    }
    case 'ResponseReceived': {
      if (found.attempt.superseded) return [state, none]
      if (output.response.status !== 503) return [state, [output]]
      const pause = retryAfter(output.response) ?? limitsOf(config).grey
      return advance(state, config, found, output, 'unavailable', pause, instant)
    }
    case 'Ended': {
      const left = { ...state, tries: Table.remove(found.id)(state.tries) }
      if (found.attempt.superseded) return [left, none]
      const { first } = found.attempt.plan
      return go({ ...left, moved: Table.remove(idOf(first))(left.moved) }, { _tag: 'Ended', key: first })
    }
  }
}

interface Found {
  readonly id: string
  readonly attempt: Try
}

/** The next try, or `output` when none is left: the last outcome is the outcome. */
const advance = (
  state: State,
  config: StackConfig,
  { id, attempt }: Found,
  output: Output,
  reason: Reason | 'unavailable',
  pause: number,
  instant: Instant,
): Step<State, Output> => {
  const { plan, place } = attempt
  const grey = { ...state, names: Names.avoid(state.names, place, instant.at + pause) }
  const rest = reason === 'transport' ? attempt.rest : withoutInstead(attempt.rest)
  if (rest.length === 0) return [grey, [output]]
  const next: Plan = {
    ...plan,
    key: { ...plan.key, branch: branch(`${config.branchMark ?? ''}${nth(instant.entropy, `try ${id}`)}`) },
    since: instant.at,
  }
  const moved: State = {
    ...grey,
    tries: Table.set<Try>(id, { ...attempt, superseded: true })(grey.tries),
    moved: Table.set(idOf(plan.first), idOf(next.key))(grey.moved),
  }
  const sent = travel(moved, config, next, rest, instant)
  return '_tag' in sent
    ? [grey, [output]]
    : [sent.step[0], [...sent.step[1], said(`${place.protocol} ${place.host}:${place.port}: ${reason}`, id)]]
}

const find = (state: State, key: Option<Key>): Found | undefined =>
  isSome(key) ? findKey(state, key.value) : undefined

const findKey = (state: State, key: Key): Found | undefined => {
  if (key._tag === 'ServerKey') return undefined
  const id = idOf(key)
  const attempt = Table.get(id)(state.tries)
  return attempt === undefined ? undefined : { id, attempt }
}

/** Whether a provisional response had come. An INVITE has no timeout after one, so this is about the others. */
const hasProceeded = ({ layer }: State, id: string): boolean => client(layer, id)?.state._tag === 'Proceeding'

/** Retry-After in ms (20.33); a comment or parameters may follow the number. */
const retryAfter = (response: Response): number | undefined => {
  const i = fieldNamed(response, 'Retry-After')
  if (i < 0) return undefined
  const { text, index } = response
  const start = valueOf(text, index, i)
  const seconds = decimal(text, start, skip(text, start, endOf(index, i), DIGIT), 86_400)
  return seconds < 0 ? undefined : seconds * 1000
}

const said = (what: string, transaction: string): Diagnostic => ({
  _tag: 'Diagnostic',
  code: 'next-target',
  what,
  row: 'CC-8',
  transaction,
})
