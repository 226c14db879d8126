/** Puts a stack together: reducer, core, transports, clock. What differs between hosts comes in from outside. */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { fromNullable, none, some } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as Snapshot from '../core/codec/snapshot.js'
import * as Table from '../core/data/table.js'
import type { Diagnostic, Event, Input, Output } from '../core/events.js'
import { topVia } from '../core/message/head.js'
import { run } from '../core/runtime/run.js'
import { observations } from '../core/stack/observe.js'
import { type Callers, callers } from './callers.js'
import { answerQuestion } from './digest.js'
import { beginning, codecOf, machineOf } from './machine.js'
import type { Host, StackOptions } from './options.js'
import { MAX_QUEUED_EVENTS, pressure } from './pressure.js'
import type { Stack } from './stack.js'
import { timers } from './timers.js'
import type { StartError } from './transport.js'
import { transports } from './transports.js'
import { wishes } from './wishes.js'

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
  let drained: (() => void) | undefined
  let closed = false

  const live = (): number => runner.peek((state) => Table.size(machine.stackOf(state).layer.transactions))

  const dispatch = (event: Event): readonly Output[] => {
    const outputs = runner.dispatch(event)
    if (drained !== undefined && live() === 0) drained()
    return outputs
  }

  /** What a transport says while it is being closed concerns nobody any more. */
  const report = (event: Event): void => {
    if (!closed) dispatch(event)
  }

  const diagnose = harmless((diagnostic: Diagnostic): void => options.onDiagnostic?.(diagnostic))

  const perform = (output: Output): void => {
    switch (output._tag) {
      case 'Transmit':
        network.transmit(output)
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
        network.connect(output)
        return
      case 'CloseFlow':
        network.closeFlow(output)
        return
      case 'Diagnostic':
        diagnose(output)
        return
      case 'AccountWanted':
        find(output)
        return
      case 'Accepted':
      case 'Refused': // `send` has returned it
        return
      default:
        calls.deliver(output)
    }
  }

  const look = (input: Input, outputs: readonly Output[], before: unknown, after: unknown): void => {
    options.onStep?.(input, outputs)
    if (options.onObservation !== undefined)
      observations(machine.stackOf(before), input, outputs, machine.stackOf(after)).forEach(
        options.onObservation,
      )
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
  const network = transports({
    dispatch,
    report,
    diagnose,
    lastFlow: Snapshot.lastFlow(machine.stackOf(first)),
  })
  const backlog = pressure(options.maxQueuedEvents ?? MAX_QUEUED_EVENTS, network.hold)

  /** The one answer of an application that an event may wait for. */
  const find = (wanted: Extract<Output, { readonly _tag: 'AccountWanted' }>): void => {
    const found = (event: Event): void => {
      backlog.fall()
      report(event)
    }
    backlog.rise()
    answerQuestion(options.digest, wanted, found, options.onDiagnostic)
  }

  const close = async (how: { readonly drain?: number } = {}): Promise<void> => {
    if (how.drain !== undefined && !closed) {
      dispatch({ _tag: 'Drain' })
      network.drain()
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
    await network.close()
  }

  const stack: Stack = {
    name: options.name,
    listeners: () => runner.peek((state) => machine.stackOf(state).listeners),
    registerCore: (core) => calls.use(core),
    registerTransport: network.register,
    unregisterTransport: (transport) => network.unregister(transport, stack.listeners()),
    isReliable: (message) => fromNullable(network.isReliable(topVia(message).transport.toLowerCase())),
    ...wishes(dispatch),
    snapshot: () =>
      codec === undefined ? none : runner.peek((state) => some(Snapshot.snapshot(codec, state, moment().at))),
    terminate: (key) => void dispatch({ _tag: 'Terminate', key }),
    after: (ms, then) => calls.after(ms, then),
    close,
  }
  const calls: Callers = callers(stack, dispatch, options)

  const resume = (): void => {
    if (options.snapshot === undefined) return
    for (const { protocol, local } of stack.listeners())
      if (!network.serves(protocol, local)) dispatch({ _tag: 'Unlistened', protocol, local })
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
