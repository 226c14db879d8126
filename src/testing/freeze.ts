/** Freezing all the way down: a reducer that changes what it was given fails at once instead of somewhere else. */

/** `value` with every object and array that can be reached through its own properties frozen. Returns `value` itself. */
export const deepFreeze = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  Object.values(value).forEach(deepFreeze)
  return value
}
