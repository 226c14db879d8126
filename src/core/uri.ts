/** URIs: `Uri.parse`, `Uri.print`, `Uri.Eq`, `Uri.canonical`, builders, escapes, and what a part means. */
export { header, param, password, user, withoutParam, withParam } from './uri/access.js'
export {
  decodeHeaders,
  decodeParams,
  encodeHeaders,
  encodeParams,
  type Pairs,
  type ParamValues,
  type SipParts,
  sip,
  tel,
} from './uri/build.js'
export { deviations } from './uri/deviations.js'
export { canonical, defaultPort, Eq, equals, LazyEq } from './uri/equality.js'
export {
  escapeHeader,
  escapeParam,
  escapePassword,
  escapeUser,
  isHeaderChar,
  isParamChar,
  isUnreserved,
  unescape,
} from './uri/escape.js'
export { isHost, isIpv4, isIpv6 } from './uri/host.js'
export { parse, print } from './uri/parse.js'
export { digits, isGlobal } from './uri/tel.js'
export type {
  AbsoluteUri,
  SipUri,
  TelUri,
  Uri,
  UriError,
  UriHeader,
  UriHeaders,
  UriParam,
  UriParams,
} from './uri/types.js'
