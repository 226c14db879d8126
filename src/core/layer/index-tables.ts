/** Writing the layer's tables: a transaction enters, changes or leaves. */
import * as Table from '../data/table.js'
import { isServer } from './entry.js'
import type { Entry, Layer } from './state.js'

/** A new transaction with all its index entries. */
export const enter = (layer: Layer, entry: Entry, generation: number): Layer => {
  const transactions = Table.set(entry.id, entry)(layer.transactions)
  const flows = tie(layer.flows, entry)
  if (!isServer(entry)) return { ...layer, transactions, flows, generation }
  return {
    transactions,
    flows,
    twins: entry.legacy === undefined ? layer.twins : Table.set(entry.legacy.twin, entry.id)(layer.twins),
    sources: entry.source === '' ? layer.sources : count(layer.sources, entry.source, 1),
    servers: layer.servers + 1,
    generation,
  }
}

/** The same transaction in its next state. */
export const update = (
  { transactions, twins, flows, sources, servers }: Layer,
  entry: Entry,
  generation: number,
): Layer => ({
  transactions: Table.set(entry.id, entry)(transactions),
  flows,
  twins,
  sources,
  servers,
  generation,
})

/** A transaction that ended, and every trace of it in the indexes. */
export const leave = (layer: Layer, entry: Entry, generation: number): Layer => {
  const transactions = Table.remove(entry.id)(layer.transactions)
  const flows = untie(layer.flows, entry)
  if (!isServer(entry)) return { ...layer, transactions, flows, generation }
  return {
    transactions,
    flows,
    twins: entry.legacy === undefined ? layer.twins : without(layer.twins, entry.legacy.twin, entry.id),
    sources: entry.source === '' ? layer.sources : count(layer.sources, entry.source, -1),
    servers: layer.servers - 1,
    generation,
  }
}

const count = (sources: Layer['sources'], source: string, more: 1 | -1): Layer['sources'] => {
  const left = (Table.get(source)(sources) ?? 0) + more
  return left > 0 ? Table.set(source, left)(sources) : Table.remove(source)(sources)
}

/** Without `key`, unless it leads to another transaction by now. */
const without = (table: Table.Table<string>, key: string, id: string): Table.Table<string> =>
  Table.get(key)(table) === id ? Table.remove(key)(table) : table

type Flows = Layer['flows']

const tie = (flows: Flows, { flow, id }: Entry): Flows => {
  if (flow.id === undefined) return flows // datagrams: nothing closes
  const number = String(flow.id)
  const tied = Table.get(number)(flows) ?? Table.emptyLike<true>(flows)
  return Table.set(number, Table.set(id, true as const)(tied))(flows)
}

const untie = (flows: Flows, { flow, id }: Entry): Flows => {
  if (flow.id === undefined) return flows
  const number = String(flow.id)
  const left = Table.remove(id)(Table.get(number)(flows) ?? Table.emptyLike<true>(flows))
  return left.size === 0 ? Table.remove(number)(flows) : Table.set(number, left)(flows)
}
