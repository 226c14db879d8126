/** Arbitrary messages: valid by the grammar, in all the ways the grammar leaves open. They shrink to plain ones. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../../core/data/bytes.js'
import { request as build, respond, withToTag } from '../../core/message/build.js'
import { parse } from '../../core/message/parse.js'
import { reasonOf } from '../../core/message/reason.js'
import type { Message, Request, Response } from '../../core/message/types.js'
import { writeUri } from '../../core/uri/parse.js'
import { assemble, content, head, style } from './head.js'
import { of, token, tokenChars } from './octets.js'
import { uri } from './uri.js'

/** What of a message is wished; the rest is arbitrary. */
export interface Wanted {
  readonly method?: string
  readonly status?: number
}

/** The methods of RFC 3261 and its extensions. */
export const methods: readonly string[] = [
  'OPTIONS',
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'REGISTER',
  'INFO',
  'MESSAGE',
  'NOTIFY',
  'PRACK',
  'PUBLISH',
  'REFER',
  'SUBSCRIBE',
  'UPDATE',
]

/** Methods, now and then one that nobody knows. */
export const method = (): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...methods) }, { weight: 1, arbitrary: token })

/** Status codes from `from` to `to`, those of the field more often. */
export const status = (from: number = 100, to: number = 699): fc.Arbitrary<number> => {
  const common = codes.filter((code) => code >= from && code <= to)
  const any = fc.integer({ min: from, max: to })
  return common.length === 0 ? any : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...common) }, any)
}

/** What may stand in a request line: any URI without headers of its own (19.1.1). */
export const requestUri = (): fc.Arbitrary<Bytes> =>
  uri()
    .map((one) => writeUri(one._tag === 'Sip' ? { ...one, headers: [] } : one))
    .filter((one) => isRight(build('OPTIONS', one, [])))

/** A request that any element may receive. */
export const request = (wanted: Wanted = {}): fc.Arbitrary<Request> =>
  verb(wanted)
    .chain((name) =>
      fc
        .tuple(requestUri(), head(name), content(), style())
        .map(([target, lines, body, how]) => assemble(`${name} ${target} SIP/2.0`, lines, body, how)),
    )
    .map(read)
    .filter((one): one is Request => one?._tag === 'Request')

/** A response that answers no request at hand. */
export const response = (wanted: Wanted = {}): fc.Arbitrary<Response> =>
  fc
    .tuple(verb(wanted), wanted.status === undefined ? status() : fc.constant(wanted.status))
    .chain(([name, code]) =>
      fc
        .tuple(head(name), content(), style())
        .map(([lines, body, how]) => assemble(`SIP/2.0 ${code} ${reasonOf(code)}`, lines, body, how)),
    )
    .map(read)
    .filter((one): one is Response => one?._tag === 'Response')

/** A request or a response. */
export const message = (wanted: Wanted = {}): fc.Arbitrary<Message> =>
  fc.oneof(request(wanted), response(wanted))

/** A response to `to`, with a To tag unless it is a 100 or the request brought one. */
export const responseTo = (to: Request, statuses: fc.Arbitrary<number> = status()): fc.Arbitrary<Response> =>
  fc.tuple(statuses, of(tokenChars, 1, 8)).map(([code, tag]) => {
    const answer = respond(code)(to)
    return code === 100 ? answer : withToTag(tag)(answer)
  })

const verb = (wanted: Wanted): fc.Arbitrary<string> =>
  wanted.method === undefined ? method() : fc.constant(wanted.method)

const read = (text: Bytes): Message | undefined => {
  const parsed = parse(text)
  return isRight(parsed) ? parsed.right : undefined
}

const codes: readonly number[] = [
  200, 100, 180, 183, 202, 301, 302, 400, 401, 404, 407, 408, 415, 420, 480, 481, 486, 487, 488, 491, 500,
  503, 504, 600, 603,
]
