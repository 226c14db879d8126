/** Which transactions a message may belong to. */
import { acknowledgedIds, clientIdOfResponse, serverId } from '../core/transaction/key.js'
import type { Message } from '../core/message/types.js'

/** The ids under which a table knows the transaction that a received message belongs to or begins. */
export const transactionsOf = (message: Message): readonly string[] => {
  if (message._tag === 'Response') return [clientIdOfResponse(message)]
  return message.method === 'ACK' ? acknowledgedIds(message) : [serverId(message)]
}
