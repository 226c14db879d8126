/** An INVITE that is accepted: the 2xx and its ACK on both sides (13.2.2.4, 13.3.1.4): rows CU and CC. */
import { describe, expect, test } from 'vitest'
import { pushVia } from '../../../src/core/message/build.js'
import { topVia } from '../../../src/core/message/head.js'
import type { Request } from '../../../src/core/message/types.js'
import { branch } from '../../../src/core/header/via.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { userAgent } from '../../../src/core/user-agent/user-agent.js'
import { row } from '../../conformance/rows.js'
import { type Bench, benchOf, configOf, tcp, udp } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const agent = () => benchOf(userAgent(configOf()))

const toPeer = (what: string) => `transmit ${what} to 192.0.2.9:5060`

/** The ACK of alice's core: with a branch of its own. */
const ack = (parts: Parameters<typeof requestText>[0] = {}) =>
  ackTo({}, 'btag', { branch: 'z9hG4bKack', ...parts })

const accepting = (flow: Flow = udp, transport = 'UDP') => {
  const on = agent()
  on.receive(requestText({ transport }), flow)
  const said = on.respond(responseTo(requestOf({ transport }), 200, { toTag: 'btag' }))
  return { on, said }
}

const times = (lines: readonly string[], what: string) =>
  lines.filter((line) => line.includes(what)).map((line) => Number(line.split(' ')[0]))

describe('at the server', () => {
  row('CU-1', 'a 2xx goes out and is to be repeated, on UDP', () => {
    const { on, said } = accepting()
    expect(said).toEqual([
      'stop Trying',
      toPeer('200 INVITE'),
      'start L 32000',
      'start repeat-2xx call1 btag atag 500',
      'accepted',
    ])
    expect(on.transactions()).toEqual(['invite-server Accepted L@32000'])
  })

  row(['CU-1', 'CU-2'], 'on every transport: T1, doubled to T2, eleven times in all', () => {
    for (const { on } of [accepting(), accepting(tcp, 'TCP')]) {
      const lines = on.advance(100_000)
      expect(times(lines, 'transmit 200')).toEqual([
        500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
      ])
      expect(times(lines, 'error no-ack')).toEqual([32_000])
      expect(new Set(on.sent()).size).toBe(1)
    }
  })

  row('CU-3', 'the ACK with dialog and CSeq number ends it, and the core gets its body', () => {
    const { on } = accepting()
    expect(on.receive(ack({ body: 'v=0' }))).toEqual([
      'stop repeat-2xx call1 btag atag',
      'request ACK without transaction',
    ])
    expect(on.stack().alarms.size).toBe(0)
    expect(on.advance(100_000)).toEqual(['32000 ended'])
    expect(JSON.stringify(on.state())).not.toContain('call1')
  })

  row('CU-3', 'one on the branch of the INVITE does as well (IS-33)', () => {
    const { on } = accepting()
    expect(on.receive(ackTo({}, 'btag'))).toContain('request ACK')
    expect(times(on.advance(100_000), 'transmit')).toEqual([])
  })

  row('CU-4', 'the ACK again is absorbed', () => {
    const { on } = accepting()
    on.receive(ack())
    const before = on.state()
    expect(on.receive(ack())).toEqual([])
    expect(on.state()).toBe(before)
  })

  row('CU-5', 'an ACK of another CSeq number or dialog is dropped, never answered, and nothing stops', () => {
    const { on } = accepting()
    const dropped = ['diagnostic unacknowledged CU-5']
    for (const other of [{ cseq: 2 }, { toTag: 'other' }, { fromTag: 'other' }, { callId: 'other' }])
      expect(on.receive(ack(other))).toEqual(dropped)
    expect(on.sent()).toHaveLength(1)
    expect(times(on.advance(1500), 'transmit 200')).toEqual([500, 1500])
  })

  row('CU-7', 'L and the end of the series at the same instant: told once, nothing sent after', () => {
    const { on } = accepting()
    on.advance(31_999)
    const sent = on.sent().length
    expect([...on.advance(60_000)].sort()).toEqual([
      '32000 ended',
      '32000 error no-ack',
      '32000 stop repeat-2xx call1 btag atag',
    ])
    expect(JSON.stringify(on.state())).not.toContain('call1')
    expect(on.sent()).toHaveLength(sent)
  })

  row('CU-8', 'an INVITE that comes again after the 2xx is absorbed', () => {
    const { on } = accepting()
    const before = on.state()
    expect(on.receive(requestText())).toEqual([])
    expect(on.state()).toBe(before)
  })

  row('CU-9', 'a BYE before the ACK ends the series too, and is the core’s to answer', () => {
    const { on } = accepting()
    const bye = { method: 'BYE', cseq: 2, toTag: 'btag', branch: 'z9hG4bKbye' }
    expect(on.receive(requestText(bye))).toEqual([
      'start N100 3500',
      'stop repeat-2xx call1 btag atag',
      'request BYE',
    ])
    expect(on.respond(responseTo(requestOf(bye), 200))).toContain('accepted')
    expect(times(on.advance(100_000), 'transmit 200 INVITE')).toEqual([])
    expect(on.stack().alarms.size).toBe(0)
  })

  test('a BYE behind the ACK leaves nothing of the call but its transactions', () => {
    const { on } = accepting()
    on.receive(ack())
    on.receive(requestText({ method: 'BYE', cseq: 2, toTag: 'btag', branch: 'z9hG4bKbye' }))
    expect(JSON.stringify(on.state().inner.inner.filter)).toBe('{"calls":[],"keys":[]}')
    expect(on.receive(ack())).toEqual(['diagnostic unacknowledged CU-5'])
  })

  row('CU-10', 'a 2xx that could not be sent is sent again all the same; the core is told', () => {
    const { on } = accepting()
    const transmitted = on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : []))[0]!
    expect(
      on.brief({ _tag: 'SendFailed', flow: transmitted.flow, why: 'unreachable', cause: transmitted.cause }),
    ).toEqual(['error transport', 'diagnostic send-failed'])
    expect(times(on.advance(600), 'transmit 200')).toEqual([500])
  })

  test('the host slept through it all: no burst, one no-ack', () => {
    const { on } = accepting()
    on.suspend(100_000)
    expect([...on.advance(0)].sort()).toEqual(['100000 ended', '100000 error no-ack'])
  })

  test('the host slept through some of it: one repetition, then the original instants', () => {
    const { on } = accepting()
    on.suspend(10_000)
    expect(times(on.advance(10_000), 'transmit 200')).toEqual([10_000, 11_500, 15_500, 19_500])
  })

  test('a re-INVITE in the same dialog has a series of its own', () => {
    const { on } = accepting()
    on.receive(ack())
    const again = { cseq: 2, toTag: 'btag', branch: 'z9hG4bKre' }
    on.receive(requestText(again))
    on.respond(responseTo(requestOf(again), 200))
    expect(on.receive(ack({ cseq: 1 }))).toEqual(['diagnostic unacknowledged CU-5'])
    expect(times(on.advance(1000), 'transmit 200')).toEqual([500])
    expect(on.receive(ack({ cseq: 2, branch: 'z9hG4bKack2' }))).toContain('request ACK without transaction')
    expect(times(on.advance(100_000), 'transmit 200')).toEqual([])
    expect(JSON.stringify(on.state())).not.toContain('call1')
  })

  row('CU-4', 'the end of an INVITE lets the ACK of a later one in the dialog be absorbed still', () => {
    const { on } = accepting()
    on.receive(ack())
    on.advance(20_000)
    const again = { cseq: 2, toTag: 'btag', branch: 'z9hG4bKre' }
    on.receive(requestText(again))
    on.respond(responseTo(requestOf(again), 200))
    const acked = ack({ cseq: 2, branch: 'z9hG4bKack2' })
    on.receive(acked)
    expect(on.advance(15_000)).toEqual(['32000 ended'])
    expect(on.receive(acked)).toEqual([])
    expect(on.advance(100_000)).toEqual(['52000 ended'])
    expect(JSON.stringify(on.state())).not.toContain('call1')
  })
})

