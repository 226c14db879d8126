/** What the ancestor, Sippet in Elixir, got wrong between its machines and the network, each shown right here: S15 to S28. */
import { expect, test } from 'vitest'
import type { Output } from '../../../src/core/events.js'
import { branch } from '../../../src/core/header/via.js'
import { topVia } from '../../../src/core/message/head.js'
import { coreFilter } from '../../../src/core/user-agent/core.js'
import { around, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { type Bench, bench, benchOf, configOf, peer, tcp, udp } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const agent = () => benchOf(userAgent(configOf()))

const lastFlow = (on: Bench<unknown>): Extract<Output, { _tag: 'Transmit' }>['flow'] | undefined =>
  on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output.flow] : [])).at(-1)

const delivered = (on: Bench<unknown>) =>
  on.log.flatMap(({ output }) => (output._tag === 'RequestReceived' ? [output.request] : [])).at(-1)!

test('S15: CANCEL is matched and answered, merged requests and strays are known', () => {
  const on = agent()
  on.receive(requestText())
  expect(on.receive(requestText({ branch: 'z9hG4bKother' }))).toContain(
    'transmit 482 INVITE to 192.0.2.9:5060',
  )
  const said = on.receive(requestText({ method: 'CANCEL' }))
  expect(said).toContain('transmit 200 CANCEL to 192.0.2.9:5060')
  expect(said).toContain('transmit 487 INVITE to 192.0.2.9:5060')
  expect(on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKnone', callId: 'none' }))).toContain(
    'transmit 481 CANCEL to 192.0.2.9:5060',
  )
  const stray = responseTo(requestOf({ vias: ['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKgone'] }), 200)
  expect(on.receive(stray.text)).toEqual(['diagnostic stray ST-1'])
})

test('S16: received and rport go to the top Via; the one below stays as the client wrote it', () => {
  const on = bench()
  on.receive(
    requestText({
      vias: [
        'SIP/2.0/UDP proxy.example.com;branch=z9hG4bKp;rport',
        'SIP/2.0/UDP client.example.com;branch=z9hG4bKc;rport',
      ],
    }),
  )
  expect(delivered(on).text.match(/Via: .*/g)).toEqual([
    'Via: SIP/2.0/UDP proxy.example.com;branch=z9hG4bKp;received=192.0.2.9;rport=5060',
    'Via: SIP/2.0/UDP client.example.com;branch=z9hG4bKc;rport',
  ])
  on.respond(responseTo(delivered(on), 486))
  expect(lastFlow(on)?.remote).toEqual(peer)
})

test('S17: rport is filled only where it was asked for, and then received is there too', () => {
  const via = (viaParams: string, sentBy = '192.0.2.9') => {
    const on = bench()
    on.receive(requestText({ viaParams, sentBy }))
    return /Via: (.*)/.exec(delivered(on).text)?.[1]
  }
  expect(via('')).toBe('SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKalice1')
  expect(via(';rport', '192.0.2.9:5060')).toBe(
    'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKalice1;received=192.0.2.9;rport=5060',
  )
})

test('S18: a datagram without Via, or with an empty one, is dropped with the reason', () => {
  const on = bench()
  for (const text of [
    requestText().replace(/Via: .*\r\n/, ''),
    requestText().replace(/Via: .*\r\n/, 'Via: \r\n'),
  ])
    expect(on.receive(text)).toEqual(['diagnostic malformed'])
  expect(on.receive(requestText())).toContain('request INVITE')
})

test('S19: ;rport=abc gets a 400, and nothing else happens', () => {
  const on = bench()
  const before = on.state()
  const said = on.receive(requestText({ viaParams: ';rport=abc' }))
  expect(said.at(-1)).toBe('diagnostic malformed')
  expect(on.sent().map((text) => text.slice(0, 11))).toEqual(['SIP/2.0 400'])
  expect(on.state()).toBe(before)
})

test('S20: a core may send when it gets an ACK', () => {
  const core = coreFilter<number>((count, { event }) => {
    if (event._tag !== 'RequestReceived') return [count, []]
    if (event.request.method === 'INVITE')
      return [
        count,
        [{ _tag: 'SendResponse', ref: 'ok', response: responseTo(event.request, 200, { toTag: 'btag' }) }],
      ]
    return [
      count + 1,
      [
        {
          _tag: 'SendRequest',
          ref: 'info',
          request: outgoing({ method: 'INFO', toTag: 'btag' }),
          options: {},
        },
      ],
    ]
  }, 0)
  const on = benchOf(around(core)(userAgent(configOf())))
  on.receive(requestText())
  expect(on.receive(ackTo({}, 'btag', { branch: 'z9hG4bKack' }))).toContain('transmit INFO to 192.0.2.9:5060')
  expect(on.state().filter).toBe(1)
})

