/** A stack on the test bench: virtual time, frozen states and inputs, every output in short words. */
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import { secretOf } from '../../src/core/data/hash.js'
import * as Table from '../../src/core/data/table.js'
import type { Event, Input, Output, SendOptions, TimerId } from '../../src/core/events.js'
import { type Bounds, defaultBounds, type FlowConfig, layerConfig } from '../../src/core/layer/config.js'
import type { Role } from '../../src/core/layer/receive-response.js'
import type { Entry } from '../../src/core/layer/state.js'
import { all } from '../../src/core/layer/timers.js'
import { cseqMethod } from '../../src/core/message/head.js'
import { parse } from '../../src/core/message/parse.js'
import type { Request, Response } from '../../src/core/message/types.js'
import type { Key } from '../../src/core/transaction/key.js'
import { type Config, rfc3261 } from '../../src/core/transaction/types.js'
import type { StackConfig, State as StackState } from '../../src/core/stack/state.js'
import * as Connections from '../../src/core/transport/connections.js'
import type { Flow } from '../../src/core/transport/flow.js'
import type { FlowLimits } from '../../src/core/transport/limits.js'
import { type Machine, stackAlone } from '../../src/core/user-agent/user-agent.js'
import { deepFreeze } from '../../src/testing/freeze.js'

export const secret = secretOf('a secret of sixteen octets or more')

export interface BenchOptions {
  readonly config?: Config
  readonly bounds?: Partial<Bounds>
  readonly flows?: readonly FlowConfig[]
  readonly role?: Role
  readonly connections?: Partial<FlowLimits>
}

export const configOf = ({ config, bounds, flows, role, connections }: BenchOptions = {}): StackConfig => ({
  layer: layerConfig(config ?? rfc3261, { ...defaultBounds, ...bounds }, flows),
  role: role ?? 'user-agent',
  parse: {},
  maxPending: 10,
  pendingTimeout: 32_000,
  ...(connections === undefined ? {} : { flows: connections }),
  secret,
})

/** Where the stack under test listens, and where its peer is. */
export const local = { host: '192.0.2.1', port: 5060 }
export const peer = { host: '192.0.2.9', port: 5060 }
export const udp: Flow = { protocol: 'udp', local, remote: peer }
export const tcp: Flow = { protocol: 'tcp', local, remote: { host: '192.0.2.9', port: 40001 }, id: 7 }

export interface Bench<S> {
  /** ms since the start of the bench. */
  readonly now: () => number
  readonly state: () => S
  readonly stack: () => StackState
  /** One event at this instant. */
  readonly tell: (event: Event) => readonly Output[]
  /** The same, its outputs in short words. */
  readonly brief: (event: Event) => readonly string[]
  /** Octets arrive; a connection that is not known is opened by the peer first, which is not answered. */
  readonly receive: (bytes: string, flow?: Flow) => readonly string[]
  /** A peer opens a connection. */
  readonly connect: (flow: Flow) => void
  readonly send: (request: Request, options?: SendOptions) => readonly string[]
  readonly respond: (response: Response) => readonly string[]
  /** Lets `ms` pass; answers what the timers caused, each output behind its instant (ms since the start). */
  readonly advance: (ms: number) => readonly string[]
  /** Lets `ms` pass without any timer handled, as when the host was suspended; what is due is handled by `advance`. */
  readonly suspend: (ms: number) => void
  /** Live transactions: kind, state, running timers with their deadline (ms since the start). */
  readonly transactions: () => readonly string[]
  /** Every output so far, with its instant. */
  readonly log: readonly { readonly at: number; readonly output: Output }[]
  /** Every input so far. */
  readonly inputs: readonly Input[]
  /** The outputs of each step so far as JSON. */
  readonly effects: () => readonly string[]
  /** The octets transmitted so far. */
  readonly sent: () => readonly string[]
}

const START = 1000

