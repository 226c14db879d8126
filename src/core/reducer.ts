/**
 * The one shape every state machine in this library has: a pure function from a state and an event to the next
 * state and a list of effects. Effects are values; somebody else carries them out.
 */

/** What a reducer answers: the next state and the effects, in the order in which they are to happen. */
export type Step<S, F> = readonly [state: S, effects: readonly F[]]

/** A state machine: total over (state, event), without clock, dice, input or output. */
export type Reducer<S, E, F> = (state: S, event: E) => Step<S, F>

/** The empty list of effects, shared so that a step without effects allocates nothing for them. */
export const none: readonly never[] = Object.freeze([])

/** Stays in `state` and does nothing. */
export const stay = <S>(state: S): Step<S, never> => [state, none]

/** Goes to `state` with `effects`. */
export const go = <S, const F extends readonly unknown[]>(state: S, ...effects: F): Step<S, F[number]> => [
  state,
  effects,
]
