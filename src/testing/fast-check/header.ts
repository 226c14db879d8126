/** Arbitrary values of every built-in header; `Header.print` makes text of them. */
import * as fc from 'fast-check'
import type { Authentication } from '../../core/header/auth.js'
import type { BuiltIn, ValueOf } from '../../core/header/builtin.js'
import type { DialogId } from '../../core/header/dialog-id.js'
import type { Identity } from '../../core/header/identity.js'
import type { MediaType } from '../../core/header/media.js'
import type { NameAddr } from '../../core/header/name-addr.js'
import type { Param, Params } from '../../core/header/params.js'
import type { Reference } from '../../core/header/reference.js'
import type { Seconds } from '../../core/header/seconds.js'
import type { Parameterized } from '../../core/header/token.js'
import type { Via } from '../../core/header/via.js'
import { alphanum, line, of, token, tokenChars, trimmed, wordChars } from './octets.js'
import { host, port, uri } from './uri.js'

/** Arbitrary values of the header of that built-in name: one value, also of a list. */
export const headerValue = <N extends BuiltIn>(name: N): fc.Arbitrary<ValueOf<N>> => values[name]

/** A parameter in the form in which it is read: `quoted` only where the quotes are a choice. */
export const param = (): fc.Arbitrary<Param> => fc.oneof(bare, plain, chosen, needed)

/** A few parameters. */
export const params = (): fc.Arbitrary<Params> => fc.array(param(), { maxLength: 4 })

export const nameAddr = (): fc.Arbitrary<NameAddr> =>
  fc.record(
    { display: fc.oneof(token, line), uri: uri(), params: params() },
    { requiredKeys: ['uri', 'params'] },
  )

export const via = (): fc.Arbitrary<Via> =>
  fc.record(
    {
      version: fc.oneof(
        { weight: 9, arbitrary: fc.constant('SIP/2.0') },
        { weight: 1, arbitrary: fc.tuple(token, token).map((parts) => parts.join('/')) },
      ),
      transport: fc.oneof(fc.constantFrom('UDP', 'TCP', 'TLS', 'WS', 'tls-sctp'), token),
      host: host(),
      port: port(),
      params: fc.array(fc.oneof(viaParam, param()), { maxLength: 5 }),
    },
    { requiredKeys: ['version', 'transport', 'host', 'params'] },
  )

const uint32: fc.Arbitrary<number> = fc.integer({ min: 0, max: 0xffffffff })

