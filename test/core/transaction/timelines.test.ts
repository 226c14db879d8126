/**
 * The reference timelines: when each machine sends and gives up if nobody answers. For the RFC's values they are
 * written out; for every other T1 and T2 a plain loop says what they must be.
 */
import { describe, expect, test } from 'vitest'
import {
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
  rfc3261,
} from '../../../src/core/transaction.js'
import type { Config } from '../../../src/core/transaction.js'
import type { Reliability } from '../../../src/core/transport/flow.js'
import { simulate, type SimulateOptions } from '../../../src/testing/simulate.js'
import { row } from '../../conformance/rows.js'
import { answer, hundredText, invite, options, withTiming } from './fixtures.js'

const calling = (config: Config, on: Reliability, how?: SimulateOptions) =>
  simulate(inviteClient.reducer(config), inviteClient.start(config, invite, on), how)

const trying = (config: Config, on: Reliability, how?: SimulateOptions) =>
  simulate(nonInviteClient.reducer(config), nonInviteClient.start(config, options, on), how)

/** An INVITE server whose core refuses at once and whose client is gone. */
const refusing = (config: Config, on: Reliability, how?: SimulateOptions) => {
  const call = simulate(inviteServer.reducer(config), inviteServer.start(config, invite, on), how)
  call.send({ _tag: 'Respond', response: answer('INVITE', 486) })
  return call
}

const silent = (config: Config, on: Reliability, how?: SimulateOptions) =>
  simulate(nonInviteServer.reducer(config), nonInviteServer.start(config, options, on), how)

const guarded: Config = { ...rfc3261, profile: { ...rfc3261.profile, nonInviteGuard: true } }

describe('the RFC’s values', () => {
  row(['IC-03', 'IC-05'], 'an unanswered INVITE doubles timer A until timer B gives up', () => {
    const call = calling(rfc3261, 'unreliable')
    call.advance()
    expect(call.times('Transmit')).toEqual([0, 500, 1500, 3500, 7500, 15500, 31500])
    expect(call.times('Fail')).toEqual([32000])
  })

  row(['NC-03', 'NC-04'], 'an unanswered request repeats at most every T2 until timer F gives up', () => {
    const call = trying(rfc3261, 'unreliable')
    call.advance()
    expect(call.times('Transmit')).toEqual([
      0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500,
    ])
    expect(call.times('Fail')).toEqual([32000])
  })

  row(['NC-05', 'NC-20', 'NC-21'], 'a provisional at 600 leaves the pending E alone, then every T2', () => {
    const call = trying(rfc3261, 'unreliable')
    call.advance(600)
    call.send({ _tag: 'ResponseReceived', response: answer('OPTIONS', 100) })
    call.advance()
    expect(call.times('Transmit')).toEqual([0, 500, 1500, 5500, 9500, 13500, 17500, 21500, 25500, 29500])
    expect(call.times('Fail')).toEqual([32000])
  })

  row(['IS-18', 'IS-19'], 'a refusal without ACK repeats at most every T2 until timer H gives up', () => {
    const call = refusing(rfc3261, 'unreliable')
    call.advance()
    expect(call.times('Transmit')).toEqual([
      0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500,
    ])
    expect(call.times('Fail')).toEqual([32000])
  })

  row(['IC-02', 'NC-02', 'IS-10'], 'over a reliable transport everything is sent once', () => {
    for (const machine of [calling, trying, refusing]) {
      const call = machine(rfc3261, 'reliable')
      call.advance()
      expect(call.times('Transmit')).toEqual([0])
      expect(call.times('Fail')).toEqual([32000])
    }
  })

  row(['NS-06', 'NS-41'], 'a silent core: 100 at 3500, the guard at 32000, no final', () => {
    for (const on of ['unreliable', 'reliable'] as const) {
      const call = silent(guarded, on)
      call.advance()
      expect(call.times('Transmit')).toEqual([3500])
      expect(call.effects.find(({ effect }) => effect._tag === 'Transmit')?.effect).toEqual({
        _tag: 'Transmit',
        bytes: hundredText('OPTIONS', '3.500'),
      })
      expect(call.times('Fail')).toEqual([32000])
    }
  })

  row('NS-11', 'where timer E never reaches T2 there is no 100: the guard ends it in Trying', () => {
    const call = silent(withTiming({ t2: 100_000 }, guarded), 'unreliable')
    call.advance()
    expect(call.times('Transmit')).toEqual([])
    expect(call.times('Fail')).toEqual([32000])
    expect(call.times('StartTimer')).toHaveLength(1)
  })

  row(['IS-02', 'IS-15'], 'a silent core: 100 at 200, the guard once, then it waits', () => {
    const config = withTiming({ guard: 180_000 })
    const call = simulate(inviteServer.reducer(config), inviteServer.start(config, invite, 'unreliable'))
    call.advance()
    expect(call.times('Transmit')).toEqual([200])
    expect(call.times('Fail')).toEqual([180_000])
    expect(call.state._tag).toBe('Proceeding')
  })

  row(['IS-01', 'IS-15'], 'a guard of 1 ms is a guard, of 0 none', () => {
    const guardAfter = (guard: number) => {
      const config = withTiming({ guard })
      const call = simulate(inviteServer.reducer(config), inviteServer.start(config, invite, 'reliable'))
      call.advance()
      return call.times('Fail')
    }
    expect(guardAfter(1)).toEqual([1])
    expect(guardAfter(0)).toEqual([])
  })

  row('IC-52', 'in Proceeding nothing is sent, however long it rings', () => {
    const call = calling(rfc3261, 'unreliable')
    call.send({ _tag: 'ResponseReceived', response: answer('INVITE', 180) })
    call.advance(3_600_000)
    expect(call.times('Transmit')).toEqual([0])
    expect(call.running.size).toBe(0)
  })

  row(['IC-09', 'IC-33'], 'Completed lasts 32 s, and 64·T1 where that is longer', () => {
    for (const [t1, d] of [
      [100, 32_000],
      [500, 32_000],
      [1000, 64_000],
    ] as const) {
      const call = calling(withTiming({ t1 }), 'unreliable')
      call.send({ _tag: 'ResponseReceived', response: answer('INVITE', 486) })
      call.advance()
      expect(call.times('Ended')).toEqual([d])
    }
  })
})

