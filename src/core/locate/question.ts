/** What is asked of a resolver, and what it answers (RFC 3263, RFC 2782, RFC 3403). */

/** A question to the resolver (RFC 3263): addresses of a host, SRV or NAPTR records of a name. */
export interface Question {
  readonly _tag: 'Host' | 'Srv' | 'Naptr'
  readonly name: string
}

/** What the resolver found. Addresses stand best first; records in any order. */
export type Answer =
  | { readonly _tag: 'Host'; readonly addresses: readonly string[] }
  | { readonly _tag: 'Srv'; readonly records: readonly SrvRecord[] }
  | { readonly _tag: 'Naptr'; readonly records: readonly NaptrRecord[] }

/** RFC 2782. A `target` of `.` or the empty name says that the service is not available. */
export interface SrvRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  readonly target: string
}

/** RFC 3403, as far as RFC 3263 uses it. */
export interface NaptrRecord {
  readonly order: number
  readonly preference: number
  readonly flags: string
  readonly service: string
  readonly replacement: string
}
