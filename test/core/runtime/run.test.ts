/** Where a reducer meets the world: the state steps at once, effects queue (ownership question 4). */
import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/core/events.js'
import { run } from '../../../src/core/runtime/run.js'

/** A reducer that counts: `n` makes n effects. */
const counting = (state: number, { event }: Input<number>): readonly [number, readonly string[]] => [
  state + 1,
  Array.from({ length: event }, (_, k) => `${state}.${k}`),
]

const moment = () => ({ at: 1, wall: 2, entropy: '0'.repeat(32) })

describe('run', () => {
  test('steps at once and answers the effects of that step', () => {
    const done: string[] = []
    const it = run(counting, 0, { moment, perform: (effect: string) => done.push(effect) })
    expect(it.dispatch(2)).toEqual(['0.0', '0.1'])
    expect([it.state(), done]).toEqual([1, ['0.0', '0.1']])
  })

  test('an effect that causes an event sees the newest state and gets its answer; its effects wait their turn', () => {
    const done: string[] = []
    const answers: (readonly string[])[] = []
    const it = run<number, number, string>(counting, 0, {
      moment,
      perform: (effect) => {
        done.push(effect)
        if (effect === '0.0') {
          answers.push(it.dispatch(2))
          expect(it.state()).toBe(2)
          expect(done).toEqual(['0.0'])
        }
      },
    })
    it.dispatch(3)
    expect(answers).toEqual([['1.0', '1.1']])
    expect(done).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1'])
  })

  test('the queue stays in order when effects keep causing others', () => {
    const done: string[] = []
    let left = 5000
    const it = run<number, number, string>(counting, 0, {
      moment,
      perform: (effect) => {
        done.push(effect)
        if (left-- > 0) it.dispatch(1)
      },
    })
    it.dispatch(1)
    expect(done).toHaveLength(5001)
    expect(done).toEqual(Array.from({ length: 5001 }, (_, n) => `${n}.0`))
  })

  test('each event gets a moment of its own, and the observer each step once', () => {
    let at = 0
    const seen: unknown[] = []
    const it = run<number, number, string>(counting, 0, {
      moment: () => ({ ...moment(), at: ++at }),
      perform: () => undefined,
      observe: (input, effects) => seen.push([input.at, input.event, effects]),
    })
    it.dispatch(0)
    it.dispatch(1)
    expect(seen).toEqual([
      [1, 0, []],
      [2, 1, ['1.0']],
    ])
  })

  test('effects of a restart are carried out like any others', () => {
    const done: string[] = []
    const it = run<number, number, string>(counting, 7, {
      moment,
      perform: (effect) => {
        done.push(effect)
        if (effect === 'first') it.dispatch(1)
      },
    })
    it.perform(['first', 'second'])
    expect(done).toEqual(['first', 'second', '7.0'])
    expect(it.state()).toBe(8)
  })
})
