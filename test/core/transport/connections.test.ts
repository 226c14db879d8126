/** Connections on the bench: deadlines, keep-alive, back-pressure, and what a closing one takes with it. */
import { some } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import type { Output } from '../../../src/core/events.js'
import * as Connections from '../../../src/core/transport/connections.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import type { FlowLimits } from '../../../src/core/transport/limits.js'
import { type Bench, bench, local, tcp } from '../../support/bench.js'
import { outgoing, requestText } from '../../support/messages.js'

const from = (id: number, host = '192.0.2.9'): Flow => ({ ...tcp, remote: { host, port: 40_000 + id }, id })

const opened = (on: Bench<unknown>, flow: Flow): readonly string[] =>
  on.brief({ _tag: 'FlowOpened', flow, names: [] })

const limited = (connections: Partial<FlowLimits>): Bench<unknown> => bench({ connections })

const text = requestText({ method: 'OPTIONS', transport: 'TCP' })

/** A request over a connection that we opened. */
const called = (
  connections: Partial<FlowLimits> = {},
): { readonly on: Bench<unknown>; readonly flow: Flow } => {
  const on = limited(connections)
  on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@192.0.2.9;transport=tcp' }))
  const { opening } = on.log.flatMap(({ output }) => (output._tag === 'OpenFlow' ? [output] : []))[0] ?? {
    opening: 0,
  }
  const flow = { protocol: 'tcp', local, remote: { host: '192.0.2.9', port: 5060 }, id: 3 }
  on.tell({ _tag: 'FlowOpened', flow, names: [], opening })
  return { on, flow }
}

const sizes = (on: Bench<unknown>): readonly number[] => {
  const { byId, byPlace, perPeer, silent } = on.stack().connections
  return [byId.size, byPlace.size, perPeer.size, silent]
}

describe('the table', () => {
  test('what closed leaves nothing behind', () => {
    const on = limited({})
    for (let n = 1; n <= 50; n++) opened(on, from(n, `192.0.2.${n % 7}`))
    for (let n = 1; n <= 50; n += 2)
      on.receive(text.replace('alice1', `alice${n}`), from(n, `192.0.2.${n % 7}`))
    for (let n = 1; n <= 50; n++) on.tell({ _tag: 'FlowClosed', flow: from(n, `192.0.2.${n % 7}`) })
    expect(sizes(on)).toEqual([0, 0, 0, 0])
  })
})

describe('deadlines', () => {
  test('who says nothing is closed after a while', () => {
    const on = limited({ firstMessage: 1000 })
    opened(on, from(1))
    expect(on.advance(5000)).toEqual(['1000 close 1', '1000 stop flow', '1000 diagnostic flow-lost'])
    expect(sizes(on)).toEqual([0, 0, 0, 0])
  })

  test('who sends octet by octet has the time of one message, not of one octet', () => {
    const on = limited({ message: 32_000 })
    opened(on, from(1))
    const said = text
      .split(/(?=[^])/)
      .flatMap((octet) => [
        ...on.brief({ _tag: 'Received', flow: from(1), bytes: octet }),
        ...on.advance(1000),
      ])
    expect(said.filter((line) => line.includes('close'))).toEqual(['32000 close 1'])
    expect(said.some((line) => line.includes('request'))).toBe(false)
  })

  test('each message has its own time', () => {
    const on = limited({ message: 10_000, idle: 1_000_000 })
    opened(on, from(1))
    const said = Array.from({ length: 10 }, (_, n) => {
      const message = text.replaceAll('alice1', `alice${n}`)
      return [
        ...on.receive(message.slice(0, 100), from(1)),
        ...on.advance(6000),
        ...on.receive(message.slice(100), from(1)),
        ...on.advance(6000),
      ]
    }).flat()
    expect(said.filter((line) => line.includes('request OPTIONS'))).toHaveLength(10)
    expect(said.filter((line) => line.includes('close'))).toEqual([])
  })

  test('a connection that closes in the middle of a message says so', () => {
    const on = limited({})
    opened(on, from(1))
    on.receive(text.slice(0, 50), from(1))
    expect(on.brief({ _tag: 'FlowClosed', flow: from(1) })).toEqual(['stop flow', 'diagnostic flow-lost'])
  })

  test('octets of a connection that we closed are nobody’s', () => {
    const on = limited({ firstMessage: 1000 })
    opened(on, from(1))
    on.advance(1000)
    expect(on.brief({ _tag: 'Received', flow: from(1), bytes: text })).toEqual([])
  })
})

