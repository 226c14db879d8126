/** How much connections may take. */

export interface FlowLimits {
  /** Connections at once, either way. */
  readonly connections: number
  /** Connections at once with one remote host. */
  readonly perPeer: number
  /** Connections that peers opened and on which nothing sensible has come yet. */
  readonly silent: number
  /** How long such a one may stay silent, ms. */
  readonly firstMessage: number
  /** How long a message may take from its first octet to its last, ms. */
  readonly message: number
  /**
   * How long a connection without transactions is kept after its last octet came, ms: "RECOMMENDED that connections be
   * kept open for some implementation-defined duration … at least … the default would be the longest amount of time
   * the element would need in order to bring a transaction from instantiation to the terminated state" (RFC 3261 18).
   */
  readonly idle: number
  /** How long to wait for a connection that we open, ms. */
  readonly opening: number
  /** So many may wait for one connection to open; a response, an ACK or a stateless message beyond them cannot be sent. */
  readonly parked: number
  /** After how much silence to send CRLF CRLF on connections that we opened (RFC 5626 3.5.1), ms; 0 sends none. */
  readonly keepAlive: number
  /** How long its answer may take, ms: "does not receive a pong within 10 seconds" (RFC 5626 4.4.1). */
  readonly pong: number
  /** Above how many octets a request leaves over a stream instead of UDP (18.1.1). */
  readonly datagram: number
  /** For how long a place that failed is tried last, ms. */
  readonly grey: number
}

export const flowLimits: FlowLimits = {
  connections: 50_000,
  perPeer: 20_000,
  silent: 20_000,
  firstMessage: 64_000,
  message: 32_000,
  idle: 600_000,
  opening: 5_000,
  parked: 256,
  keepAlive: 0,
  pong: 10_000,
  datagram: 1300,
  grey: 32_000,
}
