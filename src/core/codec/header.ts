/**
 * Headers and URIs as io-ts codecs, for what people and other processes write: configuration, command line,
 * snapshots. A message off the wire needs none of it.
 */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { BuiltIn, FieldOf } from '../header/builtin.js'
import { headerFrom } from '../header/builtin.js'
import type { AnyHeader } from '../header/define.js'
import { parse, print } from '../header/field.js'
import { fits, uriShape } from '../header/shape.js'
import * as Uri from '../uri/parse.js'
import type { Uri as AnyUri } from '../uri/types.js'

/**
 * The codec between what stands behind the colon of a header and what it says: one value, or all of a list. Whatever
 * cannot be written is not of the type (`is`) and encodes to `undefined`, which does not decode. A header defined
 * without a `shape` cannot tell what is of its type: there `is` says no.
 */
export const header = <H extends BuiltIn | AnyHeader>(it: H): t.Type<FieldOf<H>, string | undefined> => {
  const { shape, list } = headerFrom(it)
  const canBe = shape === undefined ? () => false : fits(list ? { listOf: shape } : shape)
  const encode = (value: FieldOf<H>): string | undefined => {
    const texts = print(it)(value)
    return isLeft(texts) ? undefined : texts.right.join(', ')
  }
  return new t.Type(
    headerFrom(it).name,
    (u): u is FieldOf<H> => canBe(u) && isRight(print(it)(u as FieldOf<H>)),
    (u, context) => {
      if (typeof u !== 'string') return t.failure(u, context, 'string expected')
      const value = parse(it)(u)
      return isLeft(value)
        ? t.failure(u, context, `${value.left.what} at ${value.left.offset}`)
        : t.success(value.right)
    },
    encode,
  )
}

/** The codec between a URI and its text. */
export const uri: t.Type<AnyUri, string | undefined> = new t.Type(
  'Uri',
  (u): u is AnyUri => canBeUri(u) && isRight(Uri.print(u as AnyUri)),
  (u, context) => {
    if (typeof u !== 'string') return t.failure(u, context, 'string expected')
    const value = Uri.parse(u)
    return isLeft(value)
      ? t.failure(u, context, `${value.left.what} at ${value.left.offset}`)
      : t.success(value.right)
  },
  (value) => {
    const text = Uri.print(value)
    return isLeft(text) ? undefined : text.right
  },
)

const canBeUri: (u: unknown) => boolean = fits(uriShape)
