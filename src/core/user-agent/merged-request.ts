/** A request that came by two paths (RFC 3261 8.2.2.2): the second copy is answered 482 (row MR-1). */
import { isSome } from 'fp-ts/lib/Option.js'
import type { Secret } from '../data/hash.js'
import { respond } from '../message/build.js'
import { answerer, type Check, type State } from './answerer.js'
import type { Filter } from './filter.js'

/** "the UAS core SHOULD generate a 482 (Loop Detected) response and pass it to the server transaction". */
export const merged: Check = ({ request, mergedWith }) =>
  isSome(mergedWith) ? respond(482)(request) : undefined

/** The filter that answers merged requests. A proxy leaves it out (16.3, row MR-3). */
export const mergedRequest = (secret: Secret): Filter<State> => answerer('merged-request', [merged], secret)
