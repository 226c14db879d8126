/** Applications that behave as a description says: late, never, twice, with nonsense. */
import { isSome } from 'fp-ts/lib/Option.js'
import { respond, withToTag } from '../core/message/build.js'
import { appendField } from '../core/message/splice.js'
import type { Request, Response } from '../core/message/types.js'
import { id } from '../core/transaction/key.js'
import type { Functions } from './world/functions.js'

/** What an application does about a request, one deed after the other. */
export type Deed = {
  /** ms after the request arrived. */
  readonly after: number
} & (
  | { readonly does: 'answer'; readonly status: number }
  /** Answers with a To tag of its own, which is not the transaction's. */
  | { readonly does: 'answer oddly'; readonly status: number; readonly tag: string }
  | { readonly does: 'throw' }
  /** Wants the transaction gone. */
  | { readonly does: 'terminate' }
)

/** What an application does about requests: none of it is "never". */
export interface Behaviour {
  readonly invite: readonly Deed[]
  readonly other: readonly Deed[]
}

/** A core that behaves so, whatever is sensible. It stops when it is told that its INVITE was cancelled. */
export const behave = ({ invite, other }: Behaviour): Functions => {
  const pending = new Map<string, readonly (() => void)[]>()
  return {
    receiveRequest: (request, key, { send, after, terminate }) => {
      if (!isSome(key)) return
      const deeds = request.method === 'INVITE' ? invite : other
      const stops = deeds.map((deed) => {
        const act = (): void => {
          if (deed.does === 'throw') throw new Error('a bug on purpose')
          if (deed.does === 'terminate') terminate(key.value)
          else send(answer(request, deed))
        }
        return after(deed.after, act)
      })
      if (request.method === 'INVITE') pending.set(id(key.value), stops)
    },
    receiveError: (reason, key) => {
      if (reason !== 'cancelled' || !isSome(key)) return
      for (const stop of pending.get(id(key.value)) ?? []) stop()
    },
  }
}

const answer = (request: Request, deed: Extract<Deed, { readonly status: number }>): Response => {
  const plain = respond(deed.status)(request)
  const complete =
    request.method === 'INVITE' && deed.status > 100 && deed.status < 300
      ? appendField(plain, `Contact: <${request.uri}>`) // the caller found us there
      : plain
  return deed.does === 'answer oddly' ? withToTag(deed.tag)(complete) : complete
}
