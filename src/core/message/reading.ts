/** The state of one reading of octets, and how it ends or goes on when something is wrong. */
import type { Bytes } from '../data/bytes.js'
import { type ParseError, type ParseErrorKind, parseError } from './error.js'
import type { Limits } from './limits.js'
import { Memory } from './memory.js'
import type { Octets } from './octets.js'
import type { Deviation } from './types.js'

/** One reading: what has been found so far. The first thing that is wrong ends it. */
export interface Reading {
  readonly text: Bytes
  /** The octets of the head, or of the whole text. */
  readonly octets: Octets
  /** How many of them there are. */
  readonly bound: number
  readonly limits: Limits
  /** The request's method, which CSeq must repeat; empty for a response. */
  method: string
  error: ParseError | undefined
  deviations: Deviation[] | undefined
  /** Where the body starts, once the head is read. */
  body: number
  /** -1 when there is none. */
  contentLength: number
  /** What the checks have read anyway and every layer asks for. */
  readonly memory: Memory
}

export const reading = (text: Bytes, octets: Octets, bound: number, limits: Limits): Reading => ({
  text,
  octets,
  bound,
  limits,
  method: '',
  error: undefined,
  deviations: undefined,
  body: 0,
  contentLength: -1,
  memory: new Memory(),
})

export const fail = (
  r: Reading,
  kind: ParseErrorKind,
  offset: number,
  what: string,
  field?: string,
): undefined => {
  const status = kind === 'version' ? 505 : kind === 'limit' ? 513 : 400
  r.error = parseError(kind, r.text, offset, what, status, field)
  return undefined
}

export const bad = (
  r: Reading,
  kind: ParseErrorKind,
  offset: number,
  what: string,
  field?: string,
): false => {
  fail(r, kind, offset, what, field)
  return false
}

export const deviate = (r: Reading, offset: number, what: string, field?: string): true => {
  r.deviations ??= []
  r.deviations.push(field === undefined ? { offset, what } : { offset, field, what })
  return true
}
