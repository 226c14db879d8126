/**
 * What is known of names, and which places failed lately. Plain state: an answer is believed until its time is over,
 * and a request believes every answer that came after it set out, whatever its time, so that answers of no time at
 * all are of use once.
 */
import type { Secret } from '../data/hash.js'
import * as Recent from '../data/recent.js'
import { lower } from '../data/scan.js'
import type { Answer, Question } from './question.js'
import { placeKey } from '../transport/address.js'
import type { Known, Place } from './types.js'

interface Remembered {
  readonly known: Known
  /** ms, monotonic. */
  readonly until: number
}

export interface Names {
  readonly answers: Recent.Recent<Remembered>
  /** Until when (ms, monotonic) a place is tried last. */
  readonly grey: Recent.Recent<number>
}

/** Nothing known. */
export const empty = (secret: Secret): Names => ({
  answers: Recent.empty(secret, NAMES),
  grey: Recent.empty(secret, PLACES),
})

/** What a question is known by: names are compared without regard to case, with or without the final dot. */
export const questionKey = ({ _tag, name }: Question): string =>
  `${_tag} ${lower(name.endsWith('.') ? name.slice(0, -1) : name)}`

/** Remembers an answer for `ttl` ms from `at`; a day at most. */
export const learn = (names: Names, question: Question, answer: Answer, at: number, ttl: number): Names =>
  remember(names, question, { _tag: 'Answered', answer }, at, ttl)

/** Remembers that there is no answer. */
export const miss = (names: Names, question: Question, at: number, ttl: number): Names =>
  remember(names, question, { _tag: 'Absent' }, at, ttl)

/** What is known to somebody who set out at `since`. */
export const look = (names: Names, question: Question, since: number): Known => {
  const found = Recent.get(questionKey(question))(names.answers)
  return found !== undefined && found.until >= since ? found.known : unknown
}

/** Notes that a place failed; it is tried last until `until`. */
export const avoid = (names: Names, place: Place, until: number): Names => ({
  ...names,
  grey: Recent.put(keyOf(place), until)(names.grey),
})

/** Whether a place is to be tried last at the instant `at`. */
export const isGrey = (names: Names, place: Place, at: number): boolean =>
  (Recent.get(keyOf(place))(names.grey) ?? at) > at

const remember = (names: Names, question: Question, known: Known, at: number, ttl: number): Names => ({
  ...names,
  answers: Recent.put<Remembered>(questionKey(question), {
    known,
    until: at + Math.min(Math.max(ttl, 0), DAY),
  })(names.answers),
})

const keyOf = ({ protocol, host, port }: Place): string => placeKey(protocol, host, port)

const unknown: Known = { _tag: 'Unknown' }

const DAY = 86_400_000
const NAMES = 4096
const PLACES = 4096
