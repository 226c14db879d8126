/** A trace retold transaction by transaction: what each received and sent in which state, and when its timers fired. */
import { isRight } from 'fp-ts/lib/Either.js'
import { isSome, type Option } from 'fp-ts/lib/Option.js'
import type { ToApplication } from '../../core/events.js'
import { cseqMethod } from '../../core/message/head.js'
import { parse } from '../../core/message/parse.js'
import type { Message } from '../../core/message/types.js'
import { id as idOf, type Key } from '../../core/transaction/key.js'
import type { Protocol } from '../../core/transport/flow.js'
import { transactionsOf } from '../transactions-of.js'
import type { Changed, Message as Passed, Trace } from '../trace.js'

/** A trace with its messages read and its transactions told apart. */
export interface Story extends Trace {
  /** Who has a stack: everybody but guests. */
  readonly stacks: ReadonlySet<string>
  /** Everything sent and received, with the message if it is one. */
  readonly passed: readonly (Passed & { readonly message: Message | undefined })[]
  readonly lives: readonly Life[]
  /** When the trace ends, ms. */
  readonly end: number
}

/** One transaction from its beginning to its end. */
export interface Life {
  readonly who: string
  readonly id: string
  readonly side: 'client' | 'server'
  readonly method: string
  readonly begun: number
  /** Undefined while it lives. */
  readonly ended: number | undefined
  /** The states it was in, in order. */
  readonly stays: readonly Stay[]
  readonly received: readonly Moment[]
  readonly sent: readonly Moment[]
  readonly fired: readonly { readonly at: number; readonly timer: string; readonly state: string }[]
  /** What the application heard of it. */
  readonly told: readonly { readonly at: number; readonly news: ToApplication }[]
}

/** A message and the state that it met. */
export interface Moment {
  readonly at: number
  readonly state: string
  readonly message: Message
  readonly copy: number
  readonly protocol: Protocol
}

/** A stay in one state; `to` is undefined while it lasts. */
export interface Stay {
  readonly state: string
  readonly from: number
  readonly to: number | undefined
}

interface Draft {
  readonly who: string
  readonly id: string
  readonly begun: number
  state: string
  ended: number | undefined
  readonly stays: { readonly state: string; readonly from: number; to: number | undefined }[]
  readonly received: Moment[]
  readonly sent: Moment[]
  readonly fired: { at: number; timer: string; state: string }[]
  readonly told: { at: number; news: ToApplication }[]
}

/** Retells a trace. */
export const retell = (trace: Trace): Story => {
  const lives: Draft[] = []
  const living = new Map<string, Draft>()
  const stacks = new Set<string>()
  const passed: (Passed & { readonly message: Message | undefined })[] = []
  let end = 0

  const name = (who: string, id: string): string => `${who} ${id}`
  const alive = (who: string, ids: readonly string[]): Draft | undefined =>
    ids.map((id) => living.get(name(who, id))).find((one) => one !== undefined)

  const change = ({ at, who, of, from, to }: Changed): void => {
    const life = from === '' ? begin(at, who, of) : living.get(name(who, of))
    if (life === undefined) return
    const stay = life.stays[life.stays.length - 1]
    if (stay !== undefined) stay.to = at
    if (to === '') {
      life.ended = at
      living.delete(name(who, of))
      return
    }
    life.state = to
    life.stays.push({ state: to, from: at, to: undefined })
  }
  const begin = (begun: number, who: string, id: string): Draft => {
    const nothing = { stays: [], received: [], sent: [], fired: [], told: [] }
    const life: Draft = { who, id, begun, state: '', ended: undefined, ...nothing }
    lives.push(life)
    living.set(name(who, id), life)
    return life
  }

  for (const one of trace.observations) {
    end = Math.max(end, one.at)
    switch (one._tag) {
      case 'Received': {
        const message = read(one.text)
        passed.push({ ...one, message })
        if (message === undefined) break
        const life = alive(one.who, transactionsOf(message))
        life?.received.push({
          at: one.at,
          state: life.state,
          message,
          copy: one.copy,
          protocol: one.protocol,
        })
        break
      }
      case 'Sent': {
        const message = read(one.text)
        passed.push({ ...one, message })
        if (one.of === '' || message === undefined) break
        const life = living.get(name(one.who, one.of))
        life?.sent.push({ at: one.at, state: life.state, message, copy: one.copy, protocol: one.protocol })
        break
      }
      case 'Fired':
        stacks.add(one.who)
        living.get(name(one.who, one.of))?.fired.push({
          at: one.at,
          timer: one.timer,
          state: living.get(name(one.who, one.of))?.state ?? '',
        })
        break
      case 'News': {
        stacks.add(one.who)
        const key = keyOf(one.news)
        if (key !== undefined) living.get(name(one.who, key))?.told.push({ at: one.at, news: one.news })
        break
      }
      case 'Changed':
        stacks.add(one.who)
        change(one)
        break
      case 'Link':
      case 'Wish':
        stacks.add(one.who)
        break
      case 'Carried':
        break
    }
  }
  return { ...trace, stacks, passed, end, lives: lives.map(finished) }
}

const finished = ({ state: _state, ...draft }: Draft): Life => {
  const first = (draft.sent[0] ?? draft.received[0])?.message
  const method = first === undefined ? '' : cseqMethod(first)
  return {
    ...draft,
    side: draft.id.startsWith('c') ? 'client' : 'server',
    method: method === 'ACK' ? 'INVITE' : method,
  }
}

/** The message in octets that are one. */
const read = (text: string): Message | undefined => {
  const parsed = parse(text)
  return isRight(parsed) ? parsed.right : undefined
}

const keyOf = (news: ToApplication): string | undefined => {
  switch (news._tag) {
    case 'RequestReceived':
    case 'ResponseReceived':
    case 'ErrorReceived':
      return idOfOption(news.key)
    case 'Accepted':
    case 'Ended':
      return idOf(news.key)
    default:
      return undefined
  }
}

const idOfOption = (key: Option<Key>): string | undefined => (isSome(key) ? idOf(key.value) : undefined)
