/** Ladders of files: a capture made here, octet by octet, and what cannot be read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { ladderCommand } from '../../src/shell/cli/ladder-command.js'
import { readPcap } from '../../src/shell/cli/pcap.js'
import { respond } from '../../src/core/message/build.js'
import { made } from '../testing/calls.js'

const folder = mkdtempSync(join(tmpdir(), 'sippet-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An Ethernet frame with an IPv4 UDP datagram; with a VLAN tag if wished. */
const frame = (from: number, to: number, text: string, vlan = false): Buffer => {
  const payload = Buffer.from(text, 'latin1')
  const udp = Buffer.alloc(8)
  udp.writeUInt16BE(5060, 0)
  udp.writeUInt16BE(5060, 2)
  udp.writeUInt16BE(8 + payload.length, 4)
  const ip = Buffer.alloc(20)
  ip[0] = 0x45
  ip.writeUInt16BE(28 + payload.length, 2)
  ip[9] = 17
  ip.set([10, 0, 0, from], 12)
  ip.set([10, 0, 0, to], 16)
  const ethernet = Buffer.concat([
    Buffer.alloc(12),
    ...(vlan ? [Buffer.from([0x81, 0, 0, 5])] : []),
    Buffer.from([8, 0]),
  ])
  return Buffer.concat([ethernet, ip, udp, payload])
}

const capture = (frames: readonly (readonly [ms: number, packet: Buffer])[], little = true): Buffer => {
  const u32 = (...values: readonly number[]): Buffer => {
    const out = Buffer.alloc(4 * values.length)
    values.forEach((value, n) => (little ? out.writeUInt32LE(value, 4 * n) : out.writeUInt32BE(value, 4 * n)))
    return out
  }
  return Buffer.concat([
    u32(0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 1),
    ...frames.flatMap(([ms, packet]) => [
      u32(1000 + Math.floor(ms / 1000), (ms % 1000) * 1000, packet.length, packet.length),
      packet,
    ]),
  ])
}

const options = made('OPTIONS', 'sip:bob@10.0.0.2', [['Via', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1']])
const frames = [
  [0, frame(1, 2, options.text)],
  [500, frame(1, 2, options.text, true)],
  [512, frame(2, 1, respond(200)(options).text)],
] as const

describe('a capture', () => {
  test.each([true, false])('is read in both orders of octets (little endian: %s)', (little) => {
    const read = readPcap(capture(frames, little))
    expect(isRight(read) && read.right.map(({ at, from, to }) => [at, from.host, to.host, to.port])).toEqual([
      [0, '10.0.0.1', '10.0.0.2', 5060],
      [500, '10.0.0.1', '10.0.0.2', 5060],
      [512, '10.0.0.2', '10.0.0.1', 5060],
    ])
  })

  test('is drawn, a ladder for each call', () => {
    const file = join(folder, 'call.pcap')
    writeFileSync(file, capture(frames))
    const lines: string[] = []
    expect(ladderCommand({ file, mermaid: false, write: (text) => void lines.push(text) })).toBe(0)
    const text = lines.join('\n')
    for (const part of ['call\n', '10.0.0.1:5060', 'OPTIONS again', '200 OK (OPTIONS)', '512'])
      expect(text).toContain(part)
  })

  test('cut short anywhere throws nothing', () => {
    const whole = capture(frames)
    for (let length = 0; length < whole.length; length++)
      expect(() => readPcap(whole.subarray(0, length))).not.toThrow()
  })

  test('whose octets are spoilt throws nothing', () => {
    const whole = capture(frames)
    for (let at = 0; at < whole.length; at++) {
      const spoilt = Buffer.from(whole)
      spoilt[at] = 0xff
      expect(() => readPcap(spoilt)).not.toThrow()
    }
  })

  test('of another format is refused in words', () => {
    const read = readPcap(Buffer.from('0a0d0d0a', 'hex'))
    expect(isLeft(read) && read.left).toContain('no classic pcap file')
  })
})
