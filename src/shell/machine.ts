/** The pure part of a stack: its reducer, the state it begins with, and how that state stands in a snapshot. */
import { type Either, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import * as Snapshot from '../core/codec/snapshot.js'
import { secretOf } from '../core/data/hash.js'
import { config as stackConfig } from '../core/stack/config.js'
import type { StackConfig } from '../core/stack/state.js'
import { coreFilter } from '../core/user-agent/core.js'
import { requestChecks } from '../core/user-agent/request-checks.js'
import { around, type Machine, stackAlone, userAgent } from '../core/user-agent/user-agent.js'
import { guardOf, withDigest } from './digest.js'
import type { Host, StackOptions } from './options.js'
import type { StartError } from './transport.js'

/** The pure part of a stack: its reducer with helpers and core, and the state it starts from. */
export const machineOf = <S>(options: StackOptions<S>, host: Pick<Host, 'newSecret'>): Machine<unknown> => {
  const config = stackConfig(secretOf(options.secret ?? host.newSecret()), options)
  const bare = (options.helpers === false ? stackAlone(config) : helped(options, config)) as Machine<unknown>
  const agent = withDigest(options.digest, config.secret, bare)
  return 'reducer' in options.core
    ? (around(coreFilter(options.core.reducer, options.core.start))(agent) as Machine<unknown>)
    : agent
}

const helped = <S>(
  { abilities, digest }: StackOptions<S>,
  config: StackConfig,
): ReturnType<typeof userAgent> =>
  userAgent(config, {
    ...(abilities === undefined ? {} : { checks: requestChecks(abilities, config.secret) }),
    ...guardOf(digest, config.secret),
  })

/** How the state of that machine stands in a snapshot; undefined when a part of it cannot. */
export const codecOf = <S>({
  helpers,
  core,
  ...rest
}: StackOptions<S>): Snapshot.StateCodec<unknown> | undefined => {
  if ('digest' in rest) return undefined
  const agent = (helpers === false ? Snapshot.stack : Snapshot.userAgent) as Snapshot.StateCodec<unknown>
  if (!('reducer' in core)) return agent
  return core.codec === undefined
    ? undefined
    : (Snapshot.aroundCodec(core.codec)(agent) as Snapshot.StateCodec<unknown>)
}

/** What a stack begins with: nothing, or what a snapshot says. */
export const beginning = <S>(
  { snapshot, secret }: StackOptions<S>,
  { moment, newSecret }: Host,
  { start, stackOf }: Machine<unknown>,
  codec: Snapshot.StateCodec<unknown> | undefined,
): Either<StartError, Snapshot.Restored<unknown>> => {
  if (snapshot === undefined) return right({ state: start, outputs: [], events: [] })
  const bad = (what: string): StartError => ({ _tag: 'BadSnapshot', protocol: '', what })
  if (codec === undefined) return left(bad('the core brings no codec for its state'))
  const restart = { at: moment().at, elapsed: snapshot.elapsed, secret: secretOf(secret ?? newSecret()) }
  return mapLeft(bad)(Snapshot.restore(codec, stackOf, snapshot.json, restart))
}
