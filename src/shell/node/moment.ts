/** Clock and entropy of Node. */
import { randomFillSync } from 'node:crypto'
import type { Moment } from '../../core/events.js'

/** A source of moments: monotonic ms, wall ms, 128 bits of entropy for each. */
export const moments = (): (() => Moment) => {
  const octets = Buffer.allocUnsafe(POOL)
  let pool = ''
  let next = 0
  return () => {
    if (next === pool.length) {
      pool = randomFillSync(octets).toString('hex')
      next = 0
    }
    next += DIGITS
    return { at: Math.floor(performance.now()), wall: Date.now(), entropy: pool.slice(next - DIGITS, next) }
  }
}

const DIGITS = 32
const POOL = 4096
