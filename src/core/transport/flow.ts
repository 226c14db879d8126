/** Flows: which way octets come and go. A flow is a value; the shell alone knows the socket behind it. */

/** A transport protocol as it stands in a Via, in lower case: `udp`, `tcp`, `tls`, `ws`, `wss`, or one of the user's. */
export type Protocol = string

/** A network address. `host` is an IPv4 or IPv6 literal without brackets, or a name; `port` 0 to 65535. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Where a message goes: protocol, host (literal or name) and port. */
export interface Target extends Address {
  readonly protocol: Protocol
  /** The domain that the peer's certificate must show (RFC 5922 7); `host` by default. Secure protocols only. */
  readonly domain?: string
}

/**
 * A way to one peer: protocol, our address, theirs, and for connections the number the shell gave it.
 * A datagram's flow needs no opening and has no `id`.
 */
export interface Flow {
  readonly protocol: Protocol
  readonly local: Address
  readonly remote: Address
  readonly id?: number
}

/** RFC 3261 17: the machines differ only in whether the transport is reliable. Fixed when a transaction is made. */
export type Reliability = 'reliable' | 'unreliable'

/** How a connection carries messages: cut by Content-Length (RFC 3261 18.3), or one a frame (RFC 7118 5). */
export type Framing = 'stream' | 'message'
