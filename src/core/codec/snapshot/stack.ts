/** The codec of the stack: transactions, requests that wait, what is known of names, connections, alarms. */
import { isLeft } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import * as Table from '../../data/table.js'
import type { Recent } from '../../data/recent.js'
import type { Names } from '../../locate/names.js'
import type { Answer, NaptrRecord, SrvRecord } from '../../locate/question.js'
import type { Known, Place, Way } from '../../locate/types.js'
import type { Alarm, Opening, Parcel, Pending, Plan, State, Try } from '../../stack/state.js'
import * as Connections from '../../transport/connections.js'
import type * as Frame from '../../transport/frame.js'
import type { CertificateName } from '../../transport/identity.js'
import { type Codec, list, optional, struct, tagged, word } from '../shape.js'
import { type Context, instant, requestMessage, type StateCodec, table } from './context.js'
import { layer } from './layer.js'
import { address, clientKey, flow, listener, option, ref, sendOptions, truth } from './vocabulary.js'

export const stack: StateCodec<State> = (context) => {
  const saved = struct<Saved>('Stack', {
    listeners: list(listener),
    layer: layer(context),
    pending: table(context, pending(context)),
    waiting: table(context, list<string>(t.string)),
    names: struct<Names>('Names', {
      answers: recent(context, struct<Remembered>('Remembered', { known, until: instant(context) })),
      grey: recent(context, instant(context)),
    }),
    connections: list(connection(context)),
    openings: table(context, opening),
    openingFor: table<number>(context, t.number),
    tries: table(context, attempt(context)),
    moved: table<string>(context, t.string),
    alarms: table(context, struct<Alarm>('Alarm', { ref, generation: t.number, due: instant(context) })),
    draining: t.boolean,
  })
  return new t.Type<State, unknown>(
    'Stack',
    (u): u is State => typeof u === 'object' && u !== null && 'layer' in u && 'connections' in u,
    (u, at) => {
      const read = saved.validate(u, at)
      if (isLeft(read)) return read
      const { connections, ...rest } = read.right
      return t.success({
        ...rest,
        connections: connections.reduce(Connections.add, Connections.empty(context.secret)),
      })
    },
    ({ connections, ...rest }) =>
      saved.encode({ ...rest, connections: byNumber(Table.entries(connections.byId).map(([, one]) => one)) }),
  )
}

type Saved = Omit<State, 'connections'> & {
  readonly connections: readonly Connections.Connection[]
}

/** Of two connections to one place the newer is used, and the shell counts upwards. */
const byNumber = (connections: readonly Connections.Connection[]): readonly Connections.Connection[] =>
  connections.slice().sort((a, b) => a.id - b.id)

type Remembered = Names['answers'] extends Recent<infer V> ? V & object : never

const recent = <V>(context: Context, codec: Codec<V>): Codec<Recent<V>> =>
  struct<Recent<V>>('Recent', { young: table(context, codec), old: table(context, codec), limit: t.number })

const answer: Codec<Answer> = tagged<Answer>('Answer', {
  Host: struct('Host', { addresses: list<string>(t.string) }),
  Srv: struct('Srv', {
    records: list(
      struct<SrvRecord>('SRV', { priority: t.number, weight: t.number, port: t.number, target: t.string }),
    ),
  }),
  Naptr: struct('Naptr', {
    records: list(
      struct<NaptrRecord>('NAPTR', {
        order: t.number,
        preference: t.number,
        flags: t.string,
        service: t.string,
        replacement: t.string,
      }),
    ),
  }),
})

const known: Codec<Known> = tagged<Known>('Known', {
  Answered: struct('Answered', { answer }),
  Absent: struct('Absent', {}),
  Unknown: struct('Unknown', {}),
})

const place: Codec<Place> = struct('Place', {
  protocol: t.string,
  host: t.string,
  port: t.number,
  domain: optional(t.string),
  instead: optional(truth),
})

const way: Codec<Way> = tagged<Way>('Way', {
  Naptr: struct('Naptr', { domain: t.string, secure: t.boolean }),
  Srv: struct('Srv', { name: t.string, protocol: t.string, domain: t.string }),
  Host: struct('Host', {
    name: t.string,
    port: t.number,
    protocol: t.string,
    domain: t.string,
    otherwise: t.boolean,
  }),
  Address: struct('Address', { place, late: optional(truth) }),
})

const plan = (context: Context): Codec<Plan> =>
  struct('Plan', {
    message: requestMessage,
    options: sendOptions,
    key: clientKey,
    first: clientKey,
    since: instant(context),
    settled: optional(truth),
  })

const parcel = (context: Context): Codec<Parcel> =>
  struct('Parcel', { bytes: t.string, cause: option<string>(t.string), since: instant(context) })

const pending = (context: Context): Codec<Pending> =>
  struct('Pending', {
    plan: t.union([plan(context), parcel(context)]),
    ways: list(way),
    on: t.string,
    generation: t.number,
    due: instant(context),
  })

const attempt = (context: Context): Codec<Try> =>
  struct('Try', { plan: plan(context), place, rest: list(way), superseded: t.boolean })

const opening: Codec<Opening> = struct('Opening', {
  number: t.number,
  place,
  local: address,
  generation: t.number,
})

const connection = (context: Context): Codec<Connections.Connection> =>
  struct('Connection', {
    id: t.number,
    flow,
    accepted: t.boolean,
    framing: word('stream', 'message'),
    names: list(
      struct<CertificateName>('CertificateName', {
        kind: word('uri', 'dns', 'ip', 'common'),
        value: t.string,
      }),
    ),
    framer: struct<Frame.State>('Framer', {
      text: t.string,
      tail: t.string,
      need: t.number,
      blank: t.number,
    }),
    since: instant(context),
    spoken: t.boolean,
    heard: instant(context),
    pinged: optional(instant(context)),
    blocked: t.boolean,
    places: list<string>(t.string),
    timer: struct<Connections.Connection['timer']>('timer', { generation: t.number, due: instant(context) }),
  })
