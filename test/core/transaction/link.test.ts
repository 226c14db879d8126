/** Two machines back to back over a link that loses, delays and repeats messages, in virtual time (property 10). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Effect, rfc3261 } from '../../../src/core/transaction/types.js'
import type { Reliability } from '../../../src/core/transport/flow.js'
import { simulate } from '../../../src/testing/simulate.js'
import { type Call, runs } from './arbitraries.js'
import { answer, read } from './fixtures.js'
import { type MachineEvent, machines } from './machines.js'

/** What becomes of one message: the delay in ms of each of its copies. None: it is lost. */
type Fate = readonly number[]

interface Scene {
  readonly method: 'INVITE' | 'OPTIONS'
  readonly on: Reliability
  /** Of the first messages, whoever sends them; after these the link is perfect. */
  readonly fates: readonly Fate[]
  /** The final response of the server's user, and how long it thinks about it. */
  readonly status: number
  readonly thinks: number
  readonly rings: boolean
}

/** An end of the link: its transaction, and when that began. */
interface End {
  readonly call: Call
  readonly since: number
}

interface Outcome {
  /** The last thing the client's user heard: a final status, a failure, or nothing when it gave up itself. */
  readonly heard: string
  readonly client: Call
  readonly server: Call | undefined
}

const NEVER = Number.POSITIVE_INFINITY

/** Runs both ends until no timer runs and nothing is on its way. */
const converse = ({ method, on, fates, status, thinks, rings }: Scene): Outcome => {
  const [caller, callee] =
    method === 'INVITE'
      ? [machines['invite-client'], machines['invite-server']]
      : [machines['non-invite-client'], machines['non-invite-server']]
  const flights: { readonly at: number; readonly to: 'client' | 'server'; readonly bytes: string }[] = []
  const plans: { readonly at: number; readonly status: number }[] = []
  let carried = 0

  /** Lets an end come to the instant `now`, then tells it `event`, and puts on the link what it sent meanwhile. */
  const step = ({ call, since }: End, to: 'client' | 'server', now: number, event?: MachineEvent): void => {
    const before = call.effects.length
    call.advance(now - since)
    if (event !== undefined) call.send(event)
    carry(
      to,
      now,
      call.effects.slice(before).map(({ effect }) => effect),
    )
  }
  const carry = (to: 'client' | 'server', now: number, effects: readonly Effect[]): void => {
    for (const effect of effects)
      if (effect._tag === 'Transmit') {
        const copies = on === 'reliable' ? [1] : (fates[carried] ?? [1])
        carried++
        flights.push(...copies.map((delay) => ({ at: now + delay, to, bytes: effect.bytes })))
      }
  }
  const start = (machine: typeof caller, since: number): End => ({
    call: simulate(machine.reducer(rfc3261), machine.start(rfc3261, machine.request, on)),
    since,
  })
  const due = (end: End | undefined): number =>
    end?.call.next === undefined ? NEVER : end.since + end.call.next

  const client = start(caller, 0)
  let server: End | undefined
  carry(
    'server',
    0,
    client.call.effects.map(({ effect }) => effect),
  )
  for (;;) {
    const flight = earliest(flights)
    const plan = earliest(plans)
    const now = Math.min(flight?.at ?? NEVER, plan?.at ?? NEVER, due(client), due(server))
    if (now === NEVER) {
      if (client.call.state._tag !== 'Proceeding') break
      step(client, 'server', client.call.now + 180_000, { _tag: 'Abort' }) // every final was lost: timer C (16.8)
    } else if (flight?.at === now) {
      flights.splice(flights.indexOf(flight), 1)
      const message = read(flight.bytes)
      if (message._tag === 'Response')
        step(client, 'server', now, { _tag: 'ResponseReceived', response: message })
      else if (message.method === 'ACK') {
        if (server !== undefined) step(server, 'client', now, { _tag: 'AckReceived', request: message })
      } else if (server === undefined) {
        server = start(callee, now)
        if (rings) plans.push({ at: now + thinks / 2, status: method === 'INVITE' ? 180 : 100 })
        const repetitions = method === 'INVITE' && status < 300 ? [0, 500, 1500, 3500, 7500, 11500] : [0]
        plans.push(...repetitions.map((later) => ({ at: now + thinks + later, status }))) // 13.3.1.4
      } else step(server, 'client', now, { _tag: 'RequestReceived', request: message })
    } else if (plan?.at === now && server !== undefined) {
      plans.splice(plans.indexOf(plan), 1)
      step(server, 'client', now, { _tag: 'Respond', response: answer(method, plan.status) })
    } else {
      if (due(client) === now) step(client, 'server', now)
      if (server !== undefined && due(server) === now) step(server, 'client', now)
    }
  }
  return { heard: outcomeOf(client.call), client: client.call, server: server?.call }
}

