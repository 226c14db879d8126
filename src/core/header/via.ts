/**
 * Via (RFC 3261 20.42, 25.1; rport RFC 3581): `sent-protocol LWS sent-by *( SEMI via-params )`,
 * `sent-protocol = protocol-name SLASH protocol-version SLASH transport`.
 */
import type { Bytes } from '../data/bytes.js'
import {
  type Cursor,
  decimal,
  fail,
  isToken,
  number,
  sameLetters,
  separator,
  space,
  token,
} from '../data/scan.js'
import { isHost, printHostPort, readHost, withoutBrackets } from '../uri/host.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { find, type Param, type Params, readParams, valueOf, writeParams } from './params.js'
import { paramsShape } from './shape.js'

/** One hop. */
export interface Via {
  /** Name and version of the protocol, `SIP/2.0`. */
  readonly version: string
  /** The transport as written, for example `UDP`; compared without regard to case. */
  readonly transport: string
  /** sent-by without brackets: a name, an IPv4 or an IPv6 address, as written. */
  readonly host: string
  /** The port as far as one was written. */
  readonly port?: number
  readonly params: Params
}

/** The branch, which identifies the transaction (8.1.1.7). */
export const branch = (value: Via): string | undefined => valueOf(value.params, 'branch')

/** Where the message really came from (18.2.1), without brackets. */
export const received = (value: Via): string | undefined => bare(valueOf(value.params, 'received'))

/** The port it really came from (RFC 3581 4): `undefined` if the parameter is absent, 0 if it has no value yet. */
export const rport = (value: Via): number | undefined => {
  const param = find(value.params, 'rport')
  return param === undefined ? undefined : Number(param.value ?? 0)
}

/** The address to send a response to by multicast (18.1.1), without brackets. */
export const maddr = (value: Via): string | undefined => bare(valueOf(value.params, 'maddr'))

/** The time to live for multicast (18.1.1), 0 to 255. */
export const ttl = (value: Via): number | undefined => {
  const text = valueOf(value.params, 'ttl')
  return text === undefined ? undefined : Number(text)
}

const readVia = (c: Cursor): Via | undefined => {
  const version = readVersion(c)
  if (version === undefined) return undefined
  const transport = token(c, 'transport')
  if (transport === undefined) return undefined
  const gap = c.at
  space(c)
  if (c.at === gap) return fail(c, 'space expected before sent-by')
  const host = readHost(c)
  if (host === undefined) return undefined
  const port = readSentPort(c)
  if (c.fault !== undefined) return undefined
  const at = c.at
  const params = readParams(c)
  if (params === undefined) return undefined
  const what = faultIn(params)
  return what === undefined ? viaOf(version, transport, host, port, params) : fail(c, what, at)
}

/** A Via of its parts. */
export const viaOf = (
  version: string,
  transport: string,
  host: string,
  port: number | undefined,
  params: Params,
): Via =>
  port === undefined ? { version, transport, host, params } : { version, transport, host, port, params }

const readVersion = (c: Cursor): string | undefined => {
  const name = token(c, 'protocol name')
  if (name === undefined) return undefined
  if (!separator(c, 0x2f)) return fail(c, '"/" expected')
  const version = token(c, 'protocol version')
  if (version === undefined) return undefined
  if (!separator(c, 0x2f)) return fail(c, '"/" expected')
  return `${name}/${version}`
}

/** `sent-by = host [ COLON port ]`: the colon may have white space around it. */
const readSentPort = (c: Cursor): number | undefined =>
  separator(c, 0x3a) ? number(c, 'port', 65535) : undefined

const faultIn = (params: Params): string | undefined => {
  for (let i = 0; i < params.length; i++) {
    const what = fault(params[i] as Param)
    if (what !== undefined) return what
  }
  return undefined
}

/** What is wrong with a parameter whose grammar Via fixes. */
const fault = ({ name, value }: Param): string | undefined => {
  switch (name.length) {
    case 3:
      return sameLetters(name, 'ttl') && decimal(value ?? '', 0, (value ?? '').length, 255) < 0
        ? 'ttl is no number up to 255'
        : undefined
    case 5:
      if (sameLetters(name, 'rport') && value !== undefined && decimal(value, 0, value.length, 65535) < 0)
        return 'rport is no port'
      return sameLetters(name, 'maddr') && !isHost(bare(value) ?? '') ? 'maddr is no host' : undefined
    case 6:
      return sameLetters(name, 'branch') && (value === undefined || !isToken(value))
        ? 'branch is no token'
        : undefined
    case 8:
      return sameLetters(name, 'received') && !isHost(bare(value) ?? '')
        ? 'received is no address'
        : undefined
    default:
      return undefined
  }
}

const bare = (host: string | undefined): string | undefined => host && withoutBrackets(host)

/** The Via header. Refuses a `ttl` above 255, an `rport` that is no port, an empty branch, a `maddr` that is no host. */
export const via: Header<Via, true> = checked({
  name: 'Via',
  compact: 'v',
  list: true,
  shape: {
    record: 'Via',
    fields: {
      version: 'string',
      transport: 'string',
      host: 'string',
      'port?': 'number',
      params: paramsShape,
    },
  },
  read: readVia,
  write: ({ version, transport, host, port, params }: Via): Bytes =>
    `${version}/${transport} ${printHostPort(host, port)}${writeParams(params)}`,
})