test('S21: Route, maddr, sips and the default ports say where a request goes', () => {
  const to = (parts: Parameters<typeof outgoing>[0]) => {
    const on = bench()
    const said = on.send(outgoing({ method: 'OPTIONS', ...parts }))
    return said.find((line) => /^(transmit|open|resolve|refused)/.test(line))
  }
  expect(to({ uri: 'sip:bob@192.0.2.50' })).toBe('transmit OPTIONS to 192.0.2.50:5060')
  expect(to({ uri: 'sip:bob@192.0.2.50', fields: ['Route: <sip:192.0.2.60:5070;lr>'] })).toBe(
    'transmit OPTIONS to 192.0.2.60:5070',
  )
  expect(to({ uri: 'sip:bob@example.com;maddr=192.0.2.70' })).toBe('transmit OPTIONS to 192.0.2.70:5060')
  expect(to({ uri: 'sip:bob@192.0.2.50;transport=tcp' })).toBe('open tcp 192.0.2.50:5060')
  expect(to({ uri: 'sips:bob@192.0.2.50' })).toBe('refused NoTransport') // there is no TLS here, and nothing less will do
  expect(to({ uri: 'sip:bob@example.com:5060' })).toBe('resolve example.com')
})

test('S22: a send that failed is told, that of an ACK too', () => {
  const on = agent()
  on.send(outgoing())
  const invite = read(on.sent()[0]!)
  if (invite._tag !== 'Request') throw new Error('a request expected')
  on.receive(responseTo(invite, 200, { toTag: 'b', fields: ['Contact: <sip:bob@192.0.2.9>'] }).text)
  const ack = on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : [])).at(-1)!
  expect(ack.bytes).toContain('ACK sip:')
  expect(on.brief({ _tag: 'SendFailed', flow: ack.flow, why: 'unreachable', cause: ack.cause })).toEqual([
    'error transport',
    'diagnostic send-failed',
  ])
})

test('S23: a request too large for a datagram goes over TCP', () => {
  const on = bench()
  const said = on.send(
    outgoing({ method: 'MESSAGE', body: 'x'.repeat(1400), fields: ['Content-Type: text/plain'] }),
  )
  expect(said).toContain('open tcp 192.0.2.9:5060')
})

test('S24: octets behind Content-Length are discarded; a body too short gets a 400', () => {
  const on = bench()
  on.receive(`${requestText({ body: 'v=0' })}surplus`)
  expect(delivered(on).text.endsWith('v=0')).toBe(true)
  expect(on.receive(requestText({ body: 'v=0', callId: 'c2' }).slice(0, -1)).at(-1)).toBe(
    'diagnostic malformed',
  )
  expect(on.sent().at(-1)).toContain('SIP/2.0 400')
})

test('S25: a response whose sent-by is not ours is discarded', () => {
  const on = bench()
  on.send(outgoing({ method: 'OPTIONS' }))
  const left = read(on.sent()[0]!)
  if (left._tag !== 'Request') throw new Error('a request expected')
  const spoofed = responseTo(left, 200).text.replace('192.0.2.1:5060', '203.0.113.5:5060')
  expect(on.receive(spoofed)).toEqual(['diagnostic not-ours 18.1.2'])
  expect(branch(topVia(left))).toMatch(/^z9hG4bK[0-9a-f]{32}$/)
})

test('S26: a peer of RFC 2543 is served', () => {
  const on = bench()
  const old = { branch: '', method: 'OPTIONS' }
  on.receive(requestText(old))
  expect(on.respond(responseTo(requestOf(old), 200))).toContain('transmit 200 OPTIONS to 192.0.2.9:5060')
})

test('S27: what the network brings, in any order, is never without an answer', () => {
  const on = bench()
  for (const flow of [udp, tcp]) {
    on.brief({ _tag: 'FlowClosed', flow })
    on.brief({ _tag: 'Writable', flow })
    on.brief({ _tag: 'SendFailed', flow, why: 'other', cause: { _tag: 'Some', value: 'nobody' } })
  }
  on.brief({ _tag: 'FlowRefused', opening: 99, why: 'refused', what: 'x' })
  on.brief({ _tag: 'TimerFired', id: { _tag: 'Pending', transaction: 'nobody' }, generation: 1 })
  on.brief({ _tag: 'Unresolved', question: { _tag: 'Host', name: 'nobody' }, why: 'x', ttl: 0 })
  expect(on.receive(requestText())).toContain('request INVITE')
})

test('S28: a response can be forwarded without a transaction', () => {
  const on = bench({ role: 'stateless-proxy' })
  const response = responseTo(requestOf({ branch: 'z9hG4bKnext' }), 200)
  expect(
    on.brief({ _tag: 'SendStateless', ref: 1, message: response, target: { protocol: 'udp', ...peer } }),
  ).toEqual(['transmit 200 INVITE to 192.0.2.9:5060', 'accepted'])
  expect(on.sent()).toEqual([response.text])
  expect(on.transactions()).toEqual([])
})