describe('keep-alive (RFC 5626 3.5.1)', () => {
  test('CRLF CRLF is answered CRLF', () => {
    const on = limited({})
    opened(on, from(1))
    on.receive('\r\n\r\n', from(1))
    expect(on.sent()).toEqual(['\r\n'])
  })

  test('we ask when it is time, hear the answer, and ask again', () => {
    const { on, flow } = called({ keepAlive: 60_000 })
    const asked = (): number => on.sent().filter((bytes) => bytes === '\r\n\r\n').length
    on.advance(59_999)
    expect(asked()).toBe(0)
    on.advance(1)
    expect(asked()).toBe(1)
    on.receive('\r\n', flow)
    on.advance(60_000)
    expect(asked()).toBe(2)
  })

  test('who does not answer within ten seconds is gone, and the transactions with it', () => {
    const { on } = called({ keepAlive: 20_000 })
    const said = on.advance(30_000)
    expect(said).toContain('30000 close 3')
    expect(said).toContain('30000 error transport')
    expect(sizes(on)).toEqual([0, 0, 0, 0])
  })
})

describe('framing', () => {
  test('two messages in one segment are two, each with identifiers of its own', () => {
    const on = limited({})
    const said = on.receive(text + text.replaceAll('alice1', 'alice2').replaceAll('call1', 'call2'), from(1))
    expect(said.filter((line) => line === 'request OPTIONS')).toHaveLength(2)
    const tags = on.stack().layer
    expect(tags.transactions.size).toBe(2)
  })

  test.each([
    ['of 4 GB', 'Content-Length: 4294967296'],
    ['that is missing', 'X: y'],
    ['that stands twice', 'Content-Length: 0\r\nContent-Length: 7'],
  ])('a Content-Length %s is answered 400 and ends the connection', (_what, field) => {
    const on = limited({})
    const said = on.receive(text.replace('Content-Length: 0', field), from(1))
    expect(said).toContain('transmit 400 OPTIONS to 192.0.2.9:40001')
    expect(said).toContain('close 1')
    expect(said).toContain('diagnostic malformed')
    expect(sizes(on)).toEqual([0, 0, 0, 0])
  })

  test('garbage is closed without an answer', () => {
    const on = limited({})
    expect(on.receive('GET / HTTP/1.1\r\nHost: x\r\n\r\n', from(1))).toEqual([
      'diagnostic malformed',
      'close 1',
      'stop flow',
      'diagnostic flow-lost',
    ])
  })
})

describe('a connection that takes no more', () => {
  test('fails what overflowed, takes nothing new until it has room, and then is used again', () => {
    const { on, flow } = called()
    const { cause } = on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : []))[0]!
    expect(on.brief({ _tag: 'SendFailed', flow, why: 'overflow', cause })).toContain('error transport')
    const next = outgoing({ method: 'OPTIONS', uri: 'sip:bob@192.0.2.9;transport=tcp', callId: 'c2' })
    expect(on.send(next)).toEqual(['refused Overload'])
    on.tell({ _tag: 'Writable', flow })
    expect(on.send(next)).toContain('accepted')
  })
})

