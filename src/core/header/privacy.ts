/** Privacy (RFC 3323 4.2): `priv-value *( ";" priv-value )`, all of which are one value. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, separator, token } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

export const privacy: Header<readonly string[], false> = checked({
  name: 'Privacy',
  list: false,
  shape: { listOf: 'string' },
  read: (c: Cursor): readonly string[] | undefined => {
    const values: string[] = []
    do {
      const value = token(c, 'kind of privacy')
      if (value === undefined) return undefined
      values.push(value)
    } while (separator(c, 0x3b))
    return values
  },
  write: (values: readonly string[]): Bytes => values.join(';'),
})
