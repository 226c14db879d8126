/** The codecs of digest. What they write holds H(A1), which is as good as a password in its realm. */
import { isLeft } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Algorithm, type Hash, hashes } from '../../auth/algorithm.js'
import type { Backoff } from '../../auth/backoff.js'
import type { Cache } from '../../auth/cache.js'
import type { Challenge } from '../../auth/challenge.js'
import type { ClientState } from '../../auth/client.js'
import type { Credentials } from '../../auth/credentials.js'
import type { Kind } from '../../auth/fields.js'
import type { Confirmation } from '../../auth/info.js'
import * as Recent from '../../auth/recent.js'
import type { Window } from '../../auth/replay.js'
import type { Protection, Qop } from '../../auth/response.js'
import type { ServerState } from '../../auth/server.js'
import type { Asked, Session } from '../../auth/session.js'
import type * as Table from '../../data/table.js'
import type { ToApplication } from '../../events.js'
import type { State as DigestClient } from '../../user-agent/digest-client.js'
import type { State as DigestServer } from '../../user-agent/digest-server.js'
import { type Codec, list, optional, struct, tagged, word } from '../shape.js'
import { type Context, instant, requestMessage, responseMessage, type StateCodec, table } from './context.js'
import { flow, key, option, sendOptions, serverKey, truth } from './vocabulary.js'

/** A bounded memory, as its bound and a list in the order of the last writing. */
const recent = <V>({ secret }: Context, codec: Codec<V>): Codec<Recent.Recent<V>> => {
  const written = t.type({ max: t.number, entries: t.readonlyArray(t.tuple([t.string, codec])) })
  return new t.Type(
    'Recent',
    (u): u is Recent.Recent<V> => typeof u === 'object' && u !== null && 'max' in u && 'oldest' in u,
    (u, context) => {
      const read = written.validate(u, context)
      return isLeft(read)
        ? read
        : t.success(
            read.right.entries.reduce<Recent.Recent<V>>(
              (all, [name, value]) => Recent.put(name, value)(all)[0],
              Recent.empty(secret, read.right.max),
            ),
          )
    },
    (all) => ({
      max: all.max,
      entries: Recent.entries(all).map(([name, value]) => [name, codec.encode(value)]),
    }),
  )
}

const kind: Codec<Kind> = word('www', 'proxy')
const qop: Codec<Qop> = word('auth', 'auth-int')
const hash: Codec<Hash> = word(...hashes)
const algorithm: Codec<Algorithm> = struct<Algorithm>('Algorithm', { hash, session: t.boolean })
const protection: Codec<Protection> = struct<Protection>('Protection', {
  qop,
  nc: t.string,
  cnonce: t.string,
})

const challenge: Codec<Challenge> = struct<Challenge>('Challenge', {
  realm: t.string,
  nonce: t.string,
  opaque: optional(t.string),
  algorithm,
  qop: list(qop),
  stale: t.boolean,
  userhash: t.boolean,
})

const session: Codec<Session> = struct<Session>('Session', {
  kind,
  realm: t.string,
  username: t.string,
  ha1: t.string,
  challenge,
  qop: optional(qop),
  key: t.string,
  cnonce: t.string,
  count: t.number,
  accepted: t.boolean,
})

const asked: Codec<Asked> = struct<Asked>('Asked', { kind, realm: t.string, challenges: list(challenge) })

const client: StateCodec<ClientState> = (context) =>
  struct<ClientState>('ClientState', {
    cache: struct<Cache>('Cache', { outbound: list(t.string), places: recent(context, list(session)) }),
    waiting: table(
      context,
      struct<Row<ClientState['waiting']>>('Waiting', {
        request: requestMessage,
        response: responseMessage,
        open: list(asked),
        ready: list(session),
      }),
    ),
    attempts: recent<number>(context, t.number),
  })

type News<Tag> = Extract<ToApplication, { readonly _tag: Tag }>

/** The codec of `digestClient`'s state. */
export const digestClient: StateCodec<DigestClient> = (context) =>
  struct<DigestClient>('DigestClient', {
    client: client(context),
    leaving: table(
      context,
      struct<Row<DigestClient['leaving']>>('Leaving', { request: requestMessage, options: sendOptions }),
    ),
    chains: table(
      context,
      struct<Row<DigestClient['chains']>>('Chain', {
        first: key,
        current: key,
        request: requestMessage,
        options: sendOptions,
        held: optional(
          tagged<News<'ResponseReceived'>>('Held', {
            ResponseReceived: struct('ResponseReceived', {
              response: responseMessage,
              key: option(key),
              first: option(key),
            }),
          }),
        ),
        over: optional(truth),
        cancelled: t.boolean,
      }),
    ),
    keys: table<string>(context, t.string),
  })

const credentials: Codec<Credentials> = struct<Credentials>('Credentials', {
  username: t.string,
  userhash: t.boolean,
  realm: t.string,
  nonce: t.string,
  uri: t.string,
  response: t.string,
  algorithm,
  opaque: optional(t.string),
  protection: optional(protection),
})

const backoff: StateCodec<Backoff> = (context) =>
  recent(context, struct<Remembered<Backoff>>('Failures', { count: t.number, last: instant(context) }))

const server: StateCodec<ServerState> = (context) =>
  struct<ServerState>('ServerState', {
    replay: struct<ServerState['replay']>('Replay', {
      nonces: recent(
        context,
        struct<Window>('Window', { issued: t.number, highest: t.number, seen: t.number, cnonce: t.string }),
      ),
      floor: t.number,
    }),
    sources: backoff(context),
    users: backoff(context),
    pending: table(
      context,
      struct<Row<ServerState['pending']>>('Pending', {
        request: requestMessage,
        source: t.string,
        presented: struct<Row<ServerState['pending']>['presented']>('Presented', {
          credentials,
          nonce: struct('Nonce', { id: t.string, issued: t.number }),
        }),
      }),
    ),
  })

/** The codec of `digestServer`'s state. */
export const digestServer: StateCodec<DigestServer> = (context) =>
  struct<DigestServer>('DigestServer', {
    server: server(context),
    waiting: table(
      context,
      tagged<News<'RequestReceived'>>('Arrived', {
        RequestReceived: struct('RequestReceived', {
          request: requestMessage,
          key: option(serverKey),
          tag: optional(t.string),
          cancels: option(serverKey),
          mergedWith: option(serverKey),
          flow,
          user: optional(
            struct<NonNullable<News<'RequestReceived'>['user']>>('User', {
              username: t.string,
              realm: t.string,
            }),
          ),
        }),
      }),
    ),
    refused: table(context, truth),
    confirmations: table(
      context,
      struct<Confirmation>('Confirmation', {
        key: t.string,
        algorithm,
        nonce: t.string,
        uri: t.string,
        protection,
        next: optional(t.string),
      }),
    ),
  })

type Row<T> = T extends Table.Table<infer V> ? V & object : never
type Remembered<T> = T extends Recent.Recent<infer V> ? V & object : never
