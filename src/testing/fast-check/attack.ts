/** A user's core under attack: it and its stack in a world, and a guest who plays its peer by hand. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../../core/data/bytes.js'
import { callId } from '../../core/message/head.js'
import { parse } from '../../core/message/parse.js'
import type { Message, Request } from '../../core/message/types.js'
import { rfc3261 } from '../../core/transaction/types.js'
import { assertHolds, type Invariant, invariants } from '../invariants.js'
import { printAddress } from '../trace.js'
import { type World, world } from '../world.js'
import type { Endpoint, EndpointOptions } from '../world/endpoint.js'
import type { Guest } from '../world/guest.js'
import type { NetworkOptions } from '../world/network.js'
import { deviant, refused, rubbish } from './malformed.js'

/** The one who is tested; made anew for every run. */
export type Subject<S = unknown, M = unknown> = Omit<EndpointOptions<S, M>, 'name'>

/** What is attacked, and with what the attacker does it. */
export interface Attack {
  readonly life: World
  readonly user: Endpoint
  readonly peer: Guest
  /** What the peer heard that was a message, in order. */
  readonly heard: readonly Message[]
  /** What the peer sent, in order. */
  readonly sent: readonly Bytes[]
  /** Sends octets from the peer to the user. */
  readonly send: (text: Bytes) => void
  /** A number higher than all before: for a branch, and for CSeq. */
  readonly next: () => number
  /** Lets the user's host sleep. */
  readonly sleep: (ms: number) => void
  readonly slept: () => boolean
}

/** What must be known beforehand of an attack so that a move makes sense: nothing. Any sequence of moves does. */
export type Course = Record<string, never>

/** One move of an attacker: a command of fast-check's, to be run by its `modelRun` or as `Attack` says. */
export type Move = fc.Command<Course, Attack>

/** A move with the words that a counterexample shows. */
export const move = (words: string, run: (attack: Attack) => void): Move => ({
  check: () => true,
  run: (_course, attack) => run(attack),
  toString: () => words,
})

/** How an attack is judged. */
export interface AttackOptions {
  /** Instead of all promises of a stack and its application. */
  readonly promises?: readonly Invariant[]
  /** How many moves at most; default 20. */
  readonly moves?: number
}

/** Begins an attack. */
export const attack = <S, M>(subject: Subject<S, M>, network: NetworkOptions): Attack => {
  const life = world(network)
  const user = life.join({ ...subject, name: 'user' })
  const heard: Message[] = []
  const sent: Bytes[] = []
  let numbers = 0
  let slept = false
  const peer = life.invite({
    name: 'peer',
    heard: (text) => {
      const parsed = parse(text)
      if (isRight(parsed)) heard.push(parsed.right)
    },
  })
  return {
    life,
    user,
    peer,
    heard,
    sent,
    send: (text) => {
      sent.push(text)
      peer.send(user.local, text)
    },
    next: () => ++numbers,
    sleep: (ms) => {
      slept = true
      user.suspend(ms)
    },
    slept: () => slept,
  }
}

/** Makes all moves, lets time pass until nothing stirs, and judges all promises. Throws with a ladder. */
export const perform = <S, M>(
  subject: Subject<S, M>,
  network: NetworkOptions,
  moves: Iterable<Move>,
  options: AttackOptions & {
    /** Whether everything must be over in the end, whatever the peer did. */
    readonly rested?: boolean
    readonly begin?: (attack: Attack) => void
  },
): void => {
  const begun = attack(subject, network)
  options.begin?.(begun)
  for (const one of moves) one.run({}, begun)
  begun.life.settle()
  const promises =
    options.promises ??
    invariants({ config: subject.config ?? rfc3261, rested: options.rested ?? false, slept: begun.slept() })
  assertHolds(begun.life.trace(), promises)
}

/** What identifies a request of the peer's. */
export interface Parts {
  readonly method: string
  /** Number of the branch, and of CSeq unless `cseq` says another. */
  readonly number: number
  readonly cseq?: number
  readonly call: string
  readonly toTag?: Bytes
  readonly target?: Bytes
}

/** A request as the peer writes it; `fields` stand behind the mandatory ones. */
export const requestOf = (
  { peer, user }: Attack,
  { method, number, cseq, call, toTag, target }: Parts,
  fields: readonly (readonly [string, Bytes])[] = [],
): Bytes => {
  const here = printAddress(peer.local)
  const there = printAddress(user.local)
  return [
    `${method} ${target ?? `sip:user@${there}`} SIP/2.0`,
    `Via: SIP/2.0/UDP ${here};branch=z9hG4bKpeer${number}`,
    'Max-Forwards: 70',
    `From: <sip:peer@${here}>;tag=peer`,
    `To: <sip:user@${there}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${call}`,
    `CSeq: ${cseq ?? number} ${method}`,
    `Contact: <sip:peer@${here}>`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

/** The requests of that method that the peer sent in a call, the latest first. */
export const asked = ({ sent }: Attack, method: string, call?: string): readonly Request[] =>
  sent
    .map(read)
    .filter(
      (one): one is Request =>
        one?._tag === 'Request' && one.method === method && (call === undefined || callId(one) === call),
    )
    .reverse()

/** The message in octets that are one. */
export const read = (text: Bytes): Message | undefined => {
  const parsed = parse(text)
  return isRight(parsed) ? parsed.right : undefined
}

/** Moves that fit everywhere: time that passes, a host that sleeps, the same again, and octets that are no message. */
export const commonMoves = (): readonly fc.Arbitrary<Move>[] => [
  fc
    .constantFrom(1, 150, 600, 5000, 33_000)
    .map((ms) => move(`wait ${ms} ms`, ({ life }) => life.advance(ms))),
  fc.constantFrom(300, 10_000).map((ms) => move(`the user's host sleeps ${ms} ms`, ({ sleep }) => sleep(ms))),
  fc.nat({ max: 3 }).map((back) =>
    move(`the same again (${back})`, ({ sent, send }) => {
      const text = sent[sent.length - 1 - back]
      if (text !== undefined) send(text)
    }),
  ),
  rubbish().map((text) => move(`octets ${JSON.stringify(text)}`, ({ send }) => send(text))),
  refused().map(({ text, kind }) => move(`octets that are ${kind}`, ({ send }) => send(text))),
  deviant().map((text) => move(`a deviant message ${JSON.stringify(text)}`, ({ send }) => send(text))),
]
