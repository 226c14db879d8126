/** What an application is asked when an account is needed, and what it answers. */
import type { Kind } from './fields.js'
import type { Wanted } from './server-types.js'

/** Whose account is needed: ours towards a realm that challenged us, or that of somebody who claims to be a user. */
export type Question =
  | { readonly _tag: 'Ours'; readonly kind: Kind; readonly realm: string }
  | { readonly _tag: 'Theirs'; readonly realm: string; readonly wanted: Wanted }
