/** What the tests of digest share: messages, a client and a server that talk, and time that stands still. */
import { isRight } from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import * as Digest from '../../../src/core/digest.js'
import { parse } from '../../../src/core/message/parse.js'
import type { Message, Request, Response } from '../../../src/core/message/types.js'

export const secret = secretOf('the secret of the tests')

export interface Facts {
  readonly method?: string
  readonly uri?: string
  readonly to?: string
  readonly callId?: string
  readonly cseq?: number
  readonly body?: string
  readonly fields?: readonly string[]
}

const read = (text: string): Message => {
  const message = parse(text)
  if (!isRight(message)) throw new Error(JSON.stringify(message))
  return message.right
}

/** A request as an application hands it to the stack; REGISTER unless told otherwise. */
export const request = (facts: Facts = {}): Request => {
  const { method = 'REGISTER', uri = 'sip:example.com', to = 'sip:alice@example.com', body = '' } = facts
  return read(
    [
      `${method} ${uri} SIP/2.0`,
      'Via: SIP/2.0/UDP client.example.com;branch=z9hG4bK1',
      'From: <sip:alice@example.com>;tag=1',
      `To: <${to}>`,
      `Call-ID: ${facts.callId ?? 'call-1'}`,
      `CSeq: ${facts.cseq ?? 1} ${method}`,
      'Max-Forwards: 70',
      ...(facts.fields ?? []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  ) as Request
}

/** A response to `request` with more fields. */
export const response = (status: number, to: Request, fields: readonly string[] = [], body = ''): Response =>
  read(
    [
      `SIP/2.0 ${status} Said`,
      ...to.text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/.test(line)),
      'To: <sip:alice@example.com>;tag=2',
      ...fields,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  ) as Response

/** The values of all fields of that name. */
export const values = (message: Message, name: string): readonly string[] =>
  message.text
    .slice(0, message.text.indexOf('\r\n\r\n'))
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim())

/** A parameter of the first such field, without quotes. */
export const param = (message: Message, header: string, name: string, at = 0): string | undefined => {
  const found = new RegExp(`[ ,]${name}=("[^"]*"|[^, ]*)`, 'i').exec(values(message, header)[at] ?? '')
  return found?.[1]?.replaceAll('"', '')
}

/** Entropy that differs for every number. */
export const entropy = (n: number): string => n.toString(16).padStart(32, '0')

export const account: Digest.Account = { username: 'alice', password: 'open sesame' }

/** Freezes whatever a reducer is given, so that changing it would throw. */
export const freeze = <A>(value: A): A => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}

/** A client that is stepped by hand. */
export const clientOf = (config: Digest.ClientConfig = Digest.clientConfig(secret)) => {
  const step = Digest.client(config)
  const held = { state: Digest.startClient(config), count: 0 }
  const dispatch = (event: Digest.ClientEvent): readonly Digest.ClientEffect[] => {
    const [next, effects] = step(freeze(held.state), freeze(event))
    held.state = next
    return effects
  }
  return {
    state: () => held.state,
    dispatch,
    send: (ref: Digest.Ref, first: Request): Request => {
      const [effect] = dispatch({ _tag: 'Send', ref, request: first })
      if (effect?._tag !== 'Transmit') throw new Error(`not sent: ${JSON.stringify(effect)}`)
      return effect.request
    },
    answered: (ref: Digest.Ref, to: Request, given: Response): readonly Digest.ClientEffect[] =>
      dispatch({ _tag: 'Answered', ref, request: to, response: given, entropy: entropy(++held.count) }),
    found: (ref: Digest.Ref, realm: string, known: Digest.Account, kind: Digest.Kind = 'www') =>
      dispatch({ _tag: 'Found', ref, kind, realm, account: known, entropy: entropy(++held.count) }),
  }
}

/** A server that is stepped by hand; `wall` and `at` advance together unless changed. */
export const serverOf = (config: Digest.ServerConfig = Digest.serverConfig('www', 'example.com', secret)) => {
  const step = Digest.server(config)
  const held = { state: Digest.startServer(config), count: 0, at: 0, wall: 1_700_000_000_000 }
  const now = () => ({ at: held.at, wall: held.wall, entropy: entropy(1000 + ++held.count) })
  const dispatch = (event: Digest.ServerEvent): readonly Digest.ServerEffect[] => {
    const [next, effects] = step(freeze(held.state), freeze(event))
    held.state = next
    return effects
  }
  const only = (effects: readonly Digest.ServerEffect[]): Digest.ServerEffect => {
    expect(effects).toHaveLength(1)
    return effects[0]!
  }
  return {
    state: () => held.state,
    dispatch,
    now,
    advance: (ms: number): void => {
      held.at += ms
      held.wall += ms
    },
    setClock: (wall: number): void => {
      held.wall = wall
    },
    wall: () => held.wall,
    demand: (asked: Request, source = '192.0.2.1', ref: Digest.Ref = 1): Digest.ServerEffect =>
      only(dispatch({ _tag: 'Demand', ref, request: asked, source, ...now() })),
    found: (known: Digest.Account | null, ref: Digest.Ref = 1): Digest.ServerEffect =>
      only(
        dispatch(
          known === null
            ? { _tag: 'NotFound', ref, ...now() }
            : { _tag: 'Found', ref, account: known, ...now() },
        ),
      ),
  }
}

/** What the server says of a request, where `known` is the only account there is. */
export const judge = (
  server: ReturnType<typeof serverOf>,
  asked: Request,
  known: Digest.Account | null = account,
  source = '192.0.2.1',
): Digest.ServerEffect => {
  const effect = server.demand(asked, source)
  if (effect._tag !== 'Lookup') return effect
  const { wanted } = effect
  return server.found(wanted._tag === 'Userhash' || wanted.name === known?.username ? known : null)
}

/** The response of a refusal. */
export const refused = (effect: Digest.ServerEffect): Response => {
  if (effect._tag !== 'Refuse') throw new Error(`not refused but ${effect._tag}`)
  return effect.response
}
