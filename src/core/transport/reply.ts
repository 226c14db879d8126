/** Where a response goes (RFC 3261 18.2.2, RFC 3581 4), read off the stamped top Via of its request. */
import { maddr, received, rport, type Via } from '../header/via.js'
import { defaultPort } from './address.js'
import type { Flow, Reliability } from './flow.js'

/**
 * The flow a response leaves by. Over a reliable transport "the response MUST be sent using the existing connection
 * to the source of the original request"; over UDP it goes to `maddr`, else to `received`, at `rport` or the port
 * in sent-by, from the address and port that the request came to.
 */
export const replyFlow = (flow: Flow, via: Via, reliability: Reliability): Flow => {
  if (reliability === 'reliable') return flow
  const group = maddr(via)
  const host = group ?? received(via) ?? via.host
  const port = (group === undefined ? rport(via) : undefined) ?? via.port ?? defaultPort(via.transport)
  return host === flow.remote.host && port === flow.remote.port ? flow : { ...flow, remote: { host, port } }
}
