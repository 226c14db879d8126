/** What holds of the machines whatever happens to them: section by section the properties of the scenario list. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Effect } from '../../../src/core/transaction/types.js'
import { deepFreeze } from '../../../src/testing/freeze.js'
import { born, type Call, happen, type Happening, live, type Life, lives, runs } from './arbitraries.js'
import { ackRequest, answer } from './fixtures.js'
import { allMachines, allTimers, type Machine, type MachineEvent, machines } from './machines.js'

const tagged = <T extends Effect['_tag']>(call: Call, tag: T): readonly Extract<Effect, { _tag: T }>[] =>
  call.effects.flatMap(({ effect }) => (effect._tag === tag ? [effect as Extract<Effect, { _tag: T }>] : []))

const sent = (call: Call): readonly string[] => tagged(call, 'Transmit').map(({ bytes }) => bytes)

const finals = (call: Call): readonly number[] =>
  tagged(call, 'Deliver').flatMap(({ message }) =>
    message._tag === 'Response' && message.status >= 200 ? [message.status] : [],
  )

const each = allMachines.map((machine, n) => ({ machine, name: machine.name, seed: 10 * (n + 1) }))

/** Checks something before and after every happening of a life. */
const stepping = (
  machine: Machine,
  life: Life,
  check: (call: Call, happening: Happening, go: () => void) => void,
): Call => {
  const call = born(machine, life)
  for (const happening of life.happenings) check(call, happening, () => happen(call, happening))
  return call
}

/** Order of the effects of one step. */
const ranks: Readonly<Record<Effect['_tag'], number>> = {
  StopTimer: 0,
  Transmit: 1,
  StartTimer: 2,
  Deliver: 3,
  Fail: 3,
  Ended: 4,
  Diagnostic: 5,
}

describe.each(each)('$name', ({ machine, seed }) => {
  const holds = (check: (life: Life) => void, arbitrary = lives(machine)): void =>
    fc.assert(fc.property(arbitrary, check), runs(seed))

  test('1: nothing throws, and every state is its own JSON', () => {
    holds((life) => {
      stepping(machine, life, (call, _, go) => {
        go()
        expect(JSON.parse(JSON.stringify(call.state))).toEqual(call.state)
      })
    })
  })

  test('2: in Terminated no timer runs and nothing is sent any more', () => {
    holds((life) => {
      stepping(machine, life, (call, _, go) => {
        const over = call.state._tag === 'Terminated'
        const before = call.effects.length
        if (over) expect(call.running.size).toBe(0)
        go()
        if (over)
          expect(call.effects.slice(before).every(({ effect }) => effect._tag === 'Diagnostic')).toBe(true)
        expect(call.times('Ended')).toHaveLength(call.state._tag === 'Terminated' ? 1 : 0)
      })
    })
  })

  test('6: over a reliable transport a request is sent once, and nothing is ever repeated by a timer', () => {
    holds((life) => {
      const call = live(machine, { ...life, on: 'reliable' })
      if (machine.side === 'client')
        expect(sent(call).filter((bytes) => bytes === machine.request.text)).toHaveLength(1)
      const started = tagged(call, 'StartTimer').map(({ timer }) => timer)
      expect(started.filter((timer) => 'AEGDIJK'.includes(timer))).toEqual([])
    })
  })

  test('7: once its user answers and its timers are delivered, it ends in time', () => {
    holds((life) => {
      const call = live(machine, life)
      const { t1, d, t4 } = life.config.timing
      const limit = 64 * t1 + Math.max(d, 64 * t1, t4) + 10
      const from = call.now
      if (call.state._tag === 'Proceeding' || call.state._tag === 'Trying')
        call.send(
          machine.side === 'server'
            ? { _tag: 'Respond', response: answer(machine.method, 486) }
            : { _tag: 'ResponseReceived', response: answer(machine.method, 486) },
        )
      call.advance()
      expect(call.state._tag).toBe('Terminated')
      expect(call.now - from).toBeLessThanOrEqual(limit)
    })
  })

  test('8: a timer that a state does not run leaves the very same state', () => {
    holds((life) => {
      const call = live(machine, life)
      const reducer = machine.reducer(life.config)
      for (const timer of allTimers.filter((timer) => !call.running.has(timer))) {
        const [next, effects] = reducer(call.state, deepFreeze({ _tag: 'TimerFired', timer, late: 0 }))
        expect(next).toBe(call.state)
        expect(effects).toEqual([{ _tag: 'Diagnostic', ignored: 'stale-timer', row: 'Z-1' }])
      }
    })
  })

  test('9: what the network delivers twice tells the user nothing new but provisionals, and after a 2xx its like', () => {
    holds((life) => {
      stepping(machine, life, (call, happening, go) => {
        go()
        if (happening._tag !== 'Event' || !fromNetwork(happening.event)) return
        const again = call.send(happening.event).filter(({ _tag }) => _tag === 'Deliver' || _tag === 'Fail')
        const { event } = happening
        const allowed =
          event._tag === 'ResponseReceived'
            ? event.response.status < 200 || (call.state._tag === 'Accepted' && event.response.status < 300)
            : event._tag === 'AckReceived' && call.state._tag === 'Accepted'
        if (!allowed) expect(again).toEqual([])
      })
    })
  })

  test('the effects of a step stand in the order of the contract', () => {
    holds((life) => {
      stepping(machine, life, (call, happening) => {
        if (happening._tag !== 'Event') {
          happen(call, happening)
          return
        }
        const order = call.send(happening.event).map(({ _tag }) => ranks[_tag])
        expect(order).toEqual([...order].sort((a, b) => a - b))
      })
    })
  })

  test('only timers that run are stopped, and none is started twice', () => {
    holds((life) => {
      stepping(machine, life, (call, happening) => {
        if (happening._tag !== 'Event') {
          happen(call, happening)
          return
        }
        const { event } = happening
        const running = new Set(call.running.keys())
        if (event._tag === 'TimerFired') running.delete(event.timer)
        for (const effect of call.send(event)) {
          if (effect._tag === 'StopTimer') expect(running.delete(effect.timer)).toBe(true)
          if (effect._tag === 'StartTimer') {
            expect(running.has(effect.timer)).toBe(false)
            expect(effect.delay).toBeGreaterThan(0)
            running.add(effect.timer)
          }
        }
      })
    })
  })
})

