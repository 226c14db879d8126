/** The demonstration as a newcomer sees it, over real sockets of this machine. */
import { describe, expect, test } from 'vitest'
import { calls, standing } from '../../src/shell/cli/demo/calls.js'
import { compare } from '../../src/shell/cli/demo/compare.js'
import { virtual } from '../../src/shell/cli/demo/virtual.js'
import { demo } from '../../src/shell/cli/demo.js'
import { lateness } from '../../src/shell/cli/lateness.js'
import { kind } from '../../src/testing/summary.js'
import type { Observation, Trace } from '../../src/testing/trace.js'

const SEED = 346

describe('the demonstration over real sockets', () => {
  test('draws each call, and ends with 0 when real and virtual time tell the same', async () => {
    const lines: string[] = []
    expect(await demo({ seed: SEED, write: (line) => void lines.push(line) })).toBe(0)
    const text = lines.join('\n')
    expect(text.match(/✓ ended as it must/g)).toHaveLength(3)
    expect(text.match(/✓ the same \d+ events in virtual time/g)).toHaveLength(3)
    for (const word of [
      'INVITE again',
      '✗ lost',
      'ACK',
      'BYE',
      '486 Busy Here',
      'CANCEL',
      '487 Request Terminated',
    ])
      expect(text).toContain(word)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('ends with 1 when one fate is flipped in the real network', async () => {
    const lines: string[] = []
    const code = await demo({
      seed: SEED,
      write: (line) => void lines.push(line),
      overrule: (direction, text, copy, rolled) =>
        direction === 'bob>alice' && kind(text) === '486 INVITE' && copy === 0 ? [0] : rolled,
    })
    expect(code).toBe(1)
    expect(lines.join('\n')).toContain('✗ virtual time tells another story: ')
  })
})

test('says how late bare timers are', () => {
  const measuring = lateness()
  const end = performance.now() + 80
  while (performance.now() < end); // nothing else gets to run
  expect(measuring.worst()).toBeGreaterThanOrEqual(60)
  expect(measuring.stop()).toBeGreaterThanOrEqual(60)
})

describe('in virtual time', () => {
  test.each(calls)('$name ends as it must for seeds 1 to 50', (call) => {
    for (let seed = 1; seed <= 50; seed++)
      expect([seed, virtual(call, seed).standing]).toEqual([seed, 'well'])
  })

  test('a call that heard what it must not did not end well', () => {
    const [call] = calls
    const { trace } = virtual(call!, SEED)
    const odd: Observation = {
      _tag: 'News',
      at: 0,
      who: 'alice',
      news: { _tag: 'ErrorReceived', reason: 'timeout', key: { _tag: 'None' }, first: { _tag: 'None' } },
    }
    expect(standing(call!, [...trace.observations, odd])).toBe('unexpected: timeout')
    expect(standing(call!, [])).toBe('going')
  })
})

describe('the comparison', () => {
  const { trace } = virtual(calls[0]!, SEED)
  const shifted = (ms: number): Trace => ({
    ...trace,
    observations: trace.observations.map((one, n) => (n < 20 ? one : { ...one, at: one.at + ms })),
  })

  test('finds no difference between a trace and itself', () => {
    expect(compare(trace, trace, 50)).toMatchObject({ lag: 0 })
    expect(compare(trace, trace, 50)).not.toHaveProperty('difference')
  })

  test('allows real time to be late, up to the tolerance', () => {
    expect(compare(shifted(50), trace, 50)).toMatchObject({ lag: 50 })
    expect(compare(shifted(50), trace, 50)).not.toHaveProperty('difference')
    expect(compare(shifted(51), trace, 50)).toHaveProperty('difference')
    expect(compare(shifted(-2), trace, 50)).toHaveProperty('difference')
  })

  test('finds what is missing, too much, or other', () => {
    const last = trace.observations.filter(({ _tag }) => _tag === 'Received').at(-1)
    const without = { ...trace, observations: trace.observations.filter((one) => one !== last) }
    expect(compare(without, trace, 50)).toHaveProperty('difference')
    expect(compare(trace, without, 50)).toHaveProperty('difference')
    const carried = trace.observations.map((one) =>
      one._tag === 'Carried' ? { ...one, arrivals: [0] } : one,
    )
    expect(compare({ ...trace, observations: carried }, trace, 50)).toHaveProperty('difference')
  })
})
