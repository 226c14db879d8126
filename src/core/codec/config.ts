/**
 * Timer values and profile as people write them: a JSON object with what differs from RFC 3261. A value that could not work is
 * refused with its name, not corrected.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { failure } from 'io-ts/lib/PathReporter.js'
import { type Config, type Profile, rfc3261, type Timing } from '../transaction/types.js'
import { type Codec, optional, struct, word } from './shape.js'

/** The profiles that have a name. */
export const profiles: Readonly<Record<'strict' | 'legacy', Profile>> = {
  strict: rfc3261.profile,
  /** As before RFC 4320 and RFC 6026 8.8: what the application answers is sent, and a failed send ends a server transaction. */
  legacy: { nonInvite: 'legacy', serverSendFailed: 'terminate', nonInviteGuard: false },
}

/** What stands in the file: all of it may be left out. */
interface Written {
  readonly timing?: Partial<Timing>
  readonly profile?: 'strict' | 'legacy' | Partial<Profile>
}

/** The configuration that `json` describes; what it does not say is as in RFC 3261. `Left` says in words what is wrong. */
export const configFrom = (json: unknown): Either<string, Config> => {
  const read = written.decode(json)
  if (isLeft(read)) return left(failure(read.left.slice(0, 3)).join('; '))
  const timing = { ...rfc3261.timing, ...read.right.timing }
  const { profile } = read.right
  if (timing.d < 32_000) return left('timing.d: "at least 32 seconds" (RFC 3261 17.1.1.2)')
  return right({
    timing,
    profile: typeof profile === 'string' ? profiles[profile] : { ...rfc3261.profile, ...profile },
  })
}

const number = (name: string, fits: (ms: number) => boolean, what: string): Codec<number> =>
  new t.Type(
    name,
    t.number.is,
    (u, context) =>
      typeof u === 'number' && Number.isInteger(u) && u < 2 ** 31 && fits(u)
        ? t.success(u)
        : t.failure(
            u,
            context,
            `${context
              .map(({ key }) => key)
              .filter((key) => key !== '')
              .join('.')}: ${what} expected`,
          ),
    t.identity,
  )

const positive = number('ms', (ms) => ms > 0, 'a whole number of ms above 0')
const ms = number('ms or 0', (value) => value >= 0, 'a whole number of ms')

const written: Codec<Written> = struct<Written>('Config', {
  timing: optional(
    struct<Partial<Timing>>('Timing', {
      t1: optional(positive),
      t2: optional(positive),
      t4: optional(positive),
      trying: optional(ms),
      d: optional(positive),
      guard: optional(ms),
    }),
  ),
  profile: optional<'strict' | 'legacy' | Partial<Profile>>(
    t.union([
      word('strict', 'legacy'),
      struct<Partial<Profile>>('Profile', {
        nonInvite: optional(word('strict', 'legacy')),
        serverSendFailed: optional(word('stay', 'terminate')),
        nonInviteGuard: optional(t.boolean as Codec<boolean>),
      }),
    ]),
  ),
})
