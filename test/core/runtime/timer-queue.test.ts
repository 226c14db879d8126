import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timerQueue } from '../../../src/core/runtime/timer-queue.js'

test('takes timers in the order of their deadlines, equal ones as they started', () => {
  const queue = timerQueue<string>()
  queue.start('late', 1, 500)
  queue.start('soon', 2, 100)
  queue.start('later', 3, 500)
  expect(queue.due()).toBe(100)
  expect(queue.take(99)).toBeUndefined()
  expect(queue.take(1000)).toEqual({ id: 'soon', generation: 2 })
  expect(queue.take(1000)).toEqual({ id: 'late', generation: 1 })
  expect(queue.take(1000)).toEqual({ id: 'later', generation: 3 })
  expect(queue.take(1000)).toBeUndefined()
  expect(queue.due()).toBeUndefined()
})

test('a stopped timer never comes, and stopping one that is gone is no error', () => {
  const queue = timerQueue<string>()
  queue.start('a', 1, 10)
  queue.start('b', 2, 20)
  queue.stop(1)
  queue.stop(1)
  queue.stop(7)
  expect(queue.size()).toBe(1)
  expect(queue.due()).toBe(20)
  expect(queue.take(30)?.id).toBe('b')
  expect(queue.size()).toBe(0)
})

const action = fc.oneof(
  fc.record({ _tag: fc.constant('start' as const), due: fc.nat(50) }),
  fc.record({ _tag: fc.constant('stop' as const), which: fc.nat(100) }),
  fc.record({ _tag: fc.constant('take' as const), now: fc.nat(60) }),
)

test('does what a sorted list does', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const queue = timerQueue<number>()
      let model: { readonly generation: number; readonly due: number }[] = []
      let generation = 0
      for (const one of actions) {
        if (one._tag === 'start') {
          generation += 1
          queue.start(generation, generation, one.due)
          model = [...model, { generation, due: one.due }].sort(
            (a, b) => a.due - b.due || a.generation - b.generation,
          )
        } else if (one._tag === 'stop') {
          queue.stop(one.which)
          model = model.filter((timer) => timer.generation !== one.which)
        } else {
          const head = model[0]
          const expected = head !== undefined && head.due <= one.now ? head.generation : undefined
          expect(queue.take(one.now)?.generation).toBe(expected)
          if (expected !== undefined) model = model.slice(1)
        }
        expect(queue.size()).toBe(model.length)
        expect(queue.due()).toBe(model[0]?.due)
      }
    }),
    { seed: 1, numRuns: 300 },
  )
})
