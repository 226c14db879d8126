/**
 * A world: stacks with their cores on one virtual clock, and a network between them. The runner is the shell's; only
 * clock, timers, dice and network are others, so an hour passes in a moment and the same seed gives the same trace,
 * octet for octet, on every engine.
 *
 * ```ts
 * const life = world({ seed: 7, conditions: { loss: 20 } })
 * const bob = life.join({ name: 'bob', core: { receiveRequest: (request, _, { send }) => void send(respond(200)(request)) } })
 * const alice = life.join({ name: 'alice' })
 * alice.send(options)
 * life.settle()
 * console.log(ladder(life.trace()))
 * ```
 */
import type { Answer, FromShell, Output, Question } from '../core/events.js'
import type { Address } from '../core/transport/flow.js'
import { type Observation, type Participant, printAddress, type Trace } from './trace.js'
import { agenda } from './world/agenda.js'
import { type Endpoint, type EndpointOptions, endpoint, type Site } from './world/endpoint.js'
import { type Guest, type GuestOptions, guest } from './world/guest.js'
import { type Network, type NetworkOptions, network } from './world/network.js'

/** What a world is made of. */
export interface WorldOptions extends NetworkOptions {
  /** Names that can be resolved: `{ 'example.com': ['10.0.0.2'] }`. All others have no address. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>
  /** Answers questions for which `hosts` is too simple; undefined: no such name. */
  readonly resolve?: (question: Question) => Answer | undefined
  /** How long an answer takes, ms; default 0. */
  readonly resolveDelay?: number
  /** At one instant, what goes first: what arrives, or timers. Default `network`. */
  readonly ties?: 'network' | 'timers'
  /** Whether to keep a trace (default), or who hears of everything instead. */
  readonly record?: boolean | ((observation: Observation) => void)
  /** How many events one call of `until` or `settle` may take; more are a loop. Default a million. */
  readonly limit?: number
  /** Wall clock at instant 0, ms since 1970. */
  readonly wall?: number
}

/** A world. Time stands still but for `step`, `advance`, `until` and `settle`. */
export interface World {
  /** Virtual ms since the beginning. */
  readonly now: () => number
  /** Puts an endpoint into the world; it listens at once. */
  readonly join: <S, M>(options: EndpointOptions<S, M>) => Endpoint
  /** Puts somebody without a stack on the network. */
  readonly invite: (options: GuestOptions) => Guest
  readonly endpoints: readonly Endpoint[]
  readonly network: Network
  /** Does what is due next, one event; false when nothing is due any more. */
  readonly step: () => boolean
  /** Lets `ms` pass. */
  readonly advance: (ms: number) => void
  /** Lets time pass until `condition` holds or `patience` ms are over; whether it holds. */
  readonly until: (condition: () => boolean, patience: number) => boolean
  /**
   * Lets time pass until nothing is under way and no timer runs, for `patience` ms at most, an hour by default; whether the
   * world rests. A phone that nobody answers rings for ever.
   */
  readonly settle: (patience?: number) => boolean
  /** What happened so far, when a trace is kept. */
  readonly trace: () => Trace
}

/**
 * An empty world at instant 0.
 *
 * @throws RangeError from `until` and `settle` when `limit` events do not bring the end.
 */
export const world = (options: WorldOptions = {}): World => {
  const seed = options.seed ?? 0
  const limit = options.limit ?? LIMIT
  const deeds = agenda()
  const observations: Observation[] = []
  const endpoints: Endpoint[] = []
  const participants: Participant[] = []
  let time = 0

  const ranks = options.ties === 'timers' ? { timer: 0, network: 1 } : { network: 0, timer: 1 }
  const now = (): number => time
  const keep = options.record ?? true
  const record =
    typeof keep === 'function'
      ? keep
      : keep
        ? (observation: Observation): void => void observations.push(observation)
        : undefined

  const plan: Site['plan'] = (at, rank, deed) => deeds.plan(at, ranks[rank], deed)
  const resolve = (
    { question }: Extract<Output, { _tag: 'Resolve' }>,
    tell: (event: FromShell) => void,
  ): void => {
    const found = options.hosts?.[question.name]
    const answer: Answer | undefined =
      options.resolve?.(question) ??
      (question._tag === 'Host' && found !== undefined ? { _tag: 'Host', addresses: found } : undefined)
    plan(time + (options.resolveDelay ?? 0), 'network', () =>
      tell(
        answer === undefined
          ? { _tag: 'Unresolved', question, why: 'no such name', ttl: TTL }
          : { _tag: 'Resolved', question, answer, ttl: TTL },
      ),
    )
  }
  const net = network(options, {
    now,
    plan: (at, deed) => void plan(at, 'network', deed),
    record: record ?? (() => undefined),
    alias: (who, address) => {
      const at = participants.findIndex(({ name }) => name === who)
      const known = participants[at]
      if (known !== undefined)
        participants[at] = { ...known, addresses: [...known.addresses, printAddress(address)] }
    },
  })
  const site: Site = {
    seed,
    now,
    wall: options.wall ?? WALL,
    plan,
    network: net,
    resolve,
    ...(record === undefined ? {} : { record }),
  }

  const place = (name: string, local?: Address, advertised?: Address): Address => {
    const own = local ?? { host: `10.0.0.${participants.length + 1}`, port: 5060 }
    participants.push({
      name,
      addresses: [own, ...(advertised === undefined ? [] : [advertised])].map(printAddress),
    })
    return own
  }

  const step = (): boolean => {
    const at = deeds.next()
    const deed = at === undefined ? undefined : deeds.take()
    if (at === undefined || deed === undefined) return false
    time = Math.max(time, at)
    deed()
    return true
  }
  /** Lets time pass until `done`, or until the instant `end`, or until nothing is due. */
  const pass = (done: () => boolean, end: number): void => {
    for (let events = 0; !done(); events++) {
      const at = deeds.next()
      if (at === undefined || at > end) return
      if (events === limit) throw new RangeError(`${limit} events until ${time} ms, and no end`)
      step()
    }
  }
  const until = (condition: () => boolean, patience: number): boolean => {
    const end = time + patience
    pass(condition, end)
    if (condition()) return true
    time = end
    return condition()
  }

  return {
    now,
    network: net,
    endpoints,
    step,
    until,
    advance: (ms) => void until(() => false, ms),
    settle: (patience = HOUR) => {
      pass(() => false, time + patience)
      return deeds.next() === undefined
    },
    join: (wanted) => {
      const local = place(wanted.name, wanted.local, wanted.advertised)
      const joined = endpoint(wanted, local, site)
      endpoints.push(joined)
      return joined
    },
    invite: (wanted) => guest(wanted, place(wanted.name, wanted.local), net, now, record),
    trace: () => ({
      participants: [...participants],
      observations: [...observations],
    }),
  }
}

const LIMIT = 1_000_000
const HOUR = 3_600_000

/** 2026-01-01: a wall clock is wanted for nonces and certificates only, and must be the same every time. */
const WALL = 1_767_225_600_000

/** How long an answer of the resolver may be believed, ms. */
const TTL = 60_000
