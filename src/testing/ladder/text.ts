/** A ladder as lines of text: a column for each participant, time going down, an arrow for each message. */
import type { Arrow, Note, Row } from './rows.js'

/** How text is drawn. */
export interface TextOptions {
  /** Columns of the terminal, 100 at most and by default. */
  readonly width?: number
  /** The instant that counts as 0, ms; that of the first row by default. */
  readonly from?: number
  /** Colours for a terminal: wraps a part of a line. */
  readonly paint?: (what: Ink, text: string) => string
}

/** What a part of a line shows. */
export type Ink = 'time' | 'name' | 'line' | 'request' | 'response' | 'again' | 'lost' | 'note'

/** Draws single rows, for ladders that grow while one looks on. */
export interface Drawing {
  readonly head: string
  readonly row: (row: Row) => string
}

/** The drawing for these columns; `from` is instant 0. */
export const drawing = (
  names: readonly string[],
  options: TextOptions & { readonly from: number },
): Drawing => {
  const plain = (_what: Ink, text: string): string => text
  const paint = options.paint ?? plain
  const places = placesOf(names, Math.min(options.width ?? WIDTH, WIDTH))
  const rails = (line: readonly Piece[]): string => compose(line, places, paint)
  return {
    head: `${paint('time', 'ms'.padStart(TIME))}  ${paint('name', heads(names, places))}`.trimEnd(),
    row: (row) => {
      const time = paint('time', String(Math.round(row.at - options.from)).padStart(TIME))
      return `${time}  ${rails(row._tag === 'Arrow' ? arrow(row, names, places) : note(row, names, places))}`
    },
  }
}

/** All rows under their heads. Without rows one line that says so. */
export const draw = (names: readonly string[], all: readonly Row[], options: TextOptions = {}): string => {
  const first = all[0]
  if (first === undefined) return '(nothing happened)'
  const { head, row } = drawing(names, { ...options, from: options.from ?? first.at })
  return [head, ...all.map(row)].join('\n')
}

const WIDTH = 100
const TIME = 7
const MARGIN = TIME + 2

/** A stretch of a line: where it starts, what it shows. Rails show between pieces. */
interface Piece {
  readonly at: number
  readonly text: string
  readonly ink: Ink
}

/** Where the rails stand, counted behind the time. */
const placesOf = (names: readonly string[], width: number): readonly number[] => {
  const room = width - MARGIN - 1
  if (names.length < 2) return [0]
  const gap = Math.floor(room / (names.length - 1))
  return names.map((_, n) => n * gap)
}

/** Names over their rails: the first begins there, the last ends there, the others stand around theirs. */
const heads = (names: readonly string[], places: readonly number[]): string =>
  names.reduce((line, name, n) => {
    const place = places[n] ?? 0
    const room = Math.max(4, (places[1] ?? WIDTH) - 2)
    const short = name.length > room ? `${name.slice(0, room - 1)}…` : name
    const last = n > 0 && n === names.length - 1
    const start = n === 0 ? 0 : last ? place - short.length + 1 : place - (short.length >> 1)
    return line.padEnd(start) + short
  }, '')

const arrow = (row: Arrow, names: readonly string[], places: readonly number[]): readonly Piece[] => {
  const from = places[names.indexOf(row.from)] ?? 0
  const to = places[names.indexOf(row.to)] ?? 0
  if (from === to) return [{ at: from + 1, text: ` ${row.label} to itself`, ink: 'note' }]
  const right = to > from
  const length = Math.abs(to - from) - 1
  const ink = inkOf(row)
  const line = row.copy > 0 ? '╌' : '─'
  const lost = row.fate?.length === 0
  const label = fit(`${row.label}${again(row.copy)}`, length - 8)
  const tail = lost ? ` ✗ ${row.why ?? 'lost'}` : late(row.fate)
  const tip = lost ? '' : (row.fate?.length ?? 1) > 1 ? '▶▶' : '▶'
  const start = line.repeat(2)
  const room = length - start.length - label.length - 2 - tail.length - tip.length
  // A lost one stops half way, so that it is seen from afar.
  const shaft = line.repeat(Math.max(1, lost ? room >> 1 : room))
  const text = right
    ? `${start} ${label} ${shaft}${tail}${tip}`
    : mirrored(tip) + (lost ? `${tail.trim()} ` : tail) + `${shaft} ${label} ${start}`
  return [{ at: right ? from + 1 : from - text.length, text, ink }]
}

const note = (row: Note, names: readonly string[], places: readonly number[]): readonly Piece[] => {
  const n = names.indexOf(row.who)
  const place = places[n] ?? 0
  const room = (places[1] ?? WIDTH - MARGIN) - 4
  const text = fit(row.label, room)
  const last = n > 0 && n === names.length - 1
  return last
    ? [{ at: place - text.length - 2, text: `${text} ○`, ink: 'note' }]
    : [{ at: place + 1, text: `○ ${text}`, ink: 'note' }]
}

/** Pieces over rails. A rail that a piece runs across is hidden by it. */
const compose = (
  pieces: readonly Piece[],
  places: readonly number[],
  paint: (what: Ink, text: string) => string,
): string => {
  const rail: readonly Piece[] = places.map((at) => ({ at, text: '│', ink: 'line' }))
  const visible = rail.filter(
    ({ at }) => !pieces.some((one) => at >= one.at && at < one.at + one.text.length),
  )
  let column = 0
  let line = ''
  for (const { at, text, ink } of [...visible, ...pieces].sort((a, b) => a.at - b.at)) {
    line += ' '.repeat(Math.max(0, at - column)) + paint(ink, text)
    column = Math.max(column, at) + text.length
  }
  return line
}

const again = (copy: number): string => (copy === 0 ? '' : copy === 1 ? ' again' : ` again (${copy})`)

/** How late the copies arrive, where the network said more than "at once". */
const late = (fate: readonly number[] | undefined): string => {
  if (fate === undefined || fate.every((ms) => ms === 0))
    return fate !== undefined && fate.length > 1 ? ' twice ' : ''
  return ` +${fate.join(' +')} ms `
}

const inkOf = ({ fate, copy, response }: Arrow): Ink => {
  if (fate?.length === 0) return 'lost'
  if (copy > 0) return 'again'
  return response ? 'response' : 'request'
}

const mirrored = (tip: string): string => '◀'.repeat(tip.length)

const fit = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`
