/** A core is a reducer as well: news in, wishes out. With one inside, a whole service is one pure function. */
import type { FromApplication, Input, ToApplication } from '../events.js'
import type { Reducer } from '../reducer.js'
import { type Filter, isNews } from './filter.js'

/** What an application is to the stack. `Input` brings the moment, so it needs no clock of its own. */
export type Core<S> = Reducer<S, Input<ToApplication>, FromApplication>

/**
 * A core as the outermost filter: `around(coreFilter(core, start))(userAgent(config))` is a whole service in one
 * reducer. It sees all news and lets only diagnostics out, and the questions for accounts that a shell may answer.
 */
export const coreFilter = <C>(core: Core<C>, start: C): Filter<C> => ({
  name: 'core',
  start,
  wants: isNews,
  reducer: (state, input) => {
    const { event } = input
    if (!isNews(event)) return [state, [event]]
    const [next, wishes] = core(state, input as Input<ToApplication>)
    return event._tag === 'Diagnostic' || event._tag === 'AccountWanted'
      ? [next, [event, ...wishes]]
      : [next, wishes]
  },
})
