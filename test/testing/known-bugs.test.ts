/**
 * Bugs that other stacks have or had, planted one by one into our machines: the invariants find each of them. A bug is
 * a wrapper around one machine, and a scene in which a caller and a callee do nothing unusual.
 */
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { respond, withToTag } from '../../src/core/message/build.js'
import { parse } from '../../src/core/message/parse.js'
import type { Request } from '../../src/core/message/types.js'
import type { Reducer } from '../../src/core/reducer.js'
import { ack } from '../../src/core/transaction/ack.js'
import type { StackConfig } from '../../src/core/stack/state.js'
import type { Effect, Timer } from '../../src/core/transaction/types.js'
import { userAgent } from '../../src/core/user-agent/user-agent.js'
import { behave, type Behaviour } from '../../src/testing/behaviour.js'
import { breaches, invariants } from '../../src/testing/invariants.js'
import { type World, world, type WorldOptions } from '../../src/testing/world.js'
import { drop, fail } from '../../src/testing/world/script.js'
import { invite, made } from './calls.js'

type Name = 'inviteClient' | 'nonInviteClient' | 'inviteServer' | 'nonInviteServer'
interface State {
  readonly _tag: string
}
type Event = { readonly _tag: string; readonly timer?: Timer } & Record<string, unknown>
type Machine = Reducer<State, Event, Effect>

interface Bug {
  readonly name: string
  /** Who has it, and the invariant that finds it. */
  readonly of: string
  readonly found: string
  readonly machine: Name
  readonly plant: (machine: Machine) => Machine
  readonly scene: (bugged: (config: StackConfig) => ReturnType<typeof userAgent>) => World
}

/** The user agent with one machine exchanged. */
const withBug =
  ({ machine, plant }: Bug) =>
  (config: StackConfig): ReturnType<typeof userAgent> => {
    const { machines } = config.layer
    const planted = {
      ...machines,
      [machine]: plant(machines[machine] as unknown as Machine),
    }
    return userAgent({ ...config, layer: { ...config.layer, machines: planted } })
  }

const answer = (status: number, after = 0): Behaviour['invite'] => [{ after, does: 'answer', status }]

/** Alice calls Bob; both have the bug. */
const call =
  (behaviour: Partial<Behaviour>, options: WorldOptions = {}, method = 'INVITE', protocols = ['udp']) =>
  (machine: (config: StackConfig) => ReturnType<typeof userAgent>): World => {
    const life = world(options)
    const alice = life.join({ name: 'alice', machine, protocols })
    life.join({ name: 'bob', machine, protocols, core: behave({ invite: [], other: [], ...behaviour }) })
    const transport = protocols[0] === 'tcp' ? ';transport=tcp' : ''
    const uri = `sip:bob@10.0.0.2${transport}`
    alice.send(
      method === 'INVITE' ? made('INVITE', uri, [['Contact', '<sip:alice@10.0.0.1>']]) : made(method, uri),
    )
    life.settle()
    return life
  }

/** Alice calls somebody who answers with these statuses, one after the other, and answers nothing else. */
const answeredBy =
  (...statuses: readonly (readonly [at: number, status: number])[]) =>
  (machine: (config: StackConfig) => ReturnType<typeof userAgent>): World =>
    scripted(machine, statuses, 'INVITE')

const scripted = (
  machine: (config: StackConfig) => ReturnType<typeof userAgent>,
  statuses: readonly (readonly [at: number, status: number])[],
  method: string,
): World => {
  const life = world()
  const alice = life.join({ name: 'alice', machine })
  const asked: Request[] = []
  const peer = life.invite({
    name: 'peer',
    heard: (text) => {
      const parsed = parse(text)
      if (isRight(parsed) && parsed.right._tag === 'Request') asked.push(parsed.right)
    },
  })
  alice.send(method === 'INVITE' ? invite() : made(method))
  for (const [at, status] of statuses) {
    life.advance(at - life.now())
    const request = asked.find((one) => one.method === method)
    if (request !== undefined) peer.send(alice.local, withToTag('peer')(respond(status)(request)).text)
  }
  life.settle()
  return life
}

