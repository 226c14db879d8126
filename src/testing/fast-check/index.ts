/** `sippet/testing/fast-check`: arbitraries for property tests of programs that speak SIP. Needs `fast-check`. */
export { headerValue, nameAddr, param, params, via } from './header.js'
export { absoluteUri, host, port, sipUri, telUri, uri } from './uri.js'
