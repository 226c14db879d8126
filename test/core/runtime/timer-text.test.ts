import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TimerId } from '../../../src/core/events.js'
import { timerText } from '../../../src/core/runtime/timer-text.js'

test('the timer of a transaction comes back from its text as it was', () => {
  const timer = fc.constantFrom('A' as const, 'J' as const, 'Trying' as const, 'N100' as const)
  const transaction = fc.string({ unit: fc.constantFrom('a', ' ', '|', '\r\n', 'ÿ') })
  fc.assert(
    fc.property(timer, transaction, (letter, id) => {
      const one: TimerId = { _tag: 'Transaction', transaction: id, timer: letter }
      expect(timerText.idOf(timerText.textOf(one) ?? '')).toStrictEqual(one)
    }),
    { seed: 1 },
  )
})

test('all other timers have none', () => {
  const others: readonly TimerId[] = [
    { _tag: 'Application', ref: 'a' },
    { _tag: 'Pending', transaction: 'a' },
    { _tag: 'Flow', flow: 1 },
  ]
  for (const id of others) expect(timerText.textOf(id)).toBeUndefined()
})
