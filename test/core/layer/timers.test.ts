/** Timers between the machines and the shell: rows Z. */
import { describe, expect, test } from 'vitest'
import type { TimerId } from '../../../src/core/events.js'
import { timerQueue } from '../../../src/core/runtime/timer-queue.js'
import { rfc3261 } from '../../../src/core/transaction/types.js'
import { stackAlone } from '../../../src/core/user-agent/user-agent.js'
import { row } from '../../conformance/rows.js'
import { bench, benchOf, configOf, tcp } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

/** The timers that were started, newest last. */
const started = (on: ReturnType<typeof bench>): readonly { id: TimerId; generation: number; due: number }[] =>
  on.log.flatMap(({ output }) => (output._tag === 'StartTimer' ? [output] : []))

const fired = ({ id, generation }: { id: TimerId; generation: number }) =>
  ({ _tag: 'TimerFired', id, generation }) as const

const stale = ['diagnostic stale-timer Z-1']

describe('one timer', () => {
  row('Z-1', 'a firing of another start than the one that runs changes nothing', () => {
    const on = bench()
    on.send(outgoing({ method: 'OPTIONS' }))
    const [first] = started(on)
    expect(on.advance(500)).toEqual(['500 transmit OPTIONS to 192.0.2.9:5060', '500 start E 1000'])
    const before = on.state()
    expect(on.brief(fired(first!))).toEqual(stale)
    expect(on.brief(fired({ ...first!, generation: 99 }))).toEqual(stale)
    expect(on.state()).toBe(before)
  })

  row('Z-1', 'nor does one of a transaction that is gone, whatever its state was', () => {
    const on = bench()
    on.send(outgoing())
    const timers = started(on)
    on.advance(32_000)
    expect(on.transactions()).toEqual([])
    const before = on.state()
    for (const timer of timers) expect(on.brief(fired(timer))).toEqual(stale)
    expect(on.state()).toBe(before)
  })

  row('Z-2', 'to stop what does not run is no error, and nobody is told to', () => {
    const on = bench()
    on.receive(requestText())
    on.advance(200) // Trying fired: the 180 has nothing to stop
    expect(on.respond(responseTo(requestOf(), 180))).toEqual([
      'transmit 180 INVITE to 192.0.2.9:5060',
      'accepted',
    ])
    expect(on.brief({ _tag: 'Forget', ref: 'never started' })).toEqual([])
  })

  row('Z-4', 'every firing 10 ms late: the series stays where it was, 32 s remain 32 s', () => {
    const on = bench()
    on.send(outgoing())
    const times: number[] = []
    const deadline = () => Math.min(...dues(on))
    for (let due = deadline(); Number.isFinite(due); due = deadline()) {
      on.suspend(due + 10 - on.now())
      times.push(due)
      on.advance(0)
    }
    expect(times).toEqual([500, 1500, 3500, 7500, 15_500, 31_500, 32_000])
    expect(on.sent()).toHaveLength(7)
  })

  row('Z-6', 'the wall clock jumps: nothing changes', () => {
    const run = (wall: number) => {
      const machine = stackAlone(configOf())
      const on = benchOf({
        ...machine,
        reducer: (state, input) => machine.reducer(state, { ...input, wall: input.at > 4000 ? wall : 0 }),
      })
      on.send(outgoing())
      return on.advance(40_000)
    }
    expect(run(0)).toHaveLength(15)
    expect(run(3_600_000)).toEqual(run(0))
    expect(run(-3_600_000)).toEqual(run(0))
  })

  row('Z-9', 'a deadline far beyond what setTimeout can hold stays what it is', () => {
    const queue = timerQueue<string>()
    const far = 2 ** 31 + 5
    queue.start('far', 1, far)
    expect(queue.take(2 ** 31 - 1)).toBeUndefined()
    expect(queue.due()).toBe(far)
    expect(queue.take(far)).toEqual({ id: 'far', generation: 1 })
    const on = bench()
    on.brief({ _tag: 'After', ref: 'far', ms: far })
    expect(on.advance(far - 1)).toEqual([])
    expect(on.advance(1)).toEqual([`${far} elapsed far`])
  })
})

const dues = (on: ReturnType<typeof bench>): readonly number[] =>
  on.transactions().flatMap((line) => [...line.matchAll(/@(\d+)/g)].map(([, due]) => Number(due)))

