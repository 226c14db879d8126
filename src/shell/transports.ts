/** The transports of one stack: who serves which address, and what they say as events. */
import { isLeft, left } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Diagnostic, Event, Listener, Output } from '../core/events.js'
import type { Address, Protocol } from '../core/transport/flow.js'
import type { Reports, StartError, Transport } from './transport.js'

/** What a stack does with its transports. */
export interface Transports {
  readonly register: (
    protocol: Protocol,
    reliable: boolean,
    transport: Transport,
  ) => TaskEither<StartError, readonly Listener[]>
  /** Closes one; `listeners` are those of the stack. */
  readonly unregister: (transport: Transport, listeners: readonly Listener[]) => Promise<void>
  readonly transmit: (order: Order<'Transmit'>) => void
  readonly connect: (order: Order<'OpenFlow'>) => void
  readonly closeFlow: (order: Order<'CloseFlow'>) => void
  /** Whether that protocol is reliable; undefined when it never was registered. */
  readonly isReliable: (protocol: Protocol) => boolean | undefined
  /** Whether one listens there. */
  readonly serves: (protocol: Protocol, local: Address) => boolean
  /** Stops all reading, or lets it go on. */
  readonly hold: (isHeld: boolean) => void
  /** Accepts no more connections. */
  readonly drain: () => void
  readonly close: () => Promise<void>
}

type Order<Tag> = Extract<Output, { readonly _tag: Tag }>

/** What the transports need of their stack. */
export interface Owner {
  /** Takes an event, whatever became of the stack. */
  readonly dispatch: (event: Event) => void
  /** Takes an event of the world, which concerns nobody any more once the stack closes. */
  readonly report: (event: Event) => void
  readonly diagnose: (diagnostic: Diagnostic) => void
  /** The highest number of a connection that was given before, by the stack of which this is the restart. */
  readonly lastFlow: number
}

/** No transport yet. */
export const transports = ({ dispatch, report, diagnose, lastFlow }: Owner): Transports => {
  const open = new Map<string, Transport>()
  const kinds = new Map<Protocol, boolean>()
  let flows = lastFlow
  let held = false

  const reports: Reports = {
    received: (flow, bytes, octets) =>
      report(
        octets === undefined ? { _tag: 'Received', flow, bytes } : { _tag: 'Received', flow, bytes, octets },
      ),
    newId: () => ++flows,
    flowOpened: (flow, names, opening) =>
      report({ _tag: 'FlowOpened', flow, names, ...(opening === undefined ? {} : { opening }) }),
    flowRefused: (opening, why, what) => report({ _tag: 'FlowRefused', opening, why, what }),
    flowClosed: (flow) => report({ _tag: 'FlowClosed', flow }),
    writable: (flow) => report({ _tag: 'Writable', flow }),
    sendFailed: (flow, why, cause) => report({ _tag: 'SendFailed', flow, why, cause }),
    troubled: (what) => diagnose({ _tag: 'Diagnostic', code: 'shell', what }),
  }

  // Most flows are those of one transport, and know its address by the same object.
  let last:
    | { readonly protocol: Protocol; readonly local: Address; readonly transport: Transport }
    | undefined
  const at = (protocol: Protocol, local: Address): Transport | undefined => {
    if (last?.local === local && last.protocol === protocol) return last.transport
    const transport = open.get(place(protocol, local))
    last = transport === undefined ? undefined : { protocol, local, transport }
    return transport
  }

  return {
    register: (protocol, reliable, transport) => async () => {
      const opened = await transport.open(reports)
      if (isLeft(opened)) return opened
      const taken = opened.right.find(({ local }) => open.has(place(protocol, local)))
      if (taken !== undefined) {
        await transport.close()
        return left({ _tag: 'AlreadyRegistered', protocol, what: `${protocol} listens there already` })
      }
      kinds.set(protocol, reliable)
      if (held) transport.hold?.(true)
      for (const listener of opened.right) {
        open.set(place(protocol, listener.local), transport)
        dispatch({ _tag: 'Listening', listener: { ...listener, protocol, reliable } })
      }
      return opened
    },
    unregister: async (transport, listeners) => {
      const places = [...open].filter(([, one]) => one === transport).map(([key]) => key)
      const gone = listeners.filter(({ protocol, local }) => places.includes(place(protocol, local)))
      for (const { protocol, local } of gone) dispatch({ _tag: 'Unlistened', protocol, local })
      await transport.close()
      for (const key of places) open.delete(key)
      last = undefined
    },
    transmit: ({ flow, bytes, cause }) => at(flow.protocol, flow.local)?.transmit(flow, bytes, cause),
    connect: ({ opening, target, local }) => {
      const transport = at(target.protocol, local)
      if (transport?.connect === undefined)
        reports.flowRefused(opening, 'other', `${target.protocol} opens no connections`)
      else transport.connect(opening, target, local)
    },
    closeFlow: ({ flow }) => at(flow.protocol, flow.local)?.closeFlow?.(flow),
    isReliable: (protocol) => kinds.get(protocol),
    serves: (protocol, local) => open.has(place(protocol, local)),
    hold: (isHeld) => {
      held = isHeld
      for (const transport of new Set(open.values())) transport.hold?.(isHeld)
    },
    drain: () => {
      for (const transport of new Set(open.values())) transport.drain?.()
    },
    close: async () => {
      const all = new Set(open.values())
      open.clear()
      last = undefined
      await Promise.all([...all].map((transport) => transport.close()))
    },
  }
}

const place = (protocol: Protocol, { host, port }: Address): string => `${protocol} ${host} ${port}`
