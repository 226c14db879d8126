/**
 * What a transaction is known by (RFC 3261 17.1.3, 17.2.3): keys as values for people and programs, and ids for
 * tables, strings that are equal exactly when the keys match. Every message goes through the functions that make an
 * id straight from it, so those do no more than they must.
 */
import type { Eq as EqOf } from 'fp-ts/lib/Eq.js'
import { branch as branchOf, type Via } from '../header/via.js'
import { cseqMethod, inTransaction, topVia, transactionOf } from '../message/head.js'
import { methods } from '../message/start-line.js'
import type { Request, Response } from '../message/types.js'
import { canonicalHost } from '../uri/host.js'
import { type Legacy, legacyId, legacyOf, legacyTwin } from './legacy-key.js'

/** A client transaction: the branch of its Via as written and its method, for a CANCEL has the branch of its INVITE. */
export interface ClientKey {
  readonly _tag: 'ClientKey'
  readonly branch: string
  readonly method: string
}

/**
 * A server transaction: branch, method (INVITE for an ACK), and the sent-by of the top Via as the client wrote it,
 * IPv6 without brackets. An absent port is 5060; where the transport has another default, `port` is there.
 */
export interface ServerKey {
  readonly _tag: 'ServerKey'
  readonly branch: string
  readonly method: string
  readonly host: string
  readonly port?: number
  /** Only where the branch lacks the cookie or its identifier: what is compared in its stead. */
  readonly legacy?: Legacy
}

export type Key = ClientKey | ServerKey

/** Keys are equal without regard to the case of branch and host, and whether or not a default port is written. */
export const Eq: EqOf<Key> = { equals: (a, b) => a === b || id(a) === id(b) }

/** What a table knows the transaction by. No client key has the id of a server key. */
export const id = (key: Key): string =>
  key._tag === 'ClientKey'
    ? clientIdFrom(key.branch, key.method)
    : key.legacy === undefined
      ? serverIdFrom(key.branch, key.method, key.host, key.port ?? 5060)
      : legacyId(key.method, key.legacy)

/** The key of the client transaction that sends `request`. */
export const clientKey = (request: Request): ClientKey => clientKeyFrom(topVia(request), request.method)

/** The key of the client transaction that `response` belongs to: branch of the top Via, method of CSeq (17.1.3). */
export const clientKeyOfResponse = (response: Response): ClientKey =>
  clientKeyFrom(topVia(response), cseqMethod(response))

/** The id of `clientKeyOfResponse`. */
export const clientIdOfResponse = (response: Response): string =>
  clientIdFrom(branchOf(topVia(response)) ?? '', cseqMethod(response))

/** The key of the server transaction that `request` begins or belongs to; that of its INVITE for an ACK. */
export const serverKey = (request: Request): ServerKey => serverKeyFrom(request, serverMethod(request))

/** The id of `serverKey`. An ACK without cookie needs `acknowledgedIds`. */
export const serverId = (request: Request): string => {
  const known = transactionOf(request)
  if (known !== undefined) return known
  const id = serverIdAs(request, serverMethod(request))
  return request.method === 'ACK' || !hasCookie(branchOf(topVia(request)) ?? '')
    ? id
    : inTransaction(request, id)
}

/**
 * The id of the server transaction that `response` goes through. For a request without cookie, which a response does
 * not tell enough of, it is the `twinId` of the request.
 */
export const serverIdOfResponse = (response: Response): string => {
  const known = transactionOf(response)
  if (known !== undefined) return known
  const via = topVia(response)
  const branch = branchOf(via) ?? ''
  return hasCookie(branch)
    ? serverIdFrom(branch, cseqMethod(response), via.host, via.port ?? defaultPort(via.transport))
    : legacyTwin(cseqMethod(response), response)
}

/** For a request without cookie what its responses are known by too; undefined for any other. */
export const twinId = (request: Request): string | undefined =>
  hasCookie(branchOf(topVia(request)) ?? '') ? undefined : legacyTwin(request.method, request)

/**
 * The ids that the INVITE of this ACK can have. Without cookie there are two: the INVITE had no To tag, or the same
 * as the ACK. Then the ACK belongs to the transaction only if its To tag is also that of a response sent (K-14).
 */
export const acknowledgedIds = (ack: Request): readonly string[] => {
  if (hasCookie(branchOf(topVia(ack)) ?? '')) return [serverIdAs(ack, 'INVITE')]
  const legacy = legacyOf(ack)
  return [legacyId('INVITE', { ...legacy, toTag: '' }), legacyId('INVITE', legacy)]
}

/** The key of the INVITE that a CANCEL cancels (9.2). */
export const inviteKeyOfCancel = (cancel: Request): ServerKey => serverKeyFrom(cancel, 'INVITE')

/** The ids of what a CANCEL may cancel, the INVITE's first: "any method but CANCEL or ACK" (9.2), as far as known. */
export const cancelledIds = (cancel: Request): readonly string[] =>
  cancellable.map((method) => serverIdAs(cancel, method))

const cancellable: readonly string[] = methods.filter((method) => method !== 'ACK' && method !== 'CANCEL')

/** Branches of RFC 3261 begin with it, in any case; behind it stands the identifier (8.1.1.7). */
export const COOKIE: string = 'z9hG4bK'

/** The cookie alone identifies nothing (RFC 4475 3.2.1 leaves it open); it counts as absent. */
const hasCookie = (branch: string): boolean =>
  branch.length > COOKIE.length &&
  (branch.startsWith(COOKIE) || branch.slice(0, COOKIE.length).toLowerCase() === 'z9hg4bk')

/** "tokens are always case-insensitive" (7.3.1). */
const identifier = (branch: string): string =>
  hasCookie(branch) ? branch.slice(COOKIE.length).toLowerCase() : `|${branch.toLowerCase()}`

const clientIdFrom = (branch: string, method: string): string => `c|${identifier(branch)}|${method}`

const serverIdFrom = (branch: string, method: string, host: string, port: number): string =>
  `s|${identifier(branch)}|${method}|${canonicalHost(host)}|${port}`

const serverIdAs = (request: Request, method: string): string => {
  const via = topVia(request)
  const branch = branchOf(via) ?? ''
  return hasCookie(branch)
    ? serverIdFrom(branch, method, via.host, via.port ?? defaultPort(via.transport))
    : legacyId(method, legacyOf(request))
}

const clientKeyFrom = (via: Via, method: string): ClientKey => ({
  _tag: 'ClientKey',
  branch: branchOf(via) ?? '',
  method,
})

const serverKeyFrom = (request: Request, method: string): ServerKey => {
  const via = topVia(request)
  const branch = branchOf(via) ?? ''
  const port = via.port ?? defaultPort(via.transport)
  const { host } = via
  const key: ServerKey =
    via.port === undefined && port === 5060
      ? { _tag: 'ServerKey', branch, method, host }
      : { _tag: 'ServerKey', branch, method, host, port }
  return hasCookie(branch) ? key : { ...key, legacy: legacyOf(request) }
}

const serverMethod = ({ method }: Request): string => (method === 'ACK' ? 'INVITE' : method)

/** 18.1.1: "the default value … is 5060 for UDP, TCP and SCTP, 5061 for TLS"; WebSocket: RFC 7118 5. */
const defaultPort = (transport: string): number => {
  switch (transport.toUpperCase()) {
    case 'TLS':
    case 'TLS-SCTP':
      return 5061
    case 'WS':
      return 80
    case 'WSS':
      return 443
    default:
      return 5060
  }
}
