/** Session-ID (RFC 7989 5, RFC 7329 5). */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, HEX, lower, sameLetters, skip, token } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { type Param, readParams, writeParams } from './params.js'
import { paramsShape } from './shape.js'
import type { Parameterized } from './token.js'

/**
 * `local-uuid *( SEMI sess-id-param )`, `sess-uuid = 32( DIGIT / %x61-66 )`: the sender's identifier and, in `remote`, that
 * of the other end; 32 zeros for one that is not known yet. It "MUST NOT have more than one remote parameter". Capital
 * letters, which some send, are read as small ones, so that equal identifiers are equal strings.
 */
export const sessionId: Header<Parameterized, false> = checked({
  name: 'Session-ID',
  list: false,
  shape: { record: 'Parameterized', fields: { value: 'string', params: paramsShape } },
  read: (c: Cursor): Parameterized | undefined => {
    const start = c.at
    const value = token(c, 'identifier')
    if (value === undefined) return undefined
    if (!isUuid(value)) return fail(c, '32 hexadecimal digits expected', start)
    const at = c.at
    const params = readParams(c)
    if (params === undefined) return undefined
    const remotes = params.filter(isRemote)
    if (remotes.length > 1) return fail(c, 'remote stands twice', at)
    if (!remotes.every((remote) => isUuid(remote.value ?? '')))
      return fail(c, 'remote without 32 hexadecimal digits', at)
    return { value: lower(value), params: remotes.length === 0 ? params : params.map(small) }
  },
  write: ({ value, params }: Parameterized): Bytes => `${value}${writeParams(params)}`,
})

const isUuid = (text: string): boolean => text.length === 32 && skip(text, 0, 32, HEX) === 32

const isRemote = ({ name }: Param): boolean => sameLetters(name, 'remote')

const small = (param: Param): Param =>
  isRemote(param) ? { ...param, value: lower(param.value ?? '') } : param