/** Changes the effects of the steps in which `when` holds. */
const effectsOf =
  (
    when: (state: State, event: Event, next: State) => boolean,
    change: (effects: readonly Effect[], event: Event, state: State) => readonly Effect[],
    goTo?: (next: State, state: State) => State,
  ) =>
  (machine: Machine): Machine =>
  (state, event) => {
    const [next, effects] = machine(state, event)
    return when(state, event, next)
      ? [goTo?.(next, state) ?? next, change(effects, event, state)]
      : [next, effects]
  }

const status = (event: Event): number =>
  (event['response'] as { readonly status: number } | undefined)?.status ?? 0

const lasting =
  (timer: Timer, delay: (before: number) => number) =>
  (effects: readonly Effect[]): readonly Effect[] =>
    effects.map((effect) =>
      effect._tag === 'StartTimer' && effect.timer === timer
        ? { ...effect, delay: delay(effect.delay) }
        : effect,
    )

const starts =
  (timer: Timer) =>
  (_state: State, event: Event): boolean =>
    event._tag !== 'TimerFired' || event.timer === timer

/** The wrapped machine's own starts stay; what fires or begins later is changed. */
const always = (): boolean => true

const ended: Effect = { _tag: 'Ended' }
const terminated: State = { _tag: 'Terminated' }

/** Ends at once instead of entering a state that absorbs. */
const endsInsteadOf = (...states: readonly string[]): ((machine: Machine) => Machine) =>
  effectsOf(
    (state, _event, next) => states.includes(next._tag) && !states.includes(state._tag),
    (effects) => [...effects.filter(({ _tag }) => _tag !== 'StartTimer'), ended],
    () => terminated,
  )

