/** A ladder as a Mermaid sequence diagram, for issues, merge requests and documents. */
import type { Row } from './rows.js'

/** The diagram's source. `from` is the instant that counts as 0, ms; that of the first row by default. */
export const drawMermaid = (
  names: readonly string[],
  all: readonly Row[],
  from: number = all[0]?.at ?? 0,
): string => {
  const id = (name: string): string => `p${names.indexOf(name)}`
  const line = (row: Row): string => {
    const time = `${Math.round(row.at - from)} ms`
    if (row._tag === 'Note') return `Note over ${id(row.who)}: ${time} ${escaped(row.label)}`
    const lost = row.fate?.length === 0
    const shaft = `${row.response ? '--' : '-'}${lost ? 'x' : '>>'}`
    return `${id(row.from)}${shaft}${id(row.to)}: ${time} ${escaped(row.label)}${marks(row)}`
  }
  return [
    'sequenceDiagram',
    ...names.map((name) => `    participant ${id(name)} as ${escaped(name)}`),
    ...all.map((row) => `    ${line(row)}`),
  ].join('\n')
}

const marks = ({ copy, fate, why }: Extract<Row, { _tag: 'Arrow' }>): string =>
  [
    copy > 0 ? ' again' : '',
    fate?.length === 0 ? ` (${escaped(why ?? 'lost')})` : '',
    fate !== undefined && fate.length > 1 ? ' (twice)' : '',
  ].join('')

/** What ends a statement or begins an entity in Mermaid is written as an entity. */
const escaped = (text: string): string =>
  text.replace(/[#;<>]/g, (char) => `#${char.charCodeAt(0)};`).replace(/[^\x20-\x7e→…]/g, '?')
