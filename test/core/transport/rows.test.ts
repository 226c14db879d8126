/** The rows of transports (TR) and of failing over (CC-8, CC-13), on the bench: what the stack sends where. */
import { none, some } from 'fp-ts/lib/Option.js'
import { describe, expect } from 'vitest'
import type { Output } from '../../../src/core/events.js'
import { respond } from '../../../src/core/message/build.js'
import { topVia } from '../../../src/core/message/head.js'
import type { Request } from '../../../src/core/message/types.js'
import { branch, maddr, received, rport, ttl } from '../../../src/core/header/via.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { row } from '../../conformance/rows.js'
import { bench, type Bench, local, tcp, udp } from '../../support/bench.js'
import { outgoing, read, requestText, responseTo } from '../../support/messages.js'

const last = (on: Bench<unknown>): Request => {
  const message = read(on.sent().at(-1) ?? '')
  if (message._tag !== 'Request') throw new Error('a request expected')
  return message
}

const transmitted = (on: Bench<unknown>): readonly Extract<Output, { _tag: 'Transmit' }>[] =>
  on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : []))

const opening = (on: Bench<unknown>): Extract<Output, { _tag: 'OpenFlow' }> => {
  const found = on.log.flatMap(({ output }) => (output._tag === 'OpenFlow' ? [output] : [])).at(-1)
  if (found === undefined) throw new Error('no connection was asked for')
  return found
}

/** The connection that was asked for last stands. */
const stands = (on: Bench<unknown>, id: number): Flow => {
  const { opening: number, target } = opening(on)
  const flow = { protocol: target.protocol, local, remote: { host: target.host, port: target.port }, id }
  on.tell({ _tag: 'FlowOpened', flow, names: [], opening: number })
  return flow
}

const options = { method: 'OPTIONS' } as const
const long = { ...options, body: 'x'.repeat(1300) }
const overTcp = { ...options, uri: 'sip:bob@192.0.2.9;transport=tcp' }

