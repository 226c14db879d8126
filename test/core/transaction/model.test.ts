/** The reference model beside the real machines: the same box and the same effects, whatever happens. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Reducer } from '../../../src/core/reducer.js'
import type { Effect } from '../../../src/core/transaction/types.js'
import { born, happen, type Life, lives, runs } from './arbitraries.js'
import { ackText, hundredText } from './fixtures.js'
import { allMachines, type Machine, type MachineEvent, type State } from './machines.js'
import { begin, type Make, type Memory, step } from './model.js'

const make: Make = {
  ack: ({ text }) => ackText(/^To:.*;tag=(\w+)/m.exec(text)?.[1]),
  hundred: ({ method }, ms) => hundredText(method, (ms / 1000).toFixed(3)),
}

/** Runs both through a life and compares after each event, timers included. */
const compare = (machine: Machine, life: Life): void => {
  const { config, on } = life
  const real = machine.reducer(config)
  const [first, effects] = begin(machine.name, machine.request, on, config, make)
  let memory: Memory = first
  const both: Reducer<State, MachineEvent, Effect> = (state, event) => {
    const answer = real(state, event)
    const [next, expected] = step(memory, event, config, make)
    memory = next
    expect(answer[0]._tag).toBe(memory.box)
    expect(answer[1]).toEqual(expected)
    return answer
  }
  const call = born(machine, life, both)
  expect(call.effects.map(({ effect }) => effect)).toEqual(effects)
  for (const happening of life.happenings) {
    happen(call, happening)
    expect(new Set(call.running.keys())).toEqual(new Set(memory.running))
  }
}

test.each(allMachines.map((machine, n) => ({ machine, name: machine.name, seed: n + 1 })))(
  '$name never disagrees with the model',
  ({ machine, seed }) => {
    fc.assert(
      fc.property(lives(machine, 20), (life) => compare(machine, life)),
      runs(seed),
    )
  },
)
