/**
 * Failures by source and by user, so that nobody can try passwords quickly: after some free ones each doubles the time
 * in which the next attempt is not even looked at.
 */
import type { Secret } from '../data/hash.js'
import * as Recent from './recent.js'

/** How patient a server is; times in ms. */
export interface Patience {
  /** Failures that cost nothing. */
  readonly free: number
  /** How long one must wait after the first that does. */
  readonly first: number
  /** How long one must wait at most; all is forgiven after ten times that. */
  readonly most: number
}

/** Failures of a bounded number of sources or users. */
export type Backoff = Recent.Recent<Failures>

interface Failures {
  readonly count: number
  /** ms, monotonic. */
  readonly last: number
}

/** Nobody failed; remembers `max` who did. */
export const empty = (secret: Secret, max: number): Backoff => Recent.empty(secret, max)

/** How long, in ms from `at`, whoever is called `key` must still wait; 0 for who need not. */
export const wait =
  (patience: Patience, key: string, at: number) =>
  (backoff: Backoff): number => {
    const failures = Recent.get(key)(backoff)
    if (failures === undefined || failures.count <= patience.free) return 0
    return Math.max(0, failures.last + delay(patience, failures.count) - at)
  }

/** Notes a failure at `at`. */
export const fail =
  (patience: Patience, key: string, at: number) =>
  (backoff: Backoff): Backoff => {
    const current = Recent.forget<Failures>(({ last }) => last + 10 * patience.most < at)(backoff)
    const count = (Recent.get(key)(current)?.count ?? 0) + 1
    return Recent.put(key, { count, last: at })(current)[0]
  }

const delay = ({ free, first, most }: Patience, count: number): number =>
  Math.min(most, first * 2 ** Math.min(30, count - free - 1))
