/** One stack with its core in a world: the shell's runner, with a virtual clock and a virtual network behind it. */
import { nth } from '../../core/data/entropy.js'
import { secretOf } from '../../core/data/hash.js'
import type { Event, FromShell, Output } from '../../core/events.js'
import { run, type World } from '../../core/runtime/run.js'
import { type StackChoices, config as stackConfig } from '../../core/stack/config.js'
import type { StackConfig, State } from '../../core/stack/state.js'
import type { Address } from '../../core/transport/flow.js'
import type { CertificateName } from '../../core/transport/identity.js'
import { type Core, coreFilter } from '../../core/user-agent/core.js'
import { around, type Machine, userAgent } from '../../core/user-agent/user-agent.js'
import { type Observation, tapped, watch } from '../trace.js'
import { changes } from './changes.js'
import { type Caller, caller, type Functions, type Wishes } from './functions.js'
import type { Network } from './network.js'

/** A core as a reducer with its first state. */
export interface ReducerCore<S> {
  readonly start: S
  readonly reducer: Core<S>
}

/** What an endpoint is made of. Everything but the name has a default. */
export interface EndpointOptions<S = unknown, M = unknown> extends StackChoices {
  /** Its name in traces and ladders, unique in its world. */
  readonly name: string
  /** Functions or a reducer; without one nothing is answered but what the helpers answer. */
  readonly core?: Functions | ReducerCore<S>
  /** Where it listens; `10.0.0.1:5060` for the first endpoint of a world, `10.0.0.2:5060` for the second, and so on. */
  readonly local?: Address
  /** What it calls itself in a Via; where it listens by default. */
  readonly advertised?: Address
  /** Transports it listens on: `udp`, `tcp`, `tls`, `ws`, `wss`. Only `udp` by default. */
  readonly protocols?: readonly string[]
  /** What its certificate says it is (TLS, WSS). */
  readonly names?: readonly CertificateName[]
  /** The reducer around which the core is put: `userAgent` by default; `stackAlone`, or one of your own. */
  readonly machine?: (config: StackConfig) => Machine<M>
}

/** An endpoint at work. */
export interface Endpoint extends Wishes {
  readonly name: string
  readonly local: Address
  /** The stack's state now. */
  readonly stack: () => State
  /** The state of everything: stack, helpers, core. */
  readonly state: () => unknown
  /** Gives the runner an event of one's own at this instant. */
  readonly dispatch: (event: Event) => readonly Output[]
  /** Timers that run. */
  readonly timers: () => number
  /** Its host sleeps: for `ms` nothing is handled; then everything that waited, late. */
  readonly suspend: (ms: number) => void
}

/** What an endpoint needs of its world. */
export interface Site {
  readonly seed: number
  readonly now: () => number
  /** Wall clock at instant 0, ms. */
  readonly wall: number
  readonly plan: (at: number, rank: 'network' | 'timer', deed: () => void) => () => void
  readonly network: Network
  readonly resolve: (order: Extract<Output, { _tag: 'Resolve' }>, tell: (event: FromShell) => void) => void
  /** Undefined when nothing is recorded. */
  readonly record?: (observation: Observation) => void
}

/** Puts an endpoint into its world and lets it listen. */
export const endpoint = <S, M>(options: EndpointOptions<S, M>, local: Address, site: Site): Endpoint => {
  const { name } = options
  const { now, network, record } = site
  const taps: Observation[] = []
  const machine = machineOf(options, site, (one) => void taps.push(one))
  const base = nth('0'.repeat(32), `${site.seed} ${name}`)
  const timers = new Map<number, () => void>()
  let moments = 0
  let awake = 0

  const whenAwake = (rank: 'network' | 'timer', deed: () => void): void => {
    if (now() >= awake) deed()
    else site.plan(awake, rank, () => whenAwake(rank, deed))
  }

  const perform = (output: Output): void => {
    switch (output._tag) {
      case 'Transmit':
        network.transmit(name, output.flow, output.bytes, output.cause)
        return
      case 'StartTimer': {
        const { id, generation, due } = output
        const fire = (): void =>
          whenAwake('timer', () => {
            // Stopped while the host slept: the queue of a real shell would not know it any more either.
            if (timers.delete(generation)) runner.dispatch({ _tag: 'TimerFired', id, generation })
          })
        timers.set(generation, site.plan(Math.max(due, now()), 'timer', fire))
        return
      }
      case 'StopTimer':
        timers.get(output.generation)?.()
        timers.delete(output.generation)
        return
      case 'Resolve':
        site.resolve(output, receive)
        return
      case 'OpenFlow':
        network.open(output)
        return
      case 'CloseFlow':
        network.close(name, output.flow)
        return
      default:
        functions?.deliver(output)
    }
  }

  const receive = (event: FromShell): void => whenAwake('network', () => void runner.dispatch(event))

  const observing = (): World<Event, Output>['observe'] => {
    if (record === undefined) return undefined
    const watching = watch(name)
    return (input, effects, before, after) => {
      // A transaction's beginning stands before all that it does, every other change behind what caused it.
      const changed = changes(name, machine.stackOf(before), machine.stackOf(after), input, effects)
      for (const one of changed) if (one.from === '') record(one)
      const [first, ...others] = watching(input, effects)
      if (first !== undefined) record(first)
      for (const one of taps.splice(0)) record(one)
      for (const one of others) record(one)
      for (const one of changed) if (one.from !== '') record(one)
    }
  }
  const observe = observing()
  const runner = run(machine.reducer, machine.start, {
    moment: () => ({ at: now(), wall: site.wall + now(), entropy: nth(base, moments++) }),
    perform,
    ...(observe === undefined ? {} : { observe }),
  })

  const wishes = caller(
    options.core === undefined || 'reducer' in options.core ? {} : options.core,
    runner.dispatch,
    (error) =>
      record?.({
        _tag: 'News',
        at: now(),
        who: name,
        news: { _tag: 'Diagnostic', code: 'core-failed', what: String(error) },
      }),
  )
  const functions: Caller | undefined =
    options.core !== undefined && 'reducer' in options.core ? undefined : wishes

  for (const protocol of options.protocols ?? ['udp']) {
    network.attach({
      who: name,
      protocol,
      local,
      receive,
      ...(options.names === undefined ? {} : { names: options.names }),
    })
    runner.dispatch({
      _tag: 'Listening',
      listener: {
        protocol,
        local,
        advertised: options.advertised ?? local,
        reliable: protocol !== 'udp',
        ...(protocol === 'udp' ? {} : { framing: protocol.startsWith('ws') ? 'message' : 'stream' }),
      },
    })
  }

  return {
    name,
    local,
    send: wishes.send,
    after: wishes.after,
    terminate: wishes.terminate,
    dispatch: runner.dispatch,
    state: runner.state,
    stack: () => machine.stackOf(runner.state()),
    timers: () => timers.size,
    suspend: (ms) => {
      awake = Math.max(awake, now() + ms)
    },
  }
}

const machineOf = <S, M>(
  options: EndpointOptions<S, M>,
  { seed, record }: Site,
  tap: (observation: Observation) => void,
): Machine<unknown> => {
  const secret = secretOf(`${seed} ${options.name} the secret of a test is its seed`)
  const config = stackConfig(secret, options)
  const agent = (options.machine ?? userAgent)(config) as Machine<unknown>
  const { core } = options
  if (core === undefined || !('reducer' in core)) return agent
  const reducer = record === undefined ? core.reducer : tapped(options.name, core.reducer, tap)
  return around(coreFilter(reducer, core.start))(agent) as Machine<unknown>
}
