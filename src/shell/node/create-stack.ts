/** Stacks in Node: its clock, its dice, its resolver. */
import { randomBytes } from 'node:crypto'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { assemble } from '../assemble.js'
import type { StackOptions } from '../options.js'
import type { Stack } from '../stack.js'
import type { StartError } from '../transport.js'
import { moments } from './moment.js'
import { systemResolver } from './resolver.js'

/** Starts a stack. `Left` names the transport that could not open; then nothing is left open. */
export const createStack = <S>(options: StackOptions<S>): TaskEither<StartError, Stack> =>
  assemble(options, {
    moment: moments(),
    resolver: systemResolver(),
    newSecret: () => randomBytes(16).toString('latin1'),
  })

export type { StackOptions }
