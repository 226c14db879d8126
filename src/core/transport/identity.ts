/**
 * Whom a certificate speaks for (RFC 5922 7). The shell verifies the chain and hands over the names; whether they are
 * those that the request wants is decided here, before the first octet is sent.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import { canonicalHost, sameHost } from '../uri/host.js'
import { parse } from '../uri/parse.js'

/** One name of a certificate: of the subjectAltName by kind, or the common name of the subject. */
export interface CertificateName {
  readonly kind: 'uri' | 'dns' | 'ip' | 'common'
  readonly value: string
}

/**
 * The SIP domains that a certificate asserts (7.1): the URIs of scheme sip without a user part; without such the DNS
 * names; "only if the subjectAltName … has no" such names, the common name. An address counts beside DNS names, for
 * peers that are configured by address (policy).
 */
export const identities = (names: readonly CertificateName[]): readonly string[] => {
  const uris = names.filter(({ kind }) => kind === 'uri').flatMap(({ value }) => domainOf(value))
  if (uris.length > 0) return uris
  const alternative = names.filter(({ kind }) => kind === 'dns' || kind === 'ip').map(valueOf)
  return alternative.length > 0 ? alternative : names.filter(({ kind }) => kind === 'common').map(valueOf)
}

/**
 * Whether a certificate of these names may speak for `domain`. "Implementations MUST match the values in their
 * entirety" (7.2): no suffixes, and a wildcard is a name like any other, so it matches no domain.
 */
export const shows = (names: readonly CertificateName[], domain: string): boolean =>
  identities(names).some((name) => sameHost(withoutDot(name), withoutDot(domain)))

const valueOf = ({ value }: CertificateName): string => value

const domainOf = (text: string): readonly string[] => {
  const uri = parse(text)
  return !isLeft(uri) &&
    uri.right._tag === 'Sip' &&
    uri.right.scheme === 'sip' &&
    uri.right.user === undefined
    ? [canonicalHost(uri.right.host)]
    : []
}

const withoutDot = (host: string): string => (host.endsWith('.') ? host.slice(0, -1) : host)
