/** MIME-Version (RFC 3261 20.24): `1*DIGIT "." 1*DIGIT`. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, number } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

export interface MimeVersion {
  readonly major: number
  readonly minor: number
}

export const mimeVersion: Header<MimeVersion, false> = checked({
  name: 'MIME-Version',
  list: false,
  shape: { record: 'MimeVersion', fields: { major: 'number', minor: 'number' } },
  read: (c: Cursor): MimeVersion | undefined => {
    const major = number(c, 'major version', 0xffffffff)
    if (major === undefined) return undefined
    if (c.text.charCodeAt(c.at) !== 0x2e) return fail(c, '"." expected')
    c.at++
    const minor = number(c, 'minor version', 0xffffffff)
    return minor === undefined ? undefined : { major, minor }
  },
  write: ({ major, minor }: MimeVersion): Bytes => `${major}.${minor}`,
})
