/** INVITEs, as several helpers of their server side ask for them. */
import type { ToApplication } from '../events.js'
import { cseqMethod, transactionOf } from '../message/head.js'
import { id as idOf, type Key } from '../transaction/key.js'

type Accepted = Extract<ToApplication, { _tag: 'Accepted' }>

/** Whether the stack took a response to an INVITE with a status from `low` to `high`. */
export const isInviteAnswer = ({ message }: Accepted, low: number, high: number): boolean =>
  message._tag === 'Response' &&
  message.status >= low &&
  message.status <= high &&
  cseqMethod(message) === 'INVITE'

/** Whether the stack took the final response to an INVITE. */
export const isInviteFinal = (accepted: Accepted): boolean => isInviteAnswer(accepted, 200, 699)

/** The canonical key of the transaction that took a response. Most responses know it: then no key has to be written out. */
export const idOfAnswer = ({ message, key }: Accepted): string => transactionOf(message) ?? idOf(key)

/** Whether a key is that of an INVITE server transaction. */
export const isInviteServer = (key: Key): boolean => key._tag === 'ServerKey' && key.method === 'INVITE'
