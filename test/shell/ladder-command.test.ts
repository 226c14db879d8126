/** Ladders of files: a capture made here, octet by octet, and what cannot be read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeft, isRight, right } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { printInput } from '../../src/core/codec/input.js'
import type { Event } from '../../src/core/events.js'
import { ladderCommand } from '../../src/shell/cli/ladder-command.js'
import { readPcap } from '../../src/shell/cli/pcap.js'
import { respond, withBody } from '../../src/core/message/build.js'
import { made } from '../testing/calls.js'

const folder = mkdtempSync(join(tmpdir(), 'sippet-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const u16 = (...values: readonly number[]): Buffer =>
  Buffer.from(values.flatMap((value) => [value >> 8, value & 255]))

const udp = (text: string): Buffer =>
  Buffer.concat([u16(5060, 5060, 8 + text.length, 0), Buffer.from(text, 'latin1')])

const ipv4 = (from: number, to: number, payload: Buffer): Buffer => {
  const header = Buffer.alloc(20)
  header[0] = 0x45
  header.writeUInt16BE(20 + payload.length, 2)
  header[9] = 17
  header.set([10, 0, 0, from], 12)
  header.set([10, 0, 0, to], 16)
  return Buffer.concat([header, payload])
}

const ipv6 = (from: number, to: number, payload: Buffer): Buffer => {
  const header = Buffer.alloc(40)
  header[0] = 0x60
  header.writeUInt16BE(payload.length, 4)
  header[6] = 17
  header[23] = from
  header[39] = to
  return Buffer.concat([header, payload])
}

/** What an Ethernet frame has before its payload: type last, tags before it. */
const ethernet = (...types: readonly number[]): Buffer =>
  Buffer.concat([
    Buffer.alloc(12),
    ...types.map((type, n) => (n < types.length - 1 ? u16(type, 5) : u16(type))),
  ])

/** An Ethernet frame with an IPv4 UDP datagram; with a VLAN tag if wished. */
const frame = (from: number, to: number, text: string, vlan = false): Buffer =>
  Buffer.concat([vlan ? ethernet(0x8100, 0x0800) : ethernet(0x0800), ipv4(from, to, udp(text))])

const capture = (
  packets: readonly (readonly [ms: number, packet: Buffer])[],
  little = true,
  link = 1,
): Buffer => {
  const u32 = (...values: readonly number[]): Buffer => {
    const out = Buffer.alloc(4 * values.length)
    values.forEach((value, n) => (little ? out.writeUInt32LE(value, 4 * n) : out.writeUInt32BE(value, 4 * n)))
    return out
  }
  return Buffer.concat([
    u32(0xa1b2c3d4, 0x00040002, 0, 0, 65_535, link),
    ...packets.flatMap(([ms, packet]) => [
      u32(1000 + Math.floor(ms / 1000), (ms % 1000) * 1000, packet.length, packet.length),
      packet,
    ]),
  ])
}

/** What the command writes of a file, and its exit code. */
const drawn = (name: string, octets: Buffer | string, asMermaid = false): readonly [number, string] => {
  const file = join(folder, name)
  writeFileSync(file, octets)
  const said: string[] = []
  const complaint = vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line))
  const code = ladderCommand({ file, mermaid: asMermaid, write: (text) => void said.push(text) })
  complaint.mockRestore()
  return [code, said.join('\n')]
}

