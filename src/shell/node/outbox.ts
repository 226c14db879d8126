/**
 * Datagrams on their way out. Each that is sent by itself wakes who waits for it, and while the kernel does that nobody else
 * works; of a few in a row only the first does. So what one turn of the event loop has to send leaves at its end, or when a
 * few have come together. No timer is waited for: an answer to a lone request leaves as soon as the request has been read.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../../core/data/bytes.js'
import type { Flow } from '../../core/transport/flow.js'

/** Sends one datagram now; `cause` is whom to tell when that fails. */
export type Send = (flow: Flow, bytes: Bytes, cause: Option<string>) => void

/** What waits to be sent. */
export interface Outbox {
  /** Sends that datagram in this turn of the event loop, after all that were added before. */
  readonly add: Send
  /** Sends at once what waits. */
  readonly flush: () => void
}

/** An empty outbox before `send`. */
export const outbox = (send: Send): Outbox => {
  let waiting: Parameters<Send>[] = []
  let isDue = false

  // What `send` reports may add to what waits, and that may even be flushed: it is not what is being sent here.
  const flush = (): void => {
    const now = waiting
    waiting = []
    for (const [flow, bytes, cause] of now) send(flow, bytes, cause)
  }

  const ended = (): void => {
    isDue = false
    flush()
  }

  return {
    flush,
    add: (flow, bytes, cause) => {
      if (waiting.push([flow, bytes, cause]) === TOGETHER) flush()
      else if (!isDue) {
        isDue = true
        setImmediate(ended)
      }
    },
  }
}

/** So many leave together: more gain next to nothing and wait longer. */
const TOGETHER = 8