interface Timeline {
  readonly name: string
  readonly run: typeof calling | typeof trying | typeof refusing
  readonly capped: boolean
}

const timelines: readonly Timeline[] = [
  { name: 'INVITE client', run: calling, capped: false },
  { name: 'non-INVITE client', run: trying, capped: true },
  { name: 'INVITE server', run: refusing, capped: true },
]

/** Every send before 64·T1: intervals from T1, doubling up to `cap`. */
const series = (t1: number, cap: number): readonly number[] => {
  const instants = [0]
  let interval = t1
  for (let at = interval; at < 64 * t1; at += interval) {
    instants.push(at)
    interval = Math.min(2 * interval, cap)
  }
  return instants
}

const timings = [100, 500, 1000].flatMap((t1) => [t1, 4000, 65 * t1].map((t2) => ({ t1, t2 })))

describe.each(timings)('T1 = $t1, T2 = $t2', ({ t1, t2 }) => {
  const config = withTiming({ t1, t2 })
  const end = 64 * t1

  describe.each(timelines)('$name', ({ run, capped }) => {
    const sends = series(t1, capped ? t2 : Number.POSITIVE_INFINITY)

    test('in time', () => {
      const call = run(config, 'unreliable')
      call.advance()
      expect(call.times('Transmit')).toEqual(sends)
      expect(call.times('Fail')).toEqual([end])
      expect(call.times('Ended')).toEqual([end])
    })

    test('Z-4: each firing 10 ms late does not stretch it', () => {
      const call = run(config, 'unreliable', { late: 10 })
      call.advance()
      expect(call.times('Transmit')).toEqual(sends.map((at) => (at === 0 ? 0 : at + 10)))
      expect(call.times('Fail')).toEqual([end + 10])
    })

    test('Z-5: a host asleep for 10 s sends at most once when it wakes, and then as planned', () => {
      for (const from of [0, t1 - 1, t1, 3 * t1, 20 * t1 + 1, end - 10_000, end - 1].filter(
        (at) => at >= 0,
      )) {
        const woken = from + 10_000
        const call = run(config, 'unreliable')
        call.advance(from)
        call.suspend(10_000)
        call.advance()
        const missed = sends.some((at) => at > from && at <= woken) && woken < end
        expect(call.times('Transmit')).toEqual([
          ...sends.filter((at) => at <= from),
          ...(missed ? [woken] : []),
          ...sends.filter((at) => at > woken),
        ])
        expect(call.times('Fail')).toEqual([Math.max(end, woken)])
      }
    })

    test('in reverse order: nothing but a send at the last instant may be added, and the end is the same', () => {
      const call = run(config, 'unreliable', { order: 'reverse' })
      call.advance()
      expect(call.times('Transmit').filter((at) => at !== end)).toEqual(sends)
      expect(call.times('Fail')).toEqual([end])
      expect(call.state._tag).toBe('Terminated')
    })

    test('asleep and in reverse order: the end is the same', () => {
      const call = run(config, 'unreliable', { order: 'reverse' })
      call.advance(3 * t1)
      call.suspend(end)
      call.advance()
      expect(call.times('Fail')).toEqual([end + 3 * t1])
      expect(call.running.size).toBe(0)
    })

    test('each firing twice: the same', () => {
      const call = run(config, 'unreliable', { deliveries: 2 })
      call.advance()
      expect(call.times('Transmit')).toEqual(sends)
      expect(call.times('Fail')).toEqual([end])
      expect(call.times('Diagnostic')).toEqual([end])
    })

    test('reliable: once', () => {
      const call = run(config, 'reliable', { deliveries: 2, order: 'reverse' })
      call.advance()
      expect(call.times('Transmit')).toEqual([0])
      expect(call.times('Fail')).toEqual([end])
    })
  })

  test('non-INVITE client: after a provisional every T2', () => {
    for (const at of [0, t1, 2 * t1, 5 * t1]) {
      const call = trying(config, 'unreliable')
      call.advance(at)
      call.send({ _tag: 'ResponseReceived', response: answer('OPTIONS', 100) })
      const before = call.times('Transmit')
      const pending = call.running.get('E') ?? 0
      call.advance()
      const after = Array.from({ length: 64 }, (_, n) => pending + n * t2).filter((due) => due < end)
      expect(call.times('Transmit')).toEqual([...before, ...after])
      expect(call.times('Fail')).toEqual([end])
    }
  })

  test('non-INVITE server: 100 when timer E takes the value T2, if ever', () => {
    const call = silent(withTiming({ t1, t2 }, guarded), 'unreliable', { deliveries: 2 })
    call.advance()
    expect(call.times('Transmit')).toEqual(whenCapped(t1, t2))
    expect(call.times('Fail')).toEqual([end])
  })
})

/** Follows timer E of a client until it is set to T2, at least once, or the client gives up. */
const whenCapped = (t1: number, t2: number): readonly number[] => {
  let interval = t1
  for (let at = t1; at <= 64 * t1; at += interval) {
    interval = Math.min(2 * interval, t2)
    if (interval === t2) return [at]
  }
  return []
}
