/**
 * io-ts for types that were written by hand: the type is given, the compiler asks for a codec of each of its fields, and a
 * field more or less breaks the build. Optional fields are absent or there, never undefined.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

/** A codec as it is used here: what stands in JSON is nobody's business but its own. */
export type Codec<A> = t.Type<A, unknown>

/** A field that may be absent. */
export interface Optional<A> {
  readonly optional: Codec<A>
}

export const optional = <A>(codec: Codec<A>): Optional<A> => ({ optional: codec })

/** A codec for each field of `T`. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? Optional<Exclude<T[K], undefined>>
    : Codec<T[K]>
}

/** The codec of an object with those fields and no others. */
export const struct = <T extends object>(name: string, fields: Fields<NoInfer<T>>): Codec<T> => {
  const all = Object.entries(fields as Record<string, Codec<unknown> | Optional<unknown>>).map(
    ([key, field]) => ({
      key,
      codec: 'optional' in field ? field.optional : field,
      needed: !('optional' in field),
    }),
  )
  return new t.Type<T, unknown>(
    name,
    (u): u is T =>
      isRecord(u) &&
      all.every(({ key, codec, needed }) => (isThere(u, key, needed) ? codec.is(u[key]) : !needed)),
    (u, context) => {
      if (!isRecord(u)) return t.failure(u, context, `${name}: an object expected`)
      const strange = Object.keys(u).find((key) => all.every((field) => field.key !== key))
      if (strange !== undefined) return t.failure(u, context, `${name}: no field ${strange} is known`)
      const read = all
        .filter(({ key, needed }) => needed || key in u)
        .map(({ key, codec }) => ({
          key,
          value: codec.validate(u[key], t.appendContext(context, key, codec)),
        }))
      const errors = read.flatMap(({ value }) => (isLeft(value) ? value.left : []))
      return errors.length > 0
        ? t.failures(errors)
        : t.success(
            Object.fromEntries(
              read.map(({ key, value }) => [key, isLeft(value) ? undefined : value.right]),
            ) as T,
          )
    },
    (value) => {
      const from = value as Record<string, unknown>
      return Object.fromEntries(
        all
          .filter(({ key, needed }) => isThere(from, key, needed))
          .map(({ key, codec }) => [key, codec.encode(from[key])]),
      )
    },
  )
}

/** Whether a field is to be looked at: one that may be left out counts as left out when it is undefined. */
const isThere = (record: Readonly<Record<string, unknown>>, key: string, needed: boolean): boolean =>
  key in record && (needed || record[key] !== undefined)

/** Which member of the union `S` a case of `K` is, without what tells it. */
type Rest<S, K extends keyof S, V> = S extends unknown ? (S[K] extends V ? Omit<S, K> : never) : never

/** The codec of a union whose members differ in the value of the field `by`: one codec for the rest of each. */
export const variant =
  <S extends object>() =>
  <K extends keyof S & string>(
    by: K,
    name: string,
    cases: { readonly [V in S[K] & string]: Codec<Rest<S, K, V>> },
  ): Codec<S> => {
    const known = cases as Record<string, Codec<unknown>>
    const of = (u: unknown): Codec<unknown> | undefined => {
      const tag = isRecord(u) ? u[by] : undefined
      return typeof tag === 'string' && Object.hasOwn(known, tag) ? known[tag] : undefined
    }
    return new t.Type<S, unknown>(
      name,
      (u): u is S => of(u)?.is(without(u as Record<string, unknown>, by)) === true,
      (u, context) => {
        const codec = of(u)
        if (codec === undefined)
          return t.failure(u, context, `${name}: ${by} is none of ${Object.keys(known).join(', ')}`)
        const from = u as Record<string, unknown>
        const rest = codec.validate(without(from, by), context)
        return isLeft(rest) ? rest : t.success({ [by]: from[by], ...(rest.right as object) } as S)
      },
      (value) => ({
        [by]: value[by],
        ...(of(value)?.encode(without(value as Record<string, unknown>, by)) ?? {}),
      }),
    )
  }

/** A union whose members differ in `_tag`. */
export const tagged = <S extends { readonly _tag: string }>(
  name: string,
  cases: { readonly [V in S['_tag']]: Codec<Rest<S, '_tag', V>> },
): Codec<S> => variant<S>()('_tag', name, cases)

/** A list. */
export const list = <A>(codec: Codec<A>): Codec<readonly A[]> => t.readonlyArray(codec)

/** One of some words. */
export const word = <W extends string>(...words: readonly W[]): Codec<W> =>
  t.keyof(Object.fromEntries(words.map((one) => [one, null])) as Record<W, null>)

const isRecord = (u: unknown): u is Record<string, unknown> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

const without = (from: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name !== key))