const bugs: readonly Bug[] = [
  {
    name: 'a 1xx stops the retransmission of a request other than INVITE',
    of: 'sipgo, rsipstack, ezk',
    found: 'persistent',
    machine: 'nonInviteClient',
    plant: effectsOf(
      (state, event) => state._tag === 'Trying' && event._tag === 'ResponseReceived' && status(event) < 200,
      (effects) => [{ _tag: 'StopTimer', timer: 'E' }, ...effects],
    ),
    scene: (machine) =>
      scripted(
        machine,
        [
          [600, 100],
          [20_000, 200],
        ],
        'OPTIONS',
      ),
  },
  {
    name: 'a 1xx begins timer F anew',
    of: 'JSIP',
    found: 'punctual',
    machine: 'nonInviteClient',
    plant: effectsOf(
      (state, event) => state._tag === 'Trying' && event._tag === 'ResponseReceived' && status(event) < 200,
      (effects) => [
        { _tag: 'StopTimer', timer: 'F' },
        { _tag: 'StartTimer', timer: 'F', delay: 32_000 },
        ...effects,
      ],
    ),
    scene: (machine) => scripted(machine, [[600, 100]], 'OPTIONS'),
  },
  {
    name: 'timer E is T2 from its first firing',
    of: 'ezk',
    found: 'punctual',
    machine: 'nonInviteClient',
    plant: effectsOf(
      starts('E'),
      lasting('E', () => 4000),
    ),
    scene: call({}, { script: [drop('OPTIONS')] }, 'OPTIONS'),
  },
  {
    name: 'timer K is 32 s',
    of: 'sipgo',
    found: 'punctual',
    machine: 'nonInviteClient',
    plant: effectsOf(
      always,
      lasting('K', () => 32_000),
    ),
    scene: call({ other: answer(200) }, {}, 'OPTIONS'),
  },
  {
    name: 'there is no timer K: a final response ends the transaction',
    of: 'rsipstack',
    found: 'patient',
    machine: 'nonInviteClient',
    plant: endsInsteadOf('Completed'),
    scene: call({ other: answer(200) }, {}, 'OPTIONS'),
  },
  {
    name: 'only the first 1xx reaches the application',
    of: 'ersip',
    found: 'passed-up',
    machine: 'nonInviteClient',
    plant: effectsOf(
      (state, event) =>
        state._tag === 'Proceeding' && event._tag === 'ResponseReceived' && status(event) < 200,
      (effects) => effects.filter(({ _tag }) => _tag !== 'Deliver'),
    ),
    scene: (machine) =>
      scripted(
        machine,
        [
          [100, 100],
          [200, 100],
          [300, 200],
        ],
        'OPTIONS',
      ),
  },
  {
    name: 'a 2xx ends the INVITE transaction, which has no Accepted',
    of: 'the original, PJSIP, JSIP, rsipstack',
    found: 'patient',
    machine: 'inviteClient',
    plant: endsInsteadOf('Accepted'),
    scene: call({ invite: answer(200) }),
  },
  {
    name: 'a 2xx after another final is acknowledged like that',
    of: 'ersip, PJSIP, ezk',
    found: 'acknowledged',
    machine: 'inviteClient',
    plant: effectsOf(
      (state, event) =>
        state._tag === 'Completed' && event._tag === 'ResponseReceived' && status(event) < 300,
      (_effects, _event, state) => [
        { _tag: 'Transmit', bytes: (state as unknown as { readonly ack: string }).ack },
      ],
    ),
    scene: answeredBy([100, 486], [200, 200]),
  },
  {
    name: 'the transaction acknowledges a 2xx by itself',
    of: 'rsipstack',
    found: 'acknowledged',
    machine: 'inviteClient',
    plant: effectsOf(
      (state, event, next) => state._tag === 'Calling' && next._tag === 'Accepted' && status(event) < 300,
      (effects, event, state) => [
        {
          _tag: 'Transmit',
          bytes: ack((state as unknown as { readonly invite: string }).invite, event['response'] as never),
        },
        ...effects,
      ],
    ),
    scene: call({ invite: answer(200) }),
  },
  {
    name: 'a final that comes again is not acknowledged again',
    of: 'sipgo',
    found: 'acknowledged',
    machine: 'inviteClient',
    plant: effectsOf(
      (state, event) => state._tag === 'Completed' && event._tag === 'ResponseReceived',
      () => [],
    ),
    scene: call({ invite: answer(486) }, { script: [drop('ACK', { nth: 1 })] }),
  },
  {
    name: 'timer A stops doubling at T2',
    of: 'stacks that take A for E',
    found: 'punctual',
    machine: 'inviteClient',
    plant: effectsOf(
      starts('A'),
      lasting('A', (ms) => Math.min(ms, 4000)),
    ),
    scene: call({}, { script: [drop('INVITE')] }),
  },
  {
    name: 'timer G grows without a cap',
    of: 'rsipstack',
    found: 'punctual',
    machine: 'inviteServer',
    plant: (machine) => {
      let next = 500
      return effectsOf(
        (_state, event) => event._tag === 'Respond' || event.timer === 'G',
        (effects, event) => {
          next = event._tag === 'Respond' ? 500 : 2 * next
          return lasting('G', () => next)(effects)
        },
      )(machine)
    },
    scene: call({ invite: answer(486) }, { script: [drop('ACK')] }),
  },
  {
    name: 'timer H is 5 s',
    of: 'rsipstack',
    found: 'punctual',
    machine: 'inviteServer',
    plant: effectsOf(
      always,
      lasting('H', () => 5000),
    ),
    scene: call({ invite: answer(486) }, { script: [drop('ACK')] }),
  },
  {
    name: 'timer H is looked at only when G fires: 35.5 s',
    of: 'the original, ezk',
    found: 'punctual',
    machine: 'inviteServer',
    plant: effectsOf(
      always,
      lasting('H', () => 35_500),
    ),
    scene: call({ invite: answer(486) }, { script: [drop('ACK')] }),
  },
  {
    name: 'timer L is never armed when the first 2xx could not be sent',
    of: 'sipgo',
    found: 'mortal',
    machine: 'inviteServer',
    plant: effectsOf(
      (state, event) => state._tag === 'Accepted' && event._tag === 'TransportFailed',
      (effects) => [{ _tag: 'StopTimer', timer: 'L' }, ...effects],
    ),
    scene: call({ invite: answer(200) }, { script: [fail('200 INVITE', 'unreachable', { nth: 1 })] }),
  },
  {
    name: 'timer Trying sends a 100 after the application rang',
    of: 'the original, ersip',
    found: 'prompt',
    machine: 'inviteServer',
    plant: (machine) => {
      let hundred = ''
      return (state, event) => {
        const [next, effects] = machine(state, event)
        if (event._tag === 'Respond' && state._tag === 'Proceeding' && status(event) < 200) {
          const text = (event['response'] as { readonly text: string }).text
          hundred = text.replace(/^SIP\/2\.0 \d+ [^\r]*/, 'SIP/2.0 100 Trying')
          return [next, effects.filter(({ _tag }) => _tag !== 'StopTimer')]
        }
        return event.timer === 'Trying' && hundred !== ''
          ? [next, [{ _tag: 'Transmit', bytes: hundred }]]
          : [next, effects]
      }
    },
    scene: call({ invite: [...answer(180), ...answer(486, 1000)] }),
  },
  {
    name: 'no 100 is ever sent',
    of: 'ezk',
    found: 'prompt',
    machine: 'inviteServer',
    plant: effectsOf(
      (_state, event) => event.timer === 'Trying',
      () => [],
    ),
    scene: call({ invite: answer(486, 5000) }),
  },
  {
    name: 'a late 180 becomes what is sent again after the final',
    of: 'sipgo',
    found: 'last-word',
    machine: 'inviteServer',
    plant: (machine) => (state, event) =>
      state._tag === 'Completed' && event._tag === 'Respond'
        ? [{ ...state, response: (event['response'] as { readonly text: string }).text } as State, []]
        : machine(state, event),
    scene: call({ invite: [...answer(486), ...answer(180, 100)] }, { script: [drop('486 INVITE')] }),
  },
  {
    name: 'an INVITE that comes again in Completed is not answered',
    of: 'rsipstack',
    found: 'answers-again',
    machine: 'inviteServer',
    plant: effectsOf(
      (state, event) => state._tag === 'Completed' && event._tag === 'RequestReceived',
      () => [],
    ),
    scene: call({ invite: answer(486, 150) }, { script: [drop('486 INVITE')] }),
  },
  {
    name: 'an INVITE that comes again in Accepted is answered by the transaction',
    of: 'PJSIP',
    found: 'accepted-repeated',
    machine: 'inviteServer',
    plant: (machine) => {
      let accepted = ''
      return (state, event) => {
        const step = machine(state, event)
        if (event._tag === 'Respond' && step[0]._tag === 'Accepted')
          accepted = (event['response'] as { readonly text: string }).text
        return state._tag === 'Accepted' && event._tag === 'RequestReceived'
          ? [step[0], [{ _tag: 'Transmit', bytes: accepted }]]
          : step
      }
    },
    scene: call({ invite: answer(200, 100) }, { conditions: { delay: 230 } }),
  },
  {
    name: 'a final response is repeated over TCP as well',
    of: 'ezk',
    found: 'reliable',
    machine: 'inviteServer',
    plant: (machine) => (state, event) => {
      const [next, effects] = machine(state, event)
      if (next._tag === 'Completed' && state._tag === 'Proceeding')
        return [
          next,
          [
            ...effects.filter((one) => !(one._tag === 'StartTimer' && one.timer === 'G')),
            { _tag: 'StartTimer', timer: 'G', delay: 500 },
          ],
        ]
      return [next, effects]
    },
    scene: call({ invite: answer(486) }, { streams: { delay: 300 } }, 'INVITE', ['tcp']),
  },
  {
    name: 'a request other than INVITE that comes again is answered 100 before its time',
    of: 'the original, ersip, sipgo, PJSIP, JSIP, rsipstack, ezk: no RFC 4320',
    found: 'non-invite',
    machine: 'nonInviteServer',
    plant: effectsOf(
      (state, event) => state._tag === 'Trying' && event._tag === 'RequestReceived',
      (_effects, event) => [{ _tag: 'Transmit', bytes: respond(100)(event['request'] as Request).text }],
    ),
    scene: call({ other: answer(200, 3000) }, {}, 'OPTIONS'),
  },
]

const names = (life: World): readonly string[] => [
  ...new Set(breaches(life.trace(), invariants({ rested: true })).map(({ invariant }) => invariant.name)),
]

test('there are twenty of them and more', () => {
  expect(bugs.length).toBeGreaterThanOrEqual(20)
})

describe.each(bugs)('$name ($of)', (bug) => {
  test(`is found: ${bug.found}`, () => {
    expect(names(bug.scene(withBug(bug)))).toContain(bug.found)
  })

  test('and not where it is not', () => {
    expect(names(bug.scene(userAgent)).filter((name) => name === bug.found)).toEqual([])
  })
})
