/** Hours and days in virtual time: a call of three hours with its refreshes, a week of registrations. */
import { expect, test } from 'vitest'
import * as Table from '../../../src/core/data/table.js'
import { autoAnswer } from '../../../src/core/user-agent/auto-answer.js'
import { coreFilter } from '../../../src/core/user-agent/core.js'
import { around, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { benchOf, configOf, secret } from '../../support/bench.js'
import { ackTo, outgoing, read, requestText, responseTo } from '../../support/messages.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const answering = () => {
  const core = autoAnswer(secret, { answerAfter: 2000 })
  return benchOf(around(coreFilter(core.reducer, core.start))(userAgent(configOf())))
}

/** Nothing may be left over: no transaction, no index, no alarm. */
const idle = (on: ReturnType<typeof answering>) => {
  const { layer, alarms, pending, tries, moved } = on.stack()
  expect([
    layer.transactions.size,
    Table.names(layer.transactions),
    layer.twins.size,
    layer.sources.size,
    layer.servers,
    alarms.size,
    pending.size,
    tries.size,
    moved.size,
  ]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0])
}

test('a call of three hours, refreshed by a re-INVITE every fifteen minutes, is the same call at its end', () => {
  const on = answering()
  on.receive(requestText({ fields: ['Supported: timer', 'Session-Expires: 1800'] }))
  on.advance(2000)
  const tag = /To: .*tag=(\w+)/.exec(on.sent().at(-1)!)?.[1] ?? ''
  on.receive(ackTo({}, tag, { branch: 'z9hG4bKack1' }))
  for (let n = 2; n <= 12; n++) {
    on.advance(15 * MINUTE)
    const refresh = { cseq: n, toTag: tag, branch: `z9hG4bKre${n}` }
    on.receive(requestText(refresh))
    on.receive(requestText(refresh)) // the caller repeats it
    on.advance(2000)
    const last = on.sent().at(-1)!
    expect(last).toContain('SIP/2.0 200')
    expect(last).toContain(`tag=${tag}`)
    if (n % 3 === 0) on.advance(600) // the ACK is lost once, the 2xx repeated
    on.receive(ackTo({}, tag, { cseq: n, branch: `z9hG4bKack${n}` }))
  }
  on.advance(15 * MINUTE)
  expect(on.now()).toBeGreaterThan(3 * HOUR)
  expect(on.receive(requestText({ method: 'BYE', cseq: 13, toTag: tag, branch: 'z9hG4bKbye' }))).toContain(
    'transmit 200 BYE to 192.0.2.9:5060',
  )
  on.advance(MINUTE)
  idle(on)
  expect(on.log.filter(({ output }) => output._tag === 'ErrorReceived')).toEqual([])
})

test('a week of registrations: each hour renewed, answered, and forgotten by both sides', () => {
  const on = answering()
  const week = 7 * 24
  for (let hour = 0; hour < week; hour++) {
    const register = { method: 'REGISTER', callId: 'reg', cseq: hour + 1, branch: `z9hG4bKr${hour}` }
    expect(on.receive(requestText({ ...register, fields: ['Expires: 3600'] }))).toContain(
      'transmit 200 REGISTER to 192.0.2.9:5060',
    )
    on.send(outgoing({ method: 'REGISTER', callId: 'ours', cseq: hour + 1, uri: 'sip:192.0.2.9' }))
    const left = read(on.sent().at(-1)!)
    if (left._tag !== 'Request') throw new Error('a request expected')
    if (hour % 10 === 3) on.advance(600) // lost: it is sent again
    on.receive(responseTo(left, 200, { toTag: `t${hour}` }).text)
    on.advance(HOUR - (hour % 10 === 3 ? 600 : 0))
    idle(on)
  }
  expect(on.now()).toBe(week * HOUR)
  const generation = on.stack().layer.generation
  expect(generation).toBeLessThan(week * 20)
})