const fromNetwork = ({ _tag }: MachineEvent): boolean =>
  _tag === 'ResponseReceived' || _tag === 'RequestReceived' || _tag === 'AckReceived'

describe('INVITE client', () => {
  const machine = machines['invite-client']

  test('3: at most one final unless the first was a 2xx, and never both a final and a timeout', () => {
    fc.assert(
      fc.property(lives(machine, 20), (life) => {
        const call = live(machine, life)
        call.advance()
        const heard = finals(call)
        if (heard.some((status) => status >= 300)) expect(heard).toHaveLength(1)
        const timeouts = tagged(call, 'Fail').filter(({ reason }) => reason === 'timeout')
        expect(timeouts.length + Math.min(heard.length, 1)).toBeLessThanOrEqual(1)
      }),
      runs(101),
    )
  })

  test('4: one ACK for every 300-699 until it ends, none for a 2xx', () => {
    fc.assert(
      fc.property(lives(machine, 20), (life) => {
        let expected = 0
        const call = stepping(machine, life, (at, happening, go) => {
          const refused =
            happening._tag === 'Event' &&
            happening.event._tag === 'ResponseReceived' &&
            happening.event.response.status >= 300
          if (refused && ['Calling', 'Proceeding', 'Completed'].includes(at.state._tag)) expected++
          go()
        })
        expect(sent(call).filter((bytes) => bytes.startsWith('ACK '))).toHaveLength(expected)
      }),
      runs(102),
    )
  })

  test('9: in whatever order responses come, the user hears one final, or 2xx only', () => {
    fc.assert(
      fc.property(
        lives(machine, 8, ({ _tag }) => _tag === 'ResponseReceived'),
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        (life, keys) => {
          const shuffled = life.happenings
            .map((happening, n) => ({ happening, key: keys[n] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ happening }) => happening)
          const heard = finals(live(machine, { ...life, happenings: shuffled }))
          expect(heard.every((status) => status < 300) || heard.length === 1).toBe(true)
        },
      ),
      runs(103),
    )
  })
})

test('9: non-INVITE client: in whatever order responses come, the user hears one final', () => {
  const machine = machines['non-invite-client']
  fc.assert(
    fc.property(
      lives(machine, 12, ({ _tag }) => _tag === 'ResponseReceived'),
      (life) => {
        expect(finals(live(machine, life)).length).toBeLessThanOrEqual(1)
      },
    ),
    runs(104),
  )
})

test('5: INVITE server: after the first final nothing goes out but that final, or 2xx of its user', () => {
  const machine = machines['invite-server']
  fc.assert(
    fc.property(lives(machine, 20), (life) => {
      const said = life.happenings.flatMap((happening) =>
        happening._tag === 'Event' && happening.event._tag === 'Respond' ? [happening.event.response] : [],
      )
      const call = born(machine, life)
      let completed: string | undefined
      for (const happening of life.happenings) {
        const before = sent(call).length
        const { state } = call
        happen(call, happening)
        const now = sent(call).slice(before)
        if (state._tag === 'Completed') expect(now.filter((bytes) => bytes !== completed)).toEqual([])
        if (state._tag === 'Accepted')
          for (const bytes of now)
            expect(said.some(({ status, text }) => status >= 200 && status < 300 && text === bytes)).toBe(
              true,
            )
        if (state._tag === 'Proceeding' && call.state._tag === 'Completed') completed = now.at(-1)
      }
    }),
    runs(105),
  )
})

test('an ACK is never answered', () => {
  for (const name of ['invite-server', 'non-invite-server'] as const)
    fc.assert(
      fc.property(lives(machines[name]), (life) => {
        const effects = live(machines[name], life).send({ _tag: 'AckReceived', request: ackRequest })
        expect(effects.filter(({ _tag }) => _tag === 'Transmit')).toEqual([])
      }),
      runs(106),
    )
})
