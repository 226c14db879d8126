/** How much of a message is read before it is refused (513, or 414 for the Request-URI). */

export interface Limits {
  /** Octets of a message, body included. */
  readonly message: number
  /** Header fields, of which a list over several lines has as many as lines. */
  readonly fields: number
  /** Octets of one header field, folds included. */
  readonly field: number
  /** Parameters of one From, To or Via value. */
  readonly params: number
  /** Octets of a Request-URI. */
  readonly uri: number
}

/** A datagram's worth (RFC 3261 18.1.1: "MUST be able to handle … messages up to … 65,535 bytes"). */
export const limits: Limits = { message: 65535, fields: 256, field: 8192, params: 64, uri: 2048 }
