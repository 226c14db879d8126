import { describe, expect, test } from 'vitest'
import { respond } from '../../src/core/message/build.js'
import { ladder } from '../../src/testing/ladder.js'
import { kind } from '../../src/testing/summary.js'
import type { Observation } from '../../src/testing/trace.js'
import { type World, world, type WorldOptions } from '../../src/testing/world.js'
import { drop, fail, hold, twice } from '../../src/testing/world/script.js'
import { answering, invite, made } from './calls.js'

const seen = (life: World, tag: 'Sent' | 'Received', who: string): readonly string[] =>
  life
    .trace()
    .observations.filter((one) => one._tag === tag && one.who === who)
    .map((one) => `${one.at} ${kind((one as Extract<Observation, { _tag: 'Sent' | 'Received' }>).text)}`)

const call = (options: WorldOptions, ringing = 0): World => {
  const life = world(options)
  const alice = life.join({ name: 'alice' })
  life.join({ name: 'bob', core: answering(ringing) })
  alice.send(invite())
  return life
}

describe('a call between two endpoints', () => {
  test('on a perfect network needs three messages and leaves nothing behind', () => {
    const life = call({})
    life.settle()
    expect(seen(life, 'Received', 'bob')).toEqual(['0 INVITE', '0 ACK'])
    expect(seen(life, 'Received', 'alice')).toEqual(['0 200 INVITE'])
    expect(life.now()).toBe(32_000)
    for (const { timers, stack } of life.endpoints) {
      expect(timers()).toBe(0)
      expect(stack().layer.servers).toBe(0)
    }
  })

  test('takes as long as its messages are under way', () => {
    const life = call({ conditions: { delay: 30 } }, 1000)
    life.advance(1200)
    expect(seen(life, 'Received', 'alice')).toEqual(['60 180 INVITE', '1060 200 INVITE'])
    expect(life.now()).toBe(1200)
  })

  test('survives the loss of the second 200', () => {
    const life = call({ script: [drop('ACK', { nth: 1 }), drop('200 INVITE', { nth: 2 })] })
    life.settle()
    expect(seen(life, 'Sent', 'bob')).toEqual(['0 200 INVITE', '500 200 INVITE', '1500 200 INVITE'])
    expect(seen(life, 'Received', 'alice')).toEqual(['0 200 INVITE', '1500 200 INVITE'])
    expect(seen(life, 'Received', 'bob')).toEqual(['0 INVITE', '1500 ACK'])
  })

  test('is drawn with its losses', () => {
    const life = call({ script: [drop('INVITE', { nth: 1 })] })
    life.advance(600)
    expect(ladder(life.trace(), { width: 60 })).toBe(
      [
        '     ms  alice                                           bob',
        '      0  │── INVITE ─────────── ✗ lost by script           │',
        '    500  │╌╌ INVITE again ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶│',
        '    500  │◀────────────────────────────────────── 200 OK ──│',
        '    500  │── ACK ─────────────────────────────────────────▶│',
      ].join('\n'),
    )
  })
})

describe('rules', () => {
  test('hold delivers later', () => {
    const life = call({ script: [hold('INVITE', 90)] })
    life.advance(100)
    expect(seen(life, 'Received', 'bob')).toEqual(['90 INVITE', '90 ACK'])
  })

  test('twice delivers twice', () => {
    const life = call({ script: [twice('INVITE', 40)] }, 1000)
    life.advance(100)
    expect(seen(life, 'Received', 'bob')).toEqual(['0 INVITE', '40 INVITE'])
    expect(seen(life, 'Sent', 'bob')).toEqual(['0 180 INVITE', '40 180 INVITE'])
  })

  test('fail tells the sender', () => {
    const reasons: string[] = []
    const life = world({ script: [fail('OPTIONS', 'refused')] })
    const alice = life.join({
      name: 'alice',
      core: { receiveError: (reason) => void reasons.push(reason) },
    })
    life.join({ name: 'bob' })
    alice.send(made('OPTIONS'))
    life.settle()
    expect(reasons).toEqual(['transport'])
    expect(life.now()).toBe(0)
  })
})

