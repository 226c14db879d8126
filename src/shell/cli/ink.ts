/** Colours for a terminal that wants them (NO_COLOR and pipes get plain text). */
import type { Ink } from '../../testing/ladder.js'

/** `text` in the colour of what it shows. */
export const ink = (what: Ink | 'bold' | 'good', text: string): string =>
  coloured ? `\u001b[${codes[what]}m${text}\u001b[0m` : text

const coloured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined

const codes: Readonly<Record<Ink | 'bold' | 'good', string>> = {
  bold: '1',
  good: '32',
  time: '2',
  name: '1',
  line: '2',
  request: '36',
  response: '32',
  again: '33',
  lost: '31',
  note: '35',
}
