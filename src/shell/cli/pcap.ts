/**
 * Captures in the classic pcap format: the UDP datagrams in them, as far as they were captured. Fragments and packets with
 * extension headers are left out.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../../core/data/bytes.js'
import type { Address } from '../../core/transport/flow.js'

/** A datagram of a capture. */
export interface Captured {
  /** ms since the first packet of the capture. */
  readonly at: number
  readonly from: Address
  readonly to: Address
  readonly text: Bytes
}

/** What a capture holds. */
export interface Capture {
  /** Its UDP datagrams, in order. */
  readonly datagrams: readonly Captured[]
  /** Whether it ends within a packet, as that of a killed process does. */
  readonly cut: boolean
}

/** Reads a capture. `Left` says in words why it cannot be read. Nothing is allocated on the word of a length field. */
export const readPcap = (file: Buffer): Either<string, Capture> => {
  const format = formatOf(file)
  if (format === undefined) return left('no classic pcap file (pcapng can be converted: editcap -F pcap)')
  const { little, nanoseconds } = format
  const u32 = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at))
  const skip = linkHeader(u32(LINK))
  if (skip === undefined) return left(`link type ${u32(LINK) & 0xffff} is not known`)
  const datagrams: Captured[] = []
  let first: number | undefined
  let at = HEADER
  while (at + RECORD <= file.length) {
    const length = u32(at + 8)
    const start = at + RECORD
    if (length > LONGEST)
      return left(`octet ${at} of the file: a packet of ${length} octets, which cannot be`)
    if (start + length > file.length) break
    const ms = u32(at) * 1000 + u32(at + 4) / (nanoseconds ? 1e6 : 1e3)
    first ??= ms
    const datagram = ipDatagram(skip(file.subarray(start, start + length)))
    if (datagram !== undefined) datagrams.push({ at: Math.round(ms - first), ...datagram })
    at = start + length
  }
  return right({ datagrams, cut: at < file.length })
}

/** The longest packet that any tool writes, octets (libpcap: MAXIMUM_SNAPLEN). */
const LONGEST = 262_144

const HEADER = 24
const RECORD = 16
const LINK = 20

const formatOf = (file: Buffer): { readonly little: boolean; readonly nanoseconds: boolean } | undefined => {
  if (file.length < HEADER) return undefined
  switch (file.readUInt32BE(0)) {
    case 0xa1b2c3d4:
      return { little: false, nanoseconds: false }
    case 0xd4c3b2a1:
      return { little: true, nanoseconds: false }
    case 0xa1b23c4d:
      return { little: false, nanoseconds: true }
    case 0x4d3cb2a1:
      return { little: true, nanoseconds: true }
    default:
      return undefined
  }
}

/** What stands before the IP header, by link type (tcpdump.org/linktypes). */
const linkHeader = (type: number): ((packet: Buffer) => Buffer) | undefined => {
  switch (type & 0xffff) {
    case 0: // loopback: the address family
      return (packet) => packet.subarray(4)
    case 1:
      return ethernet
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return (packet) => packet
    case 113: // Linux cooked
      return (packet) => packet.subarray(16)
    case 276: // Linux cooked, second version
      return (packet) => packet.subarray(20)
    default:
      return undefined
  }
}

/** Behind the addresses, and behind VLAN tags; nothing where something else than IP follows. */
const ethernet = (packet: Buffer): Buffer => {
  let at = 12
  while (at + 4 <= packet.length && TAGS.includes(packet.readUInt16BE(at))) at += 4
  return at + 2 <= packet.length && IP.includes(packet.readUInt16BE(at)) ? packet.subarray(at + 2) : NOTHING
}

/** IEEE 802.1Q, 802.1ad, and what stood for the latter before. */
const TAGS: readonly number[] = [0x8100, 0x88a8, 0x9100]
const IP: readonly number[] = [0x0800, 0x86dd]
const NOTHING: Buffer = Buffer.alloc(0)

const ipDatagram = (packet: Buffer): Omit<Captured, 'at'> | undefined => {
  const version = (packet[0] ?? 0) >> 4
  if (version === 4 && packet.length >= 20) {
    const header = ((packet[0] ?? 0) & 15) * 4
    const isFragment = (packet.readUInt16BE(6) & 0x3fff) !== 0
    const total = packet.readUInt16BE(2) || packet.length // 0: left to the network card
    return packet[9] === UDP && !isFragment && header >= 20
      ? udpDatagram(packet.subarray(header, total), ipv4(packet, 12), ipv4(packet, 16))
      : undefined
  }
  return version === 6 && packet.length >= 40 && packet[6] === UDP
    ? udpDatagram(packet.subarray(40), ipv6(packet, 8), ipv6(packet, 24))
    : undefined
}

const UDP = 17

/** What a short snapshot length cut off is blank, so that the message before it can still be read. */
const udpDatagram = (segment: Buffer, source: string, target: string): Omit<Captured, 'at'> | undefined => {
  if (segment.length < 8) return undefined
  const length = segment.readUInt16BE(4)
  return {
    from: { host: source, port: segment.readUInt16BE(0) },
    to: { host: target, port: segment.readUInt16BE(2) },
    text: segment.toString('latin1', 8, Math.min(segment.length, length)).padEnd(length - 8),
  }
}

const ipv4 = (packet: Buffer, at: number): string => [...packet.subarray(at, at + 4)].join('.')

const ipv6 = (packet: Buffer, at: number): string =>
  Array.from({ length: 8 }, (_, n) => packet.readUInt16BE(at + 2 * n).toString(16)).join(':')
