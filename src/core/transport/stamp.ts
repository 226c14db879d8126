/**
 * What the receiving transport writes into the top Via of a request, so that its responses find the way back (RFC
 * 3261 18.2.1, RFC 3581 4). Only the receiver knows where the octets came from: what the sender wrote there itself is
 * replaced or taken out, or anybody could direct our responses at anybody.
 */
import { isRight } from 'fp-ts/lib/Either.js'
import { sameLetters } from '../data/scan.js'
import { find, type Param, type Params } from '../header/params.js'
import { type Via, via } from '../header/via.js'
import { replaceTopVia } from '../message/build.js'
import { topVia } from '../message/head.js'
import type { Request } from '../message/types.js'
import { sameHost } from '../uri/host.js'
import type { Address } from './flow.js'

/**
 * `request` with `received` and `rport` as they must be when it came from `source`. "If the host portion of the
 * sent-by parameter contains a domain name, or if it contains an IP address that differs from the packet source
 * address, the server MUST add a received parameter" (18.2.1). An empty `rport` is filled with the source port, and
 * then `received` is added "even if it is identical" (3581 4). Unchanged when nothing is to be written.
 */
export const stamp =
  (source: Address) =>
  (request: Request): Request => {
    const top = topVia(request)
    const params = stamped(top, source)
    if (params === top.params) return request
    const printed = via.print({ ...top, params })
    return isRight(printed) ? replaceTopVia(printed.right)(request) : request
  }

/** The parameters as they must be; the same array when they are. */
const stamped = ({ host, params }: Via, source: Address): Params => {
  const asked = has(params, 'rport')
  const claimed = has(params, 'received')
  const differs = !sameHost(host, source.host)
  if (!asked && !claimed && !differs) return params
  const honest = params.filter(({ name }) => !sameLetters(name, 'received') && !sameLetters(name, 'rport'))
  const received: Param = { name: 'received', value: source.host }
  if (asked) return [...honest, { name: 'rport', value: String(source.port) }, received]
  return differs ? [...honest, received] : honest
}

const has = (params: Params, name: string): boolean => find(params, name) !== undefined