describe('what leads where', () => {
  const asked = (on: Bench<unknown>): readonly Output[] =>
    on.log.map(({ output }) => output).filter(({ _tag }) => _tag === 'OpenFlow')

  test('one connection is opened however many requests wait, and used by all that follow', () => {
    const on = limited({})
    const send = (n: number) =>
      on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@192.0.2.9;transport=tcp', callId: `c${n}` }))
    for (let n = 0; n < 5; n++) send(n)
    expect(asked(on)).toHaveLength(1)
    const [first] = asked(on)
    const flow = { protocol: 'tcp', local, remote: { host: '192.0.2.9', port: 5060 }, id: 3 }
    on.tell({ _tag: 'FlowOpened', flow, names: [], opening: first?._tag === 'OpenFlow' ? first.opening : 0 })
    send(6)
    expect(on.sent()).toHaveLength(6)
    expect(asked(on)).toHaveLength(1)
  })

  test('a request for the exact address of a peer goes back on the connection that the peer opened', () => {
    const on = limited({})
    opened(on, from(1))
    on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@192.0.2.9:40001;transport=tcp' }))
    expect(asked(on)).toEqual([])
    expect(on.sent()).toHaveLength(1)
  })

  test('alias counts for nothing over TCP and without a certificate that shows the name (RFC 5923 7)', () => {
    const on = limited({})
    on.receive(
      requestText({ method: 'OPTIONS', transport: 'TCP', sentBy: '192.0.2.9:5060', viaParams: ';alias' }),
      from(1),
    )
    on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@192.0.2.9:5060;transport=tcp' }))
    expect(asked(on)).toHaveLength(1)
  })

  test('a request for one connection goes there and nowhere else', () => {
    const on = limited({})
    opened(on, from(1))
    const request = outgoing({ method: 'OPTIONS', uri: 'sip:bob@somewhere.example' })
    expect(on.send(request, { target: from(1) })).toContain('accepted')
    on.tell({ _tag: 'FlowClosed', flow: from(1) })
    expect(on.send(request, { target: from(1) })).toEqual(['refused NoTransport'])
  })

  test('a late connection is used all the same', () => {
    const on = limited({})
    on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@192.0.2.9;transport=tcp' }))
    expect(on.advance(5000)).toContain('5000 error transport')
    const [first] = asked(on)
    const flow = { protocol: 'tcp', local, remote: { host: '192.0.2.9', port: 5060 }, id: 3 }
    on.tell({ _tag: 'FlowOpened', flow, names: [], opening: first?._tag === 'OpenFlow' ? first.opening : 0 })
    on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@192.0.2.9;transport=tcp', callId: 'c2' }))
    expect(asked(on)).toHaveLength(1)
    expect(Connections.get(on.stack().connections, 3)?.accepted).toBe(false)
  })

  test('a stateless message waits for its connection like any other', () => {
    const on = limited({})
    const message = outgoing({ method: 'OPTIONS' })
    const target = { protocol: 'tcp', host: '192.0.2.9', port: 5060 }
    expect(on.brief({ _tag: 'SendStateless', ref: 1, message, target })).toEqual([
      'open tcp 192.0.2.9:5060',
      'start opening 5000',
      'start pending 32000',
      'accepted',
    ])
    const [first] = asked(on)
    const flow = { protocol: 'tcp', local, remote: { host: '192.0.2.9', port: 5060 }, id: 3 }
    on.tell({ _tag: 'FlowOpened', flow, names: [], opening: first?._tag === 'OpenFlow' ? first.opening : 0 })
    expect(on.sent()).toEqual([message.text])
  })
})

test('a failed send of a request is told under the key that the application knows', () => {
  const { on, flow } = called()
  on.tell({ _tag: 'FlowClosed', flow })
  const told = on.log.flatMap(({ output }) => (output._tag === 'ErrorReceived' ? [output] : []))
  const accepted = on.log.flatMap(({ output }) => (output._tag === 'Accepted' ? [output.key] : []))
  expect(told.map(({ first }) => first)).toEqual([some(accepted[0])])
})
