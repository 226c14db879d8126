/** Threading a state through many steps. */
import type { Step } from '../reducer.js'

/**
 * Steps `state` once for each item, in order; the effects of all steps, in order. Linear in the number of effects, where
 * appending to a list of the effects so far would copy it each time.
 */
export const foldSteps = <S, A, F>(
  start: S,
  items: readonly A[],
  step: (state: S, item: A) => Step<S, F>,
): Step<S, F> => {
  let state = start
  const all: F[] = []
  for (const item of items) {
    const [next, effects] = step(state, item)
    state = next
    for (const effect of effects) all.push(effect)
  }
  return [state, all]
}
