/** Headers that are free text: Subject, Organization, Server, User-Agent, and any that nobody knows. */
import type { Bytes } from '../data/bytes.js'
import { unfold } from '../data/quoted.js'
import type { Cursor } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import type { Names } from './token.js'

/** Text as octets (UTF-8), white space at both ends left out and folds made one space; may be empty. */
export const text = (names: Names): Header<Bytes, false> =>
  checked({
    ...names,
    list: false,
    shape: 'string',
    read: (c: Cursor): Bytes => {
      const value = unfold(c.text, c.at, c.end)
      c.at = c.end
      return value
    },
    write: (value: Bytes): Bytes => value,
  })
