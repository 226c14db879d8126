/** A user agent's helpers as filters around the stack, the core among them. */
export { ackFor2xx } from './user-agent/ack.js'
export { ack2xx } from './user-agent/ack-2xx.js'
export { answerer, type Arrived, type Check } from './user-agent/answerer.js'
export { cancelClient } from './user-agent/cancel-client.js'
export { cancelServer } from './user-agent/cancel-server.js'
export { type Core, coreFilter } from './user-agent/core.js'
export {
  type Filter,
  type Filtered,
  isNews,
  isWish,
  type Passing,
  type Wants,
  withFilter,
} from './user-agent/filter.js'
export { digestClient } from './user-agent/digest-client.js'
export { digestServer, type GuardConfig } from './user-agent/digest-server.js'
export { inviteExpires } from './user-agent/invite-expires.js'
export { merged, mergedRequest } from './user-agent/merged-request.js'
export { provisionalRefresh } from './user-agent/provisional-refresh.js'
export { repeat2xx } from './user-agent/repeat-2xx.js'
export { type Abilities, requestChecks } from './user-agent/request-checks.js'
export {
  around,
  type Machine,
  stackAlone,
  userAgent,
  type UserAgentOptions,
  type UserAgentState,
} from './user-agent/user-agent.js'
