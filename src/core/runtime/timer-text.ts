/** The timers of transactions as text, which is how a queue keeps the many that wait (timer-queue.ts). */
import type { TimerId } from '../events.js'
import type { Timer } from '../transaction/types.js'
import type { TextForm } from './timer-queue.js'

/**
 * What `timerQueue` is handed to keep the ids of transactions' timers as text: `J s|74b21|OPTIONS|192.0.2.1|5060` is the timer and
 * the transaction it is of (RFC 3261 table 4). All other timers are few and stay as they are.
 */
export const timerText: TextForm<TimerId> = {
  textOf: (id) => (id._tag === 'Transaction' ? `${id.timer} ${id.transaction}` : undefined),
  idOf: (text) => {
    const space = text.indexOf(' ')
    return {
      _tag: 'Transaction',
      transaction: text.slice(space + 1),
      timer: text.slice(0, space) as Timer,
    }
  },
}
