/** Arbitrary URIs, as values; `Uri.print` makes text of them. */
import * as fc from 'fast-check'
import type { AbsoluteUri, SipUri, TelUri, Uri, UriParam } from '../../core/uri/types.js'
import { alphanum, char, digits, escaped, letters, of, unreserved } from './octets.js'

/** A host without brackets: a name, an IPv4 or an IPv6 address. */
export const host = (): fc.Arbitrary<string> => fc.oneof(name, fc.ipV4(), fc.ipV6())

export const port = (): fc.Arbitrary<number> => fc.integer({ min: 0, max: 65535 })

/** A sip or sips URI, now and then with what the grammar does not have but this library reads. */
export const sipUri = (): fc.Arbitrary<SipUri> =>
  fc
    .record({
      scheme: fc.constantFrom('sip' as const, 'sips' as const),
      userinfo: fc.option(
        fc.record({ user, password: fc.option(password, { nil: undefined }) }, { requiredKeys: ['user'] }),
        { nil: undefined },
      ),
      host: host(),
      port: fc.option(port(), { nil: undefined }),
      params: fc.array(fc.oneof(knownParam, otherParam), { maxLength: 4 }),
      headers: fc.array(header, { maxLength: 3 }),
    })
    .map(({ scheme, userinfo, host, port, params, headers }) => ({
      _tag: 'Sip',
      scheme,
      ...(userinfo !== undefined && { user: userinfo.user }),
      ...(userinfo?.password !== undefined && { password: userinfo.password }),
      host,
      ...(port !== undefined && { port }),
      params,
      headers,
    }))

/** A tel URI, global or local. */
export const telUri = (): fc.Arbitrary<TelUri> =>
  fc.record({
    _tag: fc.constant('Tel'),
    number: fc.oneof(globalNumber, localNumber),
    params: fc.array(fc.oneof(telParam, otherParam), { maxLength: 4 }),
  })

/** An absolute URI of another scheme. */
export const absoluteUri = (): fc.Arbitrary<AbsoluteUri> =>
  fc.record({
    _tag: fc.constant('Absolute'),
    scheme: fc
      .tuple(char(letters), of(`${alphanum}+-.`))
      .map(([first, rest]) => first + rest)
      .filter((scheme) => !['sip', 'sips', 'tel'].includes(scheme.toLowerCase())),
    rest: escaped(`${unreserved};/?:@&=+$,#`, 1),
  })

export const uri = (): fc.Arbitrary<Uri> =>
  fc.oneof(
    { weight: 4, arbitrary: sipUri() },
    { weight: 1, arbitrary: telUri() },
    { weight: 1, arbitrary: absoluteUri() },
  )

const label: fc.Arbitrary<string> = fc
  .tuple(char(letters), of(`${alphanum}-_`))
  .map(([first, rest]) => first + rest)

const name: fc.Arbitrary<string> = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '.'))
  .map(([labels, dot]) => labels.join('.') + dot)

const user: fc.Arbitrary<string> = escaped(`${unreserved}&=+$,;?/#\xe4`, 1)

const password: fc.Arbitrary<string> = escaped(`${unreserved}&=+$,`)

const valueChars = `${unreserved}[]/:&+$`

const otherParam: fc.Arbitrary<UriParam> = fc
  .tuple(escaped(valueChars, 1), fc.option(escaped(valueChars, 1), { nil: undefined }))
  .filter(([name]) => !fixed.has(plain(name)))
  .map(([name, value]) => (value === undefined ? { name } : { name, value }))

const knownParam: fc.Arbitrary<UriParam> = fc.oneof(
  fc.record({
    name: fc.constantFrom('transport', 'Transport'),
    value: fc.constantFrom('udp', 'TCP', 'tls', 'ws'),
  }),
  fc.record({ name: fc.constant('user'), value: fc.constantFrom('phone', 'ip') }),
  fc.record({ name: fc.constant('method'), value: fc.constantFrom('INVITE', 'REGISTER') }),
  fc.record({ name: fc.constant('ttl'), value: fc.integer({ min: 0, max: 255 }).map(String) }),
  fc.record({
    name: fc.constant('maddr'),
    value: host().map((text) => (text.includes(':') ? `[${text}]` : text)),
  }),
  fc.constant({ name: 'lr' }),
)

const fixed: ReadonlySet<string> = new Set(['transport', 'user', 'method', 'ttl', 'maddr', 'phone-context'])

const plain = (text: string): string =>
  text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .toLowerCase()

const headerChars = `${unreserved}[]/?:+$`

const header: fc.Arbitrary<UriParam> = fc.record({
  name: escaped(headerChars, 1),
  value: escaped(headerChars),
})

const separated = (alphabet: string): fc.Arbitrary<string> =>
  fc.tuple(of(`${alphabet}-.()`), char(alphabet), of(`${alphabet}-.()`)).map((parts) => parts.join(''))

const globalNumber: fc.Arbitrary<string> = separated(digits).map((number) => `+${number}`)

const localNumber: fc.Arbitrary<string> = separated(`${digits}abcdefABCDEF*#`)

const telParam: fc.Arbitrary<UriParam> = fc.oneof(
  fc.record({ name: fc.constant('ext'), value: separated(digits) }),
  fc.record({ name: fc.constant('isub'), value: escaped(valueChars, 1) }),
  fc.record({ name: fc.constant('phone-context'), value: fc.oneof(globalNumber, name) }),
)