describe('transports', () => {
  row('TR-1', 'UDP is unreliable and TCP is reliable, as the transaction was made', () => {
    const on = bench()
    on.send(outgoing(options))
    on.send(outgoing(overTcp))
    stands(on, 3)
    expect(on.transactions()).toEqual([
      'non-invite-client Trying E@500 F@32000',
      'non-invite-client Trying F@32000',
    ])
  })

  row(
    'TR-2',
    'a request over 1300 octets goes over TCP with that in its Via; refused, over UDP with a new branch',
    () => {
      const on = bench()
      expect(on.send(outgoing(long))).toEqual([
        'open tcp 192.0.2.9:5060',
        'start opening 5000',
        'start pending 32000',
        'accepted',
      ])
      stands(on, 3)
      expect(topVia(last(on)).transport).toBe('TCP')
      expect(transmitted(on)[0]?.flow.id).toBe(3)

      const refused = bench()
      refused.send(outgoing(long))
      const { opening: number } = opening(refused)
      expect(refused.brief({ _tag: 'FlowRefused', opening: number, why: 'refused', what: 'reset' })).toEqual([
        'stop opening',
        'stop pending',
        'transmit OPTIONS to 192.0.2.9:5060',
        'start E 500',
        'start F 32000',
        'diagnostic flow-refused',
      ])
      expect(topVia(last(refused)).transport).toBe('UDP')
    },
  )

  row(
    'TR-2',
    'what fits into 1300 octets, Via included, stays a datagram; so does what has the caller’s own Via',
    () => {
      const on = bench()
      on.send(outgoing({ ...options, body: 'x'.repeat(900) }))
      const own = requestText({
        ...long,
        uri: 'sip:bob@192.0.2.9',
        sentBy: '192.0.2.1:5060',
        branch: 'z9hG4bKown',
      })
      on.send(read(own) as Request, { via: 'present' })
      expect(transmitted(on).map(({ flow }) => flow.protocol)).toEqual(['udp', 'udp'])
    },
  )

  row('TR-3', 'a request to a group carries maddr, and ttl 1 for IPv4', () => {
    const on = bench()
    on.send(outgoing({ ...options, uri: 'sip:224.0.1.75' }))
    expect(maddr(topVia(last(on)))).toBe('224.0.1.75')
    expect(ttl(topVia(last(on)))).toBe(1)
    on.send(outgoing(options))
    expect(maddr(topVia(last(on)))).toBeUndefined()
  })

  row('TR-4', 'received and rport are written before anybody sees the request', () => {
    const on = bench()
    const flow = { ...udp, remote: { host: '198.51.100.7', port: 40_000 } }
    on.receive(requestText({ ...options, sentBy: 'alice.example', viaParams: ';rport' }), flow)
    const news = on.log.flatMap(({ output }) => (output._tag === 'RequestReceived' ? [output.request] : []))
    expect(received(topVia(news[0]!))).toBe('198.51.100.7')
    expect(rport(topVia(news[0]!))).toBe(40_000)
  })

  row('TR-5', 'a response goes to maddr, else to received and rport, else to the port in sent-by', () => {
    const where = (sentBy: string, viaParams: string): string => {
      const on = bench()
      on.receive(requestText({ ...options, sentBy, viaParams }), {
        ...udp,
        remote: { host: '198.51.100.7', port: 40_000 },
      })
      const request = on.log.flatMap(({ output }) =>
        output._tag === 'RequestReceived' ? [output.request] : [],
      )[0]!
      on.respond(respond(200)(request))
      const { flow } = transmitted(on).at(-1)!
      expect(flow.local).toEqual(local)
      return `${flow.remote.host}:${flow.remote.port}`
    }
    expect(where('192.0.2.9:5070', ';rport')).toBe('198.51.100.7:40000')
    expect(where('192.0.2.9:5070', '')).toBe('198.51.100.7:5070')
    expect(where('alice.example', '')).toBe('198.51.100.7:5060')
    expect(where('192.0.2.9:5070', ';maddr=192.0.2.33')).toBe('192.0.2.33:5070')
  })

  row(
    'TR-6',
    'a response goes on the connection of its request while that stands, then on a new one to received and sent-by',
    () => {
      const on = bench()
      on.receive(requestText({ transport: 'TCP', sentBy: 'alice.example:5070' }), tcp)
      const request = on.log.flatMap(({ output }) =>
        output._tag === 'RequestReceived' ? [output.request] : [],
      )[0]!
      on.respond(respond(180)(request))
      expect(transmitted(on).at(-1)?.flow).toEqual(tcp)
      on.tell({ _tag: 'FlowClosed', flow: tcp })
      expect(on.respond(respond(182)(request))).toEqual([
        'open tcp 192.0.2.9:5070',
        'start opening 5000',
        'start pending 32000',
        'accepted',
      ])
      expect(on.respond(respond(183)(request))).toEqual(['start pending 32000', 'accepted'])
      const flow = stands(on, 8)
      expect(transmitted(on).map(({ bytes }) => bytes.slice(8, 11))).toEqual(['180', '182', '183'])
      on.respond(respond(200)(request))
      expect(transmitted(on).at(-1)?.flow).toEqual(flow)
    },
  )

  row(
    'TR-6',
    'when the new connection cannot be had either, the transaction hears that it cannot send',
    () => {
      const on = bench()
      on.receive(requestText({ transport: 'TCP' }), tcp)
      const request = on.log.flatMap(({ output }) =>
        output._tag === 'RequestReceived' ? [output.request] : [],
      )[0]!
      on.tell({ _tag: 'FlowClosed', flow: tcp })
      on.respond(respond(486)(request))
      const said = on.brief({
        _tag: 'FlowRefused',
        opening: opening(on).opening,
        why: 'refused',
        what: 'reset',
      })
      expect(said).toContain('error transport')
    },
  )

  row('TR-6', 'to a WebSocket client there is the existing connection only (RFC 7118 5.3)', () => {
    const on = bench()
    on.tell({
      _tag: 'Listening',
      listener: { protocol: 'ws', local, advertised: local, reliable: true, framing: 'message' },
    })
    const flow = { ...tcp, protocol: 'ws' }
    on.receive(requestText({ transport: 'WS', sentBy: 'x.invalid' }), flow)
    const request = on.log.flatMap(({ output }) =>
      output._tag === 'RequestReceived' ? [output.request] : [],
    )[0]!
    on.tell({ _tag: 'FlowClosed', flow })
    expect(on.respond(respond(486)(request))).toContain('error transport')
    expect(on.log.some(({ output }) => output._tag === 'OpenFlow')).toBe(false)
  })

  row(
    'TR-7',
    'a send that the network refused fails its transaction; one that belongs to none changes nothing',
    () => {
      const on = bench()
      on.send(outgoing(options))
      const { flow, cause } = transmitted(on)[0]!
      const before = on.state()
      expect(on.brief({ _tag: 'SendFailed', flow, why: 'unreachable', cause: none })).toEqual([
        'diagnostic send-failed',
      ])
      expect(on.state()).toBe(before)
      expect(on.brief({ _tag: 'SendFailed', flow, why: 'unreachable', cause })).toContain('error transport')
      expect(
        on.brief({ _tag: 'SendFailed', flow, why: 'unreachable', cause: some('c|gone|OPTIONS') }),
      ).toEqual(['diagnostic send-failed'])
    },
  )

  row('TR-8', 'a response is matched by its Via alone, whatever it came on', () => {
    const on = bench()
    on.send(outgoing(overTcp))
    stands(on, 3)
    const answer = responseTo(last(on), 200).text
    expect(on.receive(answer, { ...tcp, id: 99 })).toContain('response 200')
    on.send(outgoing({ ...overTcp, callId: 'second' }))
    expect(on.receive(responseTo(last(on), 200).text, udp)).toContain('response 200')
  })

  row('TR-9', 'an idle connection outlives every transaction, and is closed when nobody needs it', () => {
    const on = bench()
    on.receive(requestText({ ...options, transport: 'TCP' }), tcp)
    const request = on.log.flatMap(({ output }) =>
      output._tag === 'RequestReceived' ? [output.request] : [],
    )[0]!
    on.respond(respond(200)(request))
    expect(on.advance(64_000).filter((line) => line.includes('close'))).toEqual([])
    expect(on.advance(600_000)).toEqual(['600000 close 7', '600000 stop flow', '600000 diagnostic flow-lost'])
  })

  row('TR-9', 'a connection with a live transaction is never idle', () => {
    const on = bench()
    on.receive(requestText({ transport: 'TCP' }), tcp)
    expect(on.advance(2_000_000).filter((line) => line.includes('close'))).toEqual([])
  })

  row(
    'TR-10',
    'a datagram shorter than its Content-Length: a request gets 400, a response nothing; surplus is discarded',
    () => {
      const on = bench()
      const text = requestText({ ...options, body: '12345' })
      expect(on.receive(text.slice(0, -1))).toEqual([
        'transmit 400 OPTIONS to 192.0.2.9:5060',
        'diagnostic malformed',
      ])
      expect(on.transactions()).toEqual([])
      expect(on.receive(`${text}surplus`)[0]).toMatch(/start N100|request OPTIONS/)
      const request = on.log.flatMap(({ output }) =>
        output._tag === 'RequestReceived' ? [output.request] : [],
      )[0]!
      expect(request.text).not.toContain('surplus')
      on.send(outgoing({ ...options, callId: 'c2' }))
      const short = responseTo(last(on), 200, { body: '12345' }).text.slice(0, -1)
      expect(on.receive(short)).toEqual(['diagnostic malformed'])
    },
  )
})

