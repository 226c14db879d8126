/** The client side of digest without waiting, for programs that have their accounts at hand. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Entropy, nth } from '../data/entropy.js'
import type { Request, Response } from '../message/types.js'
import { none, type Reducer, type Step } from '../reducer.js'
import { type ClientState, reducer } from './client.js'
import type { ClientConfig, ClientEffect, ClientEvent, Outcome } from './client-types.js'
import type { Kind } from './fields.js'
import type { Ref } from './ref.js'
import type { Account } from './session.js'

/** The account for a realm, if there is one. */
export type Accounts = (realm: string, kind: Kind) => Account | undefined

/**
 * The request to send after a 401 or 407 (row CC-9): the same with credentials and CSeq raised, for a new transaction
 * with a branch of its own; or why there is none. `request` is as the application gave it to the stack, without the
 * Via that the stack put on it; `ref` names it in `state`, which counts how often it was answered.
 */
export const retry =
  (config: ClientConfig, accounts: Accounts) =>
  (
    state: ClientState,
    ref: Ref,
    request: Request,
    response: Response,
    entropy: Entropy,
  ): readonly [ClientState, Either<Outcome, Request>] => {
    const [next, effects] = withAccounts(config, accounts)(state, {
      _tag: 'Answered',
      ref,
      request,
      response,
      entropy,
    })
    const answer = effects.find((effect) => effect._tag !== 'Mistrust')
    return [next, answer?._tag === 'Transmit' ? right(answer.request) : left(answer?.why ?? 'no-account')]
  }

/** The reducer of a client whose look-ups are answered at once: it never asks. */
export const withAccounts =
  (config: ClientConfig, accounts: Accounts): Reducer<ClientState, ClientEvent, Answer> =>
  (state, event) => {
    const step = reducer(config)
    const [first, effects] = step(state, event)
    return effects.reduce<Step<ClientState, Answer>>(
      ([now, answers], effect, n) => {
        if (effect._tag !== 'Lookup') return [now, [...answers, effect]]
        const { ref, kind, realm } = effect
        const account = accounts(realm, kind)
        const entropy = 'entropy' in event ? nth(event.entropy, `lookup ${n}`) : ''
        const [next, more] = step(
          now,
          account === undefined
            ? { _tag: 'NotFound', ref, kind, realm }
            : { _tag: 'Found', ref, kind, realm, account, entropy },
        )
        return [next, [...answers, ...more.filter(isAnswer)]]
      },
      [first, none],
    )
  }

/** What is left to do when no look-up is. */
export type Answer = Exclude<ClientEffect, { readonly _tag: 'Lookup' }>

const isAnswer = (effect: ClientEffect): effect is Answer => effect._tag !== 'Lookup'
