/**
 * What every layer asks of every message: cheap, typed, remembered. All of it is total, so that a message that was
 * put together by hand is as safe to ask as one that was read; what is not there is said beside each function.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { DIGIT, decimal, sameLetters, skip, skipLws, TOKEN } from '../data/scan.js'
import { noParams } from '../header/params.js'
import { type Via, via } from '../header/via.js'
import { scanAddress, tagEnd } from './address.js'
import { limits } from './limits.js'
import { viaBy } from './marks.js'
import type { Memory } from './memory.js'
import { memoryOf } from './message.js'
import { octetsOf } from './octets.js'
import {
  bodyOf,
  CALL_ID,
  CSEQ,
  FROM,
  type FieldId,
  fieldCount,
  idOfName,
  find,
  idOf,
  MAX_FORWARDS,
  endOf,
  nameLengthOf,
  startOf,
  TO,
  trimmedEndOf,
  VIA,
  valueEnd,
  valueOf,
} from './scan.js'
import { methodFrom } from './start-line.js'
import type { Message } from './types.js'

/** The Via of a message that has none, or none that can be read: it has no transport, no host and no branch. */
export const noVia: Via = Object.freeze({ version: '', transport: '', host: '', params: noParams })

/** The top Via (RFC 3261 8.1.1.7); `noVia` when there is none. A message that was parsed has one. */
export const topVia = (message: Message): Via => {
  const memory = memoryOf(message)
  return memory.via ?? (memory.via = readTopVia(message, memory))
}

/** Remembers the top Via of `message` for who has just written it. */
export const rememberVia = <M extends Message>(message: M, top: Via): M => {
  memoryOf(message).via = top
  return message
}

/** How many Via values there are, over all fields and lists. */
export const viaCount = (message: Message): number => {
  const { text, index } = message
  let count = 0
  for (let i = find(index, VIA); i >= 0; i = find(index, VIA, i + 1)) {
    const end = endOf(index, i)
    for (let p = valueOf(text, index, i); ; count++) {
      p = valueEnd(text, p, end)
      if (p === end) break
      p++
    }
    count++
  }
  return count
}

/** The number of CSeq, -1 when there is none. */
export const cseqNumber = (message: Message): number => {
  const memory = memoryOf(message)
  return memory.cseqNumber ?? (memory.cseqNumber = readCseqNumber(message))
}

/** The method of CSeq, empty when there is none. */
export const cseqMethod = (message: Message): string => {
  const memory = memoryOf(message)
  return memory.cseqMethod ?? (memory.cseqMethod = readCseqMethod(message))
}

/** The Call-ID, empty when there is none. It is compared octet by octet (20.8). */
export const callId = (message: Message): Bytes => {
  const memory = memoryOf(message)
  return memory.callId ?? (memory.callId = raw(message, CALL_ID) ?? '')
}

/** The tag of From, `undefined` when there is none: a caller of RFC 2543. */
export const fromTag = (message: Message): Bytes | undefined => {
  const memory = memoryOf(message)
  const known = memory.fromTag
  return (known === undefined ? (memory.fromTag = readTag(message, FROM)) : known) ?? undefined
}

/** The tag of To, `undefined` when there is none: outside a dialog. */
export const toTag = (message: Message): Bytes | undefined => {
  const memory = memoryOf(message)
  const known = memory.toTag
  return (known === undefined ? (memory.toTag = readTag(message, TO)) : known) ?? undefined
}

/** What the layer has found out of `message`: the id of its server transaction. Undefined when it has not. */
export const transactionOf = (message: Message): string | undefined => memoryOf(message).transaction

/** Remembers that for `message`, and for responses made of it: they go through the same transaction. */
export const inTransaction = (message: Message, id: string): string => (memoryOf(message).transaction = id)

/** Max-Forwards, `undefined` when there is none (RFC 2543 had none). */
export const maxForwards = (message: Message): number | undefined => {
  const i = find(message.index, MAX_FORWARDS)
  if (i < 0) return undefined
  const start = valueOf(message.text, message.index, i)
  const hops = decimal(message.text, start, trimmedEndOf(message.text, message.index, i, start), 0x7fffffff)
  return hops < 0 ? undefined : hops
}

/** The body as octets in a string. */
export const body = (message: Message): Bytes => message.text.slice(bodyOf(message.index))

/** Whether there is a field of that name in any case, or of that compact form. */
export const has = (message: Message, name: string, compact?: string): boolean =>
  fieldNamed(message, name, compact) >= 0

/** The first field of that name in any case, or of that compact form, from field `from` on; -1 if there is none. */
export const fieldNamed = (message: Message, name: string, compact?: string, from = 0): number => {
  const { text, index } = message
  const id = idOfName(name)
  if (id !== 0) return find(index, id, from)
  const count = fieldCount(index)
  const first = name.charCodeAt(0) | 0x20
  for (let i = from; i < count; i++) {
    const length = nameLengthOf(index, i)
    if (idOf(index, i) !== 0) continue
    const start = startOf(index, i)
    if (length !== 1 && (text.charCodeAt(start) | 0x20) !== first) continue
    if (length === name.length && sameLetters(text.slice(start, start + length), name)) return i
    if (length === compact?.length && sameLetters(text.slice(start, start + length), compact)) return i
  }
  return -1
}

/** The value of the first field of that id as it stands, white space at its ends left out. */
export const raw = (message: Message, id: FieldId): Bytes | undefined => {
  const i = find(message.index, id)
  if (i < 0) return undefined
  const start = valueOf(message.text, message.index, i)
  return message.text.slice(start, trimmedEndOf(message.text, message.index, i, start))
}

const readTopVia = ({ text, index }: Message, memory: Memory): Via => {
  const i = find(index, VIA)
  if (i < 0) return noVia
  const start = valueOf(text, index, i)
  if (memory.viaMarks > 0) return viaBy(text, start, memory)
  const value = via.parse(text, start, valueEnd(text, start, endOf(index, i)))
  return isLeft(value) ? noVia : value.right
}

const readCseqNumber = ({ text, index }: Message): number => {
  const i = find(index, CSEQ)
  if (i < 0) return -1
  const start = valueOf(text, index, i)
  return decimal(text, start, skip(text, start, endOf(index, i), DIGIT), 0x7fffffff)
}

const readCseqMethod = ({ text, index }: Message): string => {
  const i = find(index, CSEQ)
  if (i < 0) return ''
  const end = endOf(index, i)
  const method = skipLws(text, skip(text, valueOf(text, index, i), end, DIGIT), end)
  return methodFrom(text, method, skip(text, method, end, TOKEN))
}

/** `null` when a sound address has none; `undefined` when nobody can tell, and that is not remembered. */
const readTag = ({ text, index }: Message, id: FieldId): Bytes | null | undefined => {
  const i = find(index, id)
  if (i < 0) return null
  const start = valueOf(text, index, i)
  const length = trimmedEndOf(text, index, i, start) - start
  const octets = octetsOf(text, start, start + length)
  const found = scanAddress(octets, 0, length, limits.params)
  const tag = typeof found === 'number' ? found : found.tag
  if (tag === undefined) return undefined
  return tag === 0 ? null : text.slice(start + tag, start + tagEnd(octets, tag, length))
}
