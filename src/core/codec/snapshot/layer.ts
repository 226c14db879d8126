/** The codec of the transaction layer: a list of transactions. The indexes are made of them again. */
import { isLeft } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import * as Table from '../../data/table.js'
import { empty } from '../../layer/empty.js'
import { enter } from '../../layer/index-tables.js'
import { type Entry, type Layer, type LegacyAnswers, type Running, type Timers } from '../../layer/state.js'
import { all, timersOf } from '../../layer/timers.js'
import { type Codec, list, optional, struct, variant } from '../shape.js'
import { type Context, instant, type StateCodec } from './context.js'
import { inviteClient, inviteServer, nonInviteClient, nonInviteServer } from './machines.js'
import { clientKey, flow, key, reliability, serverKey, timer } from './vocabulary.js'

export const layer: StateCodec<Layer> = (context) => {
  const saved = struct<Saved>('Layer', { generation: t.number, transactions: list(entry(context)) })
  return new t.Type<Layer, unknown>(
    'Layer',
    (u): u is Layer => typeof u === 'object' && u !== null && 'transactions' in u,
    (u, at) => {
      const read = saved.validate(u, at)
      if (isLeft(read)) return read
      const { generation, transactions } = read.right
      const bare = { ...empty(context.secret), generation }
      return t.success(transactions.reduce((all, one) => enter(all, one, generation), bare))
    },
    ({ generation, transactions }) =>
      saved.encode({ generation, transactions: Table.entries(transactions).map(([, one]) => one) }),
  )
}

interface Saved {
  readonly generation: number
  readonly transactions: readonly Entry[]
}

/** As a list. */
const timers = (context: Context): Codec<Timers> => {
  const rows = list(
    struct<Omit<Running, 'next'>>('Running', { timer, due: instant(context), generation: t.number }),
  )
  return new t.Type(
    'Timers',
    (u): u is Timers => u === undefined || (typeof u === 'object' && u !== null && 'generation' in u),
    (u, on) => {
      const read = rows.validate(u, on)
      return isLeft(read) ? read : t.success(timersOf(read.right))
    },
    (running) => rows.encode(all(running)),
  )
}

const entry = (context: Context): Codec<Entry> => {
  const common = {
    id: t.string,
    flow,
    reliability,
    timers: timers(context),
  }
  const client = { ...common, key: clientKey, first: key }
  const server = {
    ...common,
    key: serverKey,
    tag: t.string,
    fingerprint: t.string,
    indexed: t.boolean,
    source: t.string,
    legacy: optional(
      struct<LegacyAnswers>('LegacyAnswers', { twin: t.string, tags: list<string>(t.string) }),
    ),
  }
  return variant<Entry>()('kind', 'Transaction', {
    'invite-client': struct('INVITE client', { ...client, state: inviteClient }),
    'non-invite-client': struct('non-INVITE client', { ...client, state: nonInviteClient }),
    'invite-server': struct('INVITE server', { ...server, state: inviteServer }),
    'non-invite-server': struct('non-INVITE server', { ...server, state: nonInviteServer }),
  })
}