const options = made('OPTIONS', 'sip:bob@10.0.0.2', [['Via', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1']])
const frames = [
  [0, frame(1, 2, options.text)],
  [500, frame(1, 2, options.text, true)],
  [512, frame(2, 1, respond(200)(options).text)],
] as const

/** A record whose length no tool would write. */
const insane = capture(frames)
insane.set([0, 0, 0, 0xff], 24 + 8)

describe('a capture', () => {
  test.each([true, false])('is read in both orders of octets (little endian: %s)', (little) => {
    const read = readPcap(capture(frames, little))
    expect(
      isRight(read) && read.right.datagrams.map(({ at, from, to }) => [at, from.host, to.host, to.port]),
    ).toEqual([
      [0, '10.0.0.1', '10.0.0.2', 5060],
      [500, '10.0.0.1', '10.0.0.2', 5060],
      [512, '10.0.0.2', '10.0.0.1', 5060],
    ])
  })

  test('is drawn, a ladder for each call', () => {
    const [code, text] = drawn('call.pcap', capture(frames))
    expect(code).toBe(0)
    for (const part of ['call\n', '10.0.0.1:5060', 'OPTIONS again', '200 OK (OPTIONS)', '512'])
      expect(text).toContain(part)
  })

  test('is drawn as Mermaid', () => {
    const [code, text] = drawn('call.pcap', capture(frames), true)
    expect(code).toBe(0)
    for (const part of ['sequenceDiagram', '10.0.0.1:5060', '200 OK (OPTIONS)']) expect(text).toContain(part)
  })

  const { text: sip } = options
  test.each([
    ['Ethernet, IPv6', 1, Buffer.concat([ethernet(0x86dd), ipv6(1, 2, udp(sip))]), '0:0:0:0:0:0:0:1'],
    ['two VLAN tags', 1, Buffer.concat([ethernet(0x88a8, 0x8100, 0x0800), ipv4(1, 2, udp(sip))]), '10.0.0.1'],
    ['BSD loopback', 0, Buffer.concat([Buffer.from([2, 0, 0, 0]), ipv4(1, 2, udp(sip))]), '10.0.0.1'],
    ['raw IP', 101, ipv6(1, 2, udp(sip)), '0:0:0:0:0:0:0:1'],
    ['Linux cooked', 113, Buffer.concat([Buffer.alloc(14), u16(0x0800), ipv4(1, 2, udp(sip))]), '10.0.0.1'],
    ['Linux cooked 2', 276, Buffer.concat([u16(0x0800), Buffer.alloc(18), ipv4(1, 2, udp(sip))]), '10.0.0.1'],
  ])('on %s is read', (_, link, packet, host) => {
    const read = readPcap(capture([[0, packet]], true, link))
    expect(isRight(read) && read.right.datagrams.map(({ from, text }) => [from.host, text])).toEqual([
      [host, sip],
    ])
  })

  test('leaves out what is neither IP nor UDP, and fragments', () => {
    const tcp = ipv4(1, 2, udp(sip))
    tcp[9] = 6
    const fragment = ipv4(1, 2, udp(sip))
    fragment[6] = 0x20
    const packets = [
      Buffer.concat([ethernet(0x0806), ipv4(1, 2, udp(sip))]),
      Buffer.concat([ethernet(0x0800), tcp]),
      Buffer.concat([ethernet(0x0800), fragment]),
    ]
    const read = readPcap(capture(packets.map((packet) => [0, packet])))
    expect(read).toEqual(right({ datagrams: [], cut: false }))
  })

  test('whose packets are cut by a snapshot length shows what is left of them', () => {
    const invite = made('INVITE', 'sip:bob@10.0.0.2', [['Via', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1']])
    const described = withBody('application/sdp', 'v=0\r\n'.repeat(40))(invite)
    if (isLeft(described)) throw new Error(described.left.what)
    const whole = frame(1, 2, described.right.text)
    const [code, text] = drawn('short.pcap', capture([[0, whole.subarray(0, whole.length - 150)]]))
    expect([code, text.includes('call\n'), text.includes('── INVITE ──')]).toEqual([0, true, true])
  })

  test('cut short anywhere throws nothing', () => {
    const whole = capture(frames)
    for (let length = 0; length < whole.length; length++)
      expect(() => readPcap(whole.subarray(0, length))).not.toThrow()
    const [code, text] = drawn('cut.pcap', whole.subarray(0, whole.length - 10))
    expect([code, text.includes('within a packet'), text.includes('OPTIONS again')]).toEqual([0, true, true])
  })

  test('whose octets are spoilt throws nothing', () => {
    const whole = capture(frames)
    for (let at = 0; at < whole.length; at++) {
      const spoilt = Buffer.from(whole)
      spoilt[at] = 0xff
      expect(() => readPcap(spoilt)).not.toThrow()
    }
  })

  test.each([
    ['another format', Buffer.from('0a0d0d0a', 'hex'), 'no classic pcap file'],
    ['nothing', '', 'no classic pcap file'],
    ['an unknown link', capture(frames, true, 147), 'link type 147 is not known'],
    ['no SIP', capture([[0, frame(1, 2, 'hello')]]), 'no SIP among the 1 UDP datagrams'],
    ['a packet of no sane length', insane, 'a packet of 4278190080 octets, which cannot be'],
    ['another recording', '{"sippet":"recording","version":99}\n', 'no recording of version 1'],
  ])('of %s is refused in words', (_, octets, what) => {
    const [code, text] = drawn('refused', octets)
    expect([code, text]).toEqual([1, expect.stringContaining(what)])
  })
})

describe('a recording', () => {
  const local = { host: '10.0.0.2', port: 5060 }
  const remote = { host: '10.0.0.1', port: 5060 }
  const events: readonly Event[] = [
    { _tag: 'Listening', listener: { protocol: 'udp', local, advertised: local, reliable: false } },
    { _tag: 'Received', flow: { protocol: 'udp', local, remote }, bytes: options.text },
  ]
  const lines = events
    .map((event) => printInput({ at: 5, wall: 0, entropy: '0'.repeat(32), event }))
    .join('\n')
  const about = JSON.stringify({
    sippet: 'recording',
    version: 1,
    secret: 'sixteen octets!!',
    answerAfter: 0,
  })

  test('of serve is drawn with the answers that it gave', () => {
    const [code, text] = drawn('serve.jsonl', `${about}\n${lines}\n`)
    expect([code, text.includes('200 OK (OPTIONS)')]).toEqual([0, true])
  })

  test('of another stack is refused: its answers are not known', () => {
    const end = JSON.stringify({ steps: 2, sha256: '0'.repeat(64) })
    const [code, text] = drawn('other.jsonl', `${about}\n${lines}\n${end}\n`)
    expect([code, text]).toEqual([1, expect.stringContaining('was recorded by another stack')])
  })
})
