/** `sippet/testing/fast-check`: arbitraries for property tests of programs that speak SIP. Needs `fast-check`. */
export { type Attack, type AttackOptions, type Move, move, type Subject } from './attack.js'
export { behaviour, sensible } from './behaviour.js'
export { calleeMoves, survivesCallees } from './callee.js'
export { callerMoves, survivesCallers } from './caller.js'
export { call, type Exchange, exchange, type Turn } from './exchange.js'
export { headerValue, nameAddr, param, params, via } from './header.js'
export { clientEvent, configuration, happenings, serverEvent, unkindness } from './life.js'
export { deviant, type Refused, refused, rubbish } from './malformed.js'
export {
  message,
  method,
  methods,
  request,
  requestUri,
  response,
  responseTo,
  status,
  type Wanted,
} from './message.js'
export { conditions, network, script, streamConditions, type Worst } from './network.js'
export { type Stream, segments, stream } from './stream.js'
export { absoluteUri, host, port, sipUri, telUri, uri } from './uri.js'
