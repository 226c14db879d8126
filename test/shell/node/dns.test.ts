import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type Answer, decode, encode, type Packet, type Question } from 'dns-packet'
import { afterEach, describe, expect, test } from 'vitest'
import type { FromShell, Question as Asked } from '../../../src/core/events.js'
import { dnsServer, queryDns } from '../../../src/shell/node/dns.js'
import { systemResolver } from '../../../src/shell/node/resolver.js'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Reply = (question: Question, over: 'udp' | 'tcp') => Partial<Packet> | undefined

/** A DNS server on one port number for UDP and TCP, and what it was asked. */
const server = async (reply: Reply): Promise<{ readonly port: number; readonly asked: string[] }> => {
  const asked: string[] = []
  const answer = (octets: Buffer, over: 'udp' | 'tcp'): Buffer | undefined => {
    const query = decode(octets)
    const [question] = query.questions ?? []
    if (question === undefined) return undefined
    asked.push(`${over} ${question.type} ${question.name}`)
    const packet = reply(question, over)
    return (
      packet && Buffer.from(encode({ type: 'response', id: query.id ?? 0, questions: [question], ...packet }))
    )
  }
  const stream = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (chunk: Buffer) => {
      const octets = answer(chunk.subarray(2), 'tcp')
      if (octets === undefined) return
      const length = Buffer.alloc(2)
      length.writeUInt16BE(octets.length)
      socket.write(Buffer.concat([length, octets.subarray(0, 20)]))
      setImmediate(() => socket.end(octets.subarray(20)))
    })
  })
  stream.listen(0, '127.0.0.1')
  await once(stream, 'listening')
  const { port } = stream.address() as AddressInfo
  const socket = createSocket('udp4')
  socket.on('message', (octets, from) => {
    const packet = answer(octets, 'udp')
    if (packet !== undefined) socket.send(packet, from.port, from.address)
  })
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  closing.push(
    () => socket.close(),
    () => stream.close(),
  )
  return { port, asked }
}

const resolve = (port: number, question: Asked): Promise<Extract<FromShell, { readonly question: Asked }>> =>
  new Promise((done) => {
    systemResolver({ servers: [`127.0.0.1:${port}`], timeout: 500, attempts: 1 })(question, done)
  })

const srv = (target: string, ttl: number): Answer => ({
  type: 'SRV',
  name: '_sip._udp.a.example',
  ttl,
  data: { priority: 1, weight: 2, port: 5070, target },
})

