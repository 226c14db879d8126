/**
 * The tests of messages, of the layers above and of the user agent once more, with a memory that forgets at once. What has
 * been decoded is remembered for speed and for nothing else: nothing may come out otherwise.
 */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test, vi } from 'vitest'

vi.resetModules()
vi.doMock('../../../src/core/message/memory.js', () => {
  /** Takes everything and keeps nothing. */
  class Memory {
    readonly kept = 0
  }
  const decoded = ['via', 'cseqNumber', 'cseqMethod', 'callId', 'fromTag', 'toTag', 'values']
  const marks = ['viaMarks', 'viaMore', 'fromMarks', 'toMarks']
  for (const name of [...decoded, ...marks])
    Object.defineProperty(Memory.prototype, name, { get: () => undefined, set: () => undefined })
  return { Memory, without: () => new Memory() }
})

const head = await import('../../../src/core/message/head.js')
const { parse } = await import('../../../src/core/message/parse.js')

/** Those that ask for the memory itself, and those that take long and never ask a message twice. */
const without = ['without-memory', 'memory', 'marks', 'corpus', 'properties', 'plain', 'model', 'link'].map(
  (name) => `${name}.test.ts`,
)
const tests = ['message', 'transport', 'layer', 'stack', 'transaction', 'user-agent'].flatMap((folder) => {
  const path = resolve(import.meta.dirname, '..', folder)
  const names = readdirSync(path).filter((name) => name.endsWith('.test.ts') && !without.includes(name))
  return names.map((name) => `${path}/${name}`)
})
for (const path of tests) await import(path)

vi.doUnmock('../../../src/core/message/memory.js')
vi.resetModules()

test('the memory is off: what was asked twice was read twice', () => {
  const text =
    'OPTIONS sip:a SIP/2.0\r\nv: SIP/2.0/UDP h\r\nf: sip:a\r\nt: sip:b\r\ni: x\r\nCSeq: 1 OPTIONS\r\n\r\n'
  const parsed = parse(text)
  if (parsed._tag === 'Left') throw new Error(parsed.left.what)
  expect(head.topVia(parsed.right)).toEqual(head.topVia(parsed.right))
  expect(head.topVia(parsed.right)).not.toBe(head.topVia(parsed.right))
})
