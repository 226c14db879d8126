/**
 * Which nonce counts were used. "If the same nc value is seen twice, then the request is a replay" (RFC 7616 3.4);
 * over UDP they do not arrive in order, so the last 32 below the highest may still come, each once.
 */
import type { Secret } from '../data/hash.js'
import type { Nonce } from './nonce.js'
import * as Recent from './recent.js'

/** The nonces used with success, a bounded number. */
export interface Replay {
  readonly nonces: Recent.Recent<Window>
  /** Of nonces made until then (ms, wall clock) some were forgotten, so unknown ones of that age are not believed. */
  readonly floor: number
}

/** The counts used with one nonce: the highest, and a bit for each of the 32 up to it. */
export interface Window {
  readonly issued: number
  readonly highest: number
  readonly seen: number
  /** The client's nonce of the first request, which an algorithm with `-sess` may refer to (RFC 7616 3.4.2). */
  readonly cnonce: string
}

/** Nothing used yet; remembers `max` nonces. */
export const empty = (secret: Secret, max: number): Replay => ({
  nonces: Recent.empty(secret, max),
  floor: -1,
})

/** What is known of a nonce. */
export const find =
  ({ id }: Nonce) =>
  ({ nonces }: Replay): Window | undefined =>
    Recent.get(id)(nonces)

/** Uses `count` of a nonce; undefined when it was used before, or so long ago that nobody can tell. */
export const use =
  ({ id, issued }: Nonce, count: number, cnonce: string) =>
  (replay: Replay): Replay | undefined => {
    const before = Recent.get(id)(replay.nonces)
    if (before === undefined && issued <= replay.floor) return undefined
    const window = before === undefined ? { issued, highest: count, seen: 1, cnonce } : advance(before, count)
    if (window === undefined) return undefined
    const [nonces, forgotten] = Recent.put(id, window)(replay.nonces)
    return {
      nonces,
      floor: forgotten === undefined ? replay.floor : Math.max(replay.floor, forgotten.issued),
    }
  }

/** Forgets the nonces made before `since` (ms, wall clock), which are valid no more. */
export const forgetBefore =
  (since: number) =>
  (replay: Replay): Replay => {
    const nonces = Recent.forget<Window>(({ issued }) => issued < since)(replay.nonces)
    return nonces === replay.nonces ? replay : { ...replay, nonces }
  }

const advance = (window: Window, count: number): Window | undefined => {
  const ahead = count - window.highest
  if (ahead > 0) return { ...window, highest: count, seen: ahead > 31 ? 1 : (window.seen << ahead) | 1 }
  const bit = ahead > -32 ? 1 << -ahead : 0
  return bit === 0 || (window.seen & bit) !== 0 ? undefined : { ...window, seen: window.seen | bit }
}
