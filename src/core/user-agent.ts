/** A user agent's helpers as filters around the stack, the core among them. */
export { ackFor2xx } from './user-agent/ack.js'
export { ack2xx } from './user-agent/ack-2xx.js'
export { cancelServer } from './user-agent/cancel-server.js'
export { type Core, coreFilter } from './user-agent/core.js'
export { type Filter, type Filtered, isNews, isWish, type Passing, withFilter } from './user-agent/filter.js'
export { repeat2xx } from './user-agent/repeat-2xx.js'
export { around, type Machine, stackAlone, userAgent } from './user-agent/user-agent.js'