/** Two servers of one name, the first to be tried first. */
const located = (parts: Parameters<typeof outgoing>[0] = {}): Bench<unknown> => {
  const on = bench()
  on.send(outgoing({ ...options, uri: 'sip:bob@b.example:5060', ...parts }))
  on.tell({
    _tag: 'Resolved',
    question: { _tag: 'Host', name: 'b.example' },
    answer: { _tag: 'Host', addresses: ['192.0.2.11', '192.0.2.12'] },
    ttl: 60_000,
  })
  return on
}

/** What the application hears: of which try, and by which name of its own. */
const outcomes = (on: Bench<unknown>): readonly string[] =>
  on.log.flatMap(({ output }) =>
    output._tag === 'ErrorReceived'
      ? [output.reason]
      : output._tag === 'ResponseReceived'
        ? [String(output.response.status)]
        : output._tag === 'Ended'
          ? ['ended']
          : [],
  )

const firsts = (on: Bench<unknown>): ReadonlySet<string> =>
  new Set(
    on.log.flatMap(({ output }) =>
      output._tag === 'ErrorReceived' || output._tag === 'ResponseReceived'
        ? [JSON.stringify(output.first)]
        : output._tag === 'Accepted' || output._tag === 'Ended'
          ? [JSON.stringify(some(output.key))]
          : [],
    ),
  )

