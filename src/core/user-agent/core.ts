/** A core is a reducer as well: news in, wishes out. With one inside, a whole service is one pure function. */
import type { FromApplication, Input, Output, ToApplication } from '../events.js'
import type { Reducer } from '../reducer.js'
import { type Filter, type Filtered, isNews, type Passing, withFilter } from './filter.js'

/** What an application is to the stack. `Input` brings the moment, so it needs no clock of its own. */
export type Core<S> = Reducer<S, Input<ToApplication>, FromApplication>

/** A stack's reducer with its core inside: what goes in comes from the shell, and of what comes out only orders matter. */
export const withCore = <C>(
  core: Core<C>,
  start: C,
): {
  readonly start: C
  readonly reducer: <S>(stack: Reducer<S, Input, Output>) => Reducer<Filtered<S, C>, Input, Output>
} => ({
  start,
  reducer: withFilter(filter(core, start)),
})

/** The core sees all news and lets none pass but what an operator may want to know. */
const filter = <C>(core: Core<C>, start: C): Filter<C> => ({
  name: 'core',
  start,
  wants: (passing) => isNewsEvent(passing),
  reducer: (state, input) => {
    const { event } = input
    if (!isNewsEvent(event)) return [state, [event]]
    const [next, wishes] = core(state, { ...input, event })
    return event._tag === 'Diagnostic' ? [next, [event, ...wishes]] : [next, wishes]
  },
})

const isNewsEvent = (passing: Passing): passing is ToApplication => isNews(passing as Output)
