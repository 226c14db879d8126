/** What has been decoded of one message. Every entry can be had again from the octets; none is ever needed. */
import type { Bytes } from '../data/bytes.js'
import type { Via } from '../header/via.js'

/** `undefined` stands for what was not looked for yet, `null` for what was looked for and is not there. */
export class Memory {
  via: Via | undefined = undefined
  viaCount: number | undefined = undefined
  cseqNumber: number | undefined = undefined
  cseqMethod: string | undefined = undefined
  callId: Bytes | undefined = undefined
  fromTag: Bytes | null | undefined = undefined
  toTag: Bytes | null | undefined = undefined
}
