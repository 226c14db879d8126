/** Two stacks on arbitrary networks, with sensible applications and with mad ones: every invariant holds. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { behave } from '../../src/testing/behaviour.js'
import { behaviour, sensible } from '../../src/testing/fast-check/behaviour.js'
import { network } from '../../src/testing/fast-check/network.js'
import { assertHolds, breaches, invariants, stackInvariants } from '../../src/testing/invariants.js'
import { world } from '../../src/testing/world.js'
import { answering, invite, made } from './calls.js'

const runs = { seed: 42, numRuns: Number(process.env['SIPPET_RUNS'] ?? 100) } as const

describe('every invariant holds', () => {
  test('of a plain call', () => {
    const life = world()
    const alice = life.join({ name: 'alice' })
    life.join({ name: 'bob', core: answering(1000) })
    alice.send(invite())
    life.settle()
    expect(breaches(life.trace(), invariants({ rested: true }))).toEqual([])
  })

  test('between sensible applications on any network', () => {
    fc.assert(
      fc.property(network(), sensible(), fc.constantFrom('INVITE', 'OPTIONS'), (net, how, method) => {
        const life = world(net)
        const alice = life.join({ name: 'alice' })
        life.join({ name: 'bob', core: behave(how) })
        alice.send(method === 'INVITE' ? invite() : made(method))
        life.settle()
        const promises = invariants({ rested: true }).filter(({ name }) => name !== 'no-misuse')
        assertHolds(life.trace(), promises)
      }),
      runs,
    )
  })

  test('of the stack, whatever its application does', () => {
    fc.assert(
      fc.property(network(), behaviour(), fc.constantFrom('INVITE', 'OPTIONS'), (net, how, method) => {
        const life = world(net)
        const alice = life.join({ name: 'alice' })
        life.join({ name: 'bob', core: behave(how) })
        alice.send(method === 'INVITE' ? invite() : made(method))
        life.settle() // whether anything is left depends on an application that may never answer
        assertHolds(life.trace(), stackInvariants())
      }),
      runs,
    )
  })
})
