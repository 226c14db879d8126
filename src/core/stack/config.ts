/** A stack's configuration from what its owner chooses. */
import type { Secret } from '../data/hash.js'
import { type Bounds, defaultBounds, type FlowConfig, layerConfig } from '../layer/config.js'
import type { Role } from '../layer/receive-response.js'
import type { ParseOptions } from '../message/parse.js'
import { type Config, rfc3261 } from '../transaction/types.js'
import type { FlowLimits } from '../transport/limits.js'
import type { StackConfig } from './state.js'

/** What may be chosen of a stack; all of it has a default. */
export interface StackChoices {
  /** Timer values and profile of the machines; those of RFC 3261 by default. */
  readonly config?: Config
  /** Other timer values for some flows. */
  readonly flows?: readonly FlowConfig[]
  readonly bounds?: Partial<Bounds>
  /** How messages are read: profile and limits. */
  readonly parse?: ParseOptions
  /** A user agent by default. */
  readonly role?: Role
  /** How much connections may take, and how long they are kept. */
  readonly connections?: Partial<FlowLimits>
  /** What stands before the unguessable part of our branches: who we are among processes behind one port. Letters and digits. */
  readonly branchMark?: string
}

/** The configuration of a stack whose secret is `secret`. Of `branchMark` only letters and digits are used. */
export const config = (
  secret: Secret,
  {
    config: machines = rfc3261,
    flows,
    bounds,
    parse = {},
    role = 'user-agent',
    connections,
    branchMark,
  }: StackChoices = {},
): StackConfig => ({
  layer: layerConfig(machines, { ...defaultBounds, ...bounds }, flows),
  role,
  parse,
  maxPending: 10_000,
  pendingTimeout: 32_000,
  ...(connections === undefined ? {} : { flows: connections }),
  ...(branchMark === undefined ? {} : { branchMark: branchMark.replace(/[^A-Za-z0-9]/g, '') }),
  secret,
})
