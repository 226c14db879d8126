/** The four machines behind one face, for tests that treat them alike. */
import type { Request } from '../../../src/core/message/types.js'
import type { Reducer, Step } from '../../../src/core/reducer.js'
import {
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
} from '../../../src/core/transaction.js'
import type { ClientEvent, Config, Effect, ServerEvent, Timer } from '../../../src/core/transaction/types.js'
import type { Reliability } from '../../../src/core/transport/flow.js'
import { invite, options } from './fixtures.js'

export interface State {
  readonly _tag: string
}

export type MachineEvent = ClientEvent | ServerEvent

export type MachineName = 'invite-client' | 'non-invite-client' | 'invite-server' | 'non-invite-server'

export interface Machine {
  readonly name: MachineName
  readonly side: 'client' | 'server'
  readonly method: 'INVITE' | 'OPTIONS'
  readonly request: Request
  readonly start: (config: Config, request: Request, reliability: Reliability) => Step<State, Effect>
  readonly reducer: (config: Config) => Reducer<State, MachineEvent, Effect>
}

/** What a machine's file exports; the caller keeps states and events of one machine together. */
interface Exports<S extends State, E extends MachineEvent> {
  readonly start: (config: Config, request: Request, reliability: Reliability) => Step<S, Effect>
  readonly reducer: (config: Config) => Reducer<S, E, Effect>
}

const machine = <S extends State, E extends MachineEvent>(
  name: MachineName,
  { start, reducer }: Exports<S, E>,
): Machine => {
  const isInvite = name.startsWith('invite')
  return {
    name,
    side: name.endsWith('client') ? 'client' : 'server',
    method: isInvite ? 'INVITE' : 'OPTIONS',
    request: isInvite ? invite : options,
    start,
    reducer: reducer as unknown as Machine['reducer'],
  }
}

export const machines: Readonly<Record<MachineName, Machine>> = {
  'invite-client': machine('invite-client', inviteClient),
  'non-invite-client': machine('non-invite-client', nonInviteClient),
  'invite-server': machine('invite-server', inviteServer),
  'non-invite-server': machine('non-invite-server', nonInviteServer),
}

export const allMachines: readonly Machine[] = Object.values(machines)

export const reliabilities: readonly Reliability[] = ['unreliable', 'reliable']

export const allTimers: readonly Timer[] = [
  ...(['A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M'] as const),
  'Trying',
  'N100',
  'Guard',
]
