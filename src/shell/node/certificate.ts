/** The names of a certificate, as Node prints them, for the core to judge (RFC 5922 7.1). */
import type { PeerCertificate } from 'node:tls'
import type { CertificateName } from '../../core/transport/identity.js'

/** The names of a peer's certificate; none when it sent none. */
export const namesOf = (certificate: PeerCertificate | Record<string, never>): readonly CertificateName[] => {
  const { subjectaltname, subject } = certificate as Partial<PeerCertificate>
  const alternative = subjectaltname === undefined ? [] : split(subjectaltname).flatMap(nameOf)
  const common: unknown = subject?.CN // several come as an array; a certificate of one server has one
  return typeof common === 'string' ? [...alternative, { kind: 'common', value: common }] : alternative
}

/** `DNS:a.example, URI:sip:a.example, IP Address:10.0.0.1`; a value with a comma or a quote in it is a JSON string. */
const nameOf = (entry: string): readonly CertificateName[] => {
  const colon = entry.indexOf(':')
  const text = entry.slice(colon + 1)
  const value = text.startsWith('"') ? unquoted(text) : text
  switch (entry.slice(0, colon)) {
    case 'DNS':
      return [{ kind: 'dns', value }]
    case 'URI':
      return [{ kind: 'uri', value }]
    case 'IP Address':
      return [{ kind: 'ip', value: value.toLowerCase() }]
    default:
      return []
  }
}

const unquoted = (text: string): string => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : ''
  } catch {
    return ''
  }
}

/** At commas outside quotes. */
const split = (text: string): readonly string[] =>
  text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g)?.map((part) => part.trim()) ?? []