describe('a network', () => {
  test('can be cut and healed', () => {
    const life = call({}, 5000)
    life.network.cut('alice', 'bob')
    life.advance(1000)
    expect(seen(life, 'Received', 'bob')).toEqual(['0 INVITE'])
    life.advance(4500)
    life.network.heal()
    life.settle()
    expect(seen(life, 'Received', 'alice').slice(-1)).toEqual(['6500 200 INVITE'])
  })

  test('treats each direction by its own conditions', () => {
    const life = call({ links: { 'bob>alice': { delay: 70 } } })
    life.advance(100)
    expect(seen(life, 'Received', 'alice')).toEqual(['70 200 INVITE'])
    expect(seen(life, 'Received', 'bob')).toEqual(['0 INVITE', '70 ACK'])
  })

  test('loses what is longer than its MTU', () => {
    const life = call({ conditions: { mtu: 100 } })
    life.advance(100)
    expect(seen(life, 'Received', 'bob')).toEqual([])
  })

  test('does to one message what it did before, whatever else is sent', () => {
    const fates = (extra: boolean): readonly string[] => {
      const life = world({ seed: 3, conditions: { loss: 40, duplication: 30, jitter: 50 } })
      const alice = life.join({ name: 'alice' })
      life.join({ name: 'bob', core: answering() })
      if (extra) alice.send(made('OPTIONS', 'sip:bob@10.0.0.2', [], 1, 'another'))
      alice.send(invite())
      life.advance(4000)
      return life
        .trace()
        .observations.filter((one) => one._tag === 'Carried' && one.text.includes('call'))
        .map((one) => (one._tag === 'Carried' ? `${kind(one.text)} ${one.copy} ${one.arrivals.join()}` : ''))
        .filter((line) => line.startsWith('INVITE'))
    }
    expect(fates(true)).toEqual(fates(false))
  })
})

describe('an endpoint', () => {
  test('whose host sleeps handles everything late, and all of it', () => {
    const life = call({}, 100)
    life.advance(50)
    const [alice] = life.endpoints
    alice?.suspend(10_000)
    life.advance(10_100)
    expect(seen(life, 'Received', 'alice').slice(1)).toEqual(Array(5).fill('10050 200 INVITE'))
  })

  test('whose core throws answers 500 and says so', () => {
    const life = world()
    const alice = life.join({ name: 'alice' })
    life.join({
      name: 'bob',
      core: {
        receiveRequest: () => {
          throw new Error('a bug')
        },
      },
    })
    alice.send(made('OPTIONS'))
    life.settle()
    expect(seen(life, 'Received', 'alice')).toEqual(['0 500 OPTIONS'])
    expect(
      life.trace().observations.some((one) => one._tag === 'News' && one.news._tag === 'Diagnostic'),
    ).toBe(true)
  })

  test('has time of its own: after, and its cancellation', () => {
    const heard: number[] = []
    const life = world()
    const alice = life.join({ name: 'alice' })
    alice.after(100, () => void heard.push(life.now()))
    const cancel = alice.after(200, () => void heard.push(life.now()))
    cancel()
    life.settle()
    expect(heard).toEqual([100])
  })

  test('may be a reducer', () => {
    const life = world()
    const alice = life.join({ name: 'alice' })
    life.join<number, unknown>({
      name: 'bob',
      core: {
        start: 0,
        reducer: (count, { event }) =>
          event._tag === 'RequestReceived'
            ? [
                count + 1,
                [
                  {
                    _tag: 'SendResponse',
                    ref: count,
                    response: respond(count === 0 ? 200 : 486)(event.request),
                  },
                ],
              ]
            : [count, []],
      },
    })
    alice.send(made('OPTIONS', 'sip:bob@10.0.0.2', [], 1, 'first'))
    alice.send(made('OPTIONS', 'sip:bob@10.0.0.2', [], 1, 'second'))
    life.settle()
    expect(seen(life, 'Received', 'alice')).toEqual(['0 200 OPTIONS', '0 486 OPTIONS'])
    const wishes = life.trace().observations.filter((one) => one._tag === 'Wish' && one.who === 'bob')
    expect(wishes).toHaveLength(2)
  })

  test('resolves names by the table of its world', () => {
    const life = world({ hosts: { 'biloxi.example': ['10.0.0.2'] } })
    const alice = life.join({ name: 'alice' })
    life.join({ name: 'bob', core: answering() })
    alice.send(made('OPTIONS', 'sip:bob@biloxi.example:5060'))
    life.settle()
    expect(seen(life, 'Received', 'alice')).toEqual(['0 200 OPTIONS'])
  })
})

test('the same seed gives the same trace, another seed another', () => {
  const text = (seed: number): string => {
    const life = call({ seed, conditions: { loss: 30, duplication: 20, delay: 10, jitter: 40 } }, 300)
    life.settle()
    return JSON.stringify(life.trace())
  }
  expect(text(5)).toBe(text(5))
  expect(text(5)).not.toBe(text(6))
})

test('a world that never comes to rest is stopped', () => {
  const life = world({ record: false, limit: 2000 })
  const alice = life.join({ name: 'alice' })
  const again = (): void => void alice.after(1, again)
  again()
  expect(life.settle(1000)).toBe(false)
  expect(life.now()).toBe(1000)
  const still = (): void => void alice.after(0, still)
  still()
  expect(() => life.settle()).toThrow(RangeError)
})
