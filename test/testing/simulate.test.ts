import { describe, expect, test } from 'vitest'
import type { Reducer, Step } from '../../src/core/reducer.js'
import { deepFreeze } from '../../src/testing/freeze.js'
import { type Fired, simulate } from '../../src/testing/simulate.js'

/** A machine of the user's: it writes down what fires, and starts what it is told to. */
type Wish =
  | { readonly _tag: 'StartTimer'; readonly timer: string; readonly delay: number }
  | { readonly _tag: 'StopTimer'; readonly timer: string }
  | { readonly _tag: 'Note'; readonly note: string }
type Order = { readonly _tag: 'Do'; readonly wishes: readonly Wish[] } | Fired<string>

const note = (text: string): Wish => ({ _tag: 'Note', note: text })
const after = (timer: string, delay: number): Wish => ({ _tag: 'StartTimer', timer, delay })

const scribe: Reducer<number, Order, Wish> = (count, event) =>
  event._tag === 'Do' ? [count + 1, event.wishes] : [count + 1, [note(`${event.timer}+${event.late}`)]]

const notes = (call: { readonly effects: readonly { readonly at: number; readonly effect: Wish }[] }) =>
  call.effects.flatMap(({ at, effect }) => (effect._tag === 'Note' ? [`${at} ${effect.note}`] : []))

const begin = (...wishes: readonly Wish[]): Step<number, Wish> => [0, wishes]

describe('simulate', () => {
  test('handles timers in the order of their deadlines and says when', () => {
    const call = simulate(scribe, begin(after('y', 20), after('x', 10)))
    expect(call.next).toBe(10)
    call.advance()
    expect(notes(call)).toEqual(['10 x+0', '20 y+0'])
    expect(call.now).toBe(20)
    expect(call.next).toBeUndefined()
    expect(call.times('Note')).toEqual([10, 20])
  })

  test('stops where it is told to, and takes events there', () => {
    const call = simulate(scribe, begin(after('x', 10)))
    call.advance(9)
    expect(call.now).toBe(9)
    expect(call.send({ _tag: 'Do', wishes: [after('y', 5)] })).toEqual([after('y', 5)])
    expect([...call.running]).toEqual([
      ['x', 10],
      ['y', 14],
    ])
    call.advance(10)
    expect(notes(call)).toEqual(['10 x+0'])
    call.advance(13)
    expect(call.now).toBe(13)
    call.advance(5)
    expect(call.now).toBe(13)
    expect(call.state).toBe(2)
  })

  test('a stopped timer does not fire, a restarted one only at its new deadline', () => {
    const call = simulate(scribe, begin(after('x', 10), after('y', 10)))
    call.send({ _tag: 'Do', wishes: [{ _tag: 'StopTimer', timer: 'x' }, after('y', 30)] })
    call.send({ _tag: 'Do', wishes: [{ _tag: 'StopTimer', timer: 'never started' }] })
    call.advance()
    expect(notes(call)).toEqual(['30 y+0'])
  })

  test('a timer can be sent out of turn: it has fired then, and what it starts counts from when it was due', () => {
    const restart: Reducer<number, Order, Wish> = (count, event) =>
      event._tag === 'TimerFired' && count < 1 ? [count + 1, [after('x', 100)]] : [count, [note('fired')]]
    const call = simulate(restart, begin(after('x', 10), after('y', 50)))
    call.advance(5)
    call.send({ _tag: 'TimerFired', timer: 'x', late: 2 })
    expect([...call.running]).toEqual([
      ['y', 50],
      ['x', 103],
    ])
  })

  test('what a late timer starts counts from when it was due', () => {
    const chain: Reducer<number, Order, Wish> = (count, event) =>
      count < 3 && event._tag === 'TimerFired'
        ? [count + 1, [note(`late ${event.late}`), after('x', 100)]]
        : [count, []]
    const call = simulate(chain, begin(after('x', 100)), { late: 7 })
    expect(call.next).toBe(107)
    call.advance()
    expect(notes(call)).toEqual(['107 late 7', '207 late 7', '307 late 7'])
  })

  test('after a sleep everything due is handled: what ends something first, then by deadline', () => {
    const wishes = [after('A', 30), after('B', 40), after('E', 20), after('F', 50), after('later', 70)]
    const call = simulate(scribe, begin(...wishes))
    call.advance(10)
    call.suspend(50)
    expect(notes(call)).toEqual(['60 B+20', '60 F+10', '60 E+40', '60 A+30'])
    expect(call.now).toBe(60)
    const reversed = simulate(scribe, begin(...wishes), { order: 'reverse' })
    reversed.suspend(60)
    expect(notes(reversed)).toEqual(['60 F+10', '60 B+20', '60 A+30', '60 E+40'])
  })

  test('a firing delivered twice reaches the machine twice, unless the timer was started again', () => {
    const once = simulate(scribe, begin(after('x', 10)), { deliveries: 2 })
    once.advance()
    expect(notes(once)).toEqual(['10 x+0', '10 x+0'])
    const restart: Reducer<number, Order, Wish> = (count) => [
      count + 1,
      count < 2 ? [note('fired'), after('x', 10)] : [note('fired')],
    ]
    const again = simulate(restart, begin(after('x', 10)), { deliveries: 2 })
    again.advance()
    expect(notes(again)).toEqual(['10 fired', '20 fired', '30 fired', '30 fired'])
  })

  test('a machine that never rests is given up', () => {
    const restless: Reducer<number, Order, Wish> = (count) => [count, [after('x', 1)]]
    const call = simulate(restless, begin(after('x', 1)))
    expect(() => call.advance()).toThrow(RangeError)
  })

  test('a reducer that changes its state or its event fails at once', () => {
    const guilty = simulate<{ readonly list: number[] }, Order, Wish>(
      (state) => {
        state.list.push(1)
        return [state, []]
      },
      [{ list: [] }, []],
    )
    expect(() => guilty.send({ _tag: 'Do', wishes: [] })).toThrow(TypeError)
    const meddling = simulate<number, Order, Wish>(
      (state, event) => {
        Object.assign(event, { _tag: 'Other' })
        return [state, []]
      },
      [0, []],
    )
    expect(() => meddling.send({ _tag: 'Do', wishes: [] })).toThrow(TypeError)
  })
})

test('deepFreeze freezes all that can be reached, once', () => {
  const shared = { n: 1 }
  const value = deepFreeze({ list: [shared, [shared]], none: null, text: 'x' })
  expect(Object.isFrozen(value)).toBe(true)
  expect(Object.isFrozen(value.list)).toBe(true)
  expect(Object.isFrozen(shared)).toBe(true)
  const ring: { self?: unknown } = {}
  ring.self = ring
  expect(deepFreeze(ring)).toBe(ring)
  expect(deepFreeze(1)).toBe(1)
})
