/**
 * A message is its octets. `text` is exactly what came or will go; everything else here is a view of it. An edit
 * makes a new text in which all other fields keep every octet, so nothing can be lost that was not looked at.
 */
import type { Bytes } from '../data/bytes.js'

/** Where the fields stand in `text`; made by the scanner, read by this folder only. */
export type Index = readonly number[]

interface Head {
  /** The whole message as on the wire: start line, header fields, empty line, body. */
  readonly text: Bytes
  readonly index: Index
  /** Where the lenient profile accepted what the grammar does not; empty for most. */
  readonly deviations: readonly Deviation[]
}

/** A request (RFC 3261 7.1). `method` is case-sensitive; `uri` is the Request-URI as written. */
export interface Request extends Head {
  readonly _tag: 'Request'
  readonly method: string
  readonly uri: Bytes
}

/** A response (RFC 3261 7.2). `status` 100 to 699; `reason` as written, UTF-8 octets. */
export interface Response extends Head {
  readonly _tag: 'Response'
  readonly status: number
  readonly reason: Bytes
}

export type Message = Request | Response

/** A thing accepted although the grammar refuses it: what, and at which octet of the message. */
export interface Deviation {
  readonly offset: number
  readonly field?: string
  readonly what: string
}
