/** Purity, proved: a recorded call replays where there is neither clock nor dice nor host, to the same octets. */
import { createHash } from 'node:crypto'
import { runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { printInput } from '../../src/core/codec/input.js'
import { secretOf } from '../../src/core/data/hash.js'
import { rfc3261 } from '../../src/core/transaction/types.js'
import { layerConfig } from '../../src/core/layer/config.js'
import { autoAnswer } from '../../src/core/user-agent/auto-answer.js'
import { coreFilter } from '../../src/core/user-agent/core.js'
import { around, userAgent } from '../../src/core/user-agent/user-agent.js'
import { benchOf } from '../support/bench.js'
import { bareContext, loaderIn } from '../support/isolated.js'
import { ackTo, outgoing, read, requestText, responseTo } from '../support/messages.js'

const octets = 'sixteen octets that nobody knows'

/** A call that rings, is accepted with a lost 2xx, and ends; another that is cancelled; and one of our own. */
const recorded = () => {
  const secret = secretOf(octets)
  const config = {
    layer: layerConfig(rfc3261),
    role: 'user-agent',
    parse: {},
    maxPending: 10,
    pendingTimeout: 32_000,
    secret,
  } as const
  const core = autoAnswer(secret, { answerAfter: 1000 })
  const on = benchOf(around(coreFilter(core.reducer, core.start))(userAgent(config)))
  on.receive(requestText({ viaParams: ';rport', body: 'v=0\r\n', fields: ['Content-Type: application/sdp'] }))
  on.receive(requestText({ viaParams: ';rport', body: 'v=0\r\n', fields: ['Content-Type: application/sdp'] }))
  on.advance(1700)
  const tag = /To: .*tag=(\w+)/.exec(on.sent().at(-1) ?? '')?.[1] ?? ''
  on.receive(ackTo({}, tag, { branch: 'z9hG4bKack' }))
  on.receive(requestText({ method: 'BYE', cseq: 2, toTag: tag, branch: 'z9hG4bKbye' }))
  on.receive(requestText({ callId: 'cancelled', branch: 'z9hG4bKc' }))
  on.receive(requestText({ method: 'CANCEL', callId: 'cancelled', branch: 'z9hG4bKc' }))
  on.send(outgoing({ callId: 'ours' }))
  const invite = read(on.sent().at(-1)!)
  if (invite._tag === 'Request')
    on.receive(responseTo(invite, 200, { toTag: 'b', fields: ['Contact: <sip:bob@192.0.2.9>'] }).text)
  on.receive('rubbish')
  on.advance(64_000)
  return { inputs: on.inputs.map(printInput), effects: on.effects() }
}

const sha256 = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex')

describe('the core in a bare context', () => {
  test('has no clock, no dice and no host', () => {
    const { context, globals } = bareContext()
    for (const name of [
      'Date',
      'Intl',
      'setTimeout',
      'process',
      'console',
      'crypto',
      'performance',
      'WebAssembly',
      'queueMicrotask',
    ])
      expect(globals).not.toContain(name)
    expect(runInContext('typeof Math.random', context)).toBe('undefined')
    expect(runInContext('typeof Date', context)).toBe('undefined')
  })

  test('replays a recorded call to the same octets', () => {
    const { inputs, effects } = recorded()
    expect(effects.length).toBeGreaterThan(20)
    const { context } = bareContext()
    const load = loaderIn(context)
    const modules = {
      ...load('src/core/codec/input.ts'),
      ...load('src/core/data/hash.ts'),
      ...load('src/core/transaction/types.ts'),
      ...load('src/core/layer/config.ts'),
      ...load('src/core/user-agent/auto-answer.ts'),
      ...load('src/core/user-agent/core.ts'),
      ...load('src/core/user-agent/user-agent.ts'),
    }
    const replay = runInContext(
      `(function (m, octets, lines) {
        'use strict'
        const secret = m.secretOf(octets)
        const config = { layer: m.layerConfig(m.rfc3261), role: 'user-agent', parse: {}, maxPending: 10, pendingTimeout: 32000, secret }
        const core = m.autoAnswer(secret, { answerAfter: 1000 })
        const machine = m.around(m.coreFilter(core.reducer, core.start))(m.userAgent(config))
        let state = machine.start
        return JSON.stringify(JSON.parse(lines).map((line) => {
          const input = m.readInput(JSON.parse(line))
          if (input._tag === 'Left') throw new Error(line)
          const step = machine.reducer(state, input.right)
          state = step[0]
          return JSON.stringify(step[1])
        }))
      })`,
      context,
    ) as (modules: unknown, octets: string, lines: string) => string
    const again = JSON.parse(replay(modules, octets, JSON.stringify(inputs))) as readonly string[]
    expect(again).toEqual(effects)
    expect(sha256(again)).toBe(sha256(effects))
  }, 120_000)
})
