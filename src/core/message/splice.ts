/**
 * The three cuts that every edit is made of. Each makes a new text in which all other octets stay as they are, and
 * the index that belongs to it without reading the text again.
 */
import type { Bytes } from '../data/bytes.js'
import { edited } from './message.js'
import { fieldCount, fieldId, idOf, nameEnd, startOf } from './scan.js'
import type { Message } from './types.js'

/** `message` with `octets` in place of what stands from `from` to `to`, both inside the value of field `i`. */
export const replaceWithin = <M extends Message>(
  message: M,
  i: number,
  from: number,
  to: number,
  octets: Bytes,
): M => {
  const { text, index } = message
  const delta = octets.length - (to - from)
  const next = index.slice()
  for (let k = 2 * i + 2; k < next.length; k += 2) next[k] = (next[k] as number) + delta
  return edited(message, text.slice(0, from) + octets + text.slice(to), next, idOf(index, i))
}

/** `message` with the field `octets`, name to value without CRLF, before field `i`; behind all if there is no such. */
export const insertField = <M extends Message>(message: M, i: number, octets: Bytes): M => {
  const { text, index } = message
  const start = startOf(index, i)
  const name = nameEnd(octets, 0)
  const delta = octets.length + 2
  const next = index.slice(0, 2 * i + 1)
  const id = fieldId(octets, 0, name)
  next.push((name << 4) | id, start + octets.length)
  for (let k = 2 * i + 1; k < index.length; k += 2)
    next.push(index[k] as number, (index[k + 1] as number) + delta)
  return edited(message, `${text.slice(0, start)}${octets}\r\n${text.slice(start)}`, next, id)
}

/** `message` without field `i`. */
export const removeField = <M extends Message>(message: M, i: number): M => {
  const { text, index } = message
  const start = startOf(index, i)
  const after = (index[2 * i + 2] as number) + 2
  const delta = start - after
  const next = index.slice(0, 2 * i + 1)
  for (let k = 2 * i + 3; k < index.length; k += 2)
    next.push(index[k] as number, (index[k + 1] as number) + delta)
  return edited(message, text.slice(0, start) + text.slice(after), next, idOf(index, i))
}

/** `message` with the field `octets` behind all others. */
export const appendField = <M extends Message>(message: M, octets: Bytes): M =>
  insertField(message, fieldCount(message.index), octets)
