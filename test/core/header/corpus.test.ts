import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../../src/core/data/bytes.js'
import { decode } from '../../../src/core/data/utf8.js'
import { meaning } from '../../../src/core/data/quoted.js'
import type { Authentication } from '../../../src/core/header/auth.js'
import { type BuiltIn, headerFrom } from '../../../src/core/header/builtin.js'
import type { DialogId } from '../../../src/core/header/dialog-id.js'
import { parse, print } from '../../../src/core/header/field.js'
import type { MediaType } from '../../../src/core/header/media.js'
import type { NameAddr } from '../../../src/core/header/name-addr.js'
import type { Params } from '../../../src/core/header/params.js'
import type { RetryAfter } from '../../../src/core/header/seconds.js'
import type { Parameterized } from '../../../src/core/header/token.js'
import type { Via } from '../../../src/core/header/via.js'
import type { Warning } from '../../../src/core/header/warning.js'
import { canonical } from '../../../src/core/uri/equality.js'
import { parse as parseUri } from '../../../src/core/uri/parse.js'
import { corpus } from '../../support/corpus.js'
import { noShared } from '../../support/shared.js'

/** Header, value and what the corpus says about it; start lines are not headers. */
const rows = (name: string): readonly (readonly [BuiltIn, Bytes, string])[] =>
  corpus(`headers/${name}`)
    .filter(([header = '']) => header !== 'header' && !header.endsWith('-line'))
    .map(([header = '', value = '', expected = '']) => [header as BuiltIn, value, expected])

/** `null` for a parameter without a value; the corpus writes names in lower case and keeps quotes. */
const dictionary = (params: Params): Record<string, string | null> =>
  Object.fromEntries(params.map(({ name, value }) => [name.toLowerCase(), value ?? null]))

const unquoted = (text: string): string => (text.startsWith('"') ? meaning(text, 1, text.length - 1) : text)

const plain = (params: Readonly<Record<string, string | null>> = {}): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, value === null ? value : unquoted(value)]),
  )

const uriOf = (text: string): string => {
  const uri = parseUri(text)
  return isLeft(uri) ? text.replace(/^tel/i, 'tel') : canonical(uri.right) // no number: an absoluteURI all the same
}

interface Row {
  readonly display?: string
  readonly uri?: string
  readonly params?: Readonly<Record<string, string | null>>
  readonly comment?: string | null
}

/** What the corpus says, in the shape in which we compare: quotes off, URIs by equivalence. */
const theirs = (row: unknown): unknown => {
  if (Array.isArray(row)) return row.map(theirs)
  if (typeof row === 'string') return unquoted(row)
  if (typeof row !== 'object' || row === null) return row
  const { display, uri, params, comment, ...rest } = row as Row
  return {
    ...rest,
    ...(display !== undefined && { display: display === '' ? null : unquoted(display) }),
    ...(uri !== undefined && { uri: uriOf(uri) }),
    ...(comment !== undefined && { comment: comment === null ? null : comment.slice(1, -1) }),
    params: plain(params),
  }
}

/** One value of ours in the same shape. */
const ours = (name: string, value: unknown): unknown => {
  switch (name) {
    case 'from':
    case 'to':
    case 'contact':
    case 'route':
    case 'record-route':
    case 'path':
    case 'refer-to':
    case 'referred-by':
    case 'p-asserted-identity':
    case 'diversion':
    case 'history-info': {
      if (value === '*') return value
      const { display, uri, params } = value as NameAddr
      return {
        display: display === undefined ? null : decode(display),
        uri: canonical(uri),
        params: dictionary(params),
      }
    }
    case 'via': {
      const { version, transport, host, port, params } = value as Via
      return {
        proto: version,
        transport,
        host: host.includes(':') ? `[${host}]` : host,
        port: port ?? null,
        params: dictionary(params),
      }
    }
    case 'cseq':
    case 'rack':
      return Object.values(value as object)
    case 'warning': {
      const { code, agent, text } = value as Warning
      return [code, agent, text]
    }
    case 'content-type': {
      const { type, subtype, params } = value as MediaType
      return { type: `${type}/${subtype}`, params: dictionary(params) }
    }
    case 'event':
    case 'reason':
    case 'subscription-state':
    case 'content-disposition': {
      const noted = value as Parameterized
      return { value: noted.value, params: dictionary(noted.params) }
    }
    case 'min-se':
    case 'session-expires':
    case 'retry-after': {
      const { seconds, comment, params } = value as RetryAfter
      return {
        value: seconds,
        ...(name === 'retry-after' && { comment: comment ?? null }),
        params: dictionary(params),
      }
    }
    case 'authorization':
    case 'proxy-authorization':
    case 'www-authenticate':
    case 'proxy-authenticate': {
      const { scheme, params } = value as Authentication
      return { scheme, params: dictionary(params) }
    }
    case 'replaces': {
      const { callId, params } = value as DialogId
      return { call_id: callId, params: dictionary(params) }
    }
    default:
      return value
  }
}

/** A field of ours: its value, its values, or of a header that the corpus takes for no list its only value. */
const read = (name: BuiltIn, text: Bytes, isList: boolean): unknown => {
  const field = parse(name)(text)
  if (isLeft(field)) return field.left
  if (!headerFrom(name).list) return ours(name, field.right)
  const values = (field.right as readonly unknown[]).map((value) => ours(name, value))
  return isList || values.length !== 1 ? values : values[0]
}

/**
 * Rows that a stricter reader would refuse and this one reads, and why. RFC 3261 10.2: "Malformed values SHOULD be
 * treated as equivalent to 3600" needs them read; a preference or an expiry that says nothing is ignored.
 */
const accepted: readonly (readonly [BuiltIn, Bytes])[] = [
  ['contact', 'sip:a@b;expires=a'],
  ['contact', 'C <sip:a@b>;expires=-1'],
  ['contact', '<sip:a@b>;q=2'],
  ['subscription-state', 'active;expires'],
]

describe.skipIf(noShared)('the headers of the shared corpus', () => {
  test.each(['valid', 'abnf-generated-valid'])('%s: each row reads as it says, and is written so', (file) => {
    const table = rows(file)
    expect(table.length).toBeGreaterThan(600)
    for (const [name, text, expected] of table) {
      const json: unknown = JSON.parse(expected)
      const isList = Array.isArray(json) && !['cseq', 'rack'].includes(name)
      expect(read(name, text, isList), `${name}: ${text}`).toEqual(theirs(json))
      const field = parse(name)(text)
      if (isLeft(field)) continue
      const again = print(name)(field.right)
      expect(isLeft(again) ? again : parse(name)(again.right.join(', ')), `${name}: ${text}`).toEqual(field)
    }
  })

  test('invalid: each row is refused, but for the few that are read on purpose', () => {
    const table = rows('invalid')
    expect(table.length).toBeGreaterThan(80)
    const kept = table.filter(([name, text]) => !isLeft(parse(name)(text)))
    expect(kept.map(([name, text]) => [name, text])).toEqual(
      expect.arrayContaining(accepted.map((row) => [...row])),
    )
    expect(kept.filter(([, , strictness]) => strictness === 'must')).toEqual([])
    expect(kept.length).toBe(accepted.length)
  })
})
