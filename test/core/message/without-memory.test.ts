/**
 * The tests of messages once more, with a memory that forgets at once. What has been decoded is remembered for speed
 * and for nothing else: nothing may come out otherwise.
 */
import { expect, test, vi } from 'vitest'

vi.resetModules()
vi.doMock('../../../src/core/message/memory.js', () => {
  /** Takes everything and keeps nothing. */
  class Memory {
    readonly kept = 0
  }
  for (const name of ['via', 'cseqNumber', 'cseqMethod', 'callId', 'fromTag', 'toTag', 'values'])
    Object.defineProperty(Memory.prototype, name, { get: () => undefined, set: () => undefined })
  return { Memory, without: () => new Memory() }
})

const head = await import('../../../src/core/message/head.js')
const { parse } = await import('../../../src/core/message/parse.js')

await import('./build.test.js')
await import('./error.test.js')
await import('./operators.test.js')
await import('./parse.test.js')
await import('./peers.test.js')
await import('./torture.test.js')
await import('./validate.test.js')
await import('../transport/stamp.test.js')

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
