/** Addresses of this host, and why one could not be had. */
import { networkInterfaces } from 'node:os'
import { isIPv6 } from 'node:net'
import type { SendCause } from '../../core/events.js'
import type { Protocol } from '../../core/transport/flow.js'
import type { StartError } from '../transport.js'

/**
 * What a socket bound to `host` may call itself: the host, or for `0.0.0.0` and `::`, which no peer can answer to, the
 * first address of that family that others can see (loopback when there is none).
 */
export const ownAddress = (host: string): string => {
  if (host !== '0.0.0.0' && host !== '::') return host
  const family = isIPv6(host) ? 'IPv6' : 'IPv4'
  const seen = Object.values(networkInterfaces())
    .flat()
    .find(
      (one) => one !== undefined && one.family === family && !one.internal && !one.address.startsWith('fe80'),
    )
  return seen?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1')
}

/** A system error as a typed result. */
export const startError = (protocol: Protocol, error: Error): StartError => ({
  _tag: tagOf((error as NodeJS.ErrnoException).code),
  protocol,
  what: error.message,
})

const tagOf = (code: string | undefined): StartError['_tag'] => {
  switch (code) {
    case 'EADDRINUSE':
      return 'AddressInUse'
    case 'EADDRNOTAVAIL':
      return 'AddressNotAvailable'
    case 'EACCES':
    case 'EPERM':
      return 'NotPermitted'
    default:
      return 'Other'
  }
}

/** 18.4 asks to tell unreachable from the rest; the name of the error is all that Node knows. */
export const sendCause = (error: Error): SendCause => {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return 'unreachable'
    case 'ECONNREFUSED':
    case 'ECONNRESET':
      return 'refused'
    case 'EMSGSIZE':
      return 'too-large'
    case 'ERR_SOCKET_DGRAM_NOT_RUNNING':
      return 'closed'
    default:
      return 'other'
  }
}
