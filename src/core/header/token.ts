/** Headers of tokens: one, a list of them, and tokens with parameters. */
import type { Bytes } from '../data/bytes.js'
import { quote, quoted } from '../data/quoted.js'
import { type Cursor, isToken, token as readToken } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { type Params, readParams, writeParams } from './params.js'
import { paramsShape, type Shape } from './shape.js'

/** A value and what is said about it: `session;handling=optional`. */
export interface Parameterized {
  readonly value: string
  readonly params: Params
}

/** What a header is called. */
export interface Names {
  /** As it is written. */
  readonly name: string
  /** One letter (RFC 3261 7.3.3). */
  readonly compact?: string
}

/** A list's names, and whether it may hold nothing. */
export interface ListNames extends Names {
  readonly mayBeEmpty?: boolean
}

/** One token: `Priority: emergency`. */
export const token = (names: Names): Header<string, false> =>
  checked({ ...names, list: false, shape: 'string', read, write: (value) => value })

/** A list of tokens: `Allow: INVITE, ACK`. */
export const tokens = (names: ListNames): Header<string, true> =>
  checked({ ...names, list: true, shape: 'string', read, write: (value) => value })

/** One token with parameters: `Event: dialog;id=1`. */
export const parameterized = (names: Names): Header<Parameterized, false> =>
  checked({ ...names, list: false, shape, read: readParameterized, write: writeParameterized })

/** A list of tokens with parameters: `Reason: SIP;cause=200, Q.850;cause=16`. */
export const parameterizedList = (names: ListNames): Header<Parameterized, true> =>
  checked({ ...names, list: true, shape, read: readParameterized, write: writeParameterized })

/** The same where the value may be a quoted string: `( token / quoted-string ) *( SEMI generic-param )`. */
export const quotableList = (names: ListNames): Header<Parameterized, true> =>
  checked({
    ...names,
    list: true,
    shape,
    read: (c: Cursor): Parameterized | undefined => {
      const value = c.text.charCodeAt(c.at) === 0x22 ? quoted(c, 'value') : readToken(c, 'value')
      return value === undefined ? undefined : withParams(c, value)
    },
    write: ({ value, params }: Parameterized): Bytes =>
      `${isToken(value) ? value : quote(value)}${writeParams(params)}`,
  })

const shape: Shape = { record: 'Parameterized', fields: { value: 'string', params: paramsShape } }

const read = (c: Cursor): string | undefined => readToken(c, 'token')

const readParameterized = (c: Cursor): Parameterized | undefined => {
  const value = readToken(c, 'token')
  return value === undefined ? undefined : withParams(c, value)
}

const writeParameterized = ({ value, params }: Parameterized): Bytes => `${value}${writeParams(params)}`

const withParams = (c: Cursor, value: string): Parameterized | undefined => {
  const params = readParams(c)
  return params && { value, params }
}
