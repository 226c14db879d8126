/**
 * Traces: what happened, in order, as plain data. Endpoints are watched through the `observe` of their runner, networks
 * add the fate of what they carried; ladders are drawn of traces and invariants are asserted on them.
 */
import { toUndefined } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../core/data/bytes.js'
import type { Event, FromApplication, Input, Output, TimerId, ToApplication } from '../core/events.js'
import type { Address, Flow, Protocol } from '../core/transport/flow.js'
import { printHostPort } from '../core/uri/host.js'
import type { Core } from '../core/user-agent/core.js'
import { isNews, isWish } from '../core/user-agent/filter.js'

/** Something that happened to or at `who` at the instant `at` (ms, of the clock the trace was taken with). */
export type Observation = Message | Carried | Fired | Changed | Link | News | Wish

/** Octets left an endpoint for `peer`, or arrived from there. */
export interface Message {
  readonly _tag: 'Sent' | 'Received'
  readonly at: number
  readonly who: string
  readonly peer: string
  readonly protocol: Protocol
  readonly text: Bytes
  /** How often the same did the same before; 0 the first time. */
  readonly copy: number
  /** The transaction that sent it; empty for what none sent, and for what was received. */
  readonly of: string
}

/**
 * What a network did with octets that `who` sent to `peer`: after how many ms each copy arrives. None arrives:
 * lost; several: duplicated.
 */
export interface Carried {
  readonly _tag: 'Carried'
  readonly at: number
  readonly who: string
  readonly peer: string
  readonly text: Bytes
  readonly copy: number
  readonly arrivals: readonly number[]
  /** Why, where it was more than chance. */
  readonly why?: string
}

/** A timer fired: a letter of the machines, or the name an application gave. `of`: its transaction. */
export interface Fired {
  readonly _tag: 'Fired'
  readonly at: number
  readonly who: string
  readonly timer: string
  readonly of: string
}

/** A transaction went from one state to another; `from` is empty when it began, `to` when it ended. */
export interface Changed {
  readonly _tag: 'Changed'
  readonly at: number
  readonly who: string
  readonly of: string
  readonly from: string
  readonly to: string
}

/** Something other than octets came from the transport or the resolver: `closed`, `send failed: refused`. */
export interface Link {
  readonly _tag: 'Link'
  readonly at: number
  readonly who: string
  readonly what: string
}

/** The application was told. */
export interface News {
  readonly _tag: 'News'
  readonly at: number
  readonly who: string
  readonly news: ToApplication
}

/** The application wished. */
export interface Wish {
  readonly _tag: 'Wish'
  readonly at: number
  readonly who: string
  readonly wish: FromApplication
}

/** Who takes part, under which addresses the others know it, and what happened. */
export interface Trace {
  readonly participants: readonly Participant[]
  readonly observations: readonly Observation[]
}

/** An endpoint and its addresses as `printAddress` writes them: its own, and those that lead to it. */
export interface Participant {
  readonly name: string
  readonly addresses: readonly string[]
}

/** An address as traces write it: `127.0.0.1:5060`, `[::1]:5060`. */
export const printAddress = ({ host, port }: Address): string => printHostPort(host, port)

/** Turns the steps of one endpoint's runner into observations; counts repetitions, so each endpoint has its own. */
export const watch = (
  who: string,
): ((input: Input, effects: readonly Output[]) => readonly Observation[]) => {
  const copies = counter()
  const message = (_tag: Message['_tag'], at: number, flow: Flow, text: Bytes, of: string): Message => {
    const peer = printAddress(flow.remote)
    return { _tag, at, who, peer, protocol: flow.protocol, text, copy: copies(`${_tag} ${peer} ${text}`), of }
  }
  return ({ at, event }, effects) => {
    const out: Observation[] = []
    if (event._tag === 'Received') out.push(message('Received', at, event.flow, event.bytes, ''))
    else if (event._tag === 'TimerFired') out.push({ _tag: 'Fired', at, who, ...timerOf(event.id) })
    else if (isWish(event)) out.push({ _tag: 'Wish', at, who, wish: event })
    else {
      const said = what(event)
      if (said !== undefined) out.push({ _tag: 'Link', at, who, what: said })
    }
    for (const effect of effects)
      if (effect._tag === 'Transmit')
        out.push(message('Sent', at, effect.flow, effect.bytes, toUndefined(effect.cause) ?? ''))
      else if (isNews(effect)) out.push({ _tag: 'News', at, who, news: effect })
    return out
  }
}

/** A reducer core that behaves as `core` does, while `tell` hears of the news it got and the wishes it had. */
export const tapped = <S>(who: string, core: Core<S>, tell: (observation: News | Wish) => void): Core<S> => {
  return (state, input) => {
    const step = core(state, input)
    tell({ _tag: 'News', at: input.at, who, news: input.event })
    for (const wish of step[1]) tell({ _tag: 'Wish', at: input.at, who, wish })
    return step
  }
}

/** Counts: how often each name was asked for before. */
export const counter = (): ((name: string) => number) => {
  const counts = new Map<string, number>()
  return (name) => {
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return count
  }
}

const what = (event: Event): string | undefined => {
  switch (event._tag) {
    case 'FlowOpened':
      return 'connected'
    case 'FlowRefused':
      return `not connected: ${event.what}`
    case 'FlowClosed':
      return 'connection closed'
    case 'SendFailed':
      return `send failed: ${event.why}`
    case 'Unresolved':
      return `no address: ${event.question.name}`
    default:
      return undefined
  }
}

const timerOf = (id: TimerId): Pick<Fired, 'timer' | 'of'> => {
  if (id._tag === 'Transaction') return { timer: id.timer, of: id.transaction }
  return {
    timer: id._tag === 'Application' ? String(id.ref) : id._tag,
    of: 'transaction' in id ? id.transaction : '',
  }
}
