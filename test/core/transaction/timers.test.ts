/** The rules of the timer engine (Z) as far as the machines bear them. */
import { expect } from 'vitest'
import { rfc3261 } from '../../../src/core/transaction/types.js'
import type { Config, Effect } from '../../../src/core/transaction/types.js'
import { deepFreeze } from '../../../src/testing/freeze.js'
import { simulate } from '../../../src/testing/simulate.js'
import { row } from '../../conformance/rows.js'
import { ackRequest, answer, withTiming } from './fixtures.js'
import {
  allMachines,
  allTimers,
  machines,
  reliabilities,
  type Machine,
  type MachineEvent,
} from './machines.js'

const guarded: Config = withTiming(
  { guard: 180_000 },
  { ...rfc3261, profile: { ...rfc3261.profile, nonInviteGuard: true } },
)

/** Timer E of a client never reaches this T2, so a non-INVITE server has no 100 to wait for. */
const uncapped: Config = withTiming({ t2: 65 * rfc3261.timing.t1 })

/** Events that lead each machine through all its boxes, one path after the other; `wait` lets the next timer fire. */
const paths = ({ name, method }: Machine): readonly (readonly (MachineEvent | 'wait')[])[] => {
  const heard = (status: number): MachineEvent => ({
    _tag: 'ResponseReceived',
    response: answer(method, status),
  })
  const said = (status: number): MachineEvent => ({ _tag: 'Respond', response: answer(method, status) })
  switch (name) {
    case 'invite-client':
      return [[heard(180), heard(200)], [heard(486)], [{ _tag: 'Abort' }]]
    case 'non-invite-client':
      return [[heard(100), heard(200)], [{ _tag: 'Abort' }]]
    case 'invite-server':
      return [
        [said(180), said(486), { _tag: 'AckReceived', request: ackRequest }],
        [said(200)],
        [{ _tag: 'Abort' }],
      ]
    case 'non-invite-server':
      return [['wait', said(200)], [said(408)]]
  }
}

/** A simulation of `machine` for every prefix of its paths: every state with the timers that run in it. */
const everywhere = (machine: Machine, config: Config) =>
  reliabilities.flatMap((on) =>
    paths(machine).flatMap((path) =>
      Array.from({ length: path.length + 1 }, (_, n) => {
        const call = simulate(machine.reducer(config), machine.start(config, machine.request, on))
        for (const event of path.slice(0, n))
          if (event === 'wait') call.advance(call.next)
          else call.send(event)
        return call
      }),
    ),
  )

row('Z-1', 'a timer that does not run changes nothing, in every state of every machine', () => {
  for (const config of [rfc3261, guarded, uncapped])
    for (const machine of allMachines)
      for (const { state, running } of everywhere(machine, config))
        for (const timer of allTimers.filter((timer) => !running.has(timer))) {
          const [next, effects] = machine.reducer(config)(state, { _tag: 'TimerFired', timer, late: 0 })
          const where = `${machine.name} ${state._tag} ${timer}`
          expect(next, where).toBe(state)
          expect(effects, where).toEqual([{ _tag: 'Diagnostic', ignored: 'stale-timer', row: 'Z-1' }])
        }
})

row(
  'Z-3',
  'of several timers due at once the one that ends the transaction goes first: no burst on waking',
  () => {
    for (const machine of allMachines.filter(({ side }) => side === 'client')) {
      const call = simulate(machine.reducer(rfc3261), machine.start(rfc3261, machine.request, 'unreliable'))
      call.advance(31_000)
      const before = call.times('Transmit').length
      call.suspend(10_000)
      expect(call.times('Transmit')).toHaveLength(before)
      expect(call.times('Fail')).toEqual([41_000])
    }
  },
)

row('Z-7', 'a transaction that ends has stopped every timer of its own in that step, and no other', () => {
  for (const config of [rfc3261, guarded, uncapped])
    for (const machine of allMachines)
      for (const call of everywhere(machine, config)) {
        const stopped = call.state._tag === 'Terminated'
        if (stopped) expect([...call.running], machine.name).toEqual([])
        const named = (tag: Effect['_tag']) =>
          call.effects.flatMap(({ effect }) =>
            effect._tag === tag && 'timer' in effect ? [effect.timer] : [],
          )
        const started = named('StartTimer')
        expect(
          named('StopTimer').filter((timer) => !started.includes(timer)),
          machine.name,
        ).toEqual([])
        expect(call.times('Ended'), machine.name).toHaveLength(stopped ? 1 : 0)
      }
})

row('Z-8', 'zero timers are not started: send, deliver and end happen in one step, in that order', () => {
  const last = (
    name: keyof typeof machines,
    ...events: readonly MachineEvent[]
  ): readonly Effect['_tag'][] => {
    const { reducer, start, request } = machines[name]
    const call = simulate(reducer(rfc3261), start(rfc3261, request, 'reliable'))
    const steps = events.map((event) => call.send(deepFreeze(event)))
    expect(call.state._tag).toBe('Terminated')
    expect(call.running.size).toBe(0)
    return steps.at(-1)?.map(({ _tag }) => _tag) ?? []
  }
  const heard = (method: string): MachineEvent => ({
    _tag: 'ResponseReceived',
    response: answer(method, 486),
  })
  const said = (method: string): MachineEvent => ({ _tag: 'Respond', response: answer(method, 486) })
  expect(last('invite-client', heard('INVITE'))).toEqual(['StopTimer', 'Transmit', 'Deliver', 'Ended'])
  expect(last('non-invite-client', heard('OPTIONS'))).toEqual(['StopTimer', 'Deliver', 'Ended'])
  expect(last('invite-server', said('INVITE'), { _tag: 'AckReceived', request: ackRequest })).toEqual([
    'StopTimer',
    'Ended',
  ])
  expect(last('non-invite-server', said('OPTIONS'))).toEqual(['StopTimer', 'Transmit', 'Ended'])
})
