import { isLeft } from 'fp-ts/lib/Either.js'
import type { BuiltIn, FieldOf } from '../../../src/core/header/builtin.js'
import { parse, print } from '../../../src/core/header/field.js'

/** All that a header says, which must be readable. */
export const read = <N extends BuiltIn>(name: N, text: string): FieldOf<N> => {
  const value = parse(name)(text)
  if (isLeft(value)) throw new Error(`${name}: ${text}: ${value.left.what} at ${value.left.offset}`)
  return value.right
}

/** What is written of it, which must be writable: one string a field. */
export const write = <N extends BuiltIn>(name: N, value: FieldOf<N>): readonly string[] => {
  const texts = print(name)(value)
  if (isLeft(texts)) throw new Error(`${name}: ${texts.left.what}`)
  return texts.right
}

/** Why it cannot be read: what and where. */
export const refusal = (name: BuiltIn, text: string): string => {
  const value = parse(name)(text)
  return isLeft(value) ? `${value.left.what} at ${value.left.offset}` : `read ${JSON.stringify(value.right)}`
}
