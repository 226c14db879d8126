/** What a message says, in the shape of the manifests of the torture messages and of the shared corpus. */
import { isSome } from 'fp-ts/lib/Option.js'
import { encode } from '../../src/core/data/utf8.js'
import type { Authentication } from '../../src/core/header/auth.js'
import type { BuiltIn } from '../../src/core/header/builtin.js'
import type { MediaType } from '../../src/core/header/media.js'
import type { Contact, NameAddr } from '../../src/core/header/name-addr.js'
import { valueOf } from '../../src/core/header/params.js'
import type { RAck } from '../../src/core/header/rack.js'
import type { Seconds } from '../../src/core/header/seconds.js'
import type { Parameterized } from '../../src/core/header/token.js'
import type { Via } from '../../src/core/header/via.js'
import * as Message from '../../src/core/message.js'
import { print } from '../../src/core/uri/parse.js'

/** The facts of one message by name; every string holds octets. */
export type Facts = Readonly<Record<string, unknown>>

/** Those facts of `expected` that the message states otherwise, as `name: theirs, not ours`; all, if it is right. */
export const disagreements = (message: Message.Message, expected: Facts): readonly string[] =>
  Object.entries(expected).flatMap(([name, theirs]) => {
    const read = readers[name]
    if (read === undefined) return [`${name}: nobody reads that`]
    const [mine, wanted] = [JSON.stringify(read(message)), JSON.stringify(octets(theirs))]
    return mine === wanted ? [] : [`${name}: ${wanted}, not ${mine}`]
  })

const octets = (fact: unknown): unknown => {
  if (typeof fact === 'string') return encode(fact)
  if (Array.isArray(fact)) return fact.map(octets)
  if (typeof fact !== 'object' || fact === null) return fact
  return Object.fromEntries(
    Object.entries(fact)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, octets(value)]),
  )
}

const value = (header: BuiltIn, message: Message.Message): unknown => {
  const found = Message.get(header)(message)
  return isSome(found) ? found.value : undefined
}

const uriOf = (of: NameAddr): string => {
  const printed = print(of.uri)
  return printed._tag === 'Right' ? printed.right : `none: ${printed.left.what}`
}

const uris =
  (header: BuiltIn) =>
  (message: Message.Message): unknown =>
    (value(header, message) as readonly Contact[]).map((each) => (each === '*' ? '*' : uriOf(each)))

const person =
  (header: 'from' | 'to') =>
  (message: Message.Message): unknown => {
    const [raw = ''] = Message.raw(header)(message)
    const found = value(header, message) as NameAddr
    const tag = header === 'from' ? Message.fromTag(message) : Message.toTag(message)
    const open = raw.indexOf('<')
    return {
      display: open < 0 ? '' : raw.slice(0, open).trim(),
      tag: isSome(tag) ? tag.value : null,
      uri: uriOf(found),
    }
  }

const topVia = (message: Message.Message): unknown => {
  const { transport, host, port, params } = value('via', message) === undefined ? none : firstVia(message)
  const named = (name: string): object => {
    const param = params.find((each) => each.name === name)
    return param === undefined ? {} : { [name]: param.value ?? null }
  }
  return {
    branch: valueOf(params, 'branch') ?? null,
    host: host.includes(':') ? `[${host}]` : host,
    ...named('maddr'),
    port: port ?? null,
    ...named('received'),
    ...named('rport'),
    transport,
  }
}

const none: Via = { version: '', transport: '', host: '', params: [] }

const firstVia = (message: Message.Message): Via => {
  const via = Message.topVia(message)
  return isSome(via) ? via.value : none
}

const schemes =
  (header: BuiltIn) =>
  (message: Message.Message): unknown =>
    (value(header, message) as readonly Authentication[]).map(({ scheme }) => scheme)

const token =
  (header: BuiltIn) =>
  (message: Message.Message): unknown =>
    (value(header, message) as Parameterized).value

const same =
  (header: BuiltIn) =>
  (message: Message.Message): unknown =>
    value(header, message)

const seconds =
  (header: BuiltIn) =>
  (message: Message.Message): unknown =>
    (value(header, message) as Seconds).seconds

const readers: Readonly<Record<string, (message: Message.Message) => unknown>> = {
  kind: (message) => (message._tag === 'Request' ? 'request' : 'response'),
  method: (message) => (message._tag === 'Request' ? message.method : undefined),
  ruri: (message) => (message._tag === 'Request' ? message.uri : undefined),
  status: (message) => (message._tag === 'Response' ? message.status : undefined),
  reason: (message) => (message._tag === 'Response' ? message.reason : undefined),
  body_len: (message) => Message.body(message).length,
  call_id: (message) => Message.callId(message),
  cseq: (message) => [Message.cseqNumber(message), Message.cseqMethod(message)],
  via_count: (message) => Message.viaCount(message),
  top_via: topVia,
  from: person('from'),
  to: person('to'),
  contacts: uris('contact'),
  routes: uris('route'),
  record_route: uris('record-route'),
  path: uris('path'),
  p_asserted_identity: uris('p-asserted-identity'),
  p_preferred_identity: uris('p-preferred-identity'),
  refer_to: (message) => [uriOf(value('refer-to', message) as NameAddr)],
  reply_to: (message) => [uriOf(value('reply-to', message) as NameAddr)],
  allow: same('allow'),
  supported: same('supported'),
  unsupported: same('unsupported'),
  require: same('require'),
  proxy_require: same('proxy-require'),
  max_forwards: same('max-forwards'),
  content_length: same('content-length'),
  expires: same('expires'),
  min_expires: same('min-expires'),
  rseq: same('rseq'),
  min_se: seconds('min-se'),
  session_expires: seconds('session-expires'),
  event: token('event'),
  subscription_state: token('subscription-state'),
  content_type: (message) => {
    const { type, subtype } = value('content-type', message) as MediaType
    return `${type}/${subtype}`
  },
  authorization: schemes('authorization'),
  proxy_authorization: schemes('proxy-authorization'),
  www_authenticate: schemes('www-authenticate'),
  proxy_authenticate: schemes('proxy-authenticate'),
  rack: (message) => {
    const { rseq, cseq, method } = value('rack', message) as RAck
    return [rseq, cseq, method]
  },
}
