/** The order in which records are to be used (RFC 2782 "Usage rules", RFC 3403 4.1). */
import type { NaptrRecord, SrvRecord } from './question.js'

/** A number from 0 up to 1, the n-th of its step; the same n gives the same number. */
export type Dice = (n: number) => number

/**
 * SRV records by ascending priority; those of one priority in an order in which each comes first with a probability
 * in proportion to its weight: "select a record … whose running sum value is the first in the selected order which
 * is greater than or equal to the random number selected".
 */
export const byPriority = (records: readonly SrvRecord[], dice: Dice): readonly SrvRecord[] =>
  [...new Set(records.map(({ priority }) => priority))]
    .sort((a, b) => a - b)
    .flatMap((priority) =>
      byWeight(
        // "arrange all SRV RRs (that have not been ordered yet) in any order, except that all those with weight 0 are
        // placed at the beginning"
        records
          .filter((one) => one.priority === priority)
          .sort((a, b) => Number(a.weight > 0) - Number(b.weight > 0)),
        dice,
        priority * 64,
      ),
    )

/** NAPTR records of the lowest order that has any of `services`, by preference. */
export const byPreference = (
  records: readonly NaptrRecord[],
  isWanted: (record: NaptrRecord) => boolean,
): readonly NaptrRecord[] => {
  const wanted = records.filter(isWanted)
  const order = Math.min(...wanted.map((one) => one.order))
  // "MUST NOT consider any NAPTRs with a higher value for order" than that of a match (RFC 3403 4.1).
  return wanted.filter((one) => one.order === order).sort((a, b) => a.preference - b.preference)
}

const byWeight = (records: readonly SrvRecord[], dice: Dice, n: number): readonly SrvRecord[] => {
  if (records.length < 2) return records
  const sum = records.reduce((total, { weight }) => total + weight, 0)
  const chosen = at(records, Math.floor(dice(n) * (sum + 1)))
  return [
    ...records.slice(chosen, chosen + 1),
    ...byWeight([...records.slice(0, chosen), ...records.slice(chosen + 1)], dice, n + 1),
  ]
}

/** Where the running sum of the weights reaches `number`. */
const at = (records: readonly SrvRecord[], number: number): number => {
  const sums = records.reduce<readonly number[]>(
    (out, { weight }) => [...out, (out.at(-1) ?? 0) + weight],
    [],
  )
  return Math.max(
    0,
    sums.findIndex((sum) => sum >= number),
  )
}
