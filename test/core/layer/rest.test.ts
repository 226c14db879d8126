/** What the table keeps of a transaction is the transaction. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { form } from '../../../src/core/layer/rest.js'
import type { Entry } from '../../../src/core/layer/state.js'

const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '|', '\n', 'ÿ'), maxLength: 300 })

const resting = fc
  .record({
    id: text,
    branch: text,
    host: text,
    method: text,
    port: fc.option(fc.nat({ max: 65_535 }), { nil: undefined }),
    tag: text,
    fingerprint: text,
    source: text,
    response: text,
    indexed: fc.boolean(),
    due: fc.nat(),
    generation: fc.nat(),
  })
  .map(
    ({ id, branch, host, method, port, tag, fingerprint, source, response, indexed, due, generation }) =>
      ({
        kind: 'non-invite-server',
        id,
        key: { _tag: 'ServerKey', branch, method, host, ...(port === undefined ? {} : { port }) },
        flow: {
          protocol: 'udp',
          local: { host: '192.0.2.1', port: 5060 },
          remote: { host: '192.0.2.2', port: 5060 },
        },
        reliability: 'unreliable',
        timers: { timer: 'J', due, generation, next: undefined },
        tag,
        fingerprint,
        indexed,
        source,
        legacy: undefined,
        state: { _tag: 'Completed', response },
      }) as const satisfies Entry,
  )

test('a transaction that rests comes back as it was, under the same key and name', () => {
  fc.assert(
    fc.property(resting, text, (entry, other) => {
      const kept = form.keep(entry.id, entry, undefined)
      expect(form.valueOf(kept)).toStrictEqual(entry)
      expect(form.keyOf(kept)).toBe(entry.id)
      for (const id of [entry.id, other, entry.id.slice(1), `${entry.id}a`])
        expect(form.is(kept, id)).toBe(id === entry.id)
      expect(form.name?.of(kept)).toBe(entry.indexed ? entry.fingerprint : undefined)
      expect(form.name?.is(kept, entry.fingerprint)).toBe(entry.indexed)
    }),
    { seed: 1, numRuns: 2000 },
  )
})

describe('what does not only wait for J', () => {
  const [entry] = fc.sample(resting, { seed: 1, numRuns: 1 }) as [
    ReturnType<typeof resting.generate>['value'],
  ]
  const others: readonly Entry[] = [
    { ...entry, state: { _tag: 'Proceeding', response: '', reliability: 'unreliable' } },
    { ...entry, timers: undefined },
    { ...entry, timers: { ...entry.timers, next: entry.timers } },
    { ...entry, timers: { ...entry.timers, timer: 'Guard' } },
    { ...entry, reliability: 'reliable' },
    { ...entry, legacy: { twin: 'a', tags: [] } },
    { ...entry, tag: 'a'.repeat(256) },
  ]

  test.each(others.map((other, n) => ({ n, other })))('stays as it is ($n)', ({ other }) => {
    expect(form.keep(other.id, other, undefined)).toBe(other)
    expect(form.valueOf(other)).toBe(other)
    expect(form.keyOf(other)).toBe(other.id)
  })
})
