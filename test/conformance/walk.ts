/** Walks a machine's reducer from its start through every box, and draws what it found as the RFC's figure. */
import { rfc3261 } from '../../src/core/transaction/types.js'
import type { Config, Effect } from '../../src/core/transaction/types.js'
import { ackRequest, answer } from '../core/transaction/fixtures.js'
import {
  allTimers,
  type Machine,
  type MachineEvent,
  reliabilities,
  type State,
} from '../core/transaction/machines.js'

/** One arrow of the figure. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly event: string
  readonly does: string
  readonly on: '' | 'U' | 'R'
}

/** The guards are on, so that their arrows show. */
const config: Config = {
  timing: { ...rfc3261.timing, guard: 180_000 },
  profile: { ...rfc3261.profile, nonInviteGuard: true },
}

/** Every arrow that does more than tell an operator, as the figures have them, in the order in which it is met. */
export const arrows = (machine: Machine): readonly Arrow[] => {
  const both = reliabilities.flatMap((on) => walk(machine, on))
  const boxes = [...new Set(both.map(({ from }) => from))]
  const all = merge(
    both.reduce<readonly Arrow[]>((known, arrow) => {
      const twin = known.find((one) => one.on !== arrow.on && same(one, arrow))
      return twin === undefined
        ? [...known, arrow]
        : known.map((one) => (one === twin ? { ...one, on: '' as const } : one))
    }, []),
  )
  return [...all].sort((a, b) => boxes.indexOf(a.from) - boxes.indexOf(b.from))
}

/** The figure in Mermaid. */
export const mermaid = (machine: Machine): string =>
  [
    'stateDiagram-v2',
    ...arrows(machine).map(
      ({ from, to, event, does, on }) =>
        `  ${from} --> ${to} : ${event}${on === '' ? '' : ` (${on})`} / ${does === '' ? '-' : does}`,
    ),
    '  Terminated --> [*]',
  ].join('\n')

const walk = (machine: Machine, on: (typeof reliabilities)[number]): readonly Arrow[] => {
  const reducer = machine.reducer(config)
  const [first, beginning] = machine.start(config, machine.request, on)
  const mark = on === 'unreliable' ? 'U' : 'R'
  const found: Arrow[] = [
    {
      from: '[*]',
      to: first._tag,
      event: `${machine.method === 'INVITE' ? 'INVITE' : 'Request'}${machine.side === 'client' ? ' from TU' : ''}`,
      does: words(machine, 'start', beginning),
      on: mark,
    },
  ]
  const seen = new Set([shape(first)])
  for (const queue = [first]; queue.length > 0; ) {
    const state = queue.shift() as State
    if (state._tag === 'Terminated') continue
    for (const { name, event } of events(machine)) {
      const [next, effects] = reducer(state, event)
      if (!seen.has(shape(next))) queue.push(next)
      seen.add(shape(next))
      const silent = effects.length > 0 && effects.every(({ _tag }) => _tag === 'Diagnostic')
      if (silent && next._tag === state._tag) continue
      const arrow: Arrow = {
        from: state._tag,
        to: next._tag,
        event: name,
        does: words(machine, name, effects),
        on: mark,
      }
      const known = found.findIndex(
        (one) => one.from === arrow.from && one.to === arrow.to && one.event === name,
      )
      if (known < 0) found.push(arrow)
      else if (found[known]?.does === '') found[known] = arrow // the box has two insides: draw the one that acts
    }
  }
  return found
}

/** A state without its numbers and texts: the box it is, and its insides where they decide. */
const shape = (state: State): string =>
  JSON.stringify(state, (key, value: unknown) =>
    key === '_tag' || key === 'guarded' || (typeof value === 'object' && value !== null) ? value : undefined,
  )

const events = ({
  side,
  method,
  request,
  name,
}: Machine): readonly { name: string; event: MachineEvent }[] => [
  ...statuses(name).map(({ code, status }) => ({
    name: side === 'client' ? code : `${code} from TU`,
    event: {
      _tag: side === 'client' ? ('ResponseReceived' as const) : ('Respond' as const),
      response: answer(method, status),
    },
  })),
  ...(side === 'server'
    ? [
        {
          name: method === 'INVITE' ? 'INVITE' : 'Request',
          event: { _tag: 'RequestReceived' as const, request },
        },
      ]
    : []),
  ...(name === 'invite-server'
    ? [{ name: 'ACK', event: { _tag: 'AckReceived' as const, request: ackRequest } }]
    : []),
  ...allTimers.map((timer) => ({
    name: `Timer ${timer}`,
    event: { _tag: 'TimerFired' as const, timer, late: 0 },
  })),
  { name: 'Transport Err.', event: { _tag: 'TransportFailed' } },
  { name: 'Flow closed', event: { _tag: 'FlowClosed' } },
  { name: 'Abort', event: { _tag: 'Abort' } },
]

const statuses = (name: string): readonly { code: string; status: number }[] =>
  name === 'non-invite-server'
    ? [
        { code: '100', status: 100 },
        { code: '101-199', status: 180 },
        { code: '200-699 but 408', status: 200 },
        { code: '408', status: 408 },
      ]
    : name === 'non-invite-client'
      ? [
          { code: '1xx', status: 180 },
          { code: '200-699', status: 200 },
        ]
      : [
          { code: '1xx', status: 180 },
          { code: '2xx', status: 200 },
          { code: '300-699', status: 486 },
        ]

/** What a step does, in the words of the figures; timers that are stopped go without saying. */
const words = (machine: Machine, event: string, effects: readonly Effect[]): string =>
  effects
    .flatMap((effect) => {
      switch (effect._tag) {
        case 'Transmit':
          return [`send ${sentName(machine, event, effect.bytes)}`]
        case 'StartTimer':
          return [`start ${effect.timer}`]
        case 'Deliver':
          return ['to TU']
        case 'Fail':
          return [`inform TU (${effect.reason})`]
        case 'StopTimer':
        case 'Ended':
        case 'Diagnostic':
          return []
      }
    })
    .join(', ')

const sentName = ({ method }: Machine, event: string, bytes: string): string => {
  if (bytes.startsWith('ACK ')) return 'ACK'
  if (bytes.startsWith('SIP/2.0'))
    return event === 'Timer Trying' || event === 'Timer N100' ? '100' : 'response'
  return method === 'INVITE' ? 'INVITE' : 'request'
}

const same = (a: Arrow, b: Arrow): boolean =>
  a.from === b.from && a.to === b.to && a.event === b.event && a.does === b.does

/** Several events with the same arrow share it. */
const merge = (all: readonly Arrow[]): readonly Arrow[] =>
  all.reduce<readonly Arrow[]>((merged, arrow) => {
    const twin = merged.find(
      (one) =>
        one.from === arrow.from && one.to === arrow.to && one.does === arrow.does && one.on === arrow.on,
    )
    return twin === undefined
      ? [...merged, arrow]
      : merged.map((one) => (one === twin ? { ...one, event: `${one.event}, ${arrow.event}` } : one))
  }, [])
