/** The ACK that an INVITE client transaction sends for a final response other than 2xx (RFC 3261 17.1.1.3). */
import type { Bytes } from '../data/bytes.js'
import type { Response } from '../message/types.js'
import { derived, fields, isTo } from './fields.js'

/**
 * The ACK for `response` to the INVITE whose text is `invite`. AK-1 Call-ID, From and Request-URI "equal to the values … in the
 * request passed to the transport by the client transaction"; AK-2 To "MUST equal the To header field in the response
 * being acknowledged"; AK-3 "MUST contain a single Via header field, … equal to the top Via header field"; AK-4 "the same value for the
 * sequence number …, but the method parameter MUST be equal to 'ACK'"; AK-5 "If the INVITE … had Route header fields,
 * those header fields MUST appear in the ACK". No body (AK-8), and of Require and Proxy-Require nothing (AK-9, 8.2.2.3).
 */
export const ack = (invite: Bytes, response: Response): Bytes =>
  derived(invite, 'ACK', kept, fields(response.text).find(isTo))

/** AK-7 8.1.1.6; AK-10 22.1 "duplicate all of the Authorization and Proxy-Authorization header field values". */
const kept: readonly string[] = ['max-forwards', 'authorization', 'proxy-authorization']