const bare: fc.Arbitrary<Param> = fc.record({ name: token })
const plain: fc.Arbitrary<Param> = fc.record({ name: token, value: token })
const chosen: fc.Arbitrary<Param> = fc.record({ name: token, value: token, quoted: fc.constant(true) })
const needed: fc.Arbitrary<Param> = fc.record({
  name: token,
  value: line.map((text) => (/^[\w.!%*+`'~-]*$/.test(text) ? `${text} "\\;,<>` : text)),
})

const viaParam: fc.Arbitrary<Param> = fc.oneof(
  fc.record({ name: fc.constant('branch'), value: token.map((rest) => `z9hG4bK${rest}`) }),
  fc.record({ name: fc.constant('received'), value: fc.oneof(fc.ipV4(), fc.ipV6()) }),
  fc.record({ name: fc.constant('rport'), value: port().map(String) }),
  fc.constant({ name: 'rport' }),
  fc.record({ name: fc.constant('ttl'), value: fc.integer({ min: 0, max: 255 }).map(String) }),
)

const parameterized: fc.Arbitrary<Parameterized> = fc.record({ value: token, params: params() })

const quotable: fc.Arbitrary<Parameterized> = fc.record({ value: fc.oneof(token, line), params: params() })

const media: fc.Arbitrary<MediaType> = fc.record({ type: token, subtype: token, params: params() })

const reference: fc.Arbitrary<Reference> = fc.record({ uri: uri(), params: params() })

const word: fc.Arbitrary<string> = of(wordChars, 1)

const callId: fc.Arbitrary<string> = fc.oneof(
  word,
  fc.tuple(word, word).map((words) => words.join('@')),
)

const valued: fc.Arbitrary<Params> = fc.array(fc.oneof(plain, chosen, needed), { minLength: 1, maxLength: 5 })

const authentication: fc.Arbitrary<Authentication> = fc.oneof(
  fc.record({ scheme: fc.oneof(fc.constant('Digest'), token), params: valued }),
  fc.record({
    scheme: token.filter((scheme) => scheme.toLowerCase() !== 'digest'),
    params: fc.constant([]),
    word: fc.tuple(of(`${alphanum}-._~+/`, 1), fc.constantFrom('', '=', '==')).map((parts) => parts.join('')),
  }),
)

const dialogId: fc.Arbitrary<DialogId> = fc
  .tuple(callId, token, token, params())
  .map(([id, to, from, rest]) => ({
    callId: id,
    params: [
      { name: 'to-tag', value: to },
      { name: 'from-tag', value: from },
      ...rest.filter(({ name }) => !/^(to|from)-tag$/i.test(name)),
    ],
  }))

const seconds: fc.Arbitrary<Seconds> = fc.record({
  seconds: uint32,
  params: fc.array(fc.oneof(plain, fc.constant({ name: 'refresher', value: 'uac' })), { maxLength: 3 }),
})

const identity: fc.Arbitrary<Identity> = fc.record(
  { digest: of(`${alphanum}+/=.-_`, 1, 40), info: uri(), params: params() },
  { requiredKeys: ['digest', 'params'] },
)

const uuid: fc.Arbitrary<string> = of('0123456789abcdef', 32, 32)

const sessionId: fc.Arbitrary<Parameterized> = fc
  .tuple(uuid, fc.option(uuid), params())
  .map(([value, remote, rest]) => ({
    value,
    params: [
      ...(remote === null ? [] : [{ name: 'remote', value: remote }]),
      ...rest.filter(({ name }) => !/^remote$/i.test(name)),
    ],
  }))

const clock: fc.Arbitrary<number> = fc.integer({ min: 0, max: 2 ** 40 }).map((n) => n / 1024)

const nodot: fc.Arbitrary<string> = of(tokenChars.replace('.', ''), 1)

const resourcePriority: fc.Arbitrary<ValueOf<'resource-priority'>> = fc.record({
  namespace: nodot,
  priority: nodot,
})

const nonEmptyParams: fc.Arbitrary<Params> = fc.array(param(), { minLength: 1, maxLength: 4 })

/** Every built-in header has its line here, or this does not compile. */
const values: { readonly [N in BuiltIn]: fc.Arbitrary<ValueOf<N>> } = {
  accept: media,
  'accept-contact': parameterized,
  'accept-encoding': parameterized,
  'accept-language': parameterized,
  'accept-resource-priority': resourcePriority,
  'alert-info': reference,
  allow: token,
  'allow-events': token,
  'answer-mode': parameterized,
  'authentication-info': valued,
  authorization: authentication,
  'call-id': callId,
  'call-info': reference,
  contact: fc.oneof(
    { weight: 1, arbitrary: fc.constant('*' as const) },
    { weight: 9, arbitrary: nameAddr() },
  ),
  'content-disposition': parameterized,
  'content-encoding': token,
  'content-language': token,
  'content-length': uint32,
  'content-type': media,
  cseq: fc.record({ number: uint32, method: token }),
  date: fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }),
  diversion: nameAddr(),
  'error-info': reference,
  event: parameterized,
  expires: uint32,
  'feature-caps': parameterized,
  'flow-timer': uint32,
  from: nameAddr(),
  geolocation: reference,
  'geolocation-error': parameterized,
  'geolocation-routing': parameterized,
  'history-info': nameAddr(),
  identity,
  'identity-info': reference,
  'in-reply-to': callId,
  'info-package': parameterized,
  join: dialogId,
  'max-breadth': uint32,
  'max-forwards': fc.integer({ min: 0, max: 255 }),
  'mime-version': fc.record({ major: uint32, minor: uint32 }),
  'min-expires': uint32,
  'min-se': seconds,
  organization: trimmed,
  'p-access-network-info': parameterized,
  'p-asserted-identity': nameAddr(),
  'p-associated-uri': nameAddr(),
  'p-called-party-id': nameAddr(),
  'p-charging-function-addresses': nonEmptyParams,
  'p-charging-vector': nonEmptyParams,
  'p-early-media': token,
  'p-preferred-identity': nameAddr(),
  'p-served-user': nameAddr(),
  'p-visited-network-id': quotable,
  path: nameAddr(),
  priority: token,
  'priv-answer-mode': parameterized,
  privacy: fc.array(token, { minLength: 1, maxLength: 4 }),
  'proxy-authenticate': authentication,
  'proxy-authorization': authentication,
  'proxy-require': token,
  rack: fc.record({ rseq: uint32, cseq: uint32, method: token }),
  reason: parameterized,
  'record-route': nameAddr(),
  'recv-info': parameterized,
  'refer-sub': parameterized,
  'refer-to': nameAddr(),
  'referred-by': nameAddr(),
  'reject-contact': parameterized,
  replaces: dialogId,
  'reply-to': nameAddr(),
  'request-disposition': token,
  require: token,
  'resource-priority': resourcePriority,
  'retry-after': fc.record(
    { seconds: uint32, comment: line, params: params() },
    { requiredKeys: ['seconds', 'params'] },
  ),
  route: nameAddr(),
  rseq: uint32,
  'security-client': parameterized,
  'security-server': parameterized,
  'security-verify': parameterized,
  server: trimmed,
  'service-route': nameAddr(),
  'session-expires': seconds,
  'session-id': sessionId,
  'sip-etag': token,
  'sip-if-match': token,
  subject: trimmed,
  'subscription-state': parameterized,
  supported: token,
  'suppress-if-match': token,
  'target-dialog': dialogId,
  timestamp: fc.record({ time: clock, delay: clock }, { requiredKeys: ['time'] }),
  to: nameAddr(),
  unsupported: token,
  'user-agent': trimmed,
  'user-to-user': quotable,
  via: via(),
  warning: fc.record({
    code: fc.integer({ min: 100, max: 999 }),
    agent: of(`${tokenChars}[]:`, 1),
    text: line,
  }),
  'www-authenticate': authentication,
}
