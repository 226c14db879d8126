/** A user agent: the stack with the helpers of its core around it (RFC 3261 8, 9, 13). Each can be left out. */
import type { Input, Output } from '../events.js'
import type { Reducer } from '../reducer.js'
import { reducer as stackReducer } from '../stack/reducer.js'
import { type StackConfig, type State as StackState, start as stackStart } from '../stack/state.js'
import { ack2xx, type State as Ack2xxState } from './ack-2xx.js'
import type { State as AnswererState } from './answerer.js'
import { cancelClient, type State as CancelClientState } from './cancel-client.js'
import { cancelServer, type State as CancelServerState } from './cancel-server.js'
import type { State as DigestServerState } from './digest-server.js'
import { type Filter, type Filtered, filtered } from './filter.js'
import { inviteExpires, type State as InviteExpiresState } from './invite-expires.js'
import { mergedRequest } from './merged-request.js'
import { provisionalRefresh, type State as ProvisionalRefreshState } from './provisional-refresh.js'
import { repeat2xx, type State as Repeat2xxState } from './repeat-2xx.js'

/** A reducer, the state it starts from, and the stack inside. */
export interface Machine<S> {
  readonly start: S
  readonly stackOf: (state: S) => StackState
  readonly reducer: Reducer<S, Input, Output>
  /** What the reducer was composed of by `around`, so that one more filter makes no reducer around a reducer. */
  readonly parts?: Parts
}

/** A reducer and the filters around it, from the inside out. */
export interface Parts {
  readonly inner: Reducer<unknown, Input, Output>
  readonly filters: readonly Filter<unknown>[]
}

/** The stack alone: the core does everything itself. */
export const stackAlone = (config: StackConfig): Machine<StackState> => ({
  start: stackStart(config),
  stackOf: (state) => state,
  reducer: stackReducer(config),
})

/** A machine with one more filter around it. */
export const around =
  <F>(filter: Filter<F>) =>
  <S>({ start, stackOf, reducer, parts }: Machine<S>): Machine<Filtered<S, F>> => {
    const inner = parts?.inner ?? (reducer as Reducer<unknown, Input, Output>)
    const filters = [...(parts?.filters ?? []), filter as Filter<unknown>]
    return {
      start: { inner: start, filter: filter.start },
      stackOf: (state) => stackOf(state.inner),
      reducer: filtered(inner, filters),
      parts: { inner, filters },
    }
  }

/** What a user agent may be told. */
export interface UserAgentOptions {
  /** What answers requests that its core cannot serve (8.2): `requestChecks(…)`. Without it only merged ones are answered. */
  readonly checks?: Filter<AnswererState>
  /** What lets requests in before anything else looks at them: `digestServer(…)`. It has its place in the state. */
  readonly guard?: Filter<DigestServerState>
}

/**
 * The stack with all helpers, which is what most applications want. From the inside out: CANCEL at the server, the checks
 * of requests, the expiry of an INVITE, the refreshing of provisional responses, 2xx and ACK, CANCEL at the client.
 */
export const userAgent = (
  config: StackConfig,
  { checks, guard }: UserAgentOptions = {},
): Machine<UserAgentState> => {
  const { secret } = config
  const { timing } = config.layer.machines.config
  const open = around(cancelServer(secret))(stackAlone(config))
  const entered = guard === undefined ? open : (around(guard)(open) as unknown as typeof open)
  const answering = around(inviteExpires(secret))(around(checks ?? mergedRequest(secret))(entered))
  const answered = around(repeat2xx(timing, secret))(around(provisionalRefresh(secret))(answering))
  return around(cancelClient(timing, secret))(around(ack2xx(secret))(answered))
}

type Around<S, F extends readonly unknown[]> = F extends readonly [infer First, ...infer Rest]
  ? Around<Filtered<S, First>, Rest>
  : S

/** The state of `userAgent`: each helper's around that of what it helps. */
export type UserAgentState = Around<
  StackState,
  [
    CancelServerState,
    AnswererState,
    InviteExpiresState,
    ProvisionalRefreshState,
    Repeat2xxState,
    Ack2xxState,
    CancelClientState,
  ]
>
