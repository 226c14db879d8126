/** Messages in a few words, as ladders and scripts name them. */
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../core/data/bytes.js'
import { callId, cseqMethod, cseqNumber } from '../core/message/head.js'
import { parse } from '../core/message/parse.js'

/** `INVITE`, `200 OK`, `200 OK (BYE)`; of octets that are no message the beginning, in quotes. */
export const summary = (text: Bytes): string => {
  const parsed = parse(text)
  if (isLeft(parsed)) return text === '' ? 'no octets' : `"${printable(text.slice(0, 24))}"`
  const message = parsed.right
  if (message._tag === 'Request') return printable(message.method)
  const method = cseqMethod(message)
  const line = `${message.status} ${printable(message.reason)}`.trim()
  return method === 'INVITE' ? line : `${line} (${printable(method)})`
}

/** Method, or status and method: `INVITE`, `200 INVITE`. What scripts match. */
export const kind = (text: Bytes): string => {
  const parsed = parse(text)
  if (isLeft(parsed)) return ''
  const message = parsed.right
  return message._tag === 'Request' ? message.method : `${message.status} ${cseqMethod(message)}`
}

/**
 * What makes a message the same message in two runs whose branches, tags and ports differ: kind, CSeq number and
 * Call-ID. Octets that are no message stand for themselves.
 */
export const identity = (text: Bytes): string => {
  const parsed = parse(text)
  if (isLeft(parsed)) return text
  const message = parsed.right
  const number = cseqNumber(message)
  return message._tag === 'Request'
    ? `${message.method} ${number} ${callId(message)}`
    : `${message.status} ${number} ${cseqMethod(message)} ${callId(message)}`
}

/** The Call-ID, empty when there is none. */
export const callOf = (text: Bytes): string => {
  const parsed = parse(text)
  return isLeft(parsed) ? '' : callId(parsed.right)
}

const printable = (text: Bytes): string => text.replace(/[^\x20-\x7e]/g, '.')
