/**
 * Identity (RFC 8224 4): `signed-identity-digest SEMI ident-info *( SEMI ident-info-params )`, `ident-info = "info"
 * EQUAL LAQUOT absoluteURI RAQUOT`; the older form of RFC 4474 9 is the digest alone, in quotes, and was often folded.
 */
import type { Bytes } from '../data/bytes.js'
import { quote, quoted } from '../data/quoted.js'
import { type Cursor, fail, is, separator, startsWithLetters, TOKEN } from '../data/scan.js'
import { writeUri } from '../uri/parse.js'
import type { Uri } from '../uri/types.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { readBracketed } from './name-addr.js'
import { type Param, type Params, readParam, writeParams } from './params.js'
import { paramsShape, uriShape } from './shape.js'

/** A signature over who calls, and where the certificate is. */
export interface Identity {
  /**
   * In RFC 8224 a PASSporT: three parts of base64url with dots between, of which the first two may be empty (RFC 8225 7);
   * in RFC 4474 base64.
   */
  readonly digest: string
  /** Where the certificate is; RFC 4474 said it in Identity-Info. */
  readonly info?: Uri
  /** `alg`, `ppt` and others. */
  readonly params: Params
}

/** A list, of which each is written in a field of its own: the grammar has no comma, and several are allowed (RFC 8224 4). */
export const identity: Header<Identity, true> = checked({
  name: 'Identity',
  compact: 'y',
  list: true,
  ownField: true,
  shape: { record: 'Identity', fields: { digest: 'string', 'info?': uriShape, params: paramsShape } },
  read: (c: Cursor): Identity | undefined => {
    const digest = c.text.charCodeAt(c.at) === 0x22 ? quoted(c, 'digest')?.replaceAll(' ', '') : readDigest(c)
    if (digest === undefined) return undefined
    const params: Param[] = []
    let info: Uri | undefined
    while (separator(c, 0x3b)) {
      if (info === undefined && startsInfo(c)) {
        info = readBracketed(c)
        if (info === undefined) return undefined
        continue
      }
      const param = readParam(c)
      if (param === undefined) return undefined
      params.push(param)
    }
    return info === undefined ? { digest, params } : { digest, info, params }
  },
  write: ({ digest, info, params }: Identity): Bytes =>
    `${info === undefined ? quote(digest) : `${digest};info=<${writeUri(info)}>`}${writeParams(params)}`,
})

/** `1*( base64url-char / "." )` (erratum 6499), and what base64 has beside it. */
const readDigest = (c: Cursor): string | undefined => {
  const start = c.at
  while (c.at < c.end && isDigest(c.text.charCodeAt(c.at))) c.at++
  return c.at === start ? fail(c, 'digest expected') : c.text.slice(start, c.at)
}

const isDigest = (c: number): boolean => is(c, TOKEN) || c === 0x2f || c === 0x3d

/** Passes `info=` if an angle bracket follows it. */
const startsInfo = (c: Cursor): boolean => {
  const at = c.at
  if (!startsWithLetters(c.text, at, c.end, 'info')) return false
  c.at += 4
  if (separator(c, 0x3d) && c.text.charCodeAt(c.at) === 0x3c) return true
  c.at = at
  return false
}
