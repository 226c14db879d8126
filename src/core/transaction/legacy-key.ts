/**
 * RFC 2543 (RFC 3261 17.2.3): a request whose branch lacks the cookie is known by its Request-URI, To tag, From tag,
 * Call-ID, CSeq and top Via. They are held in a form that is equal exactly when the fields are, so that comparing
 * them is comparing strings.
 */
import { isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { lower } from '../data/scan.js'
import type { Param } from '../header/params.js'
import type { Via } from '../header/via.js'
import { callId, cseqNumber, fromTag, toTag, topVia } from '../message/head.js'
import type { Message, Request } from '../message/types.js'
import { canonical } from '../uri/equality.js'
import { canonicalHost, printHost } from '../uri/host.js'
import { parse } from '../uri/parse.js'

/** What RFC 2543 compares besides the method. Tags are empty when there is none. */
export interface Legacy {
  readonly uri: Bytes
  readonly toTag: Bytes
  readonly fromTag: Bytes
  readonly callId: Bytes
  readonly cseq: number
  readonly via: Bytes
}

/** The compared fields of a request. */
export const legacyOf = (request: Request): Legacy => ({
  uri: canonicalUri(request.uri),
  toTag: toTag(request) ?? '',
  ...common(request),
})

/** The id of the transaction with that method and those fields. No field holds a line break. */
export const legacyId = (method: string, { uri, toTag, fromTag, callId, cseq, via }: Legacy): string =>
  ['l', method, uri, toTag, fromTag, callId, cseq, via].join('\n')

/**
 * What a response shares with the request it answers. It has neither the Request-URI nor, before our tag was added,
 * the To tag, so this finds a transaction only as far as a peer sends no two requests that differ in these alone.
 */
export const legacyTwin = (method: string, message: Message): string => {
  const { fromTag, callId, cseq, via } = common(message)
  return ['t', method, fromTag, callId, cseq, via].join('\n')
}

const common = (message: Message): Omit<Legacy, 'uri' | 'toTag'> => ({
  fromTag: fromTag(message) ?? '',
  callId: callId(message),
  cseq: cseqNumber(message),
  via: canonicalVia(topVia(message)),
})

/** "equal if their sent-protocol and sent-by fields are equal, both have the same set of parameters" (20.42). */
const canonicalVia = ({ version, transport, host, port, params }: Via): Bytes =>
  [
    `${version}/${transport} ${printHost(canonicalHost(host))}`.toLowerCase() +
      (port === undefined ? '' : `:${port}`),
    ...params.filter(isTheirs).map(canonicalParam).sort(),
  ].join(';')

/** `received` and the value of `rport` are ours (K-11). */
const isTheirs = ({ name }: Param): boolean => !['received', 'rport'].includes(lower(name))

const canonicalParam = ({ name, value }: Param): Bytes =>
  value === undefined ? lower(name) : `${lower(name)}=${lower(value)}`

/** URIs are compared as in 19.1.4, but for parameters that only one of them has. */
const canonicalUri = (text: Bytes): Bytes => {
  const uri = parse(text)
  return isRight(uri) ? canonical(uri.right) : text
}
