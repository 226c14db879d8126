/** Codecs for the states of the four transaction machines. Terminated never lies in a table, but it is a state. */
import * as t from 'io-ts'
import type * as InviteClient from '../../transaction/invite-client.js'
import type * as InviteServer from '../../transaction/invite-server.js'
import type * as NonInviteClient from '../../transaction/non-invite-client.js'
import type * as NonInviteServer from '../../transaction/non-invite-server.js'
import type { Repetition } from '../../transaction/schedule.js'
import { type Codec, type Fields, struct, tagged, variant } from '../shape.js'
import { reliability } from './vocabulary.js'

const nothing: Codec<object> = struct<object>('nothing', {})

/** The fields of a state that repeats its message on unreliable transports. */
const repeating = <T extends object>(name: string, fields: Fields<T>): Codec<Repetition & T> =>
  variant<Repetition & T>()('reliability', name, {
    unreliable: struct(name, { interval: t.number, ...fields }),
    reliable: struct(name, fields),
  } as never)

export const inviteClient: Codec<InviteClient.State> = tagged<InviteClient.State>('INVITE client', {
  Calling: repeating<{ readonly invite: string }>('Calling', { invite: t.string }),
  Proceeding: struct('Proceeding', { invite: t.string, reliability }),
  Completed: struct('Completed', { ack: t.string }),
  Accepted: nothing,
  Terminated: nothing,
})

export const nonInviteClient: Codec<NonInviteClient.State> = tagged<NonInviteClient.State>(
  'non-INVITE client',
  {
    Trying: repeating<{ readonly request: string }>('Trying', { request: t.string }),
    Proceeding: struct('Proceeding', { request: t.string, reliability }),
    Completed: nothing,
    Terminated: nothing,
  },
)

export const inviteServer: Codec<InviteServer.State> = tagged<InviteServer.State>('INVITE server', {
  Proceeding: struct('Proceeding', {
    reliability,
    answer: tagged<InviteServer.Owed | InviteServer.Sent>('answer', {
      Owed: struct('Owed', { invite: t.string }),
      Sent: struct('Sent', { response: t.string }),
    }),
    guarded: t.boolean,
  }),
  Completed: repeating<{ readonly response: string }>('Completed', { response: t.string }),
  Confirmed: nothing,
  Accepted: nothing,
  Terminated: nothing,
})

export const nonInviteServer: Codec<NonInviteServer.State> = tagged<NonInviteServer.State>(
  'non-INVITE server',
  {
    Trying: struct('Trying', { request: t.string, reliability }),
    Proceeding: struct('Proceeding', { response: t.string, reliability }),
    Completed: struct('Completed', { response: t.string }),
    Terminated: nothing,
  },
)
