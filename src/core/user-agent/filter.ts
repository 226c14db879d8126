/**
 * Filters: what stands between the stack and its core. A filter sees the news on its way up and the wishes on their
 * way down; it lets them pass, swallows them, changes them, or adds its own. It is a reducer like everything else,
 * so each helper of a user agent is used, replaced or left by composing, and so is the core itself.
 */
import { within } from '../data/entropy.js'
import type { Event, FromApplication, Input, Output, ToApplication } from '../events.js'
import type { Reducer } from '../reducer.js'

/** What goes through a filter: news on the way up, wishes on the way down. Their tags differ, so one switch tells. */
export type Passing = ToApplication | FromApplication

/** What is asked of what has a tag; what has another tag passes unasked. */
export type Wants<S> = {
  readonly [Tag in Passing['_tag']]?: (passing: Extract<Passing, { readonly _tag: Tag }>, own: S) => boolean
}

/** A reducer between stack and core. */
export interface Filter<S> {
  /** Unique among the filters of a stack; in front of its refs, and a part of its entropy. */
  readonly name: string
  readonly start: S
  /** Whether the filter, in that state of its own, wants to see it; what it does not want passes. Cheap, for it is asked of much. */
  readonly wants: Wants<S> | ((passing: Passing, own: S) => boolean)
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
    filtered<Filtered<S, F>>(inner as Reducer<unknown, Input, Output>, [filter as Filter<unknown>])

/**
 * The reducer of `inner` with `filters` around it, from the inside out, as if each had been put around it by `withFilter`:
 * what goes up passes one filter after the other, all of it one before any of it the next; a wish goes down from where
 * it was made, and the news of it comes up the same way. `S` is the state with as many layers as there are filters.
 */
export const filtered = <S>(
  inner: Reducer<unknown, Input, Output>,
  filters: readonly Filter<unknown>[],
): Reducer<S, Input, Output> => {
  const questions = questionsTo(filters)
  return (state, input) => {
    const pass = opened(inner, filters, questions, input, state)
    const outputs = enter(pass, filters.length, input)
    return [closed(pass, state) as S, outputs]
  }
}

/** What passes filters: news on its way up or not. Facts from the shell and orders to it do not pass here. */
const passes: { readonly [Tag in Passing['_tag']]: boolean } = {
  Accepted: true,
  AccountWanted: true,
  Diagnostic: true,
  Elapsed: true,
  Ended: true,
  ErrorReceived: true,
  Refused: true,
  RequestReceived: true,
  ResponseReceived: true,
  AccountFound: false,
  After: false,
  Cancel: false,
  Drain: false,
  Forget: false,
  Settle: false,
  SendRequest: false,
  SendResponse: false,
  SendStateless: false,
  Terminate: false,
}

const isUp: ReadonlyMap<string, boolean> = /* @__PURE__ */ new Map(Object.entries(passes))

/** Whether something is news for the application. */
export const isNews = (passing: Event | Output): passing is ToApplication => isUp.get(passing._tag) === true

/** Whether something is a wish of the application. */
export const isWish = (passing: Event | Output): passing is FromApplication =>
  isUp.get(passing._tag) === false

/** What each filter asks, by the tag of what it asks it of. */
type Questions = ReadonlyMap<string, readonly (Question | undefined)[]>

type Question = (passing: Passing, own: unknown) => boolean

const questionsTo = (filters: readonly Filter<unknown>[]): Questions =>
  new Map(
    [...isUp.keys()].map((tag) => [
      tag,
      filters.map(({ wants }) =>
        typeof wants === 'function' ? wants : (wants[tag as Passing['_tag']] as Question | undefined),
      ),
    ]),
  )

/** Whether it passes here at all and filter `i` wants it. */
const wanted = ({ questions, own }: Pass, i: number, output: Output): output is ToApplication =>
  questions.get(output._tag)?.[i]?.(output as ToApplication, own[i]) === true

/** One step in the making. It is written to while the step lasts, which nobody sees: every message goes through here. */
interface Pass {
  readonly reducer: Reducer<unknown, Input, Output>
  readonly filters: readonly Filter<unknown>[]
  readonly questions: Questions
  readonly input: Input
  inner: unknown
  /** The states of the filters. */
  readonly own: unknown[]
  /** The innermost layer that has changed. */
  changed: number
  /** How many steps within this step there were: each needs entropy of its own. */
  nested: number
}

const opened = (
  reducer: Reducer<unknown, Input, Output>,
  filters: readonly Filter<unknown>[],
  questions: Questions,
  input: Input,
  state: unknown,
): Pass => {
  const own = filters.slice() as unknown[]
  let layer = state
  for (let i = filters.length - 1; i >= 0; i--) {
    const { inner, filter } = layer as Filtered<unknown, unknown>
    own[i] = filter
    layer = inner
  }
  return { reducer, filters, questions, input, inner: layer, own, changed: filters.length, nested: 0 }
}

/** The layers around what they are around now; those outside of which nothing changed stay as they are. */
const closed = ({ inner, own, changed }: Pass, state: unknown): unknown => {
  if (changed === own.length) return state
  let layer = inner
  if (changed > 0) {
    layer = state
    for (let i = own.length; i > changed; i--) layer = (layer as Filtered<unknown, unknown>).inner
  }
  for (let i = changed; i < own.length; i++) layer = { inner: layer, filter: own[i] }
  return layer
}

/** What comes out of the innermost `level` filters and the reducer inside them when `input` comes from above. */
const enter = (pass: Pass, level: number, input: Input): readonly Output[] => {
  const { event } = input
  const asked = pass.questions.get(event._tag)
  if (asked !== undefined)
    for (let i = level - 1; i >= 0; i--)
      if (asked[i]?.(event as FromApplication, pass.own[i]) === true)
        return rise(pass, i + 1, level, ask(pass, i, event as FromApplication))
  const done = pass.reducer(pass.inner, input)
  if (done[0] !== pass.inner) {
    pass.inner = done[0]
    pass.changed = 0
  }
  return rise(pass, 0, level, done[1])
}

/** What is left of `outputs` behind the filters from number `from` on, up to number `to`. Orders to the shell come first. */
const rise = (pass: Pass, from: number, to: number, outputs: readonly Output[]): readonly Output[] => {
  let orders = 0
  while (orders < outputs.length && !pass.questions.has((outputs[orders] as Output)._tag)) orders++
  let left = outputs
  let i = from
  if (orders === outputs.length - 1) {
    // One thing to tell, as nearly always: who asks nothing of its kind is passed by.
    const news = outputs[orders] as ToApplication
    const asked = pass.questions.get(news._tag)
    for (; i < to && left === outputs; i++)
      if (asked?.[i]?.(news, pass.own[i]) === true) left = sift(pass, i, outputs, orders)
  }
  for (; i < to && orders < left.length; i++) left = sift(pass, i, left, orders)
  return left
}

/** What filter `i` leaves of `outputs`, of which it wants none before number `start`. Most of what it wants to see passes. */
const sift = (pass: Pass, i: number, outputs: readonly Output[], start: number): readonly Output[] => {
  let left: Output[] | undefined
  for (let n = start; n < outputs.length; n++) {
    const output = outputs[n] as Output
    if (!wanted(pass, i, output)) {
      left?.push(output)
      continue
    }
    const said = ask(pass, i, output)
    if (left === undefined) {
      if (said.length === 1 && said[0] === output) continue
      if (n === 0 && outputs.length === 1) return said
      left = [] // by a loop: `concat` leaves the engine's fast path
      for (let before = 0; before < n; before++) left.push(outputs[before] as Output)
    }
    for (const one of said) left.push(one)
  }
  return left ?? outputs
}

/** What comes out when filter `i` has seen `passing`: its news, and the news of its wishes. */
const ask = (pass: Pass, i: number, passing: Passing): readonly Output[] => {
  const filter = pass.filters[i] as Filter<unknown>
  const done = filter.reducer(pass.own[i], step(pass, filter, passing))
  if (done[0] !== pass.own[i]) {
    pass.own[i] = done[0]
    if (i < pass.changed) pass.changed = i
  }
  const passed = done[1]
  if (passed.length === 1) {
    const only = passed[0] as Passing
    return isWish(only) ? granted(pass, i, only) : (passed as readonly ToApplication[])
  }
  const outputs: Output[] = []
  for (const next of passed)
    if (isWish(next)) for (const output of granted(pass, i, next)) outputs.push(output)
    else outputs.push(next)
  return outputs
}

/** What comes of a wish of filter `i`. */
const granted = (pass: Pass, i: number, wish: FromApplication): readonly Output[] =>
  sift(pass, i, enter(pass, i, step(pass, pass.filters[i] as Filter<unknown>, wish)), 0)

const step = <E>(pass: Pass, { name }: Filter<unknown>, event: E): Input<E> => {
  const { at, wall, entropy } = pass.input
  return { at, wall, entropy: within(entropy, name, pass.nested++), event }
}
