/** A trace as rows: what a ladder shows, before anything is drawn. */
import type { Fate } from '../fate.js'
import { kind, summary } from '../summary.js'
import type { Carried, Message, Observation, Trace } from '../trace.js'

/** A row of a ladder: a message on its way, or something at one participant. */
export type Row = Arrow | Note

/** A message from one participant to another. */
export interface Arrow {
  readonly _tag: 'Arrow'
  readonly at: number
  readonly from: string
  readonly to: string
  readonly label: string
  readonly response: boolean
  /** How often it was sent before. */
  readonly copy: number
  /** What the network did with it, where that is known. */
  readonly fate?: Fate
  readonly why?: string
}

export interface Note {
  readonly _tag: 'Note'
  readonly at: number
  readonly who: string
  readonly label: string
}

/** What a ladder shows beside messages. */
export interface Shown {
  readonly timers?: boolean
  readonly states?: boolean
  /** What applications were told, but for messages, which the arrows show. */
  readonly news?: boolean
}

/** The rows of a trace, in order, and the names of the columns: participants first, then strangers as they appear. */
export const rows = (
  { participants, observations }: Trace,
  shown: Shown = {},
): { readonly names: readonly string[]; readonly rows: readonly Row[] } => {
  const names = new Map<string, string>()
  for (const { name, addresses } of participants) for (const address of addresses) names.set(address, name)
  const nameOf = (address: string): string => names.get(address) ?? address
  const watched = new Set(observations.map(({ who }) => who))
  const fates = new Map<string, Carried>()
  for (const one of observations) if (one._tag === 'Carried') fates.set(identityOf(one), one)

  const row = (one: Observation): Row | undefined => {
    if (one._tag === 'Sent') return arrow(one, one.who, nameOf(one.peer), fates.get(identityOf(one)))
    if (one._tag !== 'Received') return note(one, shown)
    // The arrow stands where it was sent, if somebody watched that.
    return watched.has(nameOf(one.peer)) ? undefined : arrow(one, nameOf(one.peer), one.who)
  }
  const made = observations.map(row).filter((one) => one !== undefined)
  const columns = new Set(participants.map(({ name }) => name))
  for (const one of made)
    for (const name of one._tag === 'Arrow' ? [one.from, one.to] : [one.who]) columns.add(name)
  return { names: [...columns], rows: made }
}

const arrow = (one: Message, from: string, to: string, carried?: Carried): Arrow => ({
  _tag: 'Arrow',
  at: one.at,
  from,
  to,
  label: summary(one.text),
  response: /^\d/.test(kind(one.text)),
  copy: one.copy,
  ...(carried === undefined ? {} : { fate: carried.arrivals }),
  ...(carried?.why === undefined ? {} : { why: carried.why }),
})

const note = (one: Observation, shown: Shown): Note | undefined => {
  const { at, who } = one
  const labelled = (label: string): Note => ({ _tag: 'Note', at, who, label })
  switch (one._tag) {
    case 'Fired':
      return shown.timers === true ? labelled(`timer ${one.timer.split(' ', 1).join('')}`) : undefined
    case 'Changed':
      return shown.states === true ? labelled(`${one.from || 'new'} → ${one.to || 'gone'}`) : undefined
    case 'Link':
      return labelled(one.what)
    case 'News':
      return shown.news === true && one.news._tag === 'ErrorReceived' ? labelled(one.news.reason) : undefined
    case 'Sent':
    case 'Received':
    case 'Carried':
    case 'Wish':
      return undefined
  }
}

const identityOf = ({ who, peer, copy, text }: Message | Carried): string =>
  `${who}\n${peer}\n${copy}\n${text}`
