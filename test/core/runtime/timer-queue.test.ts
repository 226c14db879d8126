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

/** Ids that are kept as text when they are even, and as they are when they are odd. */
interface Id {
  readonly number: number
}

const form = {
  textOf: ({ number }: Id) => (number % 2 === 0 ? `number ${number}` : undefined),
  idOf: (text: string): Id => ({ number: Number(/^number (\d+)$/.exec(text)?.[1]) }),
}

test.each([
  ['as they are', undefined],
  ['as text', form],
])('does what a sorted list does, with ids kept %s', (_, kept) => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), fc.constantFrom(1, 100), (actions, step) => {
      const queue = timerQueue<Id>(kept)
      let model: { readonly generation: number; readonly due: number }[] = []
      let generation = 0
      for (const one of actions) {
        if (one._tag === 'start') {
          generation += step // with long steps there are many pages
          queue.start({ number: generation }, generation, one.due)
          model = [...model, { generation, due: one.due }].sort(
            (a, b) => a.due - b.due || a.generation - b.generation,
          )
        } else if (one._tag === 'stop') {
          queue.stop(one.which * step)
          model = model.filter((timer) => timer.generation !== one.which * step)
        } else {
          const head = model[0]
          const expected = head !== undefined && head.due <= one.now ? head.generation : undefined
          const taken =
            expected === undefined ? undefined : { id: { number: expected }, generation: expected }
          expect(queue.take(one.now)).toEqual(taken)
          if (expected !== undefined) model = model.slice(1)
        }
        expect(queue.size()).toBe(model.length)
        expect(queue.due()).toBe(model[0]?.due)
      }
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('an id whose text is long, or that starts late, stays as it is', () => {
  const texts: string[] = []
  const queue = timerQueue<{ readonly name: string }>({
    textOf: ({ name }) => name,
    idOf: (text) => {
      texts.push(text)
      return { name: text }
    },
  })
  const names = ['a'.repeat(256), 'b'.repeat(255), 'c', 'd']
  names.forEach((name, n) => queue.start({ name }, n === 3 ? 5 : n * 2, n === 2 ? 7 : n))
  queue.start({ name: 'next page' }, 256, 4)
  queue.start({ name: 'late' }, 9, 5)
  const taken = Array.from({ length: 6 }, () => queue.take(10)?.id.name)
  expect(taken).toEqual(['a'.repeat(256), 'b'.repeat(255), 'd', 'next page', 'late', 'c'])
  expect(texts).toEqual(['b'.repeat(255), 'd', 'c'])
})
