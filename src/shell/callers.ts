/** Calls the application's functions, and survives them. */
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import type { Event, Output, ToApplication } from '../core/events.js'
import { respond } from '../core/message/build.js'
import type { Request } from '../core/message/types.js'
import type { ServerKey } from '../core/transaction/key.js'
import type { Callbacks, Core } from './core.js'
import type { Observer, Stack } from './stack.js'

type News = Exclude<ToApplication, { _tag: 'Diagnostic' | 'Accepted' | 'Refused' | 'AccountWanted' }>

/** The application's side of a stack. */
export interface Callers {
  readonly deliver: (news: News) => void
  readonly use: (core: Callbacks) => void
  readonly after: (ms: number, then: () => void) => () => void
}

/** The callers of a stack whose core is `core`; a reducer core has been served already and is not called. */
export const callers = <S>(
  stack: Stack,
  dispatch: (event: Event) => readonly Output[],
  { core, onDiagnostic }: Observer & { readonly core: Core<S> },
): Callers => {
  let callbacks = 'reducer' in core ? undefined : core
  let refs = 0
  const alarms = new Map<string, () => void>()

  const failed = (error: unknown, request?: Request, key?: Option<ServerKey>): void => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
    onDiagnostic?.({ _tag: 'Diagnostic', code: 'core-failed', what })
    // "500 Server Internal Error": refused by the transaction if a final response was given, and that is all right.
    if (request !== undefined && key !== undefined && isSome(key)) stack.send(respond(500)(request))
  }

  /** One call; a promise that it answers may reject later. */
  const guard = (call: () => unknown, request?: Request, key?: Option<ServerKey>): void => {
    try {
      const result = call()
      if (result instanceof Promise) result.catch((error: unknown) => failed(error, request, key))
    } catch (error) {
      failed(error, request, key)
    }
  }

  return {
    use: (next) => {
      callbacks = next
    },
    after: (ms, then) => {
      const ref = `after ${++refs}`
      alarms.set(ref, then)
      dispatch({ _tag: 'After', ref, ms })
      return () => {
        if (alarms.delete(ref)) dispatch({ _tag: 'Forget', ref })
      }
    },
    deliver: (news) => {
      switch (news._tag) {
        case 'RequestReceived': {
          const { request, key, flow, user } = news
          guard(() => callbacks?.receiveRequest(request, key, stack, flow, user), request, key)
          return
        }
        case 'ResponseReceived': {
          const { response, first, key } = news
          guard(() => callbacks?.receiveResponse(response, isSome(first) ? first : key, stack))
          return
        }
        case 'ErrorReceived': {
          const { reason, first, key } = news
          guard(() => callbacks?.receiveError(reason, isSome(first) ? first : key, stack))
          return
        }
        case 'Elapsed': {
          const then = alarms.get(String(news.ref))
          alarms.delete(String(news.ref))
          if (then !== undefined) guard(then)
          return
        }
        case 'Ended':
      }
    },
  }
}
