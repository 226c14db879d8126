/** Where a request came from, as its stamped top Via says. */
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { received, rport } from '../header/via.js'
import { defaultPort } from '../transport/address.js'
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
  const port = rport(via) || via.port || defaultPort(via.transport)
  return some({ protocol: via.transport.toLowerCase(), host: received(via) ?? via.host, port })
}
