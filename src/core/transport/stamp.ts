/**
 * What the receiving transport writes into the top Via of a request, so that its responses find the way back (RFC
 * 3261 18.2.1, RFC 3581 4). Only the receiver knows where the octets came from: what the sender wrote there itself is
 * replaced or taken out, or anybody could direct our responses at anybody.
 */
import { find as param, noParams, withoutParam, writeParams } from '../header/params.js'
import type { Via } from '../header/via.js'
import { noVia, rememberVia, topVia } from '../message/head.js'
import { find, trimmedEndOf, VIA, valueEnd, valueOf } from '../message/scan.js'
import { replaceWithin } from '../message/splice.js'
import type { Request } from '../message/types.js'
import { paramsNamed, withoutSpans } from '../message/via-text.js'
import { sameHost } from '../uri/host.js'
import type { Address } from './flow.js'

/**
 * `request` with `received` and `rport` as they must be when it came from `source`. "If the host portion of the
 * sent-by parameter contains a domain name, or if it contains an IP address that differs from the packet source
 * address, the server MUST add a received parameter" (18.2.1). `rport` is set to the source port, and then `received`
 * is added "even if it is identical" (3581 4). All other octets stay; the very message when nothing is to be written.
 */
export const stamp = (source: Address, request: Request): Request => {
  const top = topVia(request)
  const { text, index } = request
  const i = find(index, VIA)
  if (i < 0 || top === noVia || isPlain(top, source)) return request
  const start = valueOf(text, index, i)
  const end = valueEnd(text, start, trimmedEndOf(text, index, i, start))
  const asked = paramsNamed('rport', text, start, end)
  const claims = paramsNamed('received', text, start, end)
  const received = { name: 'received', value: addressOf(source) }
  const added =
    asked.length > 0
      ? [received, { name: 'rport', value: `${source.port}` }]
      : sameHost(top.host, source.host)
        ? noParams
        : [received]
  if (claims.length === 0 && added === noParams) return request
  const kept = withoutSpans(text, start, end, [...asked, ...claims])
  const params = [...withoutParam(withoutParam(top.params, 'rport'), 'received'), ...added]
  return rememberVia(replaceWithin(request, i, start, end, kept + writeParams(added)), { ...top, params })
}

/** Whether nothing is to be written, as is told most quickly. */
const isPlain = ({ host, params }: Via, source: Address): boolean =>
  param(params, 'rport') === undefined &&
  param(params, 'received') === undefined &&
  sameHost(host, source.host)

/** A zone names an interface of ours and means nothing to the peer (RFC 6874 1). */
const addressOf = ({ host }: Address): string => host.split('%', 1).join('')
