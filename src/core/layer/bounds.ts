/** Bounds that are state: how many server transactions live, and how many of them one source has. */
import * as Table from '../data/table.js'
import type { Bounds } from './config.js'
import type { Layer } from './state.js'

/** Which bound a new server transaction from `source` would pass; undefined when none. */
export const overBound = (layer: Layer, bounds: Bounds, source: string): string | undefined => {
  if (layer.servers >= bounds.servers) return `${layer.servers} server transactions live`
  const share = Table.find(layer.sources, source) ?? 0
  return share >= bounds.perSource ? `${share} server transactions of ${source} live` : undefined
}
