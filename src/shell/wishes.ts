/** What an application wishes, and the answer it gets at once: the event with a name, and the output that bears it. */
import { type Either, left, map, right } from 'fp-ts/lib/Either.js'
import type { Event, Output, Ref, Refusal, SendOptions } from '../core/events.js'
import type { Message, Request, Response } from '../core/message/types.js'
import type { Key } from '../core/transaction/key.js'
import type { SentRequest, SentResponse, Stack } from './stack.js'

/** The wishes that are answered. */
export type Wishes = Pick<Stack, 'send' | 'cancel'>

/** The wishes of a stack that takes events by `dispatch`. */
export const wishes = (dispatch: (event: Event) => readonly Output[]): Wishes => {
  let refs = 0

  const wish = (event: Event & { readonly ref: Ref }): Either<Refusal, Accepted> => {
    const answer = dispatch(event).find(
      (output): output is Accepted | Refused =>
        (output._tag === 'Accepted' || output._tag === 'Refused') && output.ref === event.ref,
    )
    if (answer === undefined) return left({ _tag: 'Invalid', what: 'the core inside the stack took it' })
    return answer._tag === 'Accepted' ? right(answer) : left(answer.reason)
  }

  const send = (message: Message, how: SendOptions = {}): Either<Refusal, SentRequest | SentResponse> =>
    message._tag === 'Request'
      ? map(({ key, message: request }: Accepted) => ({ key, request: request as Request }))(
          wish({ _tag: 'SendRequest', ref: ++refs, request: message, options: how }),
        )
      : map(({ key, message: response }: Accepted) => ({ key, response: response as Response }))(
          wish({ _tag: 'SendResponse', ref: ++refs, response: message }),
        )

  return {
    send: send as Stack['send'], // the overloads say which of the two comes back
    cancel: (key: Key) =>
      map(({ key: cancelled }: Accepted) => ({ key: cancelled }))(wish({ _tag: 'Cancel', ref: ++refs, key })),
  }
}

type Accepted = Extract<Output, { _tag: 'Accepted' }>
type Refused = Extract<Output, { _tag: 'Refused' }>
