/** Questions to DNS servers over UDP, and over TCP where the answer is too long for that (RFC 1035 4.2); with TTL, which Node leaves out. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { type Answer, decode, encode, type Packet, streamEncode } from 'dns-packet'

/** A DNS server. */
export interface DnsServer {
  readonly host: string
  readonly port: number
}

/** What the servers say: records, that there are none, or nothing that could be understood in time. */
export type Found =
  | { readonly _tag: 'Records'; readonly records: readonly Answer[]; readonly ttl: number }
  | { readonly _tag: 'Absent'; readonly ttl: number }
  | { readonly _tag: 'Failed'; readonly what: string }

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'NAPTR'

/** Asks the servers in turn, `attempts` rounds of `timeout` ms each; `ttl` of the result in ms. */
export const queryDns = async (
  servers: readonly DnsServer[],
  name: string,
  type: RecordType,
  { timeout, attempts }: { readonly timeout: number; readonly attempts: number },
): Promise<Found> => {
  let last: Found = { _tag: 'Failed', what: 'there is no DNS server' }
  for (let round = 0; round < attempts; round++)
    for (const server of servers) {
      last = await ask(server, name, type, timeout)
      if (last._tag !== 'Failed') return last
    }
  return last
}

/** `10.0.0.1`, `10.0.0.1:5353`, `::1`, `[::1]:5353`: as dns.getServers writes them. */
export const dnsServer = (text: string): DnsServer => {
  const bracket = /^\[(.+)\](?::(\d+))?$/.exec(text)
  if (bracket !== null) return { host: bracket[1] ?? '', port: Number(bracket[2] ?? 53) }
  const [host = '', port, more] = text.split(':')
  return port === undefined || more !== undefined ? { host: text, port: 53 } : { host, port: Number(port) }
}

const ask = async (server: DnsServer, name: string, type: RecordType, timeout: number): Promise<Found> => {
  const id = randomInt(0x10000)
  const query: Packet = {
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name, type }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 1232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  }
  try {
    const first = await overUdp(server, encode(query), id, timeout)
    if (typeof first === 'string') return { _tag: 'Failed', what: first }
    const packet = isTruncated(first) ? await overTcp(server, streamEncode(query), id, timeout) : first
    return typeof packet === 'string' ? { _tag: 'Failed', what: packet } : read(packet, name, type)
  } catch (error) {
    return { _tag: 'Failed', what: (error as Error).message } // a name that DNS cannot hold
  }
}

/** One datagram there and one back; a connected socket takes none from anywhere else. */
const overUdp = (
  server: DnsServer,
  octets: Uint8Array,
  id: number,
  timeout: number,
): Promise<Packet | string> =>
  new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4')
    const finish = (result: Packet | string): void => {
      clearTimeout(alarm)
      socket.close()
      resolve(result)
    }
    const alarm = setTimeout(() => finish(`${server.host}: no answer in ${timeout} ms`), timeout)
    socket.once('error', (error) => finish(`${server.host}: ${error.message}`))
    socket.on('message', (answer) => {
      const packet = decoded(answer)
      if (packet?.id === id && packet.type === 'response') finish(packet)
    })
    socket.connect(server.port, server.host, () => socket.send(octets))
  })

const overTcp = (
  server: DnsServer,
  octets: Uint8Array,
  id: number,
  timeout: number,
): Promise<Packet | string> =>
  new Promise((resolve) => {
    const socket = connect(server.port, server.host)
    let got = Buffer.alloc(0)
    const finish = (result: Packet | string): void => {
      clearTimeout(alarm)
      socket.destroy()
      resolve(result)
    }
    const alarm = setTimeout(() => finish(`${server.host}: no answer in ${timeout} ms over TCP`), timeout)
    socket.once('error', (error) => finish(`${server.host}: ${error.message}`))
    socket.once('close', () => finish(`${server.host}: closed`))
    socket.once('connect', () => socket.write(octets))
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]) // 64 KiB and two octets of length at most
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return
      const packet = decoded(got.subarray(2, 2 + got.readUInt16BE(0)))
      finish(packet?.id === id ? packet : `${server.host}: no answer that could be read`)
    })
  })

const decoded = (octets: Buffer): Packet | undefined => {
  try {
    return decode(octets)
  } catch {
    return undefined
  }
}

const read = (packet: Packet, name: string, type: RecordType): Found => {
  const code = (packet.flags ?? 0) & 0xf
  if (code !== NO_ERROR && code !== NO_SUCH_NAME)
    return { _tag: 'Failed', what: `${name} ${type}: response code ${code}` }
  const answers = packet.answers ?? []
  const records = answers.filter((one) => one.type === type)
  return records.length === 0
    ? { _tag: 'Absent', ttl: negativeTtl(packet) }
    : { _tag: 'Records', records, ttl: Math.min(...answers.map(ttlOf)) * 1000 }
}

/** "the minimum of the MINIMUM field of the SOA record and the TTL of the SOA itself" (RFC 2308 5). */
const negativeTtl = ({ authorities = [] }: Packet): number => {
  const [soa] = authorities.flatMap((one) => (one.type === 'SOA' ? [one] : []))
  return soa === undefined ? NEGATIVE : Math.min(soa.ttl ?? 0, soa.data.minimum ?? 0) * 1000
}

const ttlOf = (record: Answer): number => ('ttl' in record ? (record.ttl ?? 0) : 0)

const isTruncated = ({ flags = 0 }: Packet): boolean => (flags & TRUNCATED) !== 0

const RECURSION_DESIRED = 0x100
const TRUNCATED = 0x200
const NO_ERROR = 0
const NO_SUCH_NAME = 3
const NEGATIVE = 30_000
