/** Transactions for those who want one machine without the stack: `inviteClient.start`, `inviteClient.reducer` and so on. */
export * as inviteClient from './transaction/invite-client.js'
export * as inviteServer from './transaction/invite-server.js'
export * as nonInviteClient from './transaction/non-invite-client.js'
export * as nonInviteServer from './transaction/non-invite-server.js'
export type {
  ClientEvent,
  Config,
  Effect,
  Failure,
  Ignored,
  Profile,
  ServerEvent,
  Timer,
  Timing,
} from './transaction/types.js'
export { rfc3261 } from './transaction/types.js'
