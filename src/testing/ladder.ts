/** Ladder diagrams of traces: `ladder(trace)` as text for a terminal, `mermaid(trace)` for documents. */
import { drawMermaid } from './ladder/mermaid.js'
import { rows, type Shown } from './ladder/rows.js'
import { draw, type TextOptions } from './ladder/text.js'
import type { Trace } from './trace.js'

/** A trace as plain text, at most 100 columns wide. Sent again: a broken arrow; lost: one that ends in ✗. */
export const ladder = (trace: Trace, options: TextOptions & Shown = {}): string => {
  const { names, rows: all } = rows(trace, options)
  return draw(names, all, options)
}

/** A trace as a Mermaid sequence diagram. */
export const mermaid = (trace: Trace, shown: Shown = {}): string => {
  const { names, rows: all } = rows(trace, shown)
  return drawMermaid(names, all)
}

export { type Arrow, type Note, type Row, rows, type Shown } from './ladder/rows.js'
export { type Drawing, drawing, type Ink, type TextOptions } from './ladder/text.js'
