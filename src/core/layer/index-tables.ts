/** Writing the layer's tables: a transaction enters, changes or leaves. */
import * as Table from '../data/table.js'
import { isServer } from './entry.js'
import type { Entry, Layer } from './state.js'

/** A new transaction with all its index entries. */
export const enter = (layer: Layer, entry: Entry, generation: number): Layer => {
  const transactions = Table.put(layer.transactions, entry.id, entry)
  const flows = tie(layer.flows, entry)
  if (!isServer(entry)) return { ...layer, transactions, flows, generation }
  return {
    transactions,
    flows,
    twins: entry.legacy === undefined ? layer.twins : Table.put(layer.twins, entry.legacy.twin, entry.id),
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
  transactions: Table.put(transactions, entry.id, entry),
  flows,
  twins,
  sources,
  servers,
  generation,
})

/** A transaction that ended, and every trace of it in the indexes. */
export const leave = (layer: Layer, entry: Entry, generation: number): Layer => {
  const transactions = Table.drop(layer.transactions, entry.id)
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
  const left = (Table.find(sources, source) ?? 0) + more
  return left > 0 ? Table.put(sources, source, left) : Table.drop(sources, source)
}

/** Without `key`, unless it leads to another transaction by now. */
const without = (table: Table.Table<string>, key: string, id: string): Table.Table<string> =>
  Table.find(table, key) === id ? Table.drop(table, key) : table

type Flows = Layer['flows']

const tie = (flows: Flows, { flow, id }: Entry): Flows => {
  if (flow.id === undefined) return flows // datagrams: nothing closes
  const number = String(flow.id)
  const tied = Table.find(flows, number) ?? Table.emptyLike<true>(flows)
  return Table.set(number, Table.put(tied, id, true as const))(flows)
}

const untie = (flows: Flows, { flow, id }: Entry): Flows => {
  if (flow.id === undefined) return flows
  const number = String(flow.id)
  const left = Table.remove(id)(Table.find(flows, number) ?? Table.emptyLike<true>(flows))
  return left.size === 0 ? Table.drop(flows, number) : Table.put(flows, number, left)
}
