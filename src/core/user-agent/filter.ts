/**
 * Filters: what stands between the stack and its core. A filter sees the news on its way up and the wishes on their
 * way down; it lets them pass, swallows them, changes them, or adds its own. It is a reducer like everything else,
 * so each helper of a user agent is used, replaced or left by composing, and so is the core itself.
 */
import { within } from '../data/entropy.js'
import type { Event, FromApplication, Input, Output, ToApplication } from '../events.js'
import type { Reducer, Step } from '../reducer.js'

/** What goes through a filter: news on the way up, wishes on the way down. Their tags differ, so one switch tells. */
export type Passing = ToApplication | FromApplication

/** A reducer between stack and core. */
export interface Filter<S> {
  /** Unique among the filters of a stack; in front of its refs, and a part of its entropy. */
  readonly name: string
  readonly start: S
  /** Whether the filter wants to see it. Asked of everything, so it must be cheap; what it does not want passes. */
  readonly wants: (passing: Passing) => boolean
  /** Answers what goes on from here, in both directions. */
  readonly reducer: Reducer<S, Input<Passing>, Passing>
}

/** The state of a reducer with a filter around it. */
export interface Filtered<S, F> {
  readonly inner: S
  readonly filter: F
}

/** The reducer of a stack with `filter` around it: same events in, same effects out. */
export const withFilter =
  <F>(filter: Filter<F>) =>
  <S>(inner: Reducer<S, Input, Output>): Reducer<Filtered<S, F>, Input, Output> =>
  (state, input) => {
    const { event } = input
    if (wanted(filter, event)) {
      const { inner: start, filter: own } = state
      const pass: Pass<S, F> = { filter, reducer: inner, input, inner: start, own, nested: 0, outputs: [] }
      ask(pass, event)
      return finished(pass, state)
    }
    const [next, outputs] = inner(state.inner, input)
    const first = outputs.findIndex((output) => wanted(filter, output))
    if (first < 0) return [next === state.inner ? state : { inner: next, filter: state.filter }, outputs]
    const { filter: own } = state
    const pass: Pass<S, F> = { filter, reducer: inner, input, inner: next, own, nested: 0, outputs: [] }
    sift(pass, outputs)
    return finished(pass, state)
  }

/** Whether something is news for the application. */
export const isNews = (passing: Event | Output): passing is ToApplication => {
  switch (passing._tag) {
    case 'Accepted':
    case 'AccountWanted':
    case 'Diagnostic':
    case 'Elapsed':
    case 'Ended':
    case 'ErrorReceived':
    case 'Refused':
    case 'RequestReceived':
    case 'ResponseReceived':
      return true
    default:
      passing satisfies Exclude<Event | Output, ToApplication> // the compiler misses a tag that was left out
      return false
  }
}

/** Whether something is a wish of the application. */
export const isWish = (passing: Event | Output): passing is FromApplication => {
  switch (passing._tag) {
    case 'AccountFound':
    case 'After':
    case 'Cancel':
    case 'Drain':
    case 'Forget':
    case 'Settle':
    case 'SendRequest':
    case 'SendResponse':
    case 'SendStateless':
    case 'Terminate':
      return true
    default:
      passing satisfies Exclude<Event | Output, FromApplication>
      return false
  }
}

/** Whether it passes here at all (facts from the shell and orders to it do not) and the filter wants it. */
const wanted = <F>(filter: Filter<F>, event: Event | Output): event is Passing =>
  filter.wants(event as Passing) && (isNews(event) || isWish(event))

/** One step in the making. It is written to while the step lasts, which nobody sees: every message goes through here. */
interface Pass<S, F> {
  readonly filter: Filter<F>
  readonly reducer: Reducer<S, Input, Output>
  readonly input: Input
  inner: S
  own: F
  /** How many steps within this step there were: each needs entropy of its own. */
  nested: number
  readonly outputs: Output[]
}

const finished = <S, F>(
  { inner, own, outputs }: Pass<S, F>,
  state: Filtered<S, F>,
): Step<Filtered<S, F>, Output> => [
  inner === state.inner && own === state.filter ? state : { inner, filter: own },
  outputs,
]

const sift = <S, F>(pass: Pass<S, F>, outputs: readonly Output[]): void => {
  for (const output of outputs)
    if (wanted(pass.filter, output)) ask(pass, output)
    else pass.outputs.push(output)
}

const ask = <S, F>(pass: Pass<S, F>, passing: Passing): void => {
  const [own, passed] = pass.filter.reducer(pass.own, step(pass, passing))
  pass.own = own
  for (const next of passed)
    if (isWish(next)) descend(pass, next)
    else pass.outputs.push(next)
}

const descend = <S, F>(pass: Pass<S, F>, wish: FromApplication): void => {
  const [next, outputs] = pass.reducer(pass.inner, step(pass, wish))
  pass.inner = next
  sift(pass, outputs)
}

const step = <S, F, E>(pass: Pass<S, F>, event: E): Input<E> => {
  const { at, wall, entropy } = pass.input
  return { at, wall, entropy: within(entropy, `${pass.filter.name} ${pass.nested++}`), event }
}
