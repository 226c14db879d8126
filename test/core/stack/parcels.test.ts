/** Responses whose way back is gone, and messages without a transaction: where they go, and who hears that they cannot. */
import { some } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import type { Output, Question } from '../../../src/core/events.js'
import { respond } from '../../../src/core/message/build.js'
import type { Request } from '../../../src/core/message/types.js'
import { row } from '../../conformance/rows.js'
import { type Bench, bench, local, tcp, udp } from '../../support/bench.js'
import { outgoing, requestText } from '../../support/messages.js'

type Tagged<T extends Output['_tag']> = Extract<Output, { _tag: T }>

const all = <T extends Output['_tag']>(on: Bench<unknown>, tag: T): readonly Tagged<T>[] =>
  on.log.flatMap(({ output }) => (output._tag === tag ? [output as Tagged<T>] : []))

/** Where connections were asked for, in order. */
const opened = (on: Bench<unknown>): readonly string[] =>
  all(on, 'OpenFlow').map(({ target }) => `${target.host}:${target.port}`)

const asked = (on: Bench<unknown>): readonly string[] =>
  all(on, 'Resolve').map(({ question }) => `${question._tag} ${question.name}`)

const refuse = (on: Bench<unknown>): readonly string[] => {
  const { opening } = all(on, 'OpenFlow').at(-1)!
  return on.brief({ _tag: 'FlowRefused', opening, why: 'refused', what: 'reset' })
}

const hosts = (name: string, ...addresses: string[]) =>
  ({
    _tag: 'Resolved',
    question: { _tag: 'Host', name },
    answer: { _tag: 'Host', addresses },
    ttl: 0,
  }) as const

/** A request over TCP whose connection has closed, and its response on the way. */
const answeredLate = (sentBy: string, status = 486): Bench<unknown> => {
  const on = bench()
  on.receive(requestText({ transport: 'TCP', sentBy }), tcp)
  const { request } = all(on, 'RequestReceived')[0]!
  on.tell({ _tag: 'FlowClosed', flow: tcp })
  on.respond(respond(status)(request))
  return on
}

/** The connection that was asked for last stands. */
const stands = (on: Bench<unknown>): void => {
  const { opening, target } = all(on, 'OpenFlow').at(-1)!
  const remote = { host: target.host, port: target.port }
  on.tell({ _tag: 'FlowOpened', flow: { protocol: 'tcp', local, remote, id: 9 }, names: [], opening })
}

const statusAt = (on: Bench<unknown>): string => {
  const { flow, bytes } = all(on, 'Transmit').at(-1)!
  return `${bytes.slice(8, 11)} to ${flow.remote.host}:${flow.remote.port}`
}

describe('a response whose connection is gone (18.2.2, RFC 3263 5)', () => {
  row('TR-6', 'that cannot reach received goes to each address of the name and port in sent-by', () => {
    const on = answeredLate('alice.example:5070')
    expect(opened(on)).toEqual(['192.0.2.9:5070'])
    refuse(on)
    expect(asked(on)).toEqual(['Host alice.example'])
    on.tell(hosts('alice.example', '192.0.2.21', '192.0.2.22'))
    refuse(on)
    expect(opened(on)).toEqual(['192.0.2.9:5070', '192.0.2.21:5070', '192.0.2.22:5070'])
    stands(on)
    expect(statusAt(on)).toBe('486 to 192.0.2.22:5070')
    expect(all(on, 'ErrorReceived')).toEqual([])
  })

  row('TR-6', 'a name without port is asked for its servers first', () => {
    const on = answeredLate('alice.example')
    expect(opened(on)).toEqual(['192.0.2.9:5060'])
    refuse(on)
    expect(asked(on)).toEqual(['Srv _sip._tcp.alice.example'])
    const question: Question = { _tag: 'Srv', name: '_sip._tcp.alice.example' }
    const records = [{ priority: 1, weight: 1, port: 5099, target: 'edge.alice.example' }]
    on.tell({ _tag: 'Resolved', question, answer: { _tag: 'Srv', records }, ttl: 0 })
    on.tell(hosts('edge.alice.example', '192.0.2.31'))
    stands(on)
    expect(statusAt(on)).toBe('486 to 192.0.2.31:5099')
  })

  row('TR-6', 'without servers its addresses at the default port', () => {
    const on = answeredLate('alice.example')
    refuse(on)
    on.tell({
      _tag: 'Unresolved',
      question: { _tag: 'Srv', name: '_sip._tcp.alice.example' },
      why: 'none',
      ttl: 0,
    })
    on.tell(hosts('alice.example', '192.0.2.21'))
    stands(on)
    expect(statusAt(on)).toBe('486 to 192.0.2.21:5060')
  })

  row('TR-6', 'an address in sent-by is the last resort', () => {
    const on = answeredLate('198.51.100.4:5070')
    refuse(on)
    expect(opened(on)).toEqual(['192.0.2.9:5070', '198.51.100.4:5070'])
    expect(refuse(on)).toContain('error transport')
  })

  test.each<[string, (on: Bench<unknown>) => readonly string[]]>([
    [
      'the name has no address',
      (on) =>
        on.brief({
          _tag: 'Unresolved',
          question: { _tag: 'Host', name: 'alice.example' },
          why: 'none',
          ttl: 0,
        }),
    ],
    [
      'none of its addresses can be reached',
      (on) => {
        on.tell(hosts('alice.example', '192.0.2.21'))
        return refuse(on)
      },
    ],
    ['nobody answers what was asked', (on) => on.advance(32_000).map((line) => line.replace(/^\d+ /, ''))],
  ])('when %s the transaction hears that it cannot send', (_what, ends) => {
    const on = answeredLate('alice.example:5070', 180) // a final one has timer H
    refuse(on)
    expect(ends(on)).toContain('error transport')
    const { pending, waiting, openings, openingFor } = on.stack()
    expect([pending.size, waiting.size, openings.size, openingFor.size]).toEqual([0, 0, 0, 0])
  })

  test('so many may wait for one connection; beyond them the transaction hears at once', () => {
    const on = bench({ connections: { parked: 1 } })
    on.receive(requestText({ transport: 'TCP' }), tcp)
    const { request } = all(on, 'RequestReceived')[0]!
    on.tell({ _tag: 'FlowClosed', flow: tcp })
    expect(on.respond(respond(180)(request))).not.toContain('error transport')
    expect(on.respond(respond(486)(request))).toContain('error transport')
  })
})

