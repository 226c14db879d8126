/** What the table keeps of a transaction is the transaction. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import { Slabs } from '../../../src/core/data/slab.js'
import * as Table from '../../../src/core/data/table.js'
import { hashOfName, type Keeper } from '../../../src/core/data/table-store.js'
import { form } from '../../../src/core/layer/rest.js'
import type { Entry, ServerEntry } from '../../../src/core/layer/state.js'

/** What of a table's store the form uses. */
const keeperOf = (): Keeper => ({
  words: Table.empty(secretOf('a secret')).words,
  slabs: new Slabs(),
})

const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '|', '\n', ' ', 'ÿ'), maxLength: 300 })

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
    print: fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.integer(), text, text).map((parts) => ` ${parts.join(' ')}`) },
      text,
    ),
    source: text,
    indexed: fc.boolean(),
    reliability: fc.constantFrom('reliable', 'unreliable'),
  })
  .map(({ branch, host, method, port, print, ...rest }) => ({
    ...rest,
    fingerprint: `${method}${print}`,
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
      const keeper = keeperOf()
      const kept = form.keep(entry.id, entry, undefined, keeper)
      expect(form.valueOf(kept, keeper)).toStrictEqual(entry)
      expect(form.keyOf(kept, keeper)).toBe(entry.id)
      for (const id of [entry.id, other, entry.id.slice(1), `${entry.id}a`])
        expect(form.is(kept, id, keeper)).toBe(id === entry.id)
      const hash = entry.indexed ? hashOfName(keeperOf(), entry.fingerprint) : undefined
      expect(form.name?.hash(kept, keeper)).toBe(hash)
      expect(form.name?.is(kept, entry.fingerprint, keeper)).toBe(entry.indexed)
      expect(form.name?.is(kept, `${entry.fingerprint}a`, keeper)).toBe(false)
    }),
    { seed: 1, numRuns: 2000 },
  )
})

describe('a transaction', () => {
  const short = (entry: ServerEntry): boolean =>
    Math.max(entry.fingerprint.length, entry.tag.length, entry.source.length) < 256 &&
    Math.max(entry.key.branch.length, entry.key.host.length, entry.key.method.length) < 256
  const [done, taken] = [completed, accepted].map((some) =>
    fc.sample(some, { seed: 1, numRuns: 200 }).find(short),
  ) as [ServerEntry, ServerEntry]

  const timer = done.timers!

  test('that only waits becomes a number', () => {
    for (const entry of [done, taken]) {
      const keeper = keeperOf()
      expect(form.keep(entry.id, entry, undefined, keeper)).toBeTypeOf('number')
      expect(form.keep(entry.id, entry, entry, keeper)).toBe(entry)
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
    'has a long method': { ...done, key: { ...done.key, method: 'a'.repeat(256) } },
    'has a long id': { ...done, id: 'a'.repeat(0x10000) },
    'has a fingerprint of another method': { ...done, fingerprint: `a${done.key.method} 1 a b` },
    'has a long fingerprint': { ...done, fingerprint: done.key.method.padEnd(256, 'a') },
    'has a long tag': { ...done, tag: 'a'.repeat(256) },
  }

  test.each(Object.entries(others))('that %s stays as it is', (_, other) => {
    const keeper = keeperOf()
    expect(form.keep(other.id, other, undefined, keeper)).toBe(other)
    expect(form.valueOf(other, keeper)).toBe(other)
    expect(form.keyOf(other, keeper)).toBe(other.id)
  })
})
