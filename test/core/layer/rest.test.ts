/** What the table keeps of a transaction is the transaction. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Slabs } from '../../../src/core/data/slab.js'
import { form } from '../../../src/core/layer/rest.js'
import type { Entry, ServerEntry } from '../../../src/core/layer/state.js'

const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '|', '\n', 'ÿ'), maxLength: 300 })

const flow = {
  protocol: 'udp',
  local: { host: '192.0.2.1', port: 5060 },
  remote: { host: '192.0.2.2', port: 5060 },
}

/** What a server transaction has besides machine and timer. */
const common = fc
  .record({
    id: text,
    branch: text,
    host: text,
    method: text,
    port: fc.option(fc.nat({ max: 65_535 }), { nil: undefined }),
    tag: text,
    fingerprint: text,
    source: text,
    indexed: fc.boolean(),
    reliability: fc.constantFrom('reliable', 'unreliable'),
  })
  .map(({ branch, host, method, port, ...rest }) => ({
    ...rest,
    key: { _tag: 'ServerKey', branch, method, host, ...(port === undefined ? {} : { port }) } as const,
    flow,
    legacy: undefined,
  }))

const running = (timer: 'J' | 'L') =>
  fc.tuple(fc.nat(), fc.nat()).map(([due, generation]) => ({ timer, due, generation, next: undefined }))

const completed = fc.tuple(common, running('J'), text).map(
  ([each, timers, response]): ServerEntry => ({
    ...each,
    timers,
    kind: 'non-invite-server',
    state: { _tag: 'Completed', response },
  }),
)

const accepted = fc.tuple(common, running('L')).map(
  ([each, timers]): ServerEntry => ({
    ...each,
    timers,
    kind: 'invite-server',
    state: { _tag: 'Accepted' },
  }),
)

test('a transaction that rests comes back as it was, under the same key and name', () => {
  fc.assert(
    fc.property(fc.oneof(completed, accepted), text, (entry, other) => {
      const kept = form.keep(entry.id, entry, undefined, new Slabs())
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

describe('a transaction', () => {
  const short = (entry: ServerEntry): boolean =>
    Math.max(entry.id.length, entry.fingerprint.length, entry.tag.length, entry.key.branch.length) < 256
  const [done, taken] = [completed, accepted].map((some) =>
    fc.sample(some, { seed: 1, numRuns: 200 }).find(short),
  ) as [ServerEntry, ServerEntry]

  const timer = done.timers!

  test('that only waits becomes something smaller', () => {
    for (const entry of [done, taken]) {
      const kept = form.keep(entry.id, entry, undefined, new Slabs())
      expect(Object.values(kept).filter((part) => typeof part === 'object' && !('octets' in part))).toEqual([
        flow,
      ])
      expect(form.keep(entry.id, entry, entry, new Slabs())).toBe(entry)
    }
  })

  const others: Record<string, Entry> = {
    'has sent a provisional response': {
      ...done,
      kind: 'non-invite-server',
      state: { _tag: 'Proceeding', response: '', reliability: 'unreliable' },
    },
    'waits for repeated ACKs': { ...taken, kind: 'invite-server', state: { _tag: 'Confirmed' } },
    'runs no timer': { ...done, timers: undefined },
    'runs two': { ...done, timers: { ...timer, next: timer } },
    'runs another': { ...done, timers: { ...timer, timer: 'Guard' } },
    'is of RFC 2543': { ...done, legacy: { twin: 'a', tags: [] } },
    'has a long tag': { ...done, tag: 'a'.repeat(256) },
  }

  test.each(Object.entries(others))('that %s stays as it is', (_, other) => {
    expect(form.keep(other.id, other, undefined, new Slabs())).toBe(other)
    expect(form.valueOf(other)).toBe(other)
    expect(form.keyOf(other)).toBe(other.id)
  })
})
