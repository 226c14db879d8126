/** The CANCEL for an INVITE whose client transaction has had a provisional response (RFC 3261 9.1). */
import type { Bytes } from '../data/bytes.js'
import { derived } from './fields.js'

/**
 * The CANCEL for the INVITE whose text is `invite`: "The Request-URI, Call-ID, To, the numeric part of CSeq, and From header
 * fields in the CANCEL request MUST be identical to those in the request being cancelled, including tags", "a single Via
 * header field value that matches the top Via value", the Route fields, which stateless proxies need, and no Require or
 * Proxy-Require.
 */
export const cancel = (invite: Bytes): Bytes => derived(invite, 'CANCEL')
