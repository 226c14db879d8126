/** The layer's first state. */
import type { Secret } from '../data/hash.js'
import * as Table from '../data/table.js'
import { form } from './rest.js'
import type { Layer } from './state.js'

/** A layer without transactions. `secret` keys the tables' hash, since peers choose the keys. */
export const empty = (secret: Secret): Layer => ({
  transactions: Table.emptyIn(secret, form),
  twins: Table.empty(secret),
  flows: Table.empty(secret),
  sources: Table.empty(secret),
  servers: 0,
  generation: 0,
})
