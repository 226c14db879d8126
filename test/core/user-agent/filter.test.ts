/** Filters: what passes, what is swallowed, in which order, and with which entropy. */
import { describe, expect, test } from 'vitest'
import type { Input, Output } from '../../../src/core/events.js'
import type { Reducer } from '../../../src/core/reducer.js'
import { coreFilter } from '../../../src/core/user-agent/core.js'
import { type Filter, type Passing, withFilter } from '../../../src/core/user-agent/filter.js'
import { around, stackAlone, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { benchOf, configOf } from '../../support/bench.js'
import { outgoing, requestText, responseTo } from '../../support/messages.js'

const elapsed = (ref: string): Output => ({ _tag: 'Elapsed', ref, late: 0 })

/** An inner reducer that answers each alarm wish at once, and remembers the entropy of every step. */
const echo: Reducer<readonly string[], Input, Output> = (state, { event, entropy }) => {
  const next = [...state, entropy]
  return event._tag === 'After'
    ? [
        next,
        [
          { _tag: 'StopTimer', id: { _tag: 'Application', ref: event.ref }, generation: 0 },
          elapsed(`${event.ref}!`),
        ],
      ]
    : [next, []]
}

const filter = (more: Partial<Filter<readonly Passing[]>>): Filter<readonly Passing[]> => ({
  name: 'test',
  start: [],
  wants: () => true,
  reducer: (seen, { event }) => [[...seen, event], [event]],
  ...more,
})

const after = (ref: string): Input => ({
  at: 1,
  wall: 2,
  entropy: 'e'.repeat(32),
  event: { _tag: 'After', ref, ms: 0 },
})

const short = (passing: Passing | Output): string =>
  'ref' in passing ? `${passing._tag} ${passing.ref}` : passing._tag

describe('a filter', () => {
  test('sees the wish on its way down and the news on its way up; orders to the shell pass by', () => {
    const [{ filter: seen }, outputs] = withFilter(filter({}))(echo)({ inner: [], filter: [] }, after('a'))
    expect(seen.map(short)).toEqual(['After a', 'Elapsed a!'])
    expect(outputs.map(short)).toEqual(['StopTimer', 'Elapsed a!'])
  })

  test('costs nothing where it wants nothing: the same state of its own, the inner one stepped once', () => {
    const state = { inner: [], filter: [] }
    const [next, outputs] = withFilter(filter({ wants: () => false }))(echo)(state, after('a'))
    expect(next.filter).toBe(state.filter)
    expect(next.inner).toEqual(['e'.repeat(32)])
    expect(outputs.map(short)).toEqual(['StopTimer', 'Elapsed a!'])
  })

  test('is asked what it wants with its state as it is by then', () => {
    const twice = filter({ wants: (_, seen) => seen.length < 2 })
    const [{ filter: seen }, outputs] = withFilter(twice)(echo)({ inner: [], filter: [] }, after('a'))
    expect(seen.map(short)).toEqual(['After a', 'Elapsed a!'])
    expect(outputs.map(short)).toEqual(['StopTimer', 'Elapsed a!'])
    const [{ filter: later }] = withFilter(twice)(echo)({ inner: [], filter: seen }, after('b'))
    expect(later).toBe(seen)
  })

  test('with a question for some tags is asked of nothing else', () => {
    const alarms = filter({ wants: { Elapsed: ({ ref }, seen) => ref === 'a!' && seen.length === 0 } })
    const [{ filter: seen }, outputs] = withFilter(alarms)(echo)({ inner: [], filter: [] }, after('a'))
    expect(seen.map(short)).toEqual(['Elapsed a!'])
    expect(outputs.map(short)).toEqual(['StopTimer', 'Elapsed a!'])
    for (const [ref, own] of [['a', seen] as const, ['b', []] as const]) {
      const [{ filter: later }] = withFilter(alarms)(echo)({ inner: [], filter: own }, after(ref))
      expect(later).toBe(own)
    }
  })

  test('is not asked about the orders to the shell, which come first', () => {
    const asked: string[] = []
    const curious = filter({
      wants: ({ _tag }) => {
        asked.push(_tag)
        return false
      },
    })
    withFilter(curious)(echo)({ inner: [], filter: [] }, after('a'))
    expect(asked).toEqual(['After', 'Elapsed'])
  })

  test('may swallow, change and add, in both directions', () => {
    const changing = filter({
      reducer: (seen, { event }) => {
        if (event._tag === 'After' && event.ref === 'a')
          return [
            seen,
            [
              { ...event, ref: 'b' },
              { ...event, ref: 'c' },
            ],
          ]
        if (event._tag === 'Elapsed' && event.ref === 'b!') return [seen, []]
        return [seen, [event]]
      },
    })
    const [, outputs] = withFilter(changing)(echo)({ inner: [], filter: [] }, after('a'))
    expect(outputs.map(short)).toEqual(['StopTimer', 'StopTimer', 'Elapsed c!'])
  })

  test('that wishes when it hears news gets the news of that too', () => {
    const wishing = filter({
      reducer: (seen, { event }) =>
        event._tag === 'Elapsed' && event.ref === 'a!'
          ? [[...seen, event], [{ _tag: 'After', ref: 'again', ms: 0 }]]
          : [[...seen, event], [event]],
    })
    const [{ filter: seen }, outputs] = withFilter(wishing)(echo)({ inner: [], filter: [] }, after('a'))
    expect(seen.map(short)).toEqual(['After a', 'Elapsed a!', 'Elapsed again!'])
    expect(outputs.map(short)).toEqual(['StopTimer', 'StopTimer', 'Elapsed again!'])
  })

  test('gives every step within the step an entropy of its own, the same at every replay', () => {
    const wishing = filter({
      reducer: (seen, { event }) =>
        event._tag === 'Elapsed' && seen.length < 4
          ? [[...seen, event], [{ _tag: 'After', ref: String(seen.length), ms: 0 }]]
          : [[...seen, event], [event]],
    })
    const once = () => withFilter(wishing)(echo)({ inner: [], filter: [] }, after('a'))[0].inner
    expect(new Set(once()).size).toBe(once().length)
    expect(once().length).toBeGreaterThan(3)
    expect(once().every((entropy) => entropy.startsWith('e'.repeat(32)))).toBe(true)
    expect(once()).toEqual(once())
  })
})

describe('a core inside', () => {
  test('hears all news, and nothing of it leaves but diagnostics', () => {
    const core = coreFilter<readonly string[]>((heard, { event }) => [[...heard, event._tag], []], [])
    const on = benchOf(around(core)(userAgent(configOf())))
    expect(on.receive(requestText({ method: 'OPTIONS' }))).toEqual(['start N100 3500'])
    expect(on.receive('rubbish')).toEqual(['diagnostic malformed'])
    expect(on.state().filter).toEqual(['RequestReceived', 'Diagnostic'])
  })

  test('makes a service of one reducer: it answers in the step in which it is asked', () => {
    const core = coreFilter<number>(
      (n, { event }) =>
        event._tag === 'RequestReceived'
          ? [n + 1, [{ _tag: 'SendResponse', ref: n, response: responseTo(event.request, 200) }]]
          : [n, []],
      0,
    )
    const on = benchOf(around(core)(stackAlone(configOf())))
    expect(on.receive(requestText({ method: 'OPTIONS' }))).toEqual([
      'start N100 3500',
      'stop N100',
      'transmit 200 OPTIONS to 192.0.2.9:5060',
      'start J 32000',
    ])
    expect(on.state().filter).toBe(1)
  })

  test('branches made within one step are different ones', () => {
    const core = coreFilter<null>(
      (state, { event }) => [
        state,
        event._tag === 'Elapsed'
          ? ['a', 'b', 'c'].map((callId) => ({
              _tag: 'SendRequest' as const,
              ref: callId,
              request: outgoing({ callId, method: 'OPTIONS' }),
              options: {},
            }))
          : [],
      ],
      null,
    )
    const on = benchOf(around(core)(userAgent(configOf())))
    on.brief({ _tag: 'After', ref: 'go', ms: 1 })
    on.advance(1)
    expect(new Set(on.sent().map((text) => /branch=([^;]*)/.exec(text)?.[1])).size).toBe(3)
  })
})
