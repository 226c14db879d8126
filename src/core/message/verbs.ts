/** The verbs for each focus. They stand apart because they bring every header with them, for each can be named. */
import { back as last, front as first, whole } from './focus.js'
import { type Operators, operators } from './operators.js'

/** All that a header says: one value, or all values of a list over all its fields. */
const field: Operators<'field'> = operators(whole)

export const fetch: Operators<'field'>['fetch'] = field.fetch
export const get: Operators<'field'>['get'] = field.get
export const put: Operators<'field'>['put'] = field.put
export const putNew: Operators<'field'>['putNew'] = field.putNew
export const putNewLazy: Operators<'field'>['putNewLazy'] = field.putNewLazy
export const update: Operators<'field'>['update'] = field.update
export const pop: Operators<'field'>['pop'] = field.pop
export const getAndUpdate: Operators<'field'>['getAndUpdate'] = field.getAndUpdate

/** The same verbs for the first value, for example the top Via or the next Route. */
export const front: Operators<'value'> = operators(first)

/** The same verbs for the last value. */
export const back: Operators<'value'> = operators(last)
