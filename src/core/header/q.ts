/** Preferences: `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )` (RFC 3261 25.1). */
import { contramap, type Ord, reverse } from 'fp-ts/lib/Ord.js'
import { Ord as number } from 'fp-ts/lib/number.js'
import { decimal } from '../data/scan.js'
import { type Params, valueOf } from './params.js'

/** Reads a qvalue, 0 to 1; `undefined` if the text is none. */
export const parseQ = (text: string | undefined): number | undefined => {
  if (text === undefined || text.length > 5) return undefined
  const dot = text.indexOf('.')
  const whole = decimal(text, 0, dot < 0 ? text.length : dot, 1)
  if (whole < 0 || (dot >= 0 && dot !== 1)) return undefined
  const digits = dot < 0 ? '' : text.slice(dot + 1)
  const thousandths = digits === '' ? 0 : decimal(digits.padEnd(3, '0'), 0, 3, whole === 1 ? 0 : 999)
  return thousandths < 0 ? undefined : whole + thousandths / 1000
}

/** Writes a qvalue: at most three digits behind the point. Anything outside 0 to 1 is brought to its nearer end. */
export const printQ = (q: number): string => String(Math.round(Math.min(1, Math.max(0, q)) * 1000) / 1000)

/** The preference in a value's parameters; one who states none, or none that can be read, means 1 (RFC 2616 3.9). */
export const preference = (value: { readonly params: Params }): number =>
  parseQ(valueOf(value.params, 'q')) ?? 1

/** Orders values by what their sender prefers: the greatest is liked best. */
export const byPreference: Ord<{ readonly params: Params }> = contramap(preference)(number)

/** The same with the best first, for `sort`. Sorting is stable: who is liked equally keeps his place. */
export const bestFirst: Ord<{ readonly params: Params }> = reverse(byPreference)
