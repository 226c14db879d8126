/** A call of the demonstration over real sockets: two stacks, a relay between them, and everything they did. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Input, Output } from '../../../core/events.js'
import type { Address } from '../../../core/transport/flow.js'
import type { Core } from '../../../core/user-agent/core.js'
import type { Fate } from '../../../testing/fate.js'
import { type Observation, printAddress, tapped, type Trace, watch } from '../../../testing/trace.js'
import { createStack, type Stack, udp } from '../../node/index.js'
import { lateness } from '../lateness.js'
import { type Relay, relay } from '../relay.js'
import { type Call, conditions, configs, PATIENCE, SETTLE, standing } from './calls.js'
import { callee, caller, invitation, type Place } from './parties.js'

/** What came of a call: its trace, and `well` or what went wrong. */
export interface Result {
  readonly trace: Trace
  readonly standing: string
}

/** What came of it in real time. */
export interface LiveResult extends Result {
  /** The most that bare timers of this machine were late meanwhile, ms. */
  readonly late: number
}

/** Changes single fates; for showing that the comparison would notice. */
export type Overrule = (direction: string, text: string, copy: number, rolled: Fate) => Fate

/** Makes the call. `Left` when the system gives no sockets. */
export const live = async (
  call: Call,
  seed: number,
  overrule?: Overrule,
): Promise<Either<string, LiveResult>> => {
  const log = record(call)
  const between = await relay({
    seed,
    conditions,
    between: ['alice', 'bob'],
    onFate: log.carried,
    ...(overrule === undefined ? {} : { overrule }),
  })
  const [toBob, toAlice] = between.facing // what faces Alice leads to Bob
  const alice = await party('alice', toAlice, caller(call), log)
  const bob = await party('bob', toBob, callee(call, placeOf('bob', toBob, 'alice', toAlice)), log)
  if (isLeft(alice)) return closed(between, [bob], alice)
  if (isLeft(bob)) return closed(between, [alice], bob)
  between.connect([local(alice.right), local(bob.right)])
  log.facing(toBob, toAlice)

  const place = placeOf('alice', toAlice, 'bob', toBob)
  const measuring = lateness()
  alice.right.send(invitation(call, place))
  const standing = await log.settled(PATIENCE)
  const late = measuring.stop()
  return closed(between, [alice, bob], right({ trace: log.trace([alice.right, bob.right]), standing, late }))
}

const closed = async <A>(between: Relay, stacks: readonly Either<string, Stack>[], result: A): Promise<A> => {
  await Promise.all(stacks.map((stack) => (isLeft(stack) ? Promise.resolve() : stack.right.close())))
  await between.close()
  return result
}

const party = async <S>(
  name: 'alice' | 'bob',
  advertised: Address,
  core: { readonly start: S; readonly reducer: Core<S> },
  log: Log,
): Promise<Either<string, Stack>> => {
  const watching = watch(name)
  const started = await createStack({
    name,
    config: configs[name],
    transports: [udp({ host: '127.0.0.1', port: 0, advertised })],
    core: { start: core.start, reducer: tapped(name, core.reducer, log.add) },
    onStep: (input: Input, effects: readonly Output[]) => {
      for (const one of watching(input, effects)) log.add(one)
    },
  })()
  return isLeft(started) ? left(started.left.what) : started
}

interface Log {
  readonly add: (observation: Observation) => void
  readonly carried: Parameters<typeof relay>[0]['onFate']
  readonly facing: (toBob: Address, toAlice: Address) => void
  readonly settled: (patience: number) => Promise<string>
  readonly trace: (stacks: readonly Stack[]) => Trace
}

const record = (call: Call): Log => {
  const observations: Observation[] = []
  let ports: readonly [string, string] = ['', '']
  let look = (): void => undefined

  return {
    add: (one) => {
      observations.push(one)
      look()
    },
    carried: ({ who, text, copy, arrivals }) => {
      const peer = ports[who === 'alice' ? 0 : 1]
      observations.push({
        _tag: 'Carried',
        at: Math.floor(performance.now()),
        who,
        peer,
        text,
        copy,
        arrivals,
      })
    },
    facing: (toBob, toAlice) => {
      ports = [printAddress(toBob), printAddress(toAlice)]
    },
    settled: (patience) =>
      new Promise((resolve) => {
        const done = (how: string): void => {
          clearTimeout(timer)
          look = () => undefined
          resolve(how)
        }
        const timer = setTimeout(() => done(`not over after ${patience} ms`), patience)
        look = () => {
          const how = standing(call, observations)
          if (how !== 'going') setTimeout(() => done(how), SETTLE) // what is still under way arrives
        }
      }),
    trace: ([alice, bob]) => ({
      participants: [
        { name: 'alice', addresses: [addressOf(alice), ports[1]] },
        { name: 'bob', addresses: [addressOf(bob), ports[0]] },
      ],
      observations: [...observations],
    }),
  }
}

const placeOf = (name: string, at: Address, peer: string, peerAt: Address): Place => ({
  contact: `sip:${name}@${printAddress(at)}`,
  peer: `sip:${peer}@${printAddress(peerAt)}`,
})

const local = (stack: Stack): Address => stack.listeners()[0]?.local ?? { host: '', port: 0 }

const addressOf = (stack: Stack | undefined): string =>
  stack === undefined ? '' : printAddress(local(stack))