describe('several timers', () => {
  row('Z-3', 'the host slept: timeouts go first, and no burst of retransmissions', () => {
    const on = bench()
    on.send(outgoing())
    on.send(outgoing({ method: 'OPTIONS', callId: 'c2' }))
    on.receive(requestText({ callId: 'c3' }))
    on.respond(responseTo(requestOf({ callId: 'c3' }), 486))
    const before = on.sent().length
    on.suspend(100_000)
    const said = on.advance(0).map((line) => line.replace('100000 ', ''))
    expect(said.filter((line) => !line.startsWith('stop'))).toEqual([
      ...['error timeout', 'ended'],
      ...['error timeout', 'ended'],
      ...['error timeout', 'ended'],
    ])
    expect(on.sent()).toHaveLength(before)
    expect(on.transactions()).toEqual([])
  })

  row('Z-3', 'whichever firing comes first, every timer of that transaction due by now is taken', () => {
    const run = (which: 'A' | 'B') => {
      const on = bench()
      on.send(outgoing())
      const timers = started(on)
      on.suspend(40_000)
      const said = on.brief(fired(timers.find(({ id }) => id._tag === 'Transaction' && id.timer === which)!))
      expect(on.transactions()).toEqual([])
      return said
    }
    expect(run('A')).toEqual(['stop B', 'error timeout', 'ended'])
    expect(run('B')).toEqual(['stop A', 'error timeout', 'ended'])
  })

  row(
    'Z-5',
    'one retransmission for all the instants that were missed; the next is of the original series',
    () => {
      const on = bench()
      on.send(outgoing())
      on.suspend(10_000)
      expect(on.advance(0)).toEqual(['10000 transmit INVITE to 192.0.2.9:5060', '10000 start A 5500'])
      expect(on.transactions()).toEqual(['invite-client Calling A@15500 B@32000'])
    },
  )

  row('Z-5', 'an interval that is capped keeps its beat through the missed instants', () => {
    const on = bench()
    on.send(outgoing({ method: 'OPTIONS' }))
    on.suspend(20_000)
    expect(on.advance(0)).toEqual(['20000 transmit OPTIONS to 192.0.2.9:5060', '20000 start E 3500'])
    expect(on.transactions()).toEqual(['non-invite-client Trying E@23500 F@32000'])
  })

  row('Z-7', 'who ends stops every timer of his in the same step', () => {
    const on = bench({ config: { ...rfc3261, timing: { ...rfc3261.timing, guard: 60_000 } } })
    on.receive(requestText())
    const { key } = on.log.flatMap(({ output }) => (output._tag === 'RequestReceived' ? [output] : []))[0]!
    if (key._tag === 'None') throw new Error('a key expected')
    expect(on.brief({ _tag: 'Terminate', key: key.value })).toEqual([
      'stop Trying',
      'stop Guard',
      'ended',
      'diagnostic aborted IS-16',
    ])
    expect(on.advance(100_000)).toEqual([])
  })

  row('Z-8', 'timers of no length are passed through in the same step: send, deliver, ended', () => {
    const on = bench()
    on.connect(tcp)
    on.send(outgoing(), { target: tcp })
    const left = read(on.sent()[0]!)
    if (left._tag !== 'Request') throw new Error('a request expected')
    expect(on.receive(responseTo(left, 603, { toTag: 'b' }).text, tcp)).toEqual([
      'stop B',
      'transmit ACK to 192.0.2.9:40001',
      'response 603',
      'ended',
    ])
    expect(on.transactions()).toEqual([])
  })
})

test('no timer outlives its transaction, over a call with everything in it', () => {
  const on = bench()
  on.receive(requestText())
  on.respond(responseTo(requestOf(), 180))
  on.receive(requestText({ method: 'CANCEL' }))
  on.respond(responseTo(requestOf({ method: 'CANCEL' }), 200))
  on.respond(responseTo(requestOf(), 487))
  on.receive(ackTo({}, 'x'))
  on.send(outgoing({ callId: 'out' }))
  on.advance(64_000)
  expect(on.transactions()).toEqual([])
  const running = new Map(started(on).map(({ generation }) => [generation, true]))
  for (const { output } of on.log) if (output._tag === 'StopTimer') running.delete(output.generation)
  for (const { event } of on.inputs) if (event._tag === 'TimerFired') running.delete(event.generation)
  expect([...running.keys()]).toEqual([])
})
