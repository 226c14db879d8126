/** The header fields of authentication in a message: read as far as they can be read, replaced realm by realm. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import { DIGIT, skip } from '../data/scan.js'
import {
  type Authentication,
  authorization,
  proxyAuthenticate,
  proxyAuthorization,
  wwwAuthenticate,
} from '../header/auth.js'
import type { Header } from '../header/define.js'
import { parseList } from '../header/split.js'
import { fieldNamed } from '../message/head.js'
import { CSEQ, endOf, find, trimmedEndOf, valueOf } from '../message/scan.js'
import { appendField, removeField, replaceWithin } from '../message/splice.js'
import type { Message, Request } from '../message/types.js'
import { isFor } from './credentials.js'

/** Who asks: a user agent or registrar (401, WWW-Authenticate) or a proxy (407, Proxy-Authenticate). */
export type Kind = 'www' | 'proxy'

/** The header a challenge stands in. */
export const challengeHeader: Readonly<Record<Kind, Header<Authentication, true>>> = {
  www: wwwAuthenticate,
  proxy: proxyAuthenticate,
}

/** The header credentials stand in. */
export const credentialsHeader: Readonly<Record<Kind, Header<Authentication, true>>> = {
  www: authorization,
  proxy: proxyAuthorization,
}

/** All values of such a header that can be read, from the top down; a field that cannot be is passed over. */
export const authentications = (
  header: Header<Authentication, true>,
  message: Message,
): readonly Authentication[] => {
  const found: Authentication[] = []
  for (
    let i = fieldNamed(message, header.name);
    i >= 0;
    i = fieldNamed(message, header.name, undefined, i + 1)
  )
    found.push(...valuesAt(header, message, i))
  return found
}

/** The same message with these values behind all fields, each in a field of its own (7.3.1). */
export const withAuthentications =
  (header: Header<Authentication, true>, values: readonly Authentication[]) =>
  <M extends Message>(message: M): M =>
    values.reduce((now, value) => {
      const printed = header.print(value)
      return isRight(printed) ? appendField(now, `${header.name}: ${printed.right}`) : now
    }, message)

/** The same request with these credentials, in place of those it has for their realms. */
export const withCredentials =
  (kind: Kind, values: readonly Authentication[], realms: readonly Bytes[]) =>
  (request: Request): Request => {
    const header = credentialsHeader[kind]
    const isReplaced = (value: Authentication): boolean => realms.some((realm) => isFor(realm, value))
    let now = request
    const kept: Authentication[] = []
    for (let i = fieldNamed(now, header.name); i >= 0; i = fieldNamed(now, header.name, undefined, i)) {
      const old = valuesAt(header, now, i)
      if (!old.some(isReplaced)) i++
      else {
        kept.push(...old.filter((value) => !isReplaced(value)))
        now = removeField(now, i)
      }
    }
    return withAuthentications(header, [...kept, ...values])(now)
  }

/** The same request with another CSeq number. */
export const withCSeq =
  (number: number) =>
  (request: Request): Request => {
    const { text, index } = request
    const i = find(index, CSEQ)
    if (i < 0) return request
    const start = valueOf(text, index, i)
    return replaceWithin(request, i, start, skip(text, start, endOf(index, i), DIGIT), String(number))
  }

const valuesAt = (
  header: Header<Authentication, true>,
  { text, index }: Message,
  i: number,
): readonly Authentication[] => {
  const start = valueOf(text, index, i)
  const values = parseList(header, text, start, trimmedEndOf(text, index, i, start))
  return isLeft(values) ? [] : values.right
}
