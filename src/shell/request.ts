/** A request from nothing: all that RFC 3261 8.1.1 asks for, with identifiers that nobody can guess. */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../core/data/bytes.js'
import { branch } from '../core/data/entropy.js'
import type { HeaderError } from '../core/header/define.js'
import { from, type NameAddr, tag, to } from '../core/header/name-addr.js'
import { withParam } from '../core/header/params.js'
import { request as build, withBody } from '../core/message/build.js'
import type { Request } from '../core/message/types.js'
import { print } from '../core/uri/parse.js'
import type { Uri } from '../core/uri/types.js'

/** Who sends what to whom. */
export interface RequestOptions {
  /** `sip:alice@a.example`, `"Alice" <sip:alice@a.example>`, or the value itself; a tag is added when it has none. */
  readonly from: string | NameAddr
  /** The Request-URI by default. */
  readonly to?: string | NameAddr
  /** Where in-dialog requests are to reach us (8.1.1.8); an INVITE and a REGISTER need it. */
  readonly contact?: string
  /** New by default. */
  readonly callId?: string
  /** CSeq number; 1 by default. */
  readonly cseq?: number
  /** More fields, as they are to be written. */
  readonly fields?: readonly (readonly [name: string, value: Bytes])[]
  /** What it carries. A string is octets, one a char. */
  readonly body?: { readonly type: string; readonly content: Bytes | Uint8Array }
}

/** A tag: 64 bits (19.3 asks for 32 at least). */
export const newTag = (): string => random(8)

/** A branch: the cookie and 128 bits (8.1.1.7). Only for a Via of one's own: the stack makes those that it writes. */
export const newBranch = (): string => branch(random(16))

/** A Call-ID: 128 bits, without a host, which would tell where the user is (8.1.1.4). */
export const newCallId = (): string => random(16)

/**
 * A request with To, From and its tag, CSeq, Call-ID and Max-Forwards (8.1.1); the stack adds the Via. `Left` when an address or
 * a field cannot be written: what, and at which octet of it.
 */
export const request = (
  method: string,
  uri: string | Uri,
  options: RequestOptions,
): Either<HeaderError, Request> => {
  const target = typeof uri === 'string' ? right(uri) : print(uri)
  if (isLeft(target)) return target
  const sender = address(from, options.from)
  if (isLeft(sender)) return sender
  const caller = from.print(tagged(sender.right))
  if (isLeft(caller)) return caller
  const receiver = address(to, options.to ?? `<${target.right}>`)
  if (isLeft(receiver)) return receiver
  const callee = to.print(receiver.right)
  if (isLeft(callee)) return callee
  const bare = build(method, target.right, [
    ['Max-Forwards', '70'],
    ['From', caller.right],
    ['To', callee.right],
    ['Call-ID', options.callId ?? newCallId()],
    ['CSeq', `${options.cseq ?? 1} ${method}`],
    ...(options.contact === undefined ? [] : [['Contact', options.contact] as const]),
    ...(options.fields ?? []),
  ])
  return isLeft(bare) || options.body === undefined
    ? bare
    : withBody(options.body.type, options.body.content)(bare.right)
}

const address = (header: typeof from, value: string | NameAddr): Either<HeaderError, NameAddr> =>
  typeof value === 'string' ? header.parse(value, 0, value.length) : right(value)

const tagged = (value: NameAddr): NameAddr =>
  tag(value) === undefined
    ? { ...value, params: withParam(value.params, { name: 'tag', value: newTag() }) }
    : value

/** So many octets that nobody can guess, in hex. */
const random = (octets: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(octets)), (octet) =>
    octet.toString(16).padStart(2, '0'),
  ).join('')
