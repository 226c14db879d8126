/** RFC 3263 on the bench: what is asked, in which order, and where the request goes at last. */
import { describe, expect, test } from 'vitest'
import type { Answer, Output, Question } from '../../../src/core/events.js'
import { bench, type Bench, local } from '../../support/bench.js'
import { outgoing } from '../../support/messages.js'

type Zone = Readonly<Record<string, Answer>>

const hosts = (...addresses: readonly string[]): Answer => ({ _tag: 'Host', addresses })
const srv = (...records: readonly (readonly [number, number, number, string])[]): Answer => ({
  _tag: 'Srv',
  records: records.map(([priority, weight, port, target]) => ({ priority, weight, port, target })),
})
const naptr = (...records: readonly (readonly [number, number, string, string])[]): Answer => ({
  _tag: 'Naptr',
  records: records.map(([order, preference, service, replacement]) => ({
    order,
    preference,
    flags: 's',
    service,
    replacement,
  })),
})

const questions = (outputs: readonly Output[]): readonly Question[] =>
  outputs.flatMap((output) => (output._tag === 'Resolve' ? [output.question] : []))

interface Search {
  readonly on: Bench<unknown>
  /** Asks and answers until nothing is asked any more; what was asked, and where the request or connection goes. */
  readonly send: (uri: string, zone: Zone, ttl?: number) => readonly string[]
}

const search = (protocols: readonly string[] = ['tls', 'ws', 'wss']): Search => {
  const on = bench()
  for (const protocol of protocols)
    on.tell({
      _tag: 'Listening',
      listener: {
        protocol,
        local,
        advertised: local,
        reliable: true,
        framing: protocol === 'tls' ? 'stream' : 'message',
      },
    })
  let calls = 0
  const answer = (outputs: readonly Output[], zone: Zone, ttl: number): readonly string[] => {
    const trace = outputs.flatMap((output) =>
      output._tag === 'Resolve'
        ? [`${output.question._tag} ${output.question.name}`]
        : output._tag === 'Transmit'
          ? [`${output.flow.protocol} ${output.flow.remote.host}:${output.flow.remote.port}`]
          : output._tag === 'OpenFlow'
            ? [
                `${output.target.protocol} ${output.target.host}:${output.target.port} for ${output.target.domain}`,
              ]
            : output._tag === 'Refused'
              ? [`refused ${output.reason._tag}`]
              : output._tag === 'ErrorReceived'
                ? [output.reason]
                : [],
    )
    const asked = questions(outputs)
    return [
      ...trace,
      ...asked.flatMap((question) => {
        const found = zone[`${question._tag} ${question.name}`]
        return answer(
          on.tell(
            found === undefined
              ? { _tag: 'Unresolved', question, why: 'absent', ttl }
              : { _tag: 'Resolved', question, answer: found, ttl },
          ),
          zone,
          ttl,
        )
      }),
    ]
  }
  return {
    on,
    send: (uri, zone, ttl = 60_000) =>
      answer(
        on.tell({
          _tag: 'SendRequest',
          ref: ++calls,
          request: outgoing({ method: 'OPTIONS', uri, callId: `call ${calls}` }),
          options: {},
        }),
        zone,
        ttl,
      ),
  }
}

