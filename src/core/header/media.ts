/** Media types: Content-Type and Accept (RFC 3261 20.15, 20.1). */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, separator, token } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { type Params, readParams, writeParams } from './params.js'
import { paramsShape, type Shape } from './shape.js'
import type { ListNames, Names } from './token.js'

/** A media type, or in Accept a range of them: `text/*`. Type and subtype are compared without regard to case. */
export interface MediaType {
  readonly type: string
  readonly subtype: string
  readonly params: Params
}

/** One media type a field. */
export const mediaType = (names: Names): Header<MediaType, false> =>
  checked({ ...names, list: false, shape, read, write })

/** A list of media types or ranges. */
export const mediaTypes = (names: ListNames): Header<MediaType, true> =>
  checked({ ...names, list: true, shape, read, write })

const shape: Shape = {
  record: 'MediaType',
  fields: { type: 'string', subtype: 'string', params: paramsShape },
}

const read = (c: Cursor): MediaType | undefined => {
  const type = token(c, 'type')
  if (type === undefined) return undefined
  if (!separator(c, 0x2f)) return fail(c, '"/" expected')
  const subtype = token(c, 'subtype')
  if (subtype === undefined) return undefined
  const params = readParams(c)
  return params && { type, subtype, params }
}

const write = ({ type, subtype, params }: MediaType): Bytes => `${type}/${subtype}${writeParams(params)}`

/** RFC 3261 20.1; an empty one accepts nothing. */
export const accept: Header<MediaType, true> = mediaTypes({ name: 'Accept', mayBeEmpty: true })
