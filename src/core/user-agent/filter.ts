/**
 * Filters: what stands between the stack and its core. A filter sees the news on its way up and the wishes on their
 * way down; it lets them pass, swallows them, changes them, or adds its own. It is a reducer like everything else,
 * so each helper of a user agent is used, replaced or left by composing, and so is the core itself.
 */
import { nth } from '../data/entropy.js'
import { foldSteps } from '../data/fold.js'
import type { Event, FromApplication, Input, Output, ToApplication } from '../events.js'
import type { Reducer, Step } from '../reducer.js'

/** What goes through a filter: news on the way up, wishes on the way down. Their tags differ, so one switch tells. */
export type Passing = ToApplication | FromApplication

/** A reducer between stack and core. */
export interface Filter<S> {
  /** Unique among the filters of a stack; in front of its refs, and a part of its entropy. */
  readonly name: string
  readonly start: S
  /** Whether the filter wants to see it. What no filter wants costs nothing; what it does not want passes. */
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
    if (isWish(input.event) && filter.wants(input.event))
      return enough(ask(filter, inner, { state, nested: 0 }, input, input.event))
    const [next, outputs] = inner(state.inner, input)
    const before = next === state.inner ? state : { ...state, inner: next }
    if (!outputs.some((output) => isNews(output) && filter.wants(output))) return [before, outputs]
    return enough(sift(filter, inner, { state: before, nested: 0 }, input, outputs))
  }

/** Whether something is news for the application. */
export const isNews = (passing: Output | Passing): passing is ToApplication => {
  switch (passing._tag) {
    case 'StopTimer':
    case 'Transmit':
    case 'StartTimer':
    case 'Resolve':
    case 'OpenFlow':
    case 'CloseFlow':
      return false
    default:
      return !isWish(passing)
  }
}

/** Whether something is a wish of the application. */
export const isWish = (passing: Event | Passing): passing is FromApplication => {
  switch (passing._tag) {
    case 'SendRequest':
    case 'SendResponse':
    case 'SendStateless':
    case 'Cancel':
    case 'Terminate':
    case 'After':
    case 'Forget':
    case 'Drain':
    case 'AccountFound':
      return true
    default:
      return false
  }
}

interface Progress<S, F> {
  readonly state: Filtered<S, F>
  /** How many steps within this step there were: each needs entropy of its own. */
  readonly nested: number
}

type Inner<S> = Reducer<S, Input, Output>

const enough = <S, F>([{ state }, outputs]: Step<Progress<S, F>, Output>): Step<Filtered<S, F>, Output> => [
  state,
  outputs,
]

const sift = <S, F>(
  filter: Filter<F>,
  inner: Inner<S>,
  progress: Progress<S, F>,
  input: Input,
  outputs: readonly Output[],
): Step<Progress<S, F>, Output> =>
  foldSteps(progress, outputs, (now, output) =>
    isNews(output) && filter.wants(output) ? ask(filter, inner, now, input, output) : [now, [output]],
  )

const ask = <S, F>(
  filter: Filter<F>,
  inner: Inner<S>,
  { state, nested }: Progress<S, F>,
  input: Input,
  passing: Passing,
): Step<Progress<S, F>, Output> => {
  const [own, passed] = filter.reducer(state.filter, within(filter, nested, input, passing))
  const changed = own === state.filter ? state : { inner: state.inner, filter: own }
  return foldSteps<Progress<S, F>, Passing, Output>(
    { state: changed, nested: nested + 1 },
    passed,
    (now, next) => (isWish(next) ? descend(filter, inner, now, input, next) : [now, [next]]),
  )
}

const descend = <S, F>(
  filter: Filter<F>,
  inner: Inner<S>,
  { state, nested }: Progress<S, F>,
  input: Input,
  wish: FromApplication,
): Step<Progress<S, F>, Output> => {
  const [next, outputs] = inner(state.inner, within(filter, nested, input, wish))
  const changed = next === state.inner ? state : { inner: next, filter: state.filter }
  return sift(filter, inner, { state: changed, nested: nested + 1 }, input, outputs)
}

const within = <E>(
  { name }: { readonly name: string },
  nested: number,
  input: Input,
  event: E,
): Input<E> => ({
  at: input.at,
  wall: input.wall,
  // Lazily: most steps make no identifier, and one costs a hash.
  get entropy() {
    return nth(input.entropy, `${name} ${nested}`)
  },
  event,
})
