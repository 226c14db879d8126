/** The ACK for a 2xx, which is the UAC core's business, not the transaction's (RFC 3261 13.2.2.4, 12.2.1.1). */
import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { contact, recordRoute } from '../header/name-addr.js'
import { request } from '../message/build.js'
import { callId, cseqNumber } from '../message/head.js'
import { rawFields, valuesOf } from './fields.js'

import type { HeaderError } from '../header/define.js'
import type { Request, Response } from '../message/types.js'
import { findUriParam } from '../uri/params.js'
import { writeUri } from '../uri/parse.js'

/**
 * The ACK for `response`, a 2xx to `invite`, without Via and body: "The sequence number of the CSeq header field MUST be
 * the same as the INVITE being acknowledged, … The ACK MUST contain the same credentials as the INVITE" (13.2.2.4).
 * Remote target and route set are those of the response (12.1.2), Require only as in the INVITE (8.2.2.3).
 */
export const ackFor2xx = (invite: Request, response: Response): Either<HeaderError, Request> => {
  const target = valuesOf(contact, response)
  const routes = valuesOf(recordRoute, response)
  if (isLeft(target)) return target
  if (isLeft(routes)) return routes
  const first = target.right[0]
  if (first === undefined || first === '*') return left({ what: 'a 2xx without Contact', offset: 0 })
  const set = routes.right
    .slice()
    .reverse()
    .map(({ uri }) => uri)
  const [top, ...rest] = set
  const loose = top === undefined || (top._tag === 'Sip' && findUriParam(top.params, 'lr') !== undefined)
  // "If the first URI … does not contain the lr parameter": it is the Request-URI, and the target goes last (12.2.1.1).
  const uri = loose ? first.uri : top
  const hops = loose ? set : [...rest, first.uri]
  return request('ACK', writeUri(uri), [
    ...hops.map((hop): Field => ['Route', `<${writeUri(hop)}>`]),
    ['From', rawFields(invite, 'From')[0] ?? ''],
    ['To', rawFields(response, 'To')[0] ?? ''],
    ['Call-ID', callId(invite)],
    ['CSeq', `${cseqNumber(invite)} ACK`],
    ['Max-Forwards', '70'],
    ...copied.flatMap((name) => rawFields(invite, name).map((value): Field => [name, value])),
  ])
}

type Field = readonly [name: string, value: Bytes]

const copied: readonly string[] = ['Authorization', 'Proxy-Authorization', 'Require', 'Proxy-Require']