/** Puts a machine on the bench; it listens on UDP and TCP at `local` already. `outputs`: those of a restart. */
export const benchOf = <S>(
  { start, stackOf, reducer }: Machine<S>,
  {
    listen = true,
    outputs: resumed = [],
  }: { readonly listen?: boolean; readonly outputs?: readonly Output[] } = {},
): Bench<S> => {
  let state = deepFreeze(start)
  let now = START
  let step = 0
  const running = new Map<number, { readonly id: TimerId; readonly due: number }>()
  const log: { readonly at: number; readonly output: Output }[] = []
  const inputs: Input[] = []
  const effects: string[] = []

  for (const output of resumed) if (output._tag === 'StartTimer') running.set(output.generation, output)

  const tell = (event: Event): readonly Output[] => {
    const input: Input = deepFreeze({
      at: now,
      wall: 1_700_000_000_000 + now,
      entropy: (++step).toString(16).padStart(32, '0'),
      event,
    })
    inputs.push(input)
    const [next, outputs] = reducer(state, input)
    state = deepFreeze(next)
    effects.push(JSON.stringify(outputs))
    for (const output of outputs) {
      log.push({ at: now - START, output })
      if (output._tag === 'StartTimer') {
        if (running.has(output.generation)) throw new Error(`generation ${output.generation} given twice`)
        running.set(output.generation, output)
      }
      if (
        output._tag === 'StopTimer' &&
        !running.delete(output.generation) &&
        output.id._tag === 'Transaction'
      )
        throw new Error(`stop of a timer that does not run: ${JSON.stringify(output)}`)
    }
    return outputs
  }

  const brief = (event: Event): readonly string[] => tell(event).map((output) => words(output, now))

  const advance = (ms: number): readonly string[] => {
    const until = now + ms
    const said: string[] = []
    for (;;) {
      const next = [...running].reduce<readonly [number, { id: TimerId; due: number }] | undefined>(
        (first, one) => (first === undefined || one[1].due < first[1].due ? one : first),
        undefined,
      )
      if (next === undefined || next[1].due > until) break
      const [generation, { id, due }] = next
      running.delete(generation)
      now = Math.max(now, due)
      const outputs = tell({ _tag: 'TimerFired', id, generation })
      said.push(...outputs.map((output) => `${now - START} ${words(output, now)}`))
    }
    now = until
    return said
  }

  const connect = (flow: Flow): void => {
    tell({ _tag: 'FlowOpened', flow, names: [] })
  }

  const bench: Bench<S> = {
    now: () => now - START,
    state: () => state,
    stack: () => stackOf(state),
    tell,
    brief,
    receive: (bytes, flow = udp) => {
      if (flow.id !== undefined && Connections.get(stackOf(state).connections, flow.id) === undefined)
        connect(flow)
      return brief({ _tag: 'Received', flow, bytes })
    },
    connect,
    send: (request, options = {}) => brief({ _tag: 'SendRequest', ref: `send ${step}`, request, options }),
    respond: (response) => brief({ _tag: 'SendResponse', ref: `respond ${step}`, response }),
    advance,
    suspend: (ms) => {
      now += ms
    },
    transactions: () =>
      Table.entries(stackOf(state).layer.transactions)
        .map(([, entry]) => describeEntry(entry))
        .sort(),
    log,
    inputs,
    effects: () => effects,
    sent: () => log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output.bytes] : [])),
  }
  if (listen) {
    tell({ _tag: 'Listening', listener: { protocol: 'udp', local, advertised: local, reliable: false } })
    tell({
      _tag: 'Listening',
      listener: { protocol: 'tcp', local, advertised: local, reliable: true, framing: 'stream' },
    })
  }
  return bench
}

/** The stack alone on the bench. */
export const bench = (options: BenchOptions = {}): Bench<StackState> => benchOf(stackAlone(configOf(options)))

const describeEntry = (entry: Entry): string =>
  [
    entry.kind,
    entry.state._tag,
    ...all(entry.timers)
      .map(({ timer, due }) => `${timer}@${due - START}`)
      .sort(),
  ].join(' ')

/** An output in short words; delays are from `now`. */
export const words = (output: Output, now: number): string => {
  switch (output._tag) {
    case 'StopTimer':
      return `stop ${timerName(output.id)}`
    case 'Transmit':
      return `transmit ${headline(output.bytes)} to ${output.flow.remote.host}:${output.flow.remote.port}`
    case 'StartTimer':
      return `start ${timerName(output.id)} ${output.due - now}`
    case 'Accepted':
      return 'accepted'
    case 'Refused':
      return `refused ${output.reason._tag}${'row' in output.reason ? ` ${output.reason.row}` : ''}`
    case 'RequestReceived':
      return [
        `request ${output.request.method}`,
        ...(isSome(output.key) ? [] : ['without transaction']),
        ...about('cancels', output.cancels),
        ...about('merged with', output.mergedWith),
      ].join(' ')
    case 'ResponseReceived':
      return `response ${output.response.status}${isSome(output.key) ? '' : ' without transaction'}`
    case 'ErrorReceived':
      return `error ${output.reason}`
    case 'Elapsed':
      return `elapsed ${output.ref}${output.late === 0 ? '' : ` late ${output.late}`}`
    case 'Ended':
      return 'ended'
    case 'AccountWanted':
      return `account wanted of ${output.question.realm}`
    case 'Diagnostic':
      return `diagnostic ${output.code}${output.row === undefined ? '' : ` ${output.row}`}`
    case 'Resolve':
      return `resolve ${output.question.name}`
    case 'OpenFlow':
      return `open ${output.target.protocol} ${output.target.host}:${output.target.port}`
    case 'CloseFlow':
      return `close ${output.flow.id}`
  }
}

const about = (what: string, key: Option<Key>): readonly string[] =>
  isSome(key) ? [`${what} ${key.value.method}`] : []

const timerName = (id: TimerId): string => {
  switch (id._tag) {
    case 'Transaction':
      return id.timer
    case 'Application':
      return String(id.ref)
    case 'Flow':
    case 'Opening':
    case 'Pending':
      return id._tag.toLowerCase()
  }
}

const headline = (bytes: string): string => {
  const parsed = parse(bytes)
  if (parsed._tag === 'Left') return 'something'
  const message = parsed.right
  return message._tag === 'Request' ? message.method : `${message.status} ${cseqMethod(message)}`
}
