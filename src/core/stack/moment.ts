/** What a step knows of its instant. */
import type { Entropy } from '../data/entropy.js'

/** ms (monotonic), and what identifiers of the step are made from. */
export interface Instant {
  readonly at: number
  readonly entropy: Entropy
}
