/** What has been decoded of one message. Every entry can be had again from the octets; none is ever needed. */
import type { Bytes } from '../data/bytes.js'
import type { Via } from '../header/via.js'
import { CALL_ID, CSEQ, type FieldId, FROM, TO, VIA } from './scan.js'

/** What a header said under a focus, and what was asked for before. */
export interface Known {
  readonly focus: unknown
  readonly header: unknown
  readonly value: unknown
  readonly next: Known | undefined
}

/** `undefined` stands for what was not looked for yet, `null` for what was looked for and is not there. */
export class Memory {
  via: Via | undefined = undefined
  cseqNumber: number | undefined = undefined
  cseqMethod: string | undefined = undefined
  callId: Bytes | undefined = undefined
  fromTag: Bytes | null | undefined = undefined
  toTag: Bytes | null | undefined = undefined
  /** What the server transaction is known by that the message goes through; only where a request and its responses say the same. */
  transaction: string | undefined = undefined
  /** What cuts values out instead of reading them. */
  viaMarks = 0
  viaMore = 0
  fromMarks = 0
  toMarks = 0
  /** What was asked for. So few that to look through them is the fastest way. */
  values: Known | undefined = undefined
}

/** What is still true when a field of id `changed` has come, gone or changed: all else. 0 is a field of no id. */
export const without = (memory: Memory, changed: FieldId): Memory => {
  const next = new Memory()
  if (changed !== VIA) {
    next.via = memory.via
    next.viaMarks = memory.viaMarks
    next.viaMore = memory.viaMore
  }
  if (changed !== CALL_ID) next.callId = memory.callId
  if (changed !== VIA && changed !== CSEQ) next.transaction = memory.transaction
  if (changed !== FROM) {
    next.fromTag = memory.fromTag
    next.fromMarks = memory.fromMarks
  }
  if (changed !== TO) {
    next.toTag = memory.toTag
    next.toMarks = memory.toMarks
  }
  if (changed !== CSEQ) {
    next.cseqNumber = memory.cseqNumber
    next.cseqMethod = memory.cseqMethod
  }
  return next
}
