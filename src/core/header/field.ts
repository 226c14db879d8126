/** Reading and writing all that a header says: one value, or the values of a list. */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { type BuiltIn, type FieldOf, headerFrom } from './builtin.js'
import type { AnyHeader, Header, HeaderError } from './define.js'
import { parseList } from './split.js'

/** Reads what stands behind the colon of one field; `header` is a header or the name of a built-in one. */
export const parse =
  <H extends BuiltIn | AnyHeader>(header: H) =>
  (text: Bytes): Either<HeaderError, FieldOf<H>> => {
    const it = headerFrom(header) as Header<unknown>
    const read = it.list ? parseList(it, text, 0, text.length) : it.parse(text, 0, text.length)
    return read as Either<HeaderError, FieldOf<H>>
  }

/**
 * Writes it: what is to stand behind the colon, for each field that it takes. A list takes one, unless each of its
 * values has to have its own; an empty list takes none, unless the grammar lets a field be empty.
 */
export const print =
  <H extends BuiltIn | AnyHeader>(header: H) =>
  (value: FieldOf<H>): Either<HeaderError, readonly Bytes[]> => {
    const it = headerFrom(header) as Header<unknown>
    const texts: Bytes[] = []
    for (const each of it.list ? (value as readonly unknown[]) : [value]) {
      const text = it.print(each)
      if (isLeft(text)) return text
      texts.push(text.right)
    }
    if (texts.length === 0) return right(it.mayBeEmpty === true ? [''] : [])
    return right(it.ownField === true ? texts : [texts.join(', ')])
  }
