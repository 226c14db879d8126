/** The codecs of the user agent's helpers, and how filters are put around one another as their reducers are. */
import * as t from 'io-ts'
import type * as Table from '../../data/table.js'
import type { State as Ack2xx } from '../../user-agent/ack-2xx.js'
import type { State as Answerer } from '../../user-agent/answerer.js'
import type { AutoAnswerState } from '../../user-agent/auto-answer.js'
import type { State as CancelClient } from '../../user-agent/cancel-client.js'
import type { State as CancelServer } from '../../user-agent/cancel-server.js'
import type { Filtered } from '../../user-agent/filter.js'
import type { State as InviteExpires } from '../../user-agent/invite-expires.js'
import type { State as ProvisionalRefresh } from '../../user-agent/provisional-refresh.js'
import type { State as Repeat2xx } from '../../user-agent/repeat-2xx.js'
import type { UserAgentState } from '../../user-agent/user-agent.js'
import { list, struct, tagged, word } from '../shape.js'
import { requestMessage, responseMessage, type StateCodec, table } from './context.js'
import { digestServer } from './digest.js'
import { stack } from './stack.js'
import { key, serverKey, truth } from './vocabulary.js'

/** The codec of a machine with one more filter, or a core, around it: `around` for codecs. */
export const aroundCodec =
  <F>(filter: StateCodec<F>) =>
  <S>(inner: StateCodec<S>): StateCodec<Filtered<S, F>> =>
  (context) =>
    struct<Filtered<S, F>>('Filtered', { inner: inner(context), filter: filter(context) })

export const cancelServer: StateCodec<CancelServer> = (context) => table(context, requestMessage)

export const answerer: StateCodec<Answerer> = (context) => table(context, truth)

export const inviteExpires: StateCodec<InviteExpires> = (context) =>
  table(context, struct<Row<InviteExpires>>('Expiring', { key: serverKey, invite: requestMessage }))

export const provisionalRefresh: StateCodec<ProvisionalRefresh> = (context) => table(context, responseMessage)

export const repeat2xx: StateCodec<Repeat2xx> = (context) =>
  struct<Repeat2xx>('Repeat2xx', {
    calls: table(
      context,
      tagged<Row<Repeat2xx['calls']>>('Answered', {
        Waiting: struct('Waiting', {
          transaction: t.string,
          key,
          cseq: t.number,
          response: responseMessage,
          elapsed: t.number,
          interval: t.number,
        }),
        Acknowledged: struct('Acknowledged', { transaction: t.string, cseq: t.number }),
      }),
    ),
    keys: table<string>(context, t.string),
  })

export const ack2xx: StateCodec<Ack2xx> = (context) =>
  struct<Ack2xx>('Ack2xx', {
    calls: table(
      context,
      struct<Row<Ack2xx['calls']>>('Inviting', {
        invite: requestMessage,
        acks: list(
          struct<Row<Ack2xx['calls']>['acks'][number]>('Ack', { tag: t.string, ack: requestMessage }),
        ),
      }),
    ),
    keys: table<string>(context, t.string),
  })

export const cancelClient: StateCodec<CancelClient> = (context) =>
  table(
    context,
    struct<Row<CancelClient>>('Calling', {
      key,
      invite: requestMessage,
      stage: word('calling', 'proceeding'),
      cancel: word('no', 'held', 'sent'),
    }),
  )

const open = aroundCodec(cancelServer)(stack)

const around = (entered: typeof open): StateCodec<UserAgentState> =>
  aroundCodec(cancelClient)(
    aroundCodec(ack2xx)(
      aroundCodec(repeat2xx)(
        aroundCodec(provisionalRefresh)(aroundCodec(inviteExpires)(aroundCodec(answerer)(entered))),
      ),
    ),
  )

/** The codec of `userAgent`'s state. */
export const userAgent: StateCodec<UserAgentState> = around(open)

/** The same with `guard`, which the type of the state passes over. */
export const guardedUserAgent: StateCodec<UserAgentState> = around(
  aroundCodec(digestServer)(open) as unknown as typeof open,
)

/** The codec of the core that answers by itself. */
export const autoAnswer: StateCodec<AutoAnswerState> = (context) =>
  struct<AutoAnswerState>('AutoAnswer', {
    ringing: table(context, requestMessage),
    calls: table(context, truth),
  })

type Row<T> = T extends Table.Table<infer V> ? V & object : never
