/**
 * The one place where a reducer meets the world: steps the state at once, queues the effects.
 *
 * `dispatch` runs the reducer synchronously, stores the state and appends the effects to one queue, which it drains
 * unless a drain is running. So an application may wish something from inside a callback: it sees the newest state,
 * gets its answer as the return value, and no effect ever happens in the middle of another.
 *
 * A `World` is what differs between Node, a browser and a test in virtual time; nothing here does.
 */
import type { Event, Input, Moment, Output } from '../events.js'
import type { Reducer } from '../reducer.js'
import { copied, forgetful } from './tables.js'

/** What a reducer needs of the world: a moment for each event, and somebody to carry effects out. */
export interface World<E, F, S = unknown> {
  /** Clock and entropy for one event. */
  readonly moment: () => Moment
  /** Carries out one effect. Must not throw; what goes wrong is another event. */
  readonly perform: (effect: F) => void
  /** Sees every step: for recordings, ladders and metrics. The states before and after it are for looking, as in `peek`. */
  readonly observe?: (input: Input<E>, effects: readonly F[], before: S, after: S) => void
}

/** A reducer at work. */
export interface Run<S, E, F> {
  /** Steps the state and answers the effects of this one step; by then, or soon after, they are carried out. */
  readonly dispatch: (event: E) => readonly F[]
  /** Carries out effects that no step of this run has caused: those of a restart. */
  readonly perform: (effects: readonly F[]) => void
  /**
   * The newest state. Whoever has one can read it for ever; so once somebody has, all states that follow stay readable too, which
   * costs memory. Who only looks takes `peek`.
   */
  readonly state: () => S
  /** What `look` sees in the newest state, which it must not keep: soon it can be read no longer. */
  readonly peek: <A>(look: (state: S) => A) => A
}

/** Runs a stack's reducer, or one with filters and a core around it. */
export const run = <S, E = Event, F = Output>(
  reducer: Reducer<S, Input<E>, F>,
  start: S,
  world: World<E, F, S>,
): Run<S, E, F> => {
  let state = copied(start)
  let handedOut = false
  let steps = 0
  let draining = false
  // The places of an array that is used again and again; `end` is the first that is free.
  const queue: (F | undefined)[] = []
  let end = 0

  const drain = (): void => {
    draining = true
    for (let next = 0; next < end; next++) {
      const effect = queue[next] as F
      queue[next] = undefined
      world.perform(effect)
      if (next === BATCH) {
        queue.splice(0, next + 1) // keeps the queue short when effects keep causing others
        end -= next + 1
        next = -1
      }
    }
    end = 0
    draining = false
  }

  const perform = (effects: readonly F[]): void => {
    for (let i = 0; i < effects.length; i++) queue[end++] = effects[i]
    if (!draining) drain()
  }

  return {
    state: () => {
      handedOut = true
      return state
    },
    peek: (look) => look(state),
    perform,
    dispatch: (event) => {
      if (++steps % MEMORY === 0 && !handedOut) state = forgetful(state)
      const { at, wall, entropy } = world.moment()
      const input: Input<E> = { at, wall, entropy, event }
      const before = state
      const [after, effects] = reducer(before, input)
      state = after
      world.observe?.(input, effects, before, after)
      perform(effects)
      return effects
    },
  }
}

const BATCH = 1024

/** So many steps a former state is remembered by its tables (see `Table.forget`). */
const MEMORY = 1024
