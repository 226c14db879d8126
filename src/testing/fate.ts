/**
 * The dice of every network here: what becomes of a datagram follows from seed, direction, message and copy number, never
 * from the order in which things arrive. So a relay between real sockets and the virtual network decide alike, and
 * what a change does to one message leaves the fates of all others as they were. Only whole numbers are used, so that
 * every engine agrees.
 */

/** How a link treats datagrams. Chances are per cent; times whole ms. */
export interface Conditions {
  /** So many of 100 are lost. */
  readonly loss: number
  /** So many of 100 arrive twice. */
  readonly duplication: number
  /** How long each is under way. */
  readonly delay: number
  /** Up to so much longer, each copy for itself: what is sent later may arrive earlier. */
  readonly jitter: number
  /** So many of 100 are overtaken: they take `held` ms longer. */
  readonly reordering: number
  readonly held: number
  /** Longer ones are lost, octets. */
  readonly mtu: number
}

/** A link on which everything arrives once and at once. */
export const perfect: Conditions = {
  loss: 0,
  duplication: 0,
  delay: 0,
  jitter: 0,
  reordering: 0,
  held: 0,
  mtu: 65_507,
}

/** After how many ms each copy arrives; empty when it is lost. */
export type Fate = readonly number[]

/**
 * The fate of the `copy`-th sending (0 the first) of `message` in `direction` under `seed`. `message` is whatever names
 * it: its octets, or `identity` of them where two runs differ in branches and ports.
 */
export const fate = (
  { loss, duplication, delay, jitter, reordering, held }: Conditions,
  seed: number,
  direction: string,
  message: string,
  copy: number,
): Fate => {
  const name = `${direction}\n${copy}\n${message}`
  const chance = (of: string, percent: number): boolean => percent > 0 && roll(seed, of, name, 100) < percent
  if (chance('loss', loss)) return []
  const time = (n: string): number =>
    delay +
    (jitter > 0 ? roll(seed, `jitter ${n}`, name, jitter + 1) : 0) +
    (chance(`order ${n}`, reordering) ? held : 0)
  return chance('twice', duplication) ? [time('first'), time('second')] : [time('first')]
}

/** A whole number from 0 to `sides` - 1 that follows from the rest. */
export const roll = (seed: number, of: string, name: string, sides: number): number =>
  mix(hash(hash(seed >>> 0, of), name)) % sides

/** FNV-1a over UTF-16 units with the seed in front: fast, the same everywhere; nobody attacks a test. */
const hash = (seed: number, text: string): number => {
  let h = seed ^ 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}

/** The finaliser of MurmurHash3: every bit of the hash moves every bit of the roll. */
const mix = (h: number): number => {
  const a = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b ^ (b >>> 16)) >>> 0
}
