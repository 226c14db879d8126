/**
 * Filters: what stands between the stack and its core. A filter sees the news on its way up and the wishes on their
 * way down; it lets them pass, swallows them, changes them, or adds its own. It is a reducer like everything else,
 * so each helper of a user agent is used, replaced or left by composing, and so is the core itself.
 */
import { within } from '../data/entropy.js'
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
    if (wanted(filter, input.event))
      return enough(ask(filter, inner, { state, nested: 0 }, input, input.event))
    const [next, outputs] = inner(state.inner, input)
    const before = next === state.inner ? state : { ...state, inner: next }
    if (!outputs.some((output) => wanted(filter, output))) return [before, outputs]
    return enough(sift(filter, inner, { state: before, nested: 0 }, input, outputs))
  }

/** Whether it passes here at all (facts from the shell and orders to it do not) and the filter wants it. */
const wanted = <F>(filter: Filter<F>, event: Event | Output): event is Passing =>
  filter.wants(event as Passing) && (NEWS.has(event._tag) || WISHES.has(event._tag))

/** Whether something is news for the application. */
export const isNews = (passing: Event | Output): passing is ToApplication => NEWS.has(passing._tag)

/** Whether something is a wish of the application. */
export const isWish = (passing: Event | Output): passing is FromApplication => WISHES.has(passing._tag)

/** The tags of a union, all of them: the compiler misses one that is left out. */
const tags = <T extends string>(all: Readonly<Record<T, true>>): ReadonlySet<string> =>
  new Set(Object.keys(all))

const NEWS = tags<ToApplication['_tag']>({
  Accepted: true,
  AccountWanted: true,
  Diagnostic: true,
  Elapsed: true,
  Ended: true,
  ErrorReceived: true,
  Refused: true,
  RequestReceived: true,
  ResponseReceived: true,
})

const WISHES = tags<FromApplication['_tag']>({
  AccountFound: true,
  After: true,
  Cancel: true,
  Drain: true,
  Forget: true,
  Settle: true,
  SendRequest: true,
  SendResponse: true,
  SendStateless: true,
  Terminate: true,
})

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
    wanted(filter, output) ? ask(filter, inner, now, input, output) : [now, [output]],
  )

const ask = <S, F>(
  filter: Filter<F>,
  inner: Inner<S>,
  { state, nested }: Progress<S, F>,
  input: Input,
  passing: Passing,
): Step<Progress<S, F>, Output> => {
  const [own, passed] = filter.reducer(state.filter, step(filter, nested, input, passing))
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
  const [next, outputs] = inner(state.inner, step(filter, nested, input, wish))
  const changed = next === state.inner ? state : { inner: next, filter: state.filter }
  return sift(filter, inner, { state: changed, nested: nested + 1 }, input, outputs)
}

const step = <E>({ name }: { readonly name: string }, nested: number, input: Input, event: E): Input<E> => ({
  at: input.at,
  wall: input.wall,
  entropy: within(input.entropy, `${name} ${nested}`),
  event,
})