describe('4.1 which transport', () => {
  test('NAPTR decides, then SRV, then addresses', () => {
    const zone: Zone = {
      'Naptr b.example': naptr(
        [50, 50, 'SIPS+D2T', '_sips._tcp.b.example'],
        [90, 50, 'SIP+D2T', '_sip._tcp.b.example'],
      ),
      'Srv _sips._tcp.b.example': srv([0, 1, 5071, 's1.b.example']),
      'Host s1.b.example': hosts('192.0.2.21'),
    }
    expect(search().send('sip:x@b.example', zone)).toEqual([
      'Naptr b.example',
      'Srv _sips._tcp.b.example',
      'Host s1.b.example',
      'tls 192.0.2.21:5071 for b.example',
    ])
    // Without TLS here, the order that has a transport we support.
    expect(
      search([]).send('sip:x@b.example', {
        ...zone,
        'Srv _sip._tcp.b.example': srv([0, 1, 5061, '192.0.2.22']),
      }),
    ).toEqual(['Naptr b.example', 'Srv _sip._tcp.b.example', 'tcp 192.0.2.22:5061 for b.example'])
  })

  test('without NAPTR, SRV for the transports at hand; without SRV, the name itself over UDP', () => {
    expect(search().send('sip:x@b.example', { 'Host b.example': hosts('192.0.2.20') })).toEqual([
      'Naptr b.example',
      'Srv _sip._udp.b.example',
      'Srv _sip._tcp.b.example',
      'Srv _sips._tcp.b.example',
      'Host b.example',
      'udp 192.0.2.20:5060',
    ])
    expect(
      search().send('sip:x@b.example', {
        'Srv _sip._tcp.b.example': srv([0, 1, 5080, 't.b.example']),
        'Host t.b.example': hosts('192.0.2.23'),
      }),
    ).toEqual([
      'Naptr b.example',
      'Srv _sip._udp.b.example',
      'Srv _sip._tcp.b.example',
      'Host t.b.example',
      'tcp 192.0.2.23:5080 for b.example',
    ])
  })

  test('an address needs no question; an explicit port asks for the address alone; transport= asks for its SRV alone', () => {
    expect(search().send('sip:x@192.0.2.9', {})).toEqual(['udp 192.0.2.9:5060'])
    expect(search().send('sips:x@192.0.2.9', {})).toEqual(['tls 192.0.2.9:5061 for 192.0.2.9'])
    expect(search().send('sip:x@b.example:5060', { 'Host b.example': hosts('192.0.2.20') })).toEqual([
      'Host b.example',
      'udp 192.0.2.20:5060',
    ])
    expect(search().send('sip:x@b.example;transport=tcp', { 'Host b.example': hosts('192.0.2.20') })).toEqual(
      ['Srv _sip._tcp.b.example', 'Host b.example', 'tcp 192.0.2.20:5060 for b.example'],
    )
    expect(search().send('sip:x@b.example;transport=ws', { 'Host b.example': hosts('192.0.2.20') })).toEqual([
      'Host b.example',
      'ws 192.0.2.20:80 for b.example',
    ])
    expect(search().send('sip:x@b.example;maddr=192.0.2.77', {})).toEqual(['udp 192.0.2.77:5060'])
  })

  test('sips takes secure services only, and never falls back', () => {
    const zone: Zone = {
      'Naptr b.example': naptr(
        [10, 10, 'SIP+D2U', '_sip._udp.b.example'],
        [20, 10, 'SIPS+D2T', '_sips._tcp.b.example'],
      ),
      'Srv _sips._tcp.b.example': srv([0, 1, 5061, '192.0.2.21']),
      'Srv _sip._udp.b.example': srv([0, 1, 5060, '192.0.2.22']),
      'Host b.example': hosts('192.0.2.20'),
    }
    expect(search().send('sips:x@b.example', zone)).toEqual([
      'Naptr b.example',
      'Srv _sips._tcp.b.example',
      'tls 192.0.2.21:5061 for b.example',
    ])
    expect(search().send('sips:x@b.example;transport=udp', zone)).toEqual([
      'Srv _sips._tcp.b.example',
      'tls 192.0.2.21:5061 for b.example',
    ])
    expect(search([]).send('sips:x@b.example', zone).at(-1)).toMatch(/unresolved|refused NoTransport/)
    const { on, send } = search()
    send('sips:x@192.0.2.9', {})
    const asked = on.log.flatMap(({ output }) => (output._tag === 'OpenFlow' ? [output.opening] : []))
    expect(
      on.brief({ _tag: 'FlowRefused', opening: asked[0] ?? 0, why: 'refused', what: 'reset' }),
    ).toContain('error transport')
    expect(on.sent()).toEqual([])
  })

  test('a service that is not available, a target that is none, and an answer to another question lead nowhere', () => {
    expect(
      search().send('sip:x@b.example;transport=tcp', {
        'Srv _sip._tcp.b.example': srv([0, 0, 0, '.']),
        'Host b.example': hosts('192.0.2.20'),
      }),
    ).toEqual(['Srv _sip._tcp.b.example', 'unresolved'])
    expect(search().send('sip:x@b.example:5060', { 'Host b.example': hosts('not an address') })).toEqual([
      'Host b.example',
      'unresolved',
    ])
    expect(search().send('sip:x@b.example:5060', { 'Host b.example': srv([0, 0, 1, '192.0.2.1']) })).toEqual([
      'Host b.example',
      'unresolved',
    ])
  })
})