const earliest = <A extends { readonly at: number }>(list: readonly A[]): A | undefined =>
  list.reduce<A | undefined>((best, one) => (best !== undefined && best.at <= one.at ? best : one), undefined)

const outcomeOf = ({ effects }: Call): string =>
  effects.reduce((last, { effect }) => {
    if (effect._tag === 'Fail') return effect.reason
    if (effect._tag === 'Deliver' && effect.message._tag === 'Response' && effect.message.status >= 200)
      return String(effect.message.status)
    return last
  }, 'nothing')

const fails = (call: Call | undefined): readonly string[] =>
  (call?.effects ?? []).flatMap(({ effect }) => (effect._tag === 'Fail' ? [effect.reason] : []))

const loss: fc.Arbitrary<Fate> = fc.constant([])
const delivery: fc.Arbitrary<Fate> = fc.array(fc.integer({ min: 1, max: 2000 }), {
  minLength: 1,
  maxLength: 3,
})

const scenes = (fates: fc.Arbitrary<readonly Fate[]>, thinks: number): fc.Arbitrary<Scene> =>
  fc.record({
    method: fc.constantFrom('INVITE' as const, 'OPTIONS' as const),
    on: fc.constantFrom<Reliability>('unreliable', 'reliable'),
    fates,
    status: fc.constantFrom(200, 302, 404, 486, 503, 603),
    thinks: fc.integer({ min: 0, max: thinks }),
    rings: fc.boolean(),
  })

describe('two machines over a link', () => {
  test('10: both end, and agree on the outcome unless one of them saw a timeout', () => {
    fc.assert(
      fc.property(
        scenes(fc.array(fc.oneof(loss, delivery), { maxLength: 40, size: 'max' }), 40_000),
        (scene) => {
          const { heard, client, server } = converse(scene)
          expect(client.state._tag).toBe('Terminated')
          expect(server?.state._tag ?? 'Terminated').toBe('Terminated')
          const gaveUp = client.times('Fail').length === 0 && heard === 'nothing'
          const timedOut = [...fails(client), ...fails(server)].includes('timeout')
          if (!gaveUp && heard !== 'timeout') expect(heard).toBe(String(scene.status))
          if (scene.status >= 300 && (gaveUp || heard === 'timeout') && server !== undefined)
            expect(timedOut).toBe(true)
        },
      ),
      runs(201),
    )
  })

  test('10: three messages lost, the rest late or doubled, a user that answers in time: they agree', () => {
    const fates = fc
      .tuple(fc.array(delivery, { maxLength: 12 }), fc.array(fc.nat(12), { maxLength: 3 }))
      .map(([good, lost]) =>
        Array.from({ length: 13 }, (_, n): Fate => (lost.includes(n) ? [] : (good[n] ?? [1]))),
      )
    fc.assert(
      fc.property(scenes(fates, 5000), (scene) => {
        const { heard, client, server } = converse(scene)
        expect(heard).toBe(String(scene.status))
        expect([...fails(client), ...fails(server)]).toEqual([])
      }),
      runs(202),
    )
  })

  test('10: a link that loses everything: the client hears a timeout, and nobody hears it twice', () => {
    for (const method of ['INVITE', 'OPTIONS'] as const) {
      const fates = Array.from({ length: 100 }, (): Fate => [])
      const { client, server } = converse({
        method,
        on: 'unreliable',
        fates,
        status: 200,
        thinks: 0,
        rings: false,
      })
      expect(server).toBeUndefined()
      expect(fails(client)).toEqual(['timeout'])
    }
  })
})