describe('a response by datagram that could not be sent', () => {
  const failing = (sentBy: string): { readonly on: Bench<unknown>; readonly request: Request } => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS', sentBy, viaParams: ';rport' }), {
      ...udp,
      remote: { host: '198.51.100.7', port: 40_000 },
    })
    const { request } = all(on, 'RequestReceived')[0]!
    on.respond(respond(200)(request))
    return { on, request }
  }

  const fails = (on: Bench<unknown>): readonly string[] => {
    const { flow, cause } = all(on, 'Transmit').at(-1)!
    return on.brief({ _tag: 'SendFailed', flow, why: 'refused', cause })
  }

  row('TR-5', 'goes where sent-by leads; when that fails too the transaction hears it', () => {
    const { on } = failing('alice.example:5070')
    expect(statusAt(on)).toBe('200 to 198.51.100.7:40000')
    fails(on)
    expect(statusAt(on)).toBe('200 to 198.51.100.7:5070')
    expect(fails(on)).toContain('error transport')
  })

  row('TR-5', 'by name when received is what failed', () => {
    const { on } = failing('alice.example:40000')
    fails(on)
    expect(asked(on)).toEqual(['Host alice.example'])
    on.tell(hosts('alice.example', '192.0.2.21'))
    expect(statusAt(on)).toBe('200 to 192.0.2.21:40000')
  })

  test('where sent-by is the very place that failed, there is no other', () => {
    const { on } = failing('198.51.100.7:40000')
    expect(fails(on)).toContain('error transport')
  })

  test('a failure that names no transaction of ours sends nothing', () => {
    const { on } = failing('alice.example:5070')
    const before = on.sent().length
    on.tell({ _tag: 'SendFailed', flow: udp, why: 'refused', cause: some('s|gone|OPTIONS') })
    expect(on.sent()).toHaveLength(before)
  })
})

describe('a message without transaction', () => {
  const message = outgoing({ method: 'OPTIONS' })
  const send = (on: Bench<unknown>, protocol: string, host: string): readonly string[] =>
    on.brief({ _tag: 'SendStateless', ref: 1, message, target: { protocol, host, port: 5070 } })

  test('to a name leaves when its address is known', () => {
    const on = bench()
    expect(send(on, 'udp', 'b.example')).toEqual(['start pending 32000', 'resolve b.example', 'accepted'])
    expect(on.sent()).toEqual([])
    on.tell(hosts('b.example', '192.0.2.41'))
    expect(all(on, 'Transmit').map(({ flow, bytes }) => [flow.remote, bytes])).toEqual([
      [{ host: '192.0.2.41', port: 5070 }, message.text],
    ])
  })

  test('to a name over TCP tries its addresses one after the other', () => {
    const on = bench()
    send(on, 'tcp', 'b.example')
    on.tell(hosts('b.example', '192.0.2.41', '192.0.2.42'))
    refuse(on)
    stands(on)
    expect(all(on, 'Transmit').map(({ flow }) => flow.remote.host)).toEqual(['192.0.2.42'])
  })

  test('to a name that leads nowhere is lost, and an operator may know', () => {
    const on = bench()
    send(on, 'udp', 'b.example')
    const question: Question = { _tag: 'Host', name: 'b.example' }
    expect(on.brief({ _tag: 'Unresolved', question, why: 'none', ttl: 0 })).toEqual([
      'stop pending',
      'diagnostic send-failed',
    ])
    expect(on.stack().pending.size).toBe(0)
  })

  test('two to one name ask once', () => {
    const on = bench()
    send(on, 'udp', 'b.example')
    send(on, 'udp', 'b.example')
    expect(asked(on)).toEqual(['Host b.example'])
    on.tell(hosts('b.example', '192.0.2.41'))
    expect(on.sent()).toHaveLength(2)
  })

  test('over a protocol that nobody speaks is refused', () => {
    expect(send(bench(), 'pigeon', 'b.example')).toEqual(['refused NoTransport'])
  })

  test('more than may wait are refused', () => {
    const on = bench()
    for (let n = 0; n < 10; n++) expect(send(on, 'udp', `b${n}.example`)).toContain('accepted')
    expect(send(on, 'udp', 'one-more.example')).toEqual(['refused Overload'])
  })
})
