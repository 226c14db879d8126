/** What holds of everything together: well-formed messages, agreement of the two ends, bounded memory. */
import { isRight } from 'fp-ts/lib/Either.js'
import { callId, cseqMethod, cseqNumber } from '../../core/message/head.js'
import { validate } from '../../core/message/validate.js'
import type { Message } from '../../core/message/types.js'
import type { Invariant } from './invariant.js'

/**
 * Whatever a stack is fed, what it sends through a transaction can be read, and its requests are valid. A response has to
 * repeat fields of the request, and with them the faults that a careful reader overlooks.
 */
export const wellFormed: Invariant = {
  name: 'well-formed',
  promise: 'what a stack sends can be read, and its requests are valid',
  breaches: ({ passed, stacks }) =>
    passed.flatMap(({ _tag, at, who, message, text, of }) =>
      _tag === 'Sent' && stacks.has(who) && of !== '' && !isValid(message)
        ? [{ at, who, what: JSON.stringify(text.slice(0, 100)) }]
        : [],
    ),
}

/** 5.9: what a caller hears is what somebody answered. On a fair network the other way holds too, or there is a timeout. */
export const agreement: Invariant = {
  name: 'agreement',
  promise: 'the final response that one side hears is one that the other side sent',
  breaches: ({ observations, passed }) => {
    const answered = new Set(
      passed.flatMap(({ _tag, message }) =>
        _tag === 'Sent' && message?._tag === 'Response' ? [`${message.status} ${exchange(message)}`] : [],
      ),
    )
    return observations.flatMap((one) => {
      if (one._tag !== 'News' || one.news._tag !== 'ResponseReceived') return []
      const { response } = one.news
      return answered.has(`${response.status} ${exchange(response)}`)
        ? []
        : [{ at: one.at, who: one.who, what: `${response.status} that nobody sent` }]
    })
  },
}

/** So many transactions at most live at one endpoint at any time. */
export const atMost = (most: number): Invariant => ({
  name: 'at-most',
  promise: `no endpoint has more than ${most} transactions at a time`,
  breaches: ({ observations }) => {
    const live = new Map<string, number>()
    return observations.flatMap((one) => {
      if (one._tag !== 'Changed' || (one.from !== '' && one.to !== '')) return []
      const count = (live.get(one.who) ?? 0) + (one.from === '' ? 1 : -1)
      live.set(one.who, count)
      return count > most ? [{ at: one.at, who: one.who, what: `${count} transactions` }] : []
    })
  },
})

/** For worlds that came to rest: everything that began has ended. */
export const everythingEnds: Invariant = {
  name: 'everything-ends',
  promise: 'when the world rests, no transaction is left',
  breaches: ({ lives }) =>
    lives.flatMap(({ ended, who, begun, id }) =>
      ended === undefined ? [{ at: begun, who, what: `${id} never ended` }] : [],
    ),
}

/** For worlds that came to rest: everybody who asked heard of an outcome. */
export const everybodyHears: Invariant = {
  name: 'everybody-hears',
  promise: 'when the world rests, every request has had its outcome',
  breaches: ({ lives, observations }) => {
    const terminated = new Set(
      observations.flatMap((one) => (one._tag === 'Wish' && one.wish._tag === 'Terminate' ? [one.who] : [])),
    )
    const own = (method: string): boolean => method === 'CANCEL' // the helper's; the outcome is the INVITE's
    return lives.flatMap(({ side, told, who, begun, id, method }) => {
      if (side === 'server' || own(method) || terminated.has(who)) return []
      const heard = told.some(
        ({ news }) =>
          (news._tag === 'ResponseReceived' && news.response.status >= 200) || news._tag === 'ErrorReceived',
      )
      return heard ? [] : [{ at: begun, who, what: `${id} was never answered` }]
    })
  },
}

const isValid = (message: Message | undefined): boolean =>
  message !== undefined && (message._tag === 'Response' || isRight(validate(message)))

const exchange = (message: Message): string =>
  `${callId(message)} ${cseqNumber(message)} ${cseqMethod(message)}`