const inviting = (parts: Parameters<typeof outgoing>[0] = {}) => {
  const on = agent()
  on.send(outgoing(parts))
  return { on, left: read(on.sent()[0]!) as Request }
}

const ok = (left: Request, toTag: string, more: readonly string[] = [], body = '') =>
  responseTo(left, 200, { toTag, fields: ['Contact: <sip:bob@192.0.2.9:5070>', ...more], body }).text

describe('at the client', () => {
  row(
    'CC-1',
    'the ACK: new branch, CSeq number and credentials of the INVITE, remote target, no transaction',
    () => {
      const { on: direct, left: sent } = inviting({
        fields: ['Authorization: Digest username="a"', 'Require: 100rel', 'Supported: x'],
      })
      expect(direct.receive(ok(sent, 'b1'))).toEqual([
        'stop A',
        'stop B',
        'start M 32000',
        'transmit ACK to 192.0.2.9:5070',
        'response 200',
      ])
      const acked = read(direct.sent().at(-1)!) as Request
      expect(acked.uri).toBe('sip:bob@192.0.2.9:5070')
      expect(branch(topVia(acked))).not.toBe(branch(topVia(sent)))
      expect(acked.text).toContain('\r\nCSeq: 1 ACK\r\n')
      expect(acked.text).toContain('\r\nAuthorization: Digest username="a"\r\n')
      expect(acked.text).toContain('\r\nRequire: 100rel\r\n')
      expect(acked.text).not.toContain('Supported')
      expect(direct.transactions()).toEqual(['invite-client Accepted M@32000'])
    },
  )

  row('CC-1', 'the route set is that of the response, from the bottom up', () => {
    const { on, left } = inviting()
    on.receive(
      ok(left, 'b1', [
        'Record-Route: <sip:192.0.2.31;lr>, <sip:192.0.2.32;lr>',
        'Record-Route: <sip:192.0.2.33;lr>',
      ]),
    )
    const acked = on.sent().at(-1)!
    expect([...acked.matchAll(/\r\nRoute: (.*)/g)].map(([, value]) => value)).toEqual([
      '<sip:192.0.2.33;lr>',
      '<sip:192.0.2.32;lr>',
      '<sip:192.0.2.31;lr>',
    ])
    expect(on.log.at(-2)?.output).toMatchObject({ flow: { remote: { host: '192.0.2.33' } } })
  })

  row('CC-1', 'a strict router gets the Request-URI, and the target goes last', () => {
    const { on, left } = inviting()
    on.receive(ok(left, 'b1', ['Record-Route: <sip:192.0.2.31>']))
    const acked = read(on.sent().at(-1)!) as Request
    expect(acked.uri).toBe('sip:192.0.2.31')
    expect(acked.text).toContain('\r\nRoute: <sip:bob@192.0.2.9:5070>\r\n')
  })

  row(
    'CC-1',
    'an offer in the 2xx is the core’s to answer, in the ACK it sends; that is then the one to repeat',
    () => {
      const { on, left } = inviting()
      const offer = ok(left, 'b1', ['Content-Type: application/sdp'], 'v=0')
      expect(on.receive(offer)).toEqual(['stop A', 'stop B', 'start M 32000', 'response 200'])
      const answer = outgoing({ method: 'ACK', uri: 'sip:bob@192.0.2.9:5070', toTag: 'b1', body: 'v=1' })
      expect(on.send(answer)).toEqual(['transmit ACK to 192.0.2.9:5070', 'accepted'])
      expect(on.receive(offer)).toEqual(['transmit ACK to 192.0.2.9:5070'])
      expect(on.sent().at(-1)).toBe(on.sent().at(-2))
      expect(on.sent().at(-1)).toContain('v=1')
    },
  )

  row('CC-2', 'the 2xx again: the same octets again, and nothing for the application', () => {
    const { on, left } = inviting()
    on.receive(ok(left, 'b1'))
    for (let n = 0; n < 3; n++) expect(on.receive(ok(left, 'b1'))).toEqual(['transmit ACK to 192.0.2.9:5070'])
    expect(new Set(on.sent().slice(1)).size).toBe(1)
  })

  row('CC-3', 'a 2xx with another To tag is another dialog with an ACK of its own', () => {
    const { on, left } = inviting()
    on.receive(ok(left, 'b1'))
    expect(on.receive(ok(left, 'b2'))).toEqual(['transmit ACK to 192.0.2.9:5070', 'response 200'])
    expect(on.sent().at(-1)).toContain('tag=b2')
    expect(on.sent().at(-1)).not.toBe(on.sent().at(-2))
    expect(on.receive(ok(left, 'b1'))).toEqual(['transmit ACK to 192.0.2.9:5070'])
    expect(on.sent().at(-1)).toContain('tag=b1')
  })

  row('CC-5', 'an ACK that could not be sent is told; the next 2xx tries again', () => {
    const { on, left } = inviting()
    on.receive(ok(left, 'b1'))
    const transmitted = on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : [])).at(-1)!
    expect(
      on.brief({ _tag: 'SendFailed', flow: transmitted.flow, why: 'unreachable', cause: transmitted.cause }),
    ).toEqual(['error transport', 'diagnostic send-failed'])
    expect(on.receive(ok(left, 'b1'))).toEqual(['transmit ACK to 192.0.2.9:5070'])
  })

  row('CC-10', 'a 2xx when M is over is discarded, without ACK', () => {
    const { on, left } = inviting()
    on.receive(ok(left, 'b1'))
    expect(on.advance(32_000)).toEqual(['32000 ended'])
    const before = on.state()
    expect(on.receive(ok(left, 'b3'))).toEqual(['diagnostic stray ST-1'])
    expect(on.state()).toBe(before)
  })

  test('a 2xx without Contact cannot be acknowledged; operator and core hear of it', () => {
    const { on, left } = inviting()
    expect(on.receive(responseTo(left, 200, { toTag: 'b1' }).text).slice(-2)).toEqual([
      'diagnostic unacknowledged CC-1',
      'response 200',
    ])
  })

  test('nothing is kept of a call that came to nothing', () => {
    const { on, left } = inviting()
    on.receive(responseTo(left, 486, { toTag: 'b' }).text)
    on.advance(32_000)
    expect(JSON.stringify(on.state().inner.filter)).not.toContain('call1')
    expect(on.transactions()).toEqual([])
  })
})

test('a caller’s own Via stays below', () => {
  const on: Bench<unknown> = agent()
  on.send(pushVia('SIP/2.0/UDP below.example.com;branch=z9hG4bKbelow')(outgoing()))
  expect(on.sent()[0]?.match(/Via: .*/g)).toHaveLength(2)
})
