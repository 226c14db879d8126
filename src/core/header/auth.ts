/**
 * Challenges and credentials (RFC 3261 20.7, 20.27, 20.28, 20.44; RFC 7235 2.1; RFC 8760): `scheme LWS auth-param
 * *( COMMA auth-param )`, or a scheme and one opaque word, as the credentials of Bearer are (RFC 8898, RFC 6750 2.1).
 */
import type { Bytes } from '../data/bytes.js'
import {
  type Cursor,
  fail,
  is,
  lower,
  sameLetters,
  separator,
  skip,
  skipLws,
  space,
  TOKEN,
  token,
} from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { type Param, type Params, readParam, writeParam } from './params.js'
import { paramsShape } from './shape.js'
import { split } from './split.js'

/** What a server asks for, and what a client answers with. */
export interface Authentication {
  /** As written; compared without regard to case. */
  readonly scheme: string
  /** In order. Where the RFCs say whether a parameter stands in quotes, its name decides, not `quoted`. */
  readonly params: Params
  /** The opaque word, of schemes that have one in place of parameters. */
  readonly word?: string
}

/** Challenges: a list, of which each is written in a field of its own. Some senders join them all the same. */
const challenges = (name: string): Header<Authentication, true> =>
  checked({ ...common, name, read: readWith(inChallenge), write: writeWith(inChallenge) })

const credentials = (name: string): Header<Authentication, true> =>
  checked({ ...common, name, read: readWith(inCredentials), write: writeWith(inCredentials) })

/** The parameters that are always quoted (RFC 3261 25.1, RFC 7616 3.3 and 3.4; of Bearer RFC 8898 4, RFC 6750 3). */
const always = [
  'username',
  'realm',
  'nonce',
  'uri',
  'response',
  'cnonce',
  'opaque',
  'domain',
  'nextnonce',
  'rspauth',
]
const bearer = ['scope', 'authz_server', 'error', 'error_description', 'error_uri']
const inChallenge: readonly string[] = [...always, 'qop', ...bearer]
const inCredentials: readonly string[] = always

/**
 * Where the challenges of one field stand. A comma begins a new one where a scheme follows it: a token, white space,
 * and no `=`. RFC 3261 7.3.1 forbids to join them; RFC 7235 2.1 allows it, and both are sent.
 */
const splitChallenges = (text: Bytes, start: number, end: number): readonly number[] => {
  const members = split(text, start, end)
  const spans: number[] = []
  for (let i = 0; i < members.length; i += 2) {
    const from = members[i] as number
    const to = members[i + 1] as number
    if (spans.length === 0 || isScheme(text, from, to)) spans.push(from, to)
    else spans[spans.length - 1] = to
  }
  return spans
}

const isScheme = (text: Bytes, start: number, end: number): boolean => {
  const word = skip(text, start, end, TOKEN)
  const next = skipLws(text, word, end)
  return word > start && next > word && text.charCodeAt(next) !== 0x3d
}

const readWith =
  (quoted: readonly string[]) =>
  (c: Cursor): Authentication | undefined => {
    const scheme = token(c, 'scheme')
    if (scheme === undefined) return undefined
    const gap = c.at
    space(c)
    if (c.at === gap || c.at === c.end) return fail(c, 'parameters expected')
    const word = sameLetters(scheme, 'digest') ? undefined : readWord(c)
    if (word !== undefined) return { scheme, params: [], word }
    const params = readCommaParams(c, quoted)
    return params && { scheme, params }
  }

/** `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`, if it is all that is left. */
const readWord = (c: Cursor): string | undefined => {
  let i = c.at
  while (i < c.end && (is(c.text.charCodeAt(i), TOKEN) || c.text.charCodeAt(i) === 0x2f)) i++
  while (i < c.end && c.text.charCodeAt(i) === 0x3d) i++
  if (i < c.end) return undefined
  const word = c.text.slice(c.at, c.end)
  c.at = c.end
  return word
}

const readCommaParams = (c: Cursor, quoted: readonly string[]): Params | undefined => {
  const params: Param[] = []
  do {
    const param = readParam(c)
    if (param === undefined) return undefined
    if (param.value === undefined) return fail(c, `value of ${param.name} expected`)
    // That such a parameter stands in quotes says nothing about it.
    params.push(quoted.includes(lower(param.name)) ? { name: param.name, value: param.value } : param)
  } while (separator(c, 0x2c))
  return params
}

const writeWith =
  (quoted: readonly string[]) =>
  ({ scheme, params, word }: Authentication): Bytes =>
    `${scheme} ${word ?? writeCommaParams(params, quoted)}`

const writeCommaParams = (params: Params, quoted: readonly string[]): Bytes =>
  params
    .map((param) => writeParam(quoted.includes(lower(param.name)) ? { ...param, quoted: true } : param))
    .join(', ')

const common = {
  list: true,
  ownField: true,
  shape: {
    record: 'Authentication',
    fields: { scheme: 'string', params: paramsShape, 'word?': 'string' },
  },
  split: splitChallenges,
} as const

export const authorization: Header<Authentication, true> = credentials('Authorization')
export const proxyAuthorization: Header<Authentication, true> = credentials('Proxy-Authorization')
export const wwwAuthenticate: Header<Authentication, true> = challenges('WWW-Authenticate')
export const proxyAuthenticate: Header<Authentication, true> = challenges('Proxy-Authenticate')

/** RFC 3261 20.6: `ainfo *( COMMA ainfo )`, all of which are one value. */
export const authenticationInfo: Header<Params, false> = checked({
  name: 'Authentication-Info',
  list: false,
  shape: paramsShape,
  read: (c: Cursor): Params | undefined => readCommaParams(c, inCredentials),
  write: (params: Params): Bytes => writeCommaParams(params, inCredentials),
})
