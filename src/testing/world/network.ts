/**
 * The network between endpoints: datagrams that get lost, doubled, late and out of order by the dice of a seed or by
 * script, and connections whose octets come in pieces and that break. Every fate is told.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../../core/data/bytes.js'
import type { FromShell, ToShell } from '../../core/events.js'
import type { CertificateName } from '../../core/transport/identity.js'
import type { Address, Flow } from '../../core/transport/flow.js'
import { type Conditions, type Fate, fate, perfect } from '../fate.js'
import { identity, kind } from '../summary.js'
import { type Carried, counter, printAddress } from '../trace.js'
import { decide, type Rule, type Verdict } from './script.js'
import { type Streams, type StreamConditions, streams } from './streams.js'

/** How a network is made. */
export interface NetworkOptions {
  readonly seed?: number
  /** How every link treats datagrams, unless `links` says otherwise. Perfect by default. */
  readonly conditions?: Partial<Conditions>
  /** Single directions: `{ 'alice>bob': { loss: 50 } }`. */
  readonly links?: Readonly<Record<string, Partial<Conditions>>>
  /** Rules that overrule the dice, first come first served. */
  readonly script?: readonly Rule[]
  readonly streams?: Partial<StreamConditions>
}

/** One socket on the network. */
export interface Port {
  readonly who: string
  readonly protocol: string
  readonly local: Address
  /** What its certificate says it is, for transports with one. */
  readonly names?: readonly CertificateName[]
  readonly receive: (event: FromShell) => void
}

/** A network at work. */
export interface Network {
  readonly attach: (port: Port) => void
  readonly detach: (port: Pick<Port, 'protocol' | 'local'>) => void
  /** Carries octets of `who`. */
  readonly transmit: (who: string, flow: Flow, bytes: Bytes, cause: Option<string>) => void
  readonly open: (order: Extract<ToShell, { _tag: 'OpenFlow' }>) => void
  readonly close: (who: string, flow: Flow) => void
  /** Breaks every connection between two: both sides hear of it. */
  readonly breakStreams: (a: string, b: string) => void
  /** Nothing passes between two until `heal`, in both directions. */
  readonly cut: (a: string, b: string) => void
  readonly heal: () => void
  /** Other conditions for a direction from now on. */
  readonly change: (direction: string, conditions: Partial<Conditions>) => void
}

/** What a network needs of the world around it. */
export interface Surroundings {
  readonly now: () => number
  readonly plan: (at: number, deed: () => void) => void
  readonly record: (carried: Carried) => void
  /** Another address under which the others know `who`. */
  readonly alias: (who: string, address: Address) => void
}

/** A network without sockets. */
export const network = (options: NetworkOptions, around: Surroundings): Network => {
  const seed = options.seed ?? 0
  const ports = new Map<string, Port>()
  const links = new Map(Object.entries(options.links ?? {}))
  const cuts = new Set<string>()
  const rolls = counter()
  const copies = counter()
  const kinds = counter()

  const portAt = (protocol: string, remote: Address): Port | undefined => ports.get(place(protocol, remote))

  const judge = (
    from: string,
    to: string,
    text: Bytes,
  ): readonly [verdict: Verdict, why?: string | undefined] => {
    const direction = `${from}>${to}`
    const of = kind(text)
    const nth = kinds(`${direction} ${of}`) + 1
    const name = identity(text)
    const roll = rolls(`${direction} ${name}`)
    const verdict = decide(options.script ?? [], { from, to, at: around.now(), text, kind: of, nth })
    if (verdict !== undefined) return [verdict, verdict.length === 0 ? 'lost by script' : undefined]
    if (cuts.has(direction)) return [[], 'cut off']
    const conditions = { ...perfect, ...options.conditions, ...links.get(direction) }
    if (text.length > conditions.mtu) return [[], 'too long']
    return [fate(conditions, seed, direction, name, roll)]
  }

  const datagram = (who: string, flow: Flow, text: Bytes, cause: Option<string>): void => {
    const sender = portAt(flow.protocol, flow.local)
    const to = portAt(flow.protocol, flow.remote)
    const [verdict, why] = to === undefined ? [[], 'nobody there'] : judge(who, to.who, text)
    const peer = printAddress(flow.remote)
    const arrivals: Fate = typeof verdict === 'string' ? [] : verdict
    const because = typeof verdict === 'string' ? verdict : why
    around.record({
      _tag: 'Carried',
      at: around.now(),
      who,
      peer,
      text,
      copy: copies(`${who} ${peer} ${text}`),
      arrivals,
      ...(because === undefined ? {} : { why: because }),
    })
    if (typeof verdict === 'string')
      around.plan(around.now(), () => sender?.receive({ _tag: 'SendFailed', flow, why: verdict, cause }))
    const arrived: Flow = { protocol: flow.protocol, local: flow.remote, remote: flow.local }
    for (const ms of arrivals)
      around.plan(around.now() + ms, () =>
        portAt(flow.protocol, flow.remote)?.receive({ _tag: 'Received', flow: arrived, bytes: text }),
      )
  }

  const pipes: Streams = streams(options.streams ?? {}, seed, around, portAt)

  return {
    attach: (port) => void ports.set(place(port.protocol, port.local), port),
    detach: ({ protocol, local }) => void ports.delete(place(protocol, local)),
    transmit: (who, flow, bytes, cause) => {
      if (flow.id === undefined) datagram(who, flow, bytes, cause)
      else pipes.write(who, flow, bytes, cause)
    },
    open: pipes.open,
    close: pipes.close,
    breakStreams: pipes.breakAll,
    cut: (a, b) => {
      cuts.add(`${a}>${b}`)
      cuts.add(`${b}>${a}`)
    },
    heal: () => cuts.clear(),
    change: (direction, conditions) => void links.set(direction, conditions),
  }
}

const place = (protocol: string, address: Address): string => `${protocol} ${printAddress(address)}`
