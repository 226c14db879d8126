/**
 * The sessions of a client, so that later requests authenticate at the first try. RFC 3261 22.2: "UAs SHOULD cache
 * the credentials for a given value of the To header field and "realm""; 22.3: those for a proxy go into "all
 * subsequent requests that contain the same Call-ID", and beyond that only for the realm of an outbound proxy.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../data/bytes.js'
import type { Secret } from '../data/hash.js'
import { to } from '../header/name-addr.js'
import { callId, raw } from '../message/head.js'
import { TO } from '../message/scan.js'
import type { Request } from '../message/types.js'
import { canonical } from '../uri/equality.js'
import { type Kind, withCredentials } from './fields.js'
import * as Recent from './recent.js'
import { type Session, sign } from './session.js'

/** Sessions by the place where they apply: a bounded number of places, in each one session a realm. */
export interface Cache {
  /** The realms of outbound proxies of our own. */
  readonly outbound: readonly Bytes[]
  readonly places: Recent.Recent<readonly Session[]>
}

/** No sessions; `max` places (destinations and calls) at most. */
export const empty = (secret: Secret, max: number, outbound: readonly Bytes[] = []): Cache => ({
  outbound,
  places: Recent.empty(secret, max),
})

/** The session that `request` would use towards a realm. */
export const find =
  (request: Request, kind: Kind, realm: Bytes) =>
  (cache: Cache): Session | undefined =>
    sessionsAt(cache, placeOf(cache, request, kind, realm)).find((session) => isOf(session, kind, realm))

/** Keeps a session in the place of the one for its realm. */
export const keep =
  (request: Request, session: Session) =>
  (cache: Cache): Cache => {
    const { kind, realm } = session
    const place = placeOf(cache, request, kind, realm)
    const others = sessionsAt(cache, place).filter((other) => !isOf(other, kind, realm))
    return { ...cache, places: Recent.put<readonly Session[]>(place, [...others, session])(cache.places)[0] }
  }

/** Drops the session for a realm: its credentials were refused. */
export const drop =
  (request: Request, kind: Kind, realm: Bytes) =>
  (cache: Cache): Cache => {
    const place = placeOf(cache, request, kind, realm)
    const others = sessionsAt(cache, place).filter((other) => !isOf(other, kind, realm))
    const places =
      others.length > 0
        ? Recent.put<readonly Session[]>(place, others)(cache.places)[0]
        : Recent.remove(place)(cache.places)
    return { ...cache, places }
  }

/**
 * The request with credentials for every realm known for it, each counted in its session; those it has already for
 * these realms give way, for a nonce count must not be used twice.
 */
export const authorize =
  (request: Request) =>
  (cache: Cache): readonly [Cache, Request] =>
    sessionsFor(cache, request).reduce<readonly [Cache, Request]>(
      ([now, authorized], session) => {
        const [counted, credentials] = sign(session, request)
        const { kind, realm } = session
        return [keep(request, counted)(now), withCredentials(kind, [credentials], [realm])(authorized)]
      },
      [cache, request],
    )

/** All sessions that apply to a request. */
export const sessionsFor = (cache: Cache, request: Request): readonly Session[] =>
  [wwwPlace(request), callPlace(request), OUTBOUND].flatMap((place) => sessionsAt(cache, place))

const OUTBOUND = 'outbound'

const placeOf = ({ outbound }: Cache, request: Request, kind: Kind, realm: Bytes): string =>
  kind === 'www' ? wwwPlace(request) : outbound.includes(realm) ? OUTBOUND : callPlace(request)

const wwwPlace = (request: Request): string => `to ${destinationOf(request)}`

const callPlace = (request: Request): string => `call ${callId(request)}`

/** Whom To names, in one spelling for all. */
const destinationOf = (request: Request): Bytes => {
  const text = raw(request, TO) ?? ''
  const value = to.parse(text, 0, text.length)
  return isLeft(value) ? text : canonical(value.right.uri)
}

const sessionsAt = ({ places }: Cache, place: string): readonly Session[] => Recent.get(place)(places) ?? []

const isOf = (session: Session, kind: Kind, realm: Bytes): boolean =>
  session.kind === kind && session.realm === realm
