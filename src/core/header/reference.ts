/** Headers that point somewhere: `LAQUOT absoluteURI RAQUOT *( SEMI generic-param )` (RFC 3261 20.4, 20.9, 20.18). */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail } from '../data/scan.js'
import { writeUri } from '../uri/parse.js'
import type { Uri } from '../uri/types.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { readBracketed } from './name-addr.js'
import { type Params, readParams, writeParams } from './params.js'
import { paramsShape, type Shape, uriShape } from './shape.js'
import type { ListNames, Names } from './token.js'

/** A URI and what is said about it. */
export interface Reference {
  readonly uri: Uri
  readonly params: Params
}

/** One reference a field. */
export const reference = (names: Names): Header<Reference, false> =>
  checked({ ...names, list: false, shape, read, write })

/** A list of references. */
export const references = (names: ListNames): Header<Reference, true> =>
  checked({ ...names, list: true, shape, read, write })

const shape: Shape = { record: 'Reference', fields: { uri: uriShape, params: paramsShape } }

const read = (c: Cursor): Reference | undefined => {
  if (c.at >= c.end || c.text.charCodeAt(c.at) !== 0x3c) return fail(c, '"<" expected')
  const uri = readBracketed(c)
  const params = uri && readParams(c)
  return uri && params && { uri, params }
}

const write = ({ uri, params }: Reference): Bytes => `<${writeUri(uri)}>${writeParams(params)}`
