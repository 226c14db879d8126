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

/** A question for each tag that may interest a filter, asked with its state; what has another tag passes unasked. */
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

/** What each filter asks, by the tag of what it is asked of; and what is asked of what has a tag that none of them names. */
interface Questions {
  readonly named: ReadonlyMap<string, Row>
  readonly others: Row
}

type Row = readonly (((passing: Passing, own: unknown) => boolean) | undefined)[]

const questionsTo = (filters: readonly Filter<unknown>[]): Questions => {
  const others = filters.map(({ wants }) => (typeof wants === 'function' ? wants : undefined))
  const tags = filters.flatMap(({ wants }) => (typeof wants === 'function' ? [] : Object.keys(wants)))
  const row = (tag: string): Row =>
    filters.map(({ wants }, i) => others[i] ?? (wants as Readonly<Record<string, Row[number]>>)[tag])
  return { named: new Map(tags.map((tag) => [tag, row(tag)])), others }
}

const asked = ({ questions }: Pass, { _tag }: Passing): Row => questions.named.get(_tag) ?? questions.others

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
  if (isWish(event)) {
    const row = asked(pass, event)
    for (let i = level - 1; i >= 0; i--)
      if (row[i]?.(event, pass.own[i]) === true) return rise(pass, i + 1, level, ask(pass, i, event))
  }
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
  while (orders < outputs.length && !isNews(outputs[orders] as Output)) orders++
  let left = outputs
  let i = from
  if (orders === outputs.length - 1) {
    // One thing to tell, as nearly always: who asks nothing of its kind is passed by.
    const news = outputs[orders] as ToApplication
    const row = asked(pass, news)
    for (; i < to && left === outputs; i++) {
      if (row[i]?.(news, pass.own[i]) !== true) continue
      const said = ask(pass, i, news)
      if (said.length !== 1 || said[0] !== news) left = orders === 0 ? said : joined(outputs, orders, said)
    }
  }
  for (; i < to && orders < left.length; i++) left = sift(pass, i, left, orders)
  return left
}

/** What filter `i` leaves of `outputs`, of which it wants none before number `start`. */
const sift = (pass: Pass, i: number, outputs: readonly Output[], start: number): readonly Output[] => {
  let left: Output[] | undefined
  for (let n = start; n < outputs.length; n++) {
    const output = outputs[n] as Output
    if (!isNews(output) || asked(pass, output)[i]?.(output, pass.own[i]) !== true) {
      left?.push(output)
      continue
    }
    const said = ask(pass, i, output)
    if (left !== undefined) for (const one of said) left.push(one)
    else if (said.length !== 1 || said[0] !== output) left = joined(outputs, n, said)
  }
  return left ?? outputs
}

/** The first so many outputs, and what was said then. By loops: `concat` leaves the engine's fast path. */
const joined = (outputs: readonly Output[], many: number, said: readonly Output[]): Output[] => {
  const all: Output[] = []
  for (let n = 0; n < many; n++) all.push(outputs[n] as Output)
  for (const one of said) all.push(one)
  return all
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
