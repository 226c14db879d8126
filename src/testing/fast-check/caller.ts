/** Hostile callers: an application that is called keeps its promises, whatever a caller does and in whatever order. */
import * as fc from 'fast-check'
import type { Bytes } from '../../core/data/bytes.js'
import { branch } from '../../core/header/via.js'
import { callId, cseqMethod, cseqNumber, topVia, toTag } from '../../core/message/head.js'
import type { Request, Response } from '../../core/message/types.js'
import type { NetworkOptions } from '../world/network.js'
import {
  asked,
  type Attack,
  type AttackOptions,
  commonMoves,
  move,
  type Move,
  perform,
  requestOf,
  type Subject,
} from './attack.js'
import { method } from './message.js'
import { network } from './network.js'

/**
 * The property that a core which is called keeps its promises: `fc.assert(survivesCallers(() => ({ core: mine() })))`. The
 * function makes the subject anew for every run. A counterexample is the shortest list of moves, with its ladder.
 */
export const survivesCallers = <S, M>(
  subject: () => Subject<S, M>,
  options: AttackOptions = {},
): fc.IPropertyWithHooks<[NetworkOptions, Move[]]> =>
  fc.property(network({ loss: 20 }), attackOf(callerMoves(), options), (net, moves) =>
    perform(subject(), net, moves, { ...options, rested: true }),
  )

/** Any sequence of moves. */
export const attackOf = (
  moves: readonly fc.Arbitrary<Move>[],
  options: AttackOptions,
): fc.Arbitrary<Move[]> =>
  fc.array(fc.oneof({ withCrossShrink: true }, ...moves), { maxLength: options.moves ?? 12, size: 'max' })

/** What a caller can do. Any move may follow any other; one for which nothing has happened yet does nothing. */
export const callerMoves = (): readonly fc.Arbitrary<Move>[] => [
  name.map((call) => move(`INVITE ${call}`, (it) => it.send(requestOf(it, begin(it, 'INVITE', call))))),
  name.map((call) => move(`CANCEL ${call}`, (it) => cancel(it, call))),
  name.map((call) => move(`ACK ${call}`, (it) => acknowledge(it, call))),
  name.map((call) => move(`BYE ${call}`, (it) => within(it, 'BYE', call))),
  name.map((call) => move(`INVITE within ${call}`, (it) => within(it, 'INVITE', call))),
  name.map((call) => move(`INVITE ${call} by another way`, (it) => merge(it, call))),
  fc
    .tuple(name, method())
    .map(([call, verb]) => move(`${verb} ${call}`, (it) => it.send(requestOf(it, begin(it, verb, call))))),
  fc
    .tuple(name, fc.constantFrom('BYE', 'INVITE', 'ACK', 'INFO'))
    .map(([call, verb]) =>
      move(`${verb} in a dialog that is none`, (it) =>
        it.send(requestOf(it, { ...begin(it, verb, call), toTag: 'unknown' })),
      ),
    ),
  fc
    .constantFrom('INVITE', 'OPTIONS')
    .map((verb) =>
      move(`${verb} that requires the impossible`, (it) =>
        it.send(requestOf(it, begin(it, verb, 'required'), [['Require', 'impossible']])),
      ),
    ),
  ...commonMoves(),
]

const name: fc.Arbitrary<string> = fc.constantFrom('one', 'two')

const begin = (
  { next }: Attack,
  verb: string,
  call: string,
): { readonly method: string; readonly number: number; readonly call: string } => ({
  method: verb,
  number: next(),
  call,
})

/** 9.1: everything as in the INVITE, but the method. */
const cancel = (it: Attack, call: string): void => {
  const invite = asked(it, 'INVITE', call)[0]
  if (invite !== undefined) it.send(renamed(invite, 'CANCEL'))
}

/** 17.1.1.3 for a non-2xx, 13.2.2.4 for a 2xx; without a final response an ACK that nobody waits for. */
const acknowledge = (it: Attack, call: string): void => {
  const invite = asked(it, 'INVITE', call)[0]
  if (invite === undefined) return
  const final = finalTo(it, invite)
  if (final === undefined || final.status >= 300) {
    const tag = final === undefined ? undefined : toTag(final)
    it.send(
      renamed(invite, 'ACK').replace(
        /\r\nTo: ([^\r;]*)[^\r]*/,
        `\r\nTo: $1${tag === undefined ? '' : `;tag=${tag}`}`,
      ),
    )
    return
  }
  const tag = toTag(final)
  it.send(
    requestOf(it, {
      ...begin(it, 'ACK', call),
      cseq: cseqNumber(invite),
      ...(tag === undefined ? {} : { toTag: tag }),
    }),
  )
}

/** A request within the dialog that an answer to the INVITE made. */
const within = (it: Attack, verb: string, call: string): void => {
  const answers = it.heard.filter((one): one is Response => one._tag === 'Response' && callId(one) === call)
  const tag = answers
    .map(toTag)
    .reverse()
    .find((one) => one !== undefined)
  if (tag !== undefined) it.send(requestOf(it, { ...begin(it, verb, call), toTag: tag }))
}

/** 8.2.2.2: the same request over another path: another branch, everything else the same. */
const merge = (it: Attack, call: string): void => {
  const invite = asked(it, 'INVITE', call)[0]
  if (invite === undefined) return
  it.send(requestOf(it, { ...begin(it, 'INVITE', call), cseq: cseqNumber(invite) }))
}

const renamed = ({ text }: Request, verb: string): Bytes =>
  text.replace(/^INVITE /, `${verb} `).replace(/\r\nCSeq: (\d+) INVITE/, `\r\nCSeq: $1 ${verb}`)

const finalTo = ({ heard }: Attack, request: Request): Response | undefined =>
  heard.find(
    (one): one is Response =>
      one._tag === 'Response' &&
      one.status >= 200 &&
      cseqMethod(one) === request.method &&
      branch(topVia(one)) === branch(topVia(request)),
  )
