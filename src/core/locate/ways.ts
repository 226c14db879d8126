/** Where a search begins (RFC 3263 4.1, 4.2): the ways that a URI or a target leaves open. */
import { received, type Via } from '../header/via.js'
import { defaultPort, isLiteral, isSecure } from '../transport/address.js'
import type { Protocol, Target } from '../transport/flow.js'
import { hostOf, transportOf } from '../transport/target.js'
import type { SipUri } from '../uri/types.js'
import type { Way, Ways } from './types.js'

/** The ways to a place that is named in full: no question but that for its address. */
export const waysTo = ({ protocol, host, port, domain = host }: Target): Ways => [
  isLiteral(host)
    ? { _tag: 'Address', place: { protocol, host, port, domain } }
    : { _tag: 'Host', name: host, port, protocol, domain, otherwise: false },
]

/** The ways to the server of a SIP URI; `supported` are the protocols at hand, in no order. */
export const waysOf = (uri: SipUri, supported: readonly Protocol[]): Ways => {
  const domain = uri.host
  const target = hostOf(uri)
  const asked = transportOf(uri)
  const protocol = asked ?? (uri.scheme === 'sips' ? 'tls' : 'udp')
  // "If TARGET is a numeric IP address … If the TARGET was not a numeric IP address, but a port is present" (4.2).
  if (isLiteral(target) || uri.port !== undefined)
    return waysTo({ protocol, host: target, port: uri.port ?? defaultPort(protocol), domain })
  if (asked !== undefined) return [...srv(target, asked, domain), host(target, asked, domain)]
  return [
    { _tag: 'Naptr', domain: target, secure: uri.scheme === 'sips' },
    ...waysWithoutNaptr(target, uri.scheme === 'sips', domain, supported),
  ]
}

/** The same once it is known that there are no NAPTR records: SRV "for those transport protocols it supports" (4.1). */
export const waysWithoutNaptr = (
  target: string,
  secure: boolean,
  domain: string,
  supported: readonly Protocol[],
): Ways => [
  ...['udp', 'tcp', 'tls']
    .filter((protocol) => supported.includes(protocol) && (!secure || isSecure(protocol)))
    .flatMap((protocol) => srv(target, protocol, domain)),
  // "If no SRV records are found, the client SHOULD use TCP for a SIPS URI, and UDP for a SIP URI."
  host(target, secure ? 'tls' : 'udp', domain),
]

/**
 * The ways of a response that cannot go where its request came from: "to the IP address in the "received" parameter …
 * using the port in the "sent-by" value, or the default port" (RFC 3261 18.2.2), then where sent-by leads: an address; "a
 * domain name and a port number": its addresses; "a domain name and no port": its SRV records (RFC 3263 5).
 */
export const waysBack = (via: Via, protocol: Protocol): Ways => {
  const named = via.host
  const source = received(via)
  const port = via.port ?? defaultPort(protocol)
  const first: Ways =
    source === undefined || source === named
      ? []
      : [{ _tag: 'Address', place: { protocol, host: source, port, domain: named } }]
  if (isLiteral(named) || via.port !== undefined)
    return [...first, ...waysTo({ protocol, host: named, port, domain: named })]
  return [...first, ...srv(named, protocol, named), host(named, protocol, named)]
}

/** WebSocket has no SRV service (RFC 7118 says nothing of one). */
const srv = (target: string, protocol: Protocol, domain: string): Ways => {
  switch (protocol) {
    case 'udp':
      return [{ _tag: 'Srv', name: `_sip._udp.${target}`, protocol, domain }]
    case 'tcp':
      return [{ _tag: 'Srv', name: `_sip._tcp.${target}`, protocol, domain }]
    case 'tls': // "For a SIP URI, if the client wishes to use TLS, it also uses the service identifier "_sips"" (4.2)
      return [{ _tag: 'Srv', name: `_sips._tcp.${target}`, protocol, domain }]
    default:
      return []
  }
}

const host = (name: string, protocol: Protocol, domain: string): Way => ({
  _tag: 'Host',
  name,
  port: defaultPort(protocol),
  protocol,
  domain,
  otherwise: true,
})
