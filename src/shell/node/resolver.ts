/** Who answers the core's questions (RFC 3263): the system, DNS servers of one's choice, or a table. */
import { getServers } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { Answer, FromShell, NaptrRecord, Question, SrvRecord } from '../../core/events.js'
import type { Resolver } from '../transport.js'
import { dnsServer, type Found, queryDns, type RecordType } from './dns.js'

/** How the system's resolver is to ask. */
export interface ResolverOptions {
  /**
   * DNS servers as `address`, `address:port` or `[address]:port`; those of the system by default. With servers given, hosts
   * are asked there first; without, the hosts file and what else the system knows (container names) come first.
   */
  readonly servers?: readonly string[]
  /** How long to wait for one server, ms; 2000 by default. */
  readonly timeout?: number
  /** How often to go round the servers; 2 by default. */
  readonly attempts?: number
  /** For how long an answer of the system is believed, which has no TTL, ms; 30 000 by default. */
  readonly systemTtl?: number
}

/** Asks DNS for NAPTR and SRV with their TTL, and for hosts as the options say. */
export const systemResolver = (options: ResolverOptions = {}): Resolver => {
  const how = { timeout: options.timeout ?? 2000, attempts: options.attempts ?? 2 }
  const systemTtl = options.systemTtl ?? 30_000
  const query = (name: string, type: RecordType): Promise<Found> =>
    queryDns((options.servers ?? getServers()).map(dnsServer), name, type, how)
  return (question, tell) => {
    const host =
      options.servers === undefined ? hostOfSystem(systemTtl) : hostOfServers(query, hostOfSystem(systemTtl))
    const answer = question._tag === 'Host' ? host(question) : records(question, query)
    answer.then(tell, (error: unknown) => {
      tell(nothing(question, error instanceof Error ? error.message : String(error), 0))
    })
  }
}

/** Names and what they lead to; names are compared without regard to case. */
export interface Zone {
  readonly hosts?: Readonly<Record<string, readonly string[]>>
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>
  readonly naptr?: Readonly<Record<string, readonly NaptrRecord[]>>
}

/** Answers from a table alone, at once and for a day: for tests and closed networks. */
export const staticResolver =
  (zone: Zone): Resolver =>
  (question, tell) => {
    const answer = answerFrom(zone, question)
    queueMicrotask(() => {
      tell(answer === undefined ? nothing(question, 'not in the table', DAY) : found(question, answer, DAY))
    })
  }

type Told = Extract<FromShell, { readonly question: Question }>
type Ask = (question: Question) => Promise<Told>

const hostOfSystem =
  (ttl: number): Ask =>
  async (question) => {
    try {
      const all = await lookup(question.name, { all: true })
      return found(question, { _tag: 'Host', addresses: all.map(({ address }) => address) }, ttl)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      return nothing(question, message, code === 'ENOTFOUND' ? ttl : 0)
    }
  }

const hostOfServers =
  (query: (name: string, type: RecordType) => Promise<Found>, otherwise: Ask): Ask =>
  async (question) => {
    const both = await Promise.all([query(question.name, 'A'), query(question.name, 'AAAA')])
    const records = both.flatMap((one) => (one._tag === 'Records' ? [one] : []))
    if (records.length === 0) return otherwise(question)
    const addresses = records.flatMap((one) =>
      one.records.flatMap((record) => (record.type === 'A' || record.type === 'AAAA' ? [record.data] : [])),
    )
    return found(question, { _tag: 'Host', addresses }, Math.min(...records.map(({ ttl }) => ttl)))
  }

const records = async (
  question: Question,
  query: (name: string, type: RecordType) => Promise<Found>,
): Promise<Told> => {
  const answer = await query(question.name, question._tag === 'Srv' ? 'SRV' : 'NAPTR')
  switch (answer._tag) {
    case 'Failed':
      return nothing(question, answer.what, 0)
    case 'Absent':
      return nothing(question, 'no such record', answer.ttl)
    case 'Records':
      return found(question, question._tag === 'Srv' ? srv(answer) : naptr(answer), answer.ttl)
  }
}

type Records = Extract<Found, { _tag: 'Records' }>

const srv = ({ records: all }: Records): Answer => ({
  _tag: 'Srv',
  records: all.flatMap((record) =>
    record.type === 'SRV'
      ? [
          {
            priority: record.data.priority ?? 0,
            weight: record.data.weight ?? 0,
            port: record.data.port,
            target: record.data.target,
          },
        ]
      : [],
  ),
})

const naptr = ({ records: all }: Records): Answer => ({
  _tag: 'Naptr',
  records: all.flatMap((record) =>
    record.type === 'NAPTR'
      ? [
          {
            order: record.data.order,
            preference: record.data.preference,
            flags: record.data.flags,
            service: record.data.services,
            replacement: record.data.replacement,
          },
        ]
      : [],
  ),
})

const answerFrom = (
  { hosts = {}, srv: services = {}, naptr: rules = {} }: Zone,
  { _tag, name }: Question,
): Answer | undefined => {
  switch (_tag) {
    case 'Host': {
      const addresses = entry(hosts, name)
      return addresses && { _tag, addresses }
    }
    case 'Srv': {
      const all = entry(services, name)
      return all && { _tag, records: all }
    }
    case 'Naptr': {
      const all = entry(rules, name)
      return all && { _tag, records: all }
    }
  }
}

const entry = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.entries(table).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]

const found = (question: Question, answer: Answer, ttl: number): Told => ({
  _tag: 'Resolved',
  question,
  answer,
  ttl,
})

const nothing = (question: Question, why: string, ttl: number): Told => ({
  _tag: 'Unresolved',
  question,
  why,
  ttl,
})

const DAY = 86_400_000
