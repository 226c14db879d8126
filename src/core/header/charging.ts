/** Headers that are parameters and nothing else (RFC 7315 5.5, 5.6): `param *( SEMI param )`. */
import type { Bytes } from '../data/bytes.js'
import type { Cursor } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { type Params, readParam, readParams, writeParams } from './params.js'
import { paramsShape } from './shape.js'

const read = (c: Cursor): Params | undefined => {
  const first = readParam(c)
  const rest = first === undefined ? undefined : readParams(c)
  return first && rest && [first, ...rest]
}

const write = (params: Params): Bytes => writeParams(params).slice(1)

export const pChargingVector: Header<Params, false> = checked({
  name: 'P-Charging-Vector',
  list: false,
  shape: paramsShape,
  read,
  write,
})

export const pChargingFunctionAddresses: Header<Params, true> = checked({
  name: 'P-Charging-Function-Addresses',
  list: true,
  shape: paramsShape,
  read,
  write,
})