describe('a question to a DNS server', () => {
  test('brings records with their TTL, the least of all', async () => {
    const { port } = await server(() => ({ answers: [srv('s1.a.example', 60), srv('s2.a.example', 20)] }))
    expect(await resolve(port, { _tag: 'Srv', name: '_sip._udp.a.example' })).toEqual({
      _tag: 'Resolved',
      question: { _tag: 'Srv', name: '_sip._udp.a.example' },
      answer: {
        _tag: 'Srv',
        records: [
          { priority: 1, weight: 2, port: 5070, target: 's1.a.example' },
          { priority: 1, weight: 2, port: 5070, target: 's2.a.example' },
        ],
      },
      ttl: 20_000,
    })
  })

  test('reads NAPTR', async () => {
    const { port } = await server(() => ({
      answers: [
        {
          type: 'NAPTR',
          name: 'a.example',
          ttl: 5,
          data: {
            order: 1,
            preference: 2,
            flags: 's',
            services: 'SIP+D2U',
            regexp: '',
            replacement: '_sip._udp.a.example',
          },
        },
      ],
    }))
    const told = await resolve(port, { _tag: 'Naptr', name: 'a.example' })
    expect(told._tag === 'Resolved' && told.answer).toEqual({
      _tag: 'Naptr',
      records: [
        { order: 1, preference: 2, flags: 's', service: 'SIP+D2U', replacement: '_sip._udp.a.example' },
      ],
    })
  })

  test('asks for A and AAAA of a host', async () => {
    const { port, asked } = await server(({ type, name }) => ({
      answers:
        type === 'A'
          ? [{ type: 'A', name, ttl: 30, data: '192.0.2.1' }]
          : [{ type: 'AAAA', name, ttl: 10, data: '2001:db8::1' }],
    }))
    const told = await resolve(port, { _tag: 'Host', name: 'a.example' })
    expect(told).toMatchObject({ answer: { addresses: ['192.0.2.1', '2001:db8::1'] }, ttl: 10_000 })
    expect([...asked].sort()).toEqual(['udp A a.example', 'udp AAAA a.example'])
  })

  test('remembers that there is none for as long as the SOA says (RFC 2308 5)', async () => {
    const { port } = await server(() => ({
      flags: 3,
      authorities: [
        {
          type: 'SOA',
          name: 'example',
          ttl: 900,
          data: {
            mname: 'ns.example',
            rname: 'root.example',
            serial: 1,
            refresh: 1,
            retry: 1,
            expire: 1,
            minimum: 7,
          },
        },
      ],
    }))
    expect(await resolve(port, { _tag: 'Naptr', name: 'a.example' })).toMatchObject({
      _tag: 'Unresolved',
      ttl: 7000,
    })
  })

  test('asks again over TCP what was too long for a datagram', async () => {
    const { port, asked } = await server((_question, over) =>
      over === 'udp' ? { flags: 0x200 } : { answers: [srv('s.a.example', 60)] },
    )
    expect(await resolve(port, { _tag: 'Srv', name: '_sip._udp.a.example' })).toMatchObject({
      _tag: 'Resolved',
    })
    expect(asked.map((line) => line.slice(0, 3))).toEqual(['udp', 'tcp'])
  })

  test('goes on to the next server when one fails or is silent, and says why when all do', async () => {
    const failing = await server(() => ({ flags: 2 }))
    const silent = await server(() => undefined)
    const good = await server(() => ({ answers: [srv('s.a.example', 60)] }))
    const ports = [failing.port, silent.port, good.port].map((port) => dnsServer(`127.0.0.1:${port}`))
    const how = { timeout: 100, attempts: 1 }
    expect(await queryDns(ports, '_sip._udp.a.example', 'SRV', how)).toMatchObject({ _tag: 'Records' })
    expect(await queryDns(ports.slice(0, 2), 'a.example', 'SRV', how)).toMatchObject({
      _tag: 'Failed',
      what: expect.stringMatching(/no answer in 100 ms/) as string,
    })
    expect(await queryDns([], 'a.example', 'SRV', how)).toMatchObject({ _tag: 'Failed' })
  })

  test('takes no answer with another id, and no rubbish', async () => {
    const socket = createSocket('udp4')
    socket.on('message', (octets, from) => {
      const query = decode(octets)
      const wrong = encode({
        type: 'response',
        id: ((query.id ?? 0) + 1) & 0xffff,
        questions: query.questions ?? [],
        answers: [srv('evil.example', 60)],
      })
      socket.send(wrong, from.port, from.address)
      socket.send(Buffer.from([0xff, 0, 1]), from.port, from.address)
    })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    closing.push(() => socket.close())
    const how = { timeout: 100, attempts: 1 }
    expect(
      await queryDns([{ host: '127.0.0.1', port: socket.address().port }], 'a.example', 'SRV', how),
    ).toMatchObject({ _tag: 'Failed' })
  })

  test('a name that DNS cannot hold is a failure, not an exception', async () => {
    const how = { timeout: 100, attempts: 1 }
    expect((await queryDns([{ host: '127.0.0.1', port: 9 }], 'x'.repeat(300), 'SRV', how))._tag).toBe(
      'Failed',
    )
  })
})

test('servers are written as Node writes them', () => {
  expect(dnsServer('192.0.2.1')).toEqual({ host: '192.0.2.1', port: 53 })
  expect(dnsServer('192.0.2.1:5353')).toEqual({ host: '192.0.2.1', port: 5353 })
  expect(dnsServer('2001:db8::1')).toEqual({ host: '2001:db8::1', port: 53 })
  expect(dnsServer('[2001:db8::1]:5353')).toEqual({ host: '2001:db8::1', port: 5353 })
})
