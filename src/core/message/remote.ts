/** Where a request came from, as its stamped top Via says. */
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { received, rport } from '../header/via.js'
import { lower } from '../data/scan.js'
import { defaultPort } from '../uri/equality.js'
import { noVia, topVia } from './head.js'
import type { Message } from './types.js'
import type { Source } from './validate.js'

/**
 * Protocol, host and port of the element that the top Via stands for: `received` and `rport` where the transport wrote
 * them (RFC 3261 18.2.1, RFC 3581 4), else sent-by. `none` when there is no Via that can be read.
 */
export const remote = (message: Message): Option<Source> => {
  const via = topVia(message)
  if (via === noVia) return none
  const port = rport(via) || via.port || (defaultPort('sip', via.transport) ?? 0)
  return some({ protocol: lower(via.transport), host: received(via) ?? via.host, port })
}
