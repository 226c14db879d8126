/**
 * Digest authentication (RFC 3261 22, RFC 7616, RFC 8760), both sides, as reducers and as the functions they are made
 * of: a client that answers challenges and remembers sessions, a server that makes and checks them.
 */
export {
  type Algorithm,
  algorithmOf,
  type Hash,
  hashes,
  nameOf,
} from './auth/algorithm.js'
export type { Patience } from './auth/backoff.js'
export { type Challenge, readChallenge, writeChallenge } from './auth/challenge.js'
export { type ClientState, reducer as client, start as startClient } from './auth/client.js'
export {
  type ClientConfig,
  type ClientEffect,
  type ClientEvent,
  clientConfig,
  type Outcome,
} from './auth/client-types.js'
export { type Credentials, readCredentials, writeCredentials } from './auth/credentials.js'
export type { Kind } from './auth/fields.js'
export { type Confirmation, confirm } from './auth/info.js'
export type { Question } from './auth/question.js'
export type { Ref } from './auth/ref.js'
export {
  ha1,
  type Protection,
  type Qop,
  responseOf,
  rspauthOf,
  type Signed,
  userhash,
} from './auth/response.js'
export { type Accounts, type Answer, retry, withAccounts } from './auth/retry.js'
export { reducer as server, type ServerState, start as startServer } from './auth/server.js'
export {
  type Refusal,
  type ServerConfig,
  type ServerEffect,
  type ServerEvent,
  serverConfig,
  type User,
  type Wanted,
} from './auth/server-types.js'
export { type Account, type Asked, asked, type Policy, type Session } from './auth/session.js'
