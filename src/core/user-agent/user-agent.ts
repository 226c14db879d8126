/** A user agent: the stack with the helpers of its core around it (RFC 3261 8, 9, 13). Each can be left out. */
import type { Input, Output } from '../events.js'
import type { Reducer } from '../reducer.js'
import { reducer as stackReducer } from '../stack/reducer.js'
import { type StackConfig, type State as StackState, start as stackStart } from '../stack/state.js'
import { ack2xx } from './ack-2xx.js'
import { cancelServer } from './cancel-server.js'
import { type Filter, type Filtered, withFilter } from './filter.js'
import { repeat2xx } from './repeat-2xx.js'

/** A reducer, the state it starts from, and the stack inside. */
export interface Machine<S> {
  readonly start: S
  readonly stackOf: (state: S) => StackState
  readonly reducer: Reducer<S, Input, Output>
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
  <S>({ start, stackOf, reducer }: Machine<S>): Machine<Filtered<S, F>> => ({
    start: { inner: start, filter: filter.start },
    stackOf: ({ inner }) => stackOf(inner),
    reducer: withFilter(filter)(reducer),
  })

/** The stack with all helpers, which is what most applications want. */
export const userAgent = (config: StackConfig): Machine<UserAgentState> => {
  const { timing } = config.layer.machines.config
  return around(repeat2xx(timing, config.secret))(
    around(ack2xx(config.secret))(around(cancelServer(config.secret))(stackAlone(config))),
  )
}

/** The state of `userAgent`: each helper's around that of what it helps. */
export interface UserAgentState {
  readonly inner: {
    readonly inner: { readonly inner: StackState; readonly filter: ReturnType<typeof cancelServer>['start'] }
    readonly filter: ReturnType<typeof ack2xx>['start']
  }
  readonly filter: ReturnType<typeof repeat2xx>['start']
}
