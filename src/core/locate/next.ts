/**
 * One step on the way to a server (RFC 3263 4): the list of ways is rewritten from its head until the head is an
 * address, or a question that nobody has answered yet. No state of its own: who waits keeps the list, answers lie in
 * the cache, and failing over is the same call with the rest of the list.
 */
import { lower } from '../data/scan.js'
import type { Answer, NaptrRecord, Question, SrvRecord } from './question.js'
import { isLiteral, isSecure } from '../transport/address.js'
import type { Protocol } from '../transport/flow.js'
import { byPreference, byPriority, type Dice } from './order.js'
import type { Known, Place, Way, Ways } from './types.js'

/** What a search needs to know; all of it is constant within a step. */
export interface Surroundings {
  readonly look: (question: Question) => Known
  readonly dice: Dice
  /** Whether there is a listener that can reach `host` by `protocol`; of a name the family is not known yet. */
  readonly reaches: (protocol: Protocol, host?: string) => boolean
  /** Whether the place failed a short while ago. */
  readonly isGrey: (place: Place) => boolean
}

/** Where a search stands. */
export type Found =
  | { readonly _tag: 'Ready'; readonly place: Place; readonly rest: Ways }
  | { readonly _tag: 'Ask'; readonly question: Question; readonly ways: Ways }
  | { readonly _tag: 'Nowhere' }

/** The next place to try, the next question to ask, or the end of the list. */
export const next = (ways: Ways, around: Surroundings): Found => {
  const [head, ...rest] = ways
  if (head === undefined) return { _tag: 'Nowhere' }
  if (head._tag === 'Address') return arrive(head, rest, around)
  if (head._tag !== 'Naptr' && !around.reaches(head.protocol)) return next(rest, around)
  const question = questionOf(head)
  const known = around.look(question)
  switch (known._tag) {
    case 'Unknown':
      return { _tag: 'Ask', question, ways }
    case 'Absent':
      return next(rest, around)
    case 'Answered':
      return next(replaced(head, known.answer, rest, around), around)
  }
}

const arrive = (head: Extract<Way, { _tag: 'Address' }>, rest: Ways, around: Surroundings): Found => {
  const { place } = head
  if (!around.reaches(place.protocol, place.host)) return next(rest, around)
  if (head.late !== true && rest.length > 0 && around.isGrey(place))
    return next([...rest, { ...head, late: true }], around)
  return { _tag: 'Ready', place, rest }
}

const questionOf = (way: Exclude<Way, { _tag: 'Address' }>): Question =>
  way._tag === 'Naptr' ? { _tag: 'Naptr', name: way.domain } : { _tag: way._tag, name: way.name }

/** The list with what the answer says in place of its head. */
const replaced = (
  head: Exclude<Way, { _tag: 'Address' }>,
  answer: Answer,
  rest: Ways,
  around: Surroundings,
): Ways => {
  if (head._tag === 'Naptr' && answer._tag === 'Naptr') return selected(head, answer.records, rest, around)
  if (head._tag === 'Srv' && answer._tag === 'Srv') return served(head, answer.records, rest, around)
  if (head._tag === 'Host' && answer._tag === 'Host')
    return [
      ...answer.addresses
        .slice(0, MOST)
        .filter(isLiteral)
        .map(
          (host): Way => ({
            _tag: 'Address',
            place: { protocol: head.protocol, host, port: head.port, domain: head.domain },
          }),
        ),
      ...rest,
    ]
  return rest // an answer to another question than was asked is none
}

/**
 * "a client resolving a SIPS URI MUST discard any services that do not contain "SIPS"" and every service "whose value
 * is not "D2X", for values of X that indicate transport protocols supported by the client" (4.1). When records remain
 * they replace the queries that are made without them.
 */
const selected = (
  { domain, secure }: Extract<Way, { _tag: 'Naptr' }>,
  records: readonly NaptrRecord[],
  rest: Ways,
  { reaches }: Surroundings,
): Ways => {
  const usable = byPreference(records.slice(0, MOST), ({ service, flags }) => {
    const protocol = protocolOf(service)
    return (
      lower(flags) === 's' && protocol !== undefined && reaches(protocol) && (!secure || isSecure(protocol))
    )
  })
  if (usable.length === 0) return rest
  return [
    ...usable.map(
      ({ service, replacement }): Way => ({
        _tag: 'Srv',
        name: replacement,
        protocol: protocolOf(service) ?? 'udp',
        domain,
      }),
    ),
    ...rest.filter(({ _tag }) => _tag !== 'Srv'),
  ]
}

/** The servers in the order of RFC 2782; what was to be done without SRV records is off. */
const served = (
  { name, protocol, domain }: Extract<Way, { _tag: 'Srv' }>,
  records: readonly SrvRecord[],
  rest: Ways,
  { dice }: Surroundings,
): Ways => {
  const seed = name.length
  const servers = byPriority(
    records.slice(0, MOST).filter(({ target }) => target !== '' && target !== '.'), // "the service is decidedly not available"
    (n) => dice(n + seed),
  )
  return [
    ...servers.map(
      ({ target, port }): Way =>
        isLiteral(target)
          ? { _tag: 'Address', place: { protocol, host: target, port, domain } }
          : { _tag: 'Host', name: target, port, protocol, domain, otherwise: false },
    ),
    ...(records.length === 0 ? rest : rest.filter((way) => way._tag !== 'Host' || !way.otherwise)),
  ]
}

const protocolOf = (service: string): Protocol | undefined => {
  switch (service.toUpperCase()) {
    case 'SIP+D2U':
      return 'udp'
    case 'SIP+D2T':
      return 'tcp'
    case 'SIPS+D2T':
      return 'tls'
    case 'SIP+D2W':
      return 'ws'
    case 'SIPS+D2W':
      return 'wss'
    default:
      return undefined
  }
}

/** So many records of one answer are looked at: whoever answers does not decide how much work it makes. */
const MOST = 32
