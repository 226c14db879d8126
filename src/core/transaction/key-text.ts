/**
 * Keys as text: `branch|METHOD` is a client key, `branch|METHOD|host:port` a server key, with IPv6 in brackets. A
 * server key without cookie goes on with what is compared: `|uri|To tag|From tag|Call-ID|CSeq number|Via`. What would
 * be taken for a separator, and control characters, stand as a backslash and two hex digits; no token needs that.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { methods } from '../message/start-line.js'
import type { Key, ServerKey } from './key.js'
import type { Legacy } from './legacy-key.js'

/** Why a text is no key. */
export interface KeyError {
  readonly text: string
  readonly what: string
}

/** Reads a key. Takes what `show` writes, and `:invite` for INVITE and so on, as Sippet in Elixir writes methods. */
export const parse = (text: string): Either<KeyError, Key> => {
  const [branch = '', name = '', sentBy, ...fields] = text.split('|')
  const method = name.startsWith(':') ? atom(name.slice(1)) : unescape(name)
  const refuse = (what: string): Either<KeyError, never> => left({ text, what })
  if (method === undefined || method === '')
    return refuse('a method is expected behind the branch, as in branch|INVITE')
  if (branch === '' && fields.length === 0) return refuse('a branch is expected before |')
  if (sentBy === undefined) return right({ _tag: 'ClientKey', branch: unescape(branch), method })
  const address = hostAndPort(sentBy)
  if (address === undefined)
    return refuse('host, or host:port, is expected behind the method; IPv6 in brackets')
  const key = { _tag: 'ServerKey', branch: unescape(branch), method, ...address } as const
  if (fields.length === 0) return right(key)
  const legacy = legacyFrom(fields)
  return legacy === undefined
    ? refuse('six fields are expected behind the host, or none')
    : right({ ...key, legacy })
}

/** Writes a key so that `parse` reads the same key. */
export const show = (key: Key): string => {
  const head = `${escape(key.branch)}|${escape(key.method, [':'])}`
  return key._tag === 'ClientKey' ? head : `${head}|${showSentBy(key)}${showLegacy(key.legacy)}`
}

/**
 * A key in a program or a test: K`z9hG4bK74b21|INVITE|client.biloxi.example.com:5060`. Throws a SyntaxError on a
 * malformed literal, which is a fault of the program; for text that comes from elsewhere there is `parse`.
 */
export const K = (literal: TemplateStringsArray, ...values: readonly (string | number)[]): Key => {
  const key = parse(String.raw(literal, ...values))
  // eslint-disable-next-line functional/no-throw-statements -- a literal is checked when it is written
  if (isLeft(key)) throw new SyntaxError(`not a key: ${key.left.text} (${key.left.what})`)
  return key.right
}

const atom = (name: string): string | undefined =>
  name === name.toLowerCase() ? methods.find((method) => method === name.toUpperCase()) : undefined

const showSentBy = ({ host, port }: ServerKey): string =>
  (host.includes(':') ? `[${escape(host, [']'])}]` : escape(host, ['['])) +
  (port === undefined ? '' : `:${port}`)

const showLegacy = (legacy: Legacy | undefined): string =>
  legacy === undefined
    ? ''
    : [legacy.uri, legacy.toTag, legacy.fromTag, legacy.callId, String(legacy.cseq), legacy.via]
        .map((field) => `|${escape(field)}`)
        .join('')

const hostAndPort = (text: string): Pick<ServerKey, 'host' | 'port'> | undefined => {
  const close = text.startsWith('[') ? text.indexOf(']') + 1 : text.indexOf(':')
  const end = close < 0 ? text.length : close
  const host = unescape(text.startsWith('[') ? text.slice(1, end - 1) : text.slice(0, end))
  const port = /^:([0-9]{1,5})$/.exec(text.slice(end))
  if (host === '') return undefined
  if (port === null) return end === text.length ? { host } : undefined
  return Number(port[1]) > 65535 ? undefined : { host, port: Number(port[1]) }
}

const legacyFrom = (fields: readonly string[]): Legacy | undefined => {
  const [uri = '', toTag = '', fromTag = '', callId = '', cseq = '', via = ''] = fields.map(unescape)
  return fields.length === 6 && /^-?[0-9]{1,10}$/.test(cseq)
    ? { uri, toTag, fromTag, callId, cseq: Number(cseq), via }
    : undefined
}

/** Backslash, bar and control characters, and what `more` names. */
const escape = (text: string, more: readonly string[] = []): string =>
  text.replace(/[\\|[\]:]|\p{Cc}/gu, (char) =>
    !'[]:'.includes(char) || more.includes(char)
      ? `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`
      : char,
  )

const unescape = (text: string): string =>
  text.replace(/\\([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
