/** What a whole user agent answers to a torture message: the stack, all helpers, and a core that answers by itself. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { FromApplication } from '../../src/core/events.js'
import { respond } from '../../src/core/message/build.js'
import { parse } from '../../src/core/message/parse.js'
import type { Request, Response } from '../../src/core/message/types.js'
import type { Flow } from '../../src/core/transport/flow.js'
import { autoAnswer, type AutoAnswerState } from '../../src/core/user-agent/auto-answer.js'
import { type Core, coreFilter } from '../../src/core/user-agent/core.js'
import type { Filter } from '../../src/core/user-agent/filter.js'
import type { State as GuardState } from '../../src/core/user-agent/digest-server.js'
import { type Abilities, requestChecks } from '../../src/core/user-agent/request-checks.js'
import { around, userAgent } from '../../src/core/user-agent/user-agent.js'
import { type Bench, benchOf, configOf, local, secret } from './bench.js'
import { read } from './messages.js'
import { type Torture, tortureText } from './torture.js'

/** What that user agent can do. */
export const abilities: Abilities = {
  methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER', 'MESSAGE'],
  schemes: ['sip', 'sips', 'tel'],
  extensions: [],
  types: ['application/sdp', 'text/plain', 'multipart/mixed'],
  answers: ['application/sdp'],
}

interface State {
  readonly auto: AutoAnswerState
  /** The responses that reached the core. */
  readonly heard: readonly Response[]
}

const auto = autoAnswer(secret)

/** Takes messages as well, and remembers the responses it gets. */
const core: Core<State> = (state, input) => {
  const { event } = input
  if (event._tag === 'ResponseReceived') return [{ ...state, heard: [...state.heard, event.response] }, []]
  if (event._tag === 'RequestReceived' && event.request.method === 'MESSAGE') {
    const answer: FromApplication = {
      _tag: 'SendResponse',
      ref: 'message',
      response: respond(200)(event.request),
    }
    return [state, [answer]]
  }
  const [next, wishes] = auto.reducer(state.auto, input)
  return [{ ...state, auto: next }, wishes]
}

const agent = (guard?: Filter<GuardState>) =>
  around(coreFilter(core, { auto: auto.start, heard: [] }))(
    userAgent(configOf(), {
      checks: requestChecks(abilities, secret),
      ...(guard === undefined ? {} : { guard }),
    }),
  )

/** What came of a message. */
export interface Outcome {
  /** What was sent, each with the flow it went out on. */
  readonly sent: readonly { readonly bytes: string; readonly flow: Flow }[]
  /** The responses that the core heard. */
  readonly heard: readonly Response[]
  /** The connections that were closed. */
  readonly closed: readonly number[]
  /** Why something was dropped. */
  readonly diagnostics: readonly string[]
  /** The flow on which the message came. */
  readonly flow: Flow
}

/** A message arrives by the transport that its top Via names, or by another. */
export const outcome = (
  message: Torture,
  { transport, guard }: { readonly transport?: string; readonly guard?: Filter<GuardState> } = {},
): Outcome => {
  const text = tortureText(message)
  const [, protocol = 'UDP', sentBy = ''] = /^(?:via|v) *: *SIP\/\d\.0\/(\w+)\s+([^;,\s]+)/im.exec(text) ?? []
  const kind = (transport ?? protocol).toLowerCase()
  const answers = text.startsWith('SIP/')
  const bench = benchOf(agent(guard), { listen: false })
  for (const one of ['udp', 'tcp', 'tls'])
    bench.tell({
      _tag: 'Listening',
      listener: {
        protocol: one,
        local,
        // Where a response is expected: what its Via says is our own name.
        advertised: answers ? { host: sentBy, port: 5060 } : local,
        reliable: one !== 'udp',
        ...(one === 'udp' ? {} : { framing: 'stream' as const }),
      },
    })
  const remote = { host: '198.51.100.7', port: kind === 'udp' ? 5060 : 40_001 }
  const flow: Flow = { protocol: kind, local, remote, ...(kind === 'udp' ? {} : { id: 7 }) }
  if (kind !== 'udp') bench.connect(flow)
  if (answers) bench.send(questionOf(text), { via: 'present', target: flow })
  const before = bench.log.length
  bench.receive(text, flow)
  return { ...seen(bench, before), heard: bench.state().filter.heard, flow }
}

const seen = (bench: Bench<unknown>, before: number): Pick<Outcome, 'sent' | 'closed' | 'diagnostics'> => {
  const outputs = bench.log.slice(before).map(({ output }) => output)
  return {
    sent: outputs.flatMap((one) => (one._tag === 'Transmit' ? [{ bytes: one.bytes, flow: one.flow }] : [])),
    closed: outputs.flatMap((one) =>
      one._tag === 'CloseFlow' && one.flow.id !== undefined ? [one.flow.id] : [],
    ),
    diagnostics: outputs.flatMap((one) => (one._tag === 'Diagnostic' ? [one.code] : [])),
  }
}

/** The request that a response answers, as far as it tells: sent first, so that its transaction waits for it. */
const questionOf = (text: string): Request => {
  const field = (name: string): string => new RegExp(`^${name}: *(.*)\r$`, 'im').exec(text)?.[1] ?? ''
  const [, method = ''] = field('CSeq').split(' ')
  const number = field('CSeq').split(' ')[0] ?? ''
  const question = read(
    [
      `${method} sip:user@example.edu SIP/2.0`,
      `Via: ${field('Via')}`,
      'Max-Forwards: 70',
      `From: ${field('From')}`,
      `To: ${field('To').replace(/;tag=.*/, '')}`,
      `Call-ID: ${field('Call-ID')}`,
      `CSeq: ${number.length > 9 ? 1 : number} ${method}`,
      'Contact: <sip:us@192.0.2.1>',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  )
  if (question._tag !== 'Request') throw new Error('no request')
  return question
}

/** What came of it, in a few words: statuses with the fields that they must bring, or what the core heard. */
export const answerOf = (message: Torture): string => {
  const { sent, heard, diagnostics } = outcome(message)
  const said = [
    ...heard.map(({ status }) => `handed up: ${status}`),
    ...sent.map(({ bytes }) => headline(bytes)),
  ]
  return said.length === 0 ? `discarded: ${diagnostics.join(', ')}` : said.join(', ')
}

const headline = (bytes: string): string => {
  const [start = ''] = bytes.split('\r\n', 1)
  if (!start.startsWith('SIP/2.0 ')) return start.split(' ', 1).join('')
  const told = ['Allow', 'Accept', 'Unsupported'].filter((name) => bytes.includes(`\r\n${name}: `))
  const status = start.slice(8, 11)
  return status < '400' ? status : [status, ...told].join(' + ')
}

/** The answer, read; fails when no answer can be read. */
export const answered = (bytes: string): Response => {
  const parsed = parse(bytes)
  if (isLeft(parsed) || parsed.right._tag !== 'Response') throw new Error(`no response: ${bytes}`)
  return parsed.right
}

/** Whether the request could be read. */
export const requestOf = (message: Torture): Request | undefined => {
  const parsed = parse(tortureText(message))
  return isRight(parsed) && parsed.right._tag === 'Request' ? parsed.right : undefined
}
