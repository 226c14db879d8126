/** A core as functions, in virtual time: the same three as in `sippet/node`, each of which may be left out. */
import { type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import type { Event, Output, Reason, Ref, Refusal, SendOptions, ToApplication } from '../../core/events.js'
import { respond } from '../../core/message/build.js'
import type { Message, Request, Response } from '../../core/message/types.js'
import type { Key, ServerKey } from '../../core/transaction/key.js'

/** What an application may wish: the part of a stack's methods that a core needs, the same here and in `sippet/node`. */
export interface Wishes {
  readonly send: {
    (
      request: Request,
      options?: SendOptions,
    ): Either<Refusal, { readonly key: Key; readonly request: Request }>
    (response: Response): Either<Refusal, { readonly key: Key; readonly response: Response }>
  }
  /** Calls `then` after `ms` ms of virtual time; the result cancels. */
  readonly after: (ms: number, then: () => void) => () => void
  readonly terminate: (key: Key) => void
}

/** The functions of a core. They must be synchronous: in virtual time nothing waits for a promise. */
export interface Functions {
  readonly receiveRequest?: (request: Request, key: Option<ServerKey>, wishes: Wishes) => void
  readonly receiveResponse?: (response: Response, key: Option<Key>, wishes: Wishes) => void
  readonly receiveError?: (reason: Reason, key: Option<Key>, wishes: Wishes) => void
}

/** The application's side of an endpoint whose core is functions. */
export interface Caller extends Wishes {
  readonly deliver: (news: ToApplication) => void
}

/**
 * Calls `functions` with the news. One that throws costs its own request, which is answered 500, and `failed` hears of
 * it: as in `sippet/node`.
 */
export const caller = (
  functions: Functions,
  dispatch: (event: Event) => readonly Output[],
  failed: (error: unknown) => void,
): Caller => {
  const alarms = new Map<Ref, () => void>()
  let refs = 0

  const wish = (event: Event & { readonly ref: Ref }): Either<Refusal, Accepted> => {
    for (const output of dispatch(event)) {
      if (output._tag === 'Accepted' && output.ref === event.ref) return right(output)
      if (output._tag === 'Refused' && output.ref === event.ref) return left(output.reason)
    }
    return left({ _tag: 'Invalid', what: 'the core inside the stack took it' })
  }
  const send = (message: Message, options: SendOptions = {}): Either<Refusal, unknown> => {
    const ref = `send ${++refs}`
    return message._tag === 'Request'
      ? map((sent: Accepted) => ({ key: sent.key, request: sent.message }))(
          wish({ _tag: 'SendRequest', ref, request: message, options }),
        )
      : map((sent: Accepted) => ({ key: sent.key, response: sent.message }))(
          wish({ _tag: 'SendResponse', ref, response: message }),
        )
  }
  const wishes: Wishes = {
    send: send as Wishes['send'], // the overloads say which of the two comes back
    after: (ms, then) => {
      const ref = `after ${++refs}`
      alarms.set(ref, then)
      dispatch({ _tag: 'After', ref, ms })
      return () => {
        if (alarms.delete(ref)) dispatch({ _tag: 'Forget', ref })
      }
    },
    terminate: (key) => void dispatch({ _tag: 'Terminate', key }),
  }
  const guarded = (call: () => void, request?: Request): void => {
    try {
      call()
    } catch (error) {
      failed(error)
      if (request !== undefined) wishes.send(respond(500)(request))
    }
  }

  return {
    ...wishes,
    deliver: (news) => {
      switch (news._tag) {
        case 'RequestReceived': {
          const { request, key } = news
          guarded(() => functions.receiveRequest?.(request, key, wishes), isSome(key) ? request : undefined)
          break
        }
        case 'ResponseReceived': {
          const { response, first, key } = news
          guarded(() => functions.receiveResponse?.(response, isSome(first) ? first : key, wishes))
          break
        }
        case 'ErrorReceived': {
          const { reason, first, key } = news
          guarded(() => functions.receiveError?.(reason, isSome(first) ? first : key, wishes))
          break
        }
        case 'Elapsed': {
          const then = alarms.get(news.ref)
          alarms.delete(news.ref)
          if (then !== undefined) guarded(then)
          break
        }
        default:
      }
    },
  }
}

type Accepted = Extract<Output, { _tag: 'Accepted' }>
