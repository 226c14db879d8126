/** Addresses as RFC 3261 compares and completes them. */
import { isIpv4, isIpv6 } from '../uri/host.js'
import type { Protocol } from './flow.js'

/** Port of a protocol when none is written (18.1.1, RFC 7118 5): 5060; TLS 5061, WS 80, WSS 443. */
export const defaultPort = (protocol: Protocol): number => {
  switch (protocol.toLowerCase()) {
    case 'tls':
      return 5061
    case 'ws':
      return 80
    case 'wss':
      return 443
    default:
      return 5060
  }
}

/** Whether a host (without brackets) is an address already, so that no resolver needs to be asked. */
export const isLiteral = (host: string): boolean => isIpv4(host) || isIpv6(host)

/** Whether a protocol is secured by a certificate of the server, so that its name is to be checked. */
export const isSecure = (protocol: Protocol): boolean => protocol === 'tls' || protocol === 'wss'

/** A place or a peer as one string. */
export const placeKey = (protocol: Protocol, host: string, port: number): string =>
  `${protocol} ${host} ${port}`

/** Whether an address is a multicast group's: 224.0.0.0/4, ff00::/8. */
export const isMulticast = (host: string): boolean =>
  host.indexOf(':') >= 0
    ? (host.charCodeAt(0) | 0x20) === 0x66 && (host.charCodeAt(1) | 0x20) === 0x66 && host.indexOf(':') === 4
    : /^2(2[4-9]|3\d)\./.test(host) && isIpv4(host)