describe('what is remembered', () => {
  const zone: Zone = { 'Host b.example': hosts('192.0.2.20') }
  const uri = 'sip:x@b.example:5060'

  test('an answer for its time, and no longer', () => {
    const { on, send } = search()
    expect(send(uri, zone, 10_000)).toEqual(['Host b.example', 'udp 192.0.2.20:5060'])
    on.advance(10_000)
    expect(send('sip:x@B.Example.:5060', zone)).toEqual(['udp 192.0.2.20:5060'])
    on.advance(1)
    expect(send(uri, { 'Host b.example': hosts('192.0.2.30') }, 10_000)).toEqual([
      'Host b.example',
      'udp 192.0.2.30:5060',
    ])
  })

  test('that there is no answer, too', () => {
    const { on, send } = search()
    expect(send(uri, {}, 5_000)).toEqual(['Host b.example', 'unresolved'])
    expect(send(uri, zone)).toEqual(['refused NoTransport'])
    on.advance(5_001)
    expect(send(uri, zone)).toEqual(['Host b.example', 'udp 192.0.2.20:5060'])
  })

  test('an answer of no time at all serves those who waited for it, through all questions of one search', () => {
    const all: Zone = {
      'Naptr b.example': naptr([1, 1, 'SIP+D2U', '_sip._udp.b.example']),
      'Srv _sip._udp.b.example': srv([0, 1, 5070, 's.b.example']),
      'Host s.b.example': hosts('192.0.2.20'),
    }
    const { on, send } = search()
    const expected = ['Naptr b.example', 'Srv _sip._udp.b.example', 'Host s.b.example', 'udp 192.0.2.20:5070']
    expect(send('sip:x@b.example', all, 0)).toEqual(expected)
    on.advance(1)
    expect(send('sip:x@b.example', all, 0)).toEqual(expected)
  })

  test('one question for all who wait for the same', () => {
    const { on } = search()
    for (let n = 0; n < 5; n++) on.send(outgoing({ method: 'OPTIONS', uri, callId: `c${n}` }))
    expect(questions(on.log.map(({ output }) => output))).toHaveLength(1)
    on.tell({
      _tag: 'Resolved',
      question: { _tag: 'Host', name: 'b.example' },
      answer: hosts('192.0.2.20'),
      ttl: 0,
    })
    expect(on.sent()).toHaveLength(5)
  })
})

describe('who waits', () => {
  test('is told once when nobody answers in time', () => {
    const { on } = search()
    on.send(outgoing({ method: 'OPTIONS', uri: 'sip:x@b.example' }))
    expect(on.advance(60_000)).toEqual(['32000 error timeout', '32000 ended'])
    expect(
      on.brief({ _tag: 'Unresolved', question: { _tag: 'Naptr', name: 'b.example' }, why: 'late', ttl: 0 }),
    ).toEqual([])
  })

  test('goes to the second server when the first does not take the connection', () => {
    const { on, send } = search()
    send('sip:x@b.example;transport=tcp', {
      'Srv _sip._tcp.b.example': srv([1, 1, 5061, '192.0.2.21'], [2, 1, 5062, '192.0.2.22']),
    })
    const first = on.log.flatMap(({ output }) => (output._tag === 'OpenFlow' ? [output.opening] : []))[0] ?? 0
    expect(on.brief({ _tag: 'FlowRefused', opening: first, why: 'refused', what: 'reset' })).toContain(
      'open tcp 192.0.2.22:5062',
    )
    expect(on.advance(5_000)).toContain('5000 error transport')
  })

  test('is refused over the bound of those who wait', () => {
    const { on } = search()
    const sent = Array.from({ length: 11 }, (_, n) =>
      on.send(outgoing({ method: 'OPTIONS', uri: `sip:x@h${n}.example:5060`, callId: `c${n}` })),
    )
    expect(sent[9]).toContain('accepted')
    expect(sent[10]).toEqual(['refused Overload'])
  })
})
