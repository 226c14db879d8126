/** An INVITE without a final response: it is refreshed (13.3.1.1) and it may expire (13.3.1): rows PR-8 and CU-12. */
import { describe, expect, test } from 'vitest'
import { userAgent } from '../../../src/core/user-agent/user-agent.js'
import { row } from '../../conformance/rows.js'
import { benchOf, configOf } from '../../support/bench.js'
import { requestOf, requestText, responseTo } from '../../support/messages.js'

const ringing = (fields: readonly string[] = []) => {
  const on = benchOf(userAgent(configOf()))
  on.receive(requestText({ fields }))
  const respond = (status: number, more: readonly string[] = []) =>
    on.respond(responseTo(requestOf({ fields }), status, { fields: more }))
  return { on, respond }
}

const again = (at: number, what = '180') => `${at} transmit ${what} INVITE to 192.0.2.9:5060`

const refreshed = (lines: readonly string[]) => lines.filter((line) => line.includes('transmit'))

describe('refreshed', () => {
  row('PR-8', 'the last provisional response again each minute until a final one', () => {
    const { on, respond } = ringing()
    respond(180)
    expect(refreshed(on.advance(150_000))).toEqual([again(60_000), again(120_000)])
    respond(183) // a minute counts from the last one
    expect(refreshed(on.advance(100_000))).toEqual([again(210_000, '183')])
    expect(new Set(on.sent().filter((text) => text.includes(' 183 '))).size).toBe(1)
    respond(486)
    expect(refreshed(on.advance(600_000)).filter((line) => !line.includes('486'))).toEqual([])
    expect(on.stack().alarms.size).toBe(0)
  })

  row('PR-8', '100 is no such response, and a reliable one is another’s business', () => {
    const { on, respond } = ringing()
    respond(100)
    expect(on.advance(180_000)).toEqual([])
    respond(183, ['RSeq: 1', 'Require: 100rel'])
    expect(on.advance(180_000)).toEqual([])
  })

  row('PR-8', 'a CANCEL ends it', () => {
    const { on, respond } = ringing()
    respond(180)
    on.receive(requestText({ method: 'CANCEL' }))
    expect(on.stack().alarms.size).toBe(0)
  })

  test('the host slept: one response for all the minutes, the next at the full minute', () => {
    const { on, respond } = ringing()
    respond(180)
    on.suspend(150_000)
    expect(refreshed(on.advance(30_000))).toEqual([again(150_000), again(180_000)])
  })
})

describe('expiring', () => {
  row('CU-12', '487 when the Expires of the INVITE is over, and the core hears it', () => {
    const { on, respond } = ringing(['Expires: 30'])
    respond(180)
    expect(on.advance(29_999)).toEqual([])
    const [first, ...rest] = on.advance(1)
    expect(first).toBe('30000 transmit 487 INVITE to 192.0.2.9:5060')
    expect(rest).toEqual([
      '30000 start G 500',
      '30000 start H 32000',
      expect.stringMatching(/stop provisional-refresh/),
      '30000 error expired',
    ])
    expect(respond(200)).toEqual(['refused NotAllowed IS-20', 'diagnostic tu-misuse IS-20'])
  })

  row('CU-12', 'not after a final response, a CANCEL, or the end of the transaction', () => {
    const accepted = ringing(['Expires: 30'])
    accepted.respond(486)
    expect(accepted.on.stack().alarms.size).toBe(0)

    const cancelled = ringing(['Expires: 30'])
    cancelled.on.receive(requestText({ method: 'CANCEL' }))
    expect(cancelled.on.stack().alarms.size).toBe(0)

    const { on } = ringing(['Expires: 30'])
    const key = on.log.flatMap(({ output }) => (output._tag === 'RequestReceived' ? [output.key] : []))[0]!
    if (key._tag === 'Some') on.brief({ _tag: 'Terminate', key: key.value })
    expect(on.advance(60_000)).toEqual([])
  })

  test('an Expires that is no number, or of another method, means nothing', () => {
    expect(ringing(['Expires: soon']).on.stack().alarms.size).toBe(0)
    const on = benchOf(userAgent(configOf()))
    on.receive(requestText({ method: 'MESSAGE', fields: ['Expires: 1'] }))
    expect(on.stack().alarms.size).toBe(0)
  })

  test('an Expires beyond what a clock can hold is a long time', () => {
    const { on } = ringing(['Expires: 9999999999'])
    expect(on.advance(86_400_000).filter((line) => line.includes('487'))).toEqual([])
  })
})
