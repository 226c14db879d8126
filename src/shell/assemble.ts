/** Puts a stack together: reducer, core, transports, clock. What differs between hosts comes in from outside. */
import { type Either, isLeft, left, map, mapLeft, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as Snapshot from '../core/codec/snapshot.js'
import { secretOf } from '../core/data/hash.js'
import * as Table from '../core/data/table.js'
import type {
  Diagnostic,
  Event,
  Input,
  Listener,
  Moment,
  Output,
  Ref,
  Refusal,
  SendOptions,
} from '../core/events.js'
import { type Bounds, defaultBounds, type FlowConfig, layerConfig } from '../core/layer/config.js'
import type { Role } from '../core/layer/receive-response.js'
import { topVia } from '../core/message/head.js'
import type { ParseOptions } from '../core/message/parse.js'
import type { Message, Request, Response } from '../core/message/types.js'
import { run } from '../core/runtime/run.js'
import { observations } from '../core/stack/observe.js'
import type { StackConfig } from '../core/stack/state.js'
import type { FlowLimits } from '../core/transport/limits.js'
import { type Config, rfc3261 } from '../core/transaction/types.js'
import { coreFilter } from '../core/user-agent/core.js'
import { around, type Machine, stackAlone, userAgent } from '../core/user-agent/user-agent.js'
import { type Callers, callers } from './callers.js'
import { answerQuestion, type DigestOptions, guardOf, withDigest } from './digest.js'
import type { Core } from './core.js'
import type { Observer, SentRequest, SentResponse, Stack } from './stack.js'
import { timers } from './timers.js'
import type { Reports, Resolver, StartError, Transport } from './transport.js'

/** What a stack is made of. Everything but name and core has a default. */
export interface StackOptions<S = unknown> extends Observer {
  /** For people: it stands in no message. */
  readonly name: string
  readonly core: Core<S>
  readonly transports?: readonly Transport[]
  /** Timer values and profile of the machines; those of RFC 3261 by default. */
  readonly config?: Config
  /** Other timer values for some flows. */
  readonly flows?: readonly FlowConfig[]
  readonly bounds?: Partial<Bounds>
  readonly parse?: ParseOptions
  readonly role?: Role
  /** Whether the user agent's helpers (2xx repetition, ACK, CANCEL) work for the core; true by default. */
  readonly helpers?: boolean
  /** Digest: answers challenges for us, and asks others who they are (RFC 3261 22). */
  readonly digest?: DigestOptions
  /** 16 octets or more that nobody can guess; random by default. */
  readonly secret?: string
  /** How much connections may take, and how long they are kept. */
  readonly connections?: Partial<FlowLimits>
  /** What stands before the unguessable part of our branches: who we are among processes behind one port. Letters and digits. */
  readonly branchMark?: string
  /** Who answers the questions of RFC 3263; the system's resolver by default. */
  readonly resolver?: Resolver
  /** A state to go on from: what `stack.snapshot()` gave, and how many ms ago. The transports must be where they were. */
  readonly snapshot?: { readonly json: unknown; readonly elapsed: number }
}

/** What a host gives a stack. */
export interface Host {
  readonly moment: () => Moment
  readonly resolver: Resolver
  /** 16 octets that nobody can guess, as a byte string. */
  readonly newSecret: () => string
}

/** Starts a stack on a host. `Left` names the transport that could not open; then nothing is left open. */
export const assemble =
  <S>(options: StackOptions<S>, host: Host): TaskEither<StartError, Stack> =>
  async () => {
    const built = build(options, host)
    if (isLeft(built)) return built
    const { stack, resume } = built.right
    for (const transport of options.transports ?? []) {
      const opened = await stack.registerTransport(transport.protocol, transport.reliable, transport)()
      if (isLeft(opened)) {
        await stack.close()
        return opened
      }
    }
    resume()
    return right(stack)
  }

const configOf = <S>(options: StackOptions<S>, { newSecret }: Pick<Host, 'newSecret'>): StackConfig => ({
  layer: layerConfig(options.config ?? rfc3261, { ...defaultBounds, ...options.bounds }, options.flows),
  role: options.role ?? 'user-agent',
  parse: options.parse ?? {},
  maxPending: 10_000,
  pendingTimeout: 32_000,
  ...(options.connections === undefined ? {} : { flows: options.connections }),
  ...(options.branchMark === undefined
    ? {}
    : { branchMark: options.branchMark.replace(/[^A-Za-z0-9]/g, '') }),
  secret: secretOf(options.secret ?? newSecret()),
})

/** The pure part of a stack: its reducer with helpers and core, and the state it starts from. */
export const machineOf = <S>(options: StackOptions<S>, host: Pick<Host, 'newSecret'>): Machine<unknown> => {
  const config = configOf(options, host)
  const bare = (
    options.helpers === false ? stackAlone(config) : userAgent(config, guardOf(options.digest, config.secret))
  ) as Machine<unknown>
  const agent = withDigest(options.digest, config.secret, bare)
  return 'reducer' in options.core
    ? (around(coreFilter(options.core.reducer, options.core.start))(agent) as Machine<unknown>)
    : agent
}

/** How the state of that machine stands in a snapshot; undefined when a part of it cannot. */
const codecOf = <S>({
  helpers,
  core,
  ...rest
}: StackOptions<S>): Snapshot.StateCodec<unknown> | undefined => {
  if ('digest' in rest) return undefined
  const agent = (helpers === false ? Snapshot.stack : Snapshot.userAgent) as Snapshot.StateCodec<unknown>
  if (!('reducer' in core)) return agent
  return core.codec === undefined
    ? undefined
    : (Snapshot.aroundCodec(core.codec)(agent) as Snapshot.StateCodec<unknown>)
}

/** What a stack begins with: nothing, or what a snapshot says. */
const beginning = <S>(
  { snapshot, secret }: StackOptions<S>,
  { moment, newSecret }: Host,
  { start, stackOf }: Machine<unknown>,
  codec: Snapshot.StateCodec<unknown> | undefined,
): Either<StartError, Snapshot.Restored<unknown>> => {
  if (snapshot === undefined) return right({ state: start, outputs: [], events: [] })
  const bad = (what: string): StartError => ({ _tag: 'BadSnapshot', protocol: '', what })
  if (codec === undefined) return left(bad('the core brings no codec for its state'))
  const restart = { at: moment().at, elapsed: snapshot.elapsed, secret: secretOf(secret ?? newSecret()) }
  return mapLeft(bad)(Snapshot.restore(codec, stackOf, snapshot.json, restart))
}

interface Built {
  readonly stack: Stack
  /** Takes up what a snapshot left to be done; the transports are open by now. */
  readonly resume: () => void
}

const build = <S>(options: StackOptions<S>, host: Host): Either<StartError, Built> => {
  const machine = machineOf(options, host)
  const codec = codecOf(options)
  const begun = beginning(options, host, machine, codec)
  if (isLeft(begun)) return begun
  const { state: first, outputs: resumed, events: lost } = begun.right
  const { moment } = host
  const open = new Map<string, Transport>()
  const kinds = new Map<string, boolean>()
  let drained: (() => void) | undefined
  let closed = false
  let refs = 0
  let flows = Snapshot.lastFlow(machine.stackOf(first))

  const live = (): number => Table.size(machine.stackOf(runner.state()).layer.transactions)

  const dispatch = (event: Event): readonly Output[] => {
    const outputs = runner.dispatch(event)
    if (drained !== undefined && live() === 0) drained()
    return outputs
  }

  const diagnose = harmless((diagnostic: Diagnostic): void => options.onDiagnostic?.(diagnostic))

  const perform = (output: Output): void => {
    switch (output._tag) {
      case 'Transmit':
        transportOf(output.flow.protocol, output.flow.local)?.transmit(
          output.flow,
          output.bytes,
          output.cause,
        )
        return
      case 'StartTimer':
        clock.start(output.id, output.generation, output.due)
        return
      case 'StopTimer':
        clock.stop(output.generation)
        return
      case 'Resolve':
        resolve(output.question, report)
        return
      case 'OpenFlow':
        connect(output)
        return
      case 'CloseFlow':
        transportOf(output.flow.protocol, output.flow.local)?.closeFlow?.(output.flow)
        return
      case 'Diagnostic':
        diagnose(output)
        return
      case 'AccountWanted':
        answerQuestion(options.digest, output, report, options.onDiagnostic)
        return
      case 'Accepted':
      case 'Refused': // `send` has returned it
        return
      default:
        calls.deliver(output)
    }
  }

  let seen = machine.stackOf(first)
  const look = (input: Input, outputs: readonly Output[]): void => {
    options.onStep?.(input, outputs)
    if (options.onObservation === undefined) return
    const before = seen
    seen = machine.stackOf(runner.state())
    observations(before, input, outputs, seen).forEach(options.onObservation)
  }

  const runner = run(machine.reducer, first, {
    moment,
    perform,
    ...(options.onStep === undefined && options.onObservation === undefined
      ? {}
      : { observe: harmless(look) }),
  })
  const clock = timers(
    () => moment().at,
    (id, generation) => dispatch({ _tag: 'TimerFired', id, generation }),
  )
  const resolve = options.resolver ?? host.resolver

  const connect = ({ opening, target, local }: Extract<Output, { _tag: 'OpenFlow' }>): void => {
    const transport = transportOf(target.protocol, local)
    if (transport?.connect === undefined)
      reports.flowRefused(opening, 'other', `${target.protocol} opens no connections`)
    else transport.connect(opening, target, local)
  }

  /** What a transport says while it is being closed concerns nobody any more. */
  const report = (event: Event): void => {
    if (!closed) dispatch(event)
  }

  const reports: Reports = {
    received: (flow, bytes) => report({ _tag: 'Received', flow, bytes }),
    newId: () => ++flows,
    flowOpened: (flow, names, opening) =>
      report({ _tag: 'FlowOpened', flow, names, ...(opening === undefined ? {} : { opening }) }),
    flowRefused: (opening, why, what) => report({ _tag: 'FlowRefused', opening, why, what }),
    flowClosed: (flow) => report({ _tag: 'FlowClosed', flow }),
    writable: (flow) => report({ _tag: 'Writable', flow }),
    sendFailed: (flow, why, cause) => report({ _tag: 'SendFailed', flow, why, cause }),
    troubled: (what) => diagnose({ _tag: 'Diagnostic', code: 'shell', what }),
  }

  const transportOf = (protocol: string, local: { readonly host: string; readonly port: number }) =>
    open.get(place(protocol, local))

  const register =
    (
      protocol: string,
      reliable: boolean,
      transport: Transport,
    ): TaskEither<StartError, readonly Listener[]> =>
    async () => {
      const opened = await transport.open(reports)
      if (isLeft(opened)) return opened
      const taken = opened.right.find(({ local }) => open.has(place(protocol, local)))
      if (taken !== undefined) {
        await transport.close()
        return left({ _tag: 'AlreadyRegistered', protocol, what: `${protocol} listens there already` })
      }
      kinds.set(protocol, reliable)
      for (const listener of opened.right) {
        open.set(place(protocol, listener.local), transport)
        dispatch({ _tag: 'Listening', listener: { ...listener, protocol, reliable } })
      }
      return opened
    }

  const unregister = async (transport: Transport): Promise<void> => {
    const places = [...open].filter(([, one]) => one === transport).map(([key]) => key)
    const gone = stack.listeners().filter(({ protocol, local }) => places.includes(place(protocol, local)))
    for (const { protocol, local } of gone) dispatch({ _tag: 'Unlistened', protocol, local })
    await transport.close()
    for (const key of places) open.delete(key)
  }

  const wish = (event: Event & { readonly ref: Ref }): Either<Refusal, Accepted> => {
    const answer = dispatch(event).find(
      (output): output is Accepted | Refused =>
        (output._tag === 'Accepted' || output._tag === 'Refused') && output.ref === event.ref,
    )
    if (answer === undefined) return left({ _tag: 'Invalid', what: 'the core inside the stack took it' })
    return answer._tag === 'Accepted' ? right(answer) : left(answer.reason)
  }

  const send = (message: Message, how: SendOptions = {}): Either<Refusal, SentRequest | SentResponse> =>
    message._tag === 'Request'
      ? map(({ key, message: request }: Accepted) => ({ key, request: request as Request }))(
          wish({ _tag: 'SendRequest', ref: ++refs, request: message, options: how }),
        )
      : map(({ key, message: response }: Accepted) => ({ key, response: response as Response }))(
          wish({ _tag: 'SendResponse', ref: ++refs, response: message }),
        )

  const close = async (how: { readonly drain?: number } = {}): Promise<void> => {
    if (how.drain !== undefined && !closed) {
      dispatch({ _tag: 'Drain' })
      for (const transport of new Set(open.values())) transport.drain?.()
      if (live() > 0)
        await new Promise<void>((done) => {
          const late = setTimeout(done, how.drain)
          drained = () => {
            clearTimeout(late)
            done()
          }
        })
    }
    closed = true
    clock.clear()
    const transports = new Set(open.values())
    open.clear()
    await Promise.all([...transports].map((transport) => transport.close()))
  }

  const stack: Stack = {
    name: options.name,
    listeners: () => machine.stackOf(runner.state()).listeners,
    send: send as Stack['send'], // the overloads say which of the two comes back
    registerCore: (core) => calls.use(core),
    registerTransport: register,
    unregisterTransport: unregister,
    isReliable: (message) => {
      const reliable = kinds.get(topVia(message).transport.toLowerCase())
      return reliable === undefined ? none : some(reliable)
    },
    cancel: (key) =>
      map(({ key: cancelled }: Accepted) => ({ key: cancelled }))(wish({ _tag: 'Cancel', ref: ++refs, key })),
    snapshot: () =>
      codec === undefined ? none : some(Snapshot.snapshot(codec, runner.state(), moment().at)),
    terminate: (key) => void dispatch({ _tag: 'Terminate', key }),
    after: (ms, then) => calls.after(ms, then),
    close,
  }
  const calls: Callers = callers(stack, dispatch, options)

  const resume = (): void => {
    if (options.snapshot === undefined) return
    for (const { protocol, local } of stack.listeners())
      if (!open.has(place(protocol, local))) dispatch({ _tag: 'Unlistened', protocol, local })
    runner.perform(resumed)
    for (const event of lost) dispatch(event)
  }

  return right({ stack, resume })
}

/** Who looks on takes no part: what he throws is lost, for nobody is left to tell. */
const harmless =
  <A extends readonly unknown[]>(look: (...seen: A) => void) =>
  (...seen: A): void => {
    try {
      look(...seen)
    } catch {
      // see above
    }
  }

type Accepted = Extract<Output, { _tag: 'Accepted' }>
type Refused = Extract<Output, { _tag: 'Refused' }>

const place = (protocol: string, { host, port }: { readonly host: string; readonly port: number }): string =>
  `${protocol} ${host} ${port}`
