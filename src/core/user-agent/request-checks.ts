/**
 * What a user agent server looks at before its core has to (RFC 3261 8.2), in the order of the section: method,
 * Request-URI, merged request, Require, body. Authentication comes before all of it.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import type { Secret } from '../data/hash.js'
import { lower } from '../data/scan.js'
import { accept } from '../header/media.js'
import { preference } from '../header/q.js'
import { respond } from '../message/build.js'
import { body, has } from '../message/head.js'
import { appendField } from '../message/splice.js'
import { methods as known } from '../message/start-line.js'
import type { Message, Response } from '../message/types.js'
import { parse } from '../uri/parse.js'
import type { Uri } from '../uri/types.js'
import { answerer, type Check, type State } from './answerer.js'
import { rawFields, valuesOf } from './fields.js'
import type { Filter } from './filter.js'
import { merged } from './merged-request.js'

/** What a core can do. What is left out is not checked, but for extensions: none is supported then. */
export interface Abilities {
  /** Methods, INVITE, ACK and CANCEL included where they are: the Allow header field (8.2.1). */
  readonly methods?: readonly string[]
  /** Schemes of a Request-URI, in lower case: `sip`, `sips`, `tel` (8.2.2.1). */
  readonly schemes?: readonly string[]
  /** Whether a Request-URI is one of ours (8.2.2.1). */
  readonly isOurs?: (uri: Uri) => boolean
  /** Option tags of SIP extensions (8.2.2.3). */
  readonly extensions?: readonly string[]
  /** Types of body, as in Accept, for example `application/sdp`; `type/*` takes every subtype (8.2.3). */
  readonly types?: readonly string[]
  /** Codings of a body; `identity` is always one. */
  readonly encodings?: readonly string[]
  /** Languages of a body, as in Accept-Language; a range takes what begins with it. */
  readonly languages?: readonly string[]
  /** Types of body that an answer to INVITE may have: whoever accepts none of them is answered 406 (20.1, 21.4.7). */
  readonly answers?: readonly string[]
}

/** The filter that answers what the core cannot serve (rows RV-1 to RV-4, RV-6, MR-1). */
export const requestChecks = (abilities: Abilities, secret: Secret): Filter<State> =>
  answerer(
    'request-checks',
    [
      method(abilities),
      uri(abilities),
      merged,
      extensions(abilities),
      content(abilities),
      acceptable(abilities),
    ],
    secret,
  )

/** RV-1 "If the UAS recognizes but does not support the method …, it MUST generate a 405", with Allow; else 501 (21.5.2). */
const method =
  ({ methods }: Abilities): Check =>
  ({ request }) => {
    if (methods === undefined || methods.includes(request.method)) return undefined
    const recognised = known.some((one) => one === request.method)
    return appendField(respond(recognised ? 405 : 501)(request), `Allow: ${methods.join(', ')}`)
  }

/** RV-2 "a scheme not supported by the UAS, it SHOULD reject the request with a 416"; an address that is not ours: 404. */
const uri =
  ({ schemes, isOurs }: Abilities): Check =>
  ({ request }) => {
    if (schemes === undefined && isOurs === undefined) return undefined
    const read = parse(request.uri)
    if (isLeft(read)) return respond(400, 'Bad Request-URI')(request) // whose it is, nobody can tell
    if (schemes !== undefined && !schemes.includes(schemeOf(read.right))) return respond(416)(request)
    return isOurs === undefined || isOurs(read.right) ? undefined : respond(404)(request)
  }

/** RV-3 "it MUST respond by generating a response with status code 420 … MUST add an Unsupported header field". */
const extensions =
  ({ extensions: supported = [] }: Abilities): Check =>
  ({ request }) => {
    const unknown = tokens(request, 'Require').filter(
      (one) => !supported.some((tag) => lower(tag) === lower(one)),
    )
    return unknown.length === 0
      ? undefined
      : appendField(respond(420)(request), `Unsupported: ${unknown.join(', ')}`)
  }

/** RV-4 "If there are any bodies whose type …, language … or encoding … are not understood, and that body part is not optional …, the UAS MUST reject the request with a 415". */
const content =
  ({ types, encodings = [], languages }: Abilities): Check =>
  ({ request }) => {
    if (body(request) === '' || isOptional(request)) return undefined
    const type = lower((first(request, 'Content-Type', 'c') ?? '').split(';', 1).join('').trim())
    const strange = types !== undefined && type !== '' && !types.some((one) => covers(lower(one), type))
    const coded = tokens(request, 'Content-Encoding', 'e').some(
      (one) => lower(one) !== 'identity' && !encodings.some((known) => lower(known) === lower(one)),
    )
    const spoken = tokens(request, 'Content-Language')
    const foreign =
      languages !== undefined &&
      !spoken.every((one) => languages.some((range) => speaks(lower(range), lower(one))))
    const fields = [
      ...(strange ? [list('Accept', types)] : []),
      ...(coded ? [list('Accept-Encoding', encodings.length === 0 ? ['identity'] : encodings)] : []),
      ...(foreign ? [list('Accept-Language', languages)] : []),
    ]
    return fields.length === 0
      ? undefined
      : fields.reduce<Response>((response, field) => appendField(response, field), respond(415)(request))
  }

/** 21.4.7 "only capable of generating response entities which have content characteristics not acceptable"; without Accept "application/sdp" (20.1). */
const acceptable =
  ({ answers }: Abilities): Check =>
  ({ request }) => {
    if (answers === undefined || request.method !== 'INVITE') return undefined
    const ranges = accepted(request)
    return ranges === undefined || answers.some((type) => ranges.some((range) => covers(range, lower(type))))
      ? undefined
      : respond(406)(request)
  }

/** What an INVITE accepts in its answer; undefined when that cannot be read. */
const accepted = (request: Message): readonly string[] | undefined => {
  if (!has(request, 'Accept')) return ['application/sdp']
  const ranges = valuesOf(accept, request)
  return isLeft(ranges)
    ? undefined
    : ranges.right
        .filter((range) => preference(range) > 0)
        .map(({ type, subtype }) => lower(`${type}/${subtype}`))
}

const schemeOf = (uri: Uri): string => (uri._tag === 'Tel' ? 'tel' : uri.scheme)

/** 20.11: handling=optional. */
const isOptional = (message: Message): boolean =>
  /;\s*handling\s*=\s*optional\s*(;|$)/i.test(first(message, 'Content-Disposition') ?? '')

const covers = (range: string, type: string): boolean =>
  range === type || range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)))

/** RFC 3066 2.5, which 20.3 follows: a range takes its own sublanguages. */
const speaks = (range: string, language: string): boolean =>
  range === '*' || language === range || language.startsWith(`${range}-`)

const list = (name: string, values: readonly string[]): Bytes => `${name}: ${values.join(', ')}`

const first = (message: Message, name: string, compact?: string): Bytes | undefined =>
  rawFields(message, name, compact)[0]

const tokens = (message: Message, name: string, compact?: string): readonly Bytes[] =>
  rawFields(message, name, compact)
    .flatMap((value) => value.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '')