describe('the next target', () => {
  row(
    'CC-8',
    'after a timeout without any response: a new transaction with a new branch, otherwise the same octets',
    () => {
      const on = located()
      const first = last(on)
      on.advance(32_000)
      const second = last(on)
      expect(transmitted(on).at(-1)?.flow.remote.host).toBe('192.0.2.12')
      expect(branch(topVia(second))).not.toBe(branch(topVia(first)))
      const withoutBranch = (request: Request): string =>
        request.text.replace(branch(topVia(request)) ?? '', '')
      expect(withoutBranch(second)).toBe(withoutBranch(first))
      expect(outcomes(on)).toEqual([])
      on.receive(responseTo(second, 200).text)
      on.advance(60_000)
      expect(outcomes(on)).toEqual(['200', 'ended'])
      expect(firsts(on).size).toBe(1)
    },
  )

  row(
    'CC-8',
    'after a failed send, and after a 503; when no target is left, the last outcome is told once',
    () => {
      const on = located()
      const { flow, cause } = transmitted(on)[0]!
      on.tell({ _tag: 'SendFailed', flow, why: 'unreachable', cause })
      expect(transmitted(on).at(-1)?.flow.remote.host).toBe('192.0.2.12')
      on.receive(responseTo(last(on), 503).text)
      on.advance(60_000)
      expect(outcomes(on)).toEqual(['503', 'ended'])
      expect(firsts(on).size).toBe(1)
    },
  )

  row('CC-8', 'an INVITE that got 503 is acknowledged there and goes on elsewhere', () => {
    const on = located({ method: 'INVITE' })
    const invite = last(on)
    on.receive(responseTo(invite, 503, { toTag: 'x' }).text)
    expect(
      transmitted(on)
        .slice(-2)
        .map(({ bytes }) => bytes.slice(0, 6)),
    ).toEqual(['ACK si', 'INVITE'])
    on.receive(responseTo(last(on), 180, { toTag: 'y' }).text)
    on.advance(32_000) // D of the first ends
    expect(outcomes(on)).toEqual(['180'])
    on.receive(responseTo(last(on), 200, { toTag: 'y' }).text)
    on.advance(64_000)
    expect(outcomes(on)).toEqual(['180', '200', 'ended'])
    expect(firsts(on).size).toBe(1)
  })

  row(
    'CC-8',
    'an INVITE that is being cancelled goes nowhere else; its CANCEL follows the try that is under way',
    () => {
      const on = located({ method: 'INVITE' })
      on.receive(responseTo(last(on), 503, { toTag: 'x' }).text)
      const second = last(on)
      on.receive(responseTo(second, 180, { toTag: 'y' }).text)
      const accepted = on.log.flatMap(({ output }) => (output._tag === 'Accepted' ? [output.key] : []))[0]!
      expect(on.brief({ _tag: 'Cancel', ref: 'c', key: accepted })).toContain('accepted')
      expect(last(on).method).toBe('CANCEL')
      expect(transmitted(on).at(-1)?.flow.remote.host).toBe('192.0.2.12')
      expect(branch(topVia(last(on)))).toBe(branch(topVia(second)))
      on.receive(responseTo(second, 503, { toTag: 'y' }).text)
      expect(outcomes(on)).toEqual(['180', '503'])
    },
  )

  row('CC-8', 'a target that failed is tried last for a while, and Retry-After says for how long', () => {
    const on = located()
    on.receive(responseTo(last(on), 503, { fields: ['Retry-After: 20 (busy)'] }).text)
    on.receive(responseTo(last(on), 200).text)
    const again = (): string | undefined => {
      on.send(outgoing({ ...options, uri: 'sip:bob@b.example:5060', callId: `c${on.now()}` }))
      return transmitted(on).at(-1)?.flow.remote.host
    }
    expect(again()).toBe('192.0.2.12')
    on.advance(21_000)
    expect(again()).toBe('192.0.2.11')
  })

  row('CC-8', 'a request with the caller’s own Via has one target', () => {
    const on = bench()
    on.tell({
      _tag: 'Resolved',
      question: { _tag: 'Host', name: 'b.example' },
      answer: { _tag: 'Host', addresses: ['192.0.2.11', '192.0.2.12'] },
      ttl: 60_000,
    })
    const own = requestText({
      ...options,
      uri: 'sip:bob@b.example:5060',
      sentBy: '192.0.2.1:5060',
      branch: 'z9hG4bKown',
    })
    on.send(read(own) as Request, { via: 'present' })
    on.advance(32_000)
    expect(outcomes(on)).toEqual(['timeout', 'ended'])
  })

  row('CC-13', 'a timeout after a provisional is a timeout; no other target is tried', () => {
    const on = located()
    on.advance(400)
    on.receive(responseTo(last(on), 100).text)
    on.advance(60_000)
    expect(outcomes(on)).toEqual(['100', 'timeout', 'ended'])
    expect(new Set(transmitted(on).map(({ flow }) => flow.remote.host))).toEqual(new Set(['192.0.2.11']))
  })
})
