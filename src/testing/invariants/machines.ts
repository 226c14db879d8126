/** What the transaction machines promise, whatever the network and the applications do (RFC 3261 17, RFC 6026, 4320). */
import { toTag } from '../../core/message/head.js'
import type { Response } from '../../core/message/types.js'
import { hundredDue } from '../../core/transaction/schedule.js'
import type { Config } from '../../core/transaction/types.js'
import { type Invariant, ofEachLife } from './invariant.js'
import type { Life, Moment } from './story.js'

const isClient = ({ side }: Life): boolean => side === 'client'
const isServer = ({ side }: Life): boolean => side === 'server'

const responses = (moments: readonly Moment[]): readonly (Moment & { readonly message: Response })[] =>
  moments.filter((one): one is Moment & { readonly message: Response } => one.message._tag === 'Response')

const requests = (moments: readonly Moment[], method?: string): readonly Moment[] =>
  moments.filter(({ message }) => message._tag === 'Request' && message.method === (method ?? message.method))

/** 8.1.3, 13.2.2: of a request the application hears one outcome, of an accepted INVITE all its 2xx. */
export const oneOutcome: Invariant = ofEachLife(
  'one-outcome',
  'a request has one outcome: a final response or an error; only 2xx to an INVITE may be several',
  isClient,
  ({ told, method }) => {
    const outcomes = told.flatMap(({ at, news }) => {
      if (news._tag === 'ResponseReceived' && news.response.status >= 200)
        return [{ at, what: String(news.response.status), good: news.response.status < 300 }]
      return news._tag === 'ErrorReceived' && news.reason !== 'flow-lost'
        ? [{ at, what: news.reason, good: false }]
        : []
    })
    const second = outcomes[1]
    const several = method === 'INVITE' && outcomes.every(({ good }) => good)
    return second === undefined || several
      ? undefined
      : { at: second.at, what: outcomes.map(({ what }) => what).join(' and then ') }
  },
)

/** 17.1.1.3, RFC 6026 8.4: the transaction acknowledges every non-2xx final, and nothing else. */
export const acknowledged: Invariant = ofEachLife(
  'acknowledged',
  'an INVITE transaction sends one ACK for each 300-699 it receives, and none for anything else',
  (life) => isClient(life) && life.method === 'INVITE',
  ({ received, sent, begun }) => {
    const finals = responses(received).filter(
      ({ state, message }) => message.status >= 300 && state !== 'Accepted',
    )
    const acks = requests(sent, 'ACK')
    if (acks.length === finals.length) return undefined
    return {
      at: (acks[acks.length - 1] ?? finals[finals.length - 1])?.at ?? begun,
      what: `${finals.length} finals, ${acks.length} ACKs`,
    }
  },
)

/** 17.2.1, 17.2.2: the first final response is the last word; RFC 6026 8.7: after a 2xx only 2xx. */
export const lastWord: Invariant = ofEachLife(
  'last-word',
  'after its final response a server transaction sends nothing but that; after a 2xx to an INVITE only 2xx',
  isServer,
  ({ sent, method }) => {
    const answers = responses(sent)
    const first = answers.findIndex(({ message }) => message.status >= 200)
    const final = answers[first]?.message
    if (final === undefined) return undefined
    const odd = answers
      .slice(first + 1)
      .find(({ message }) =>
        method === 'INVITE' && final.status < 300
          ? message.status < 200 || message.status >= 300
          : message.text !== final.text,
      )
    return odd === undefined ? undefined : { at: odd.at, what: `${odd.message.status} after ${final.status}` }
  },
)

/** 8.2.6.2: the same To tag in every response but 100. */
export const oneTag: Invariant = ofEachLife(
  'one-tag',
  'all responses of a transaction above 100 carry one To tag',
  isServer,
  ({ sent }) => {
    const tagged = responses(sent).filter(({ message }) => message.status > 100)
    const first = tagged[0]
    const odd = tagged.find(({ message }) => first !== undefined && toTag(message) !== toTag(first.message))
    return odd === undefined || first === undefined
      ? undefined
      : { at: odd.at, what: `${toTag(odd.message) ?? 'none'} after ${toTag(first.message) ?? 'none'}` }
  },
)

/** 17.1.1.2, 17.1.2.2, 17.2.1: over a reliable transport nothing is repeated by a timer. */
export const reliable: Invariant = ofEachLife(
  'reliable',
  'over a reliable transport a request is sent once and timers A, E and G never run',
  ({ sent, received }) => ((sent[0] ?? received[0])?.protocol ?? 'udp') !== 'udp',
  ({ side, sent, fired }) => {
    const timer = fired.find((one) => /^[AEG]$/.test(one.timer))
    if (timer !== undefined) return { at: timer.at, what: `timer ${timer.timer} fired` }
    const again = side === 'client' ? requests(sent).filter(({ message }) => !isAck(message))[1] : undefined
    return again === undefined ? undefined : { at: again.at, what: 'the request was sent again' }
  },
)

/** RFC 4320 4: no 408, no 101-199, and over UDP no 100 before the client's timer E has grown to T2. */
export const nonInvite = ({ timing }: Config): Invariant =>
  ofEachLife(
    'non-invite',
    'a request other than INVITE is never answered 101-199 or 408, and not 100 before its time (RFC 4320 4)',
    (life) => isServer(life) && life.method !== 'INVITE',
    ({ begun, sent }) => {
      const odd = responses(sent).find(
        ({ at, message: { status }, protocol }) =>
          status === 408 ||
          (status > 100 && status < 200) ||
          (status === 100 &&
            protocol === 'udp' &&
            at < begun + (hundredDue(timing) ?? Number.POSITIVE_INFINITY)),
      )
      return odd === undefined ? undefined : { at: odd.at, what: `answered ${odd.message.status}` }
    },
  )

/** 17.1.1.2, 17.1.2.2: provisional responses "MUST be passed to the TU", however many there are. */
export const passedUp: Invariant = ofEachLife(
  'passed-up',
  'every provisional response that comes before a final one reaches the application',
  (life) => isClient(life) && life.method !== 'CANCEL',
  ({ received, told }) => {
    const waiting = /^(Calling|Trying|Proceeding)$/
    const due = responses(received).filter(
      ({ message, state }) => message.status < 200 && waiting.test(state),
    )
    const heard = told.filter(({ news }) => news._tag === 'ResponseReceived' && news.response.status < 200)
    const first = due[heard.length]
    return first === undefined ? undefined : { at: first.at, what: `${first.message.status} was kept back` }
  },
)

/** 17.2.1, 17.2.2: a retransmission of the request makes the server send its response again. */
export const answersAgain: Invariant = ofEachLife(
  'answers-again',
  'a request that comes again in Completed is answered again at once',
  isServer,
  ({ received, sent }) => {
    const again = requests(received).filter(({ message, state }) => !isAck(message) && state === 'Completed')
    const silent = again.find(({ at }) => !responses(sent).some((one) => one.at === at))
    return silent === undefined
      ? undefined
      : { at: silent.at, what: 'the request came again and was not answered' }
  },
)

/** 17.2.1: "The server transaction MUST generate a 100 (Trying) response unless it knows that the TU will generate" one in 200 ms. */
export const prompt = ({ timing }: Config): Invariant =>
  ofEachLife(
    'prompt',
    'an INVITE has a response after the time of timer Trying, and no 100 by that timer after another response',
    (life) => isServer(life) && life.method === 'INVITE',
    ({ begun, sent, ended, fired }, { end }) => {
      const answers = responses(sent)
      const first = answers[0]
      const due = begun + timing.trying
      if ((first === undefined || first.at > due) && (ended ?? end) > due)
        return { at: due, what: 'no response yet' }
      const late = answers.find(
        ({ at, message }, n) =>
          n > 0 &&
          message.status === 100 &&
          first?.message.status !== 100 &&
          fired.some((one) => one.timer === 'Trying' && one.at === at),
      )
      return late === undefined ? undefined : { at: late.at, what: `100 after ${first?.message.status ?? 0}` }
    },
  )

/** 17.2: "the server transaction … passes" a request to the core once; its repetitions are absorbed. */
export const toldOnce: Invariant = ofEachLife(
  'told-once',
  'the application hears of a request once, however often it arrives',
  isServer,
  ({ told }) => {
    const heard = told.filter(({ news }) => news._tag === 'RequestReceived' && news.request.method !== 'ACK')
    return heard[1] === undefined ? undefined : { at: heard[1].at, what: `heard ${heard.length} times` }
  },
)

/** Figures 5 to 8: "Terminated" has no arrow out of it. */
export const silentEnd: Invariant = {
  name: 'silent-end',
  promise: 'when a transaction has ended, none of its timers fires and it sends nothing',
  breaches: ({ observations }) => {
    const ended = new Set<string>()
    return observations.flatMap((one) => {
      if (one._tag === 'Changed') {
        if (one.to === '') ended.add(`${one.who} ${one.of}`)
        if (one.from === '') ended.delete(`${one.who} ${one.of}`)
      }
      return (one._tag === 'Fired' || one._tag === 'Sent') &&
        one.of !== '' &&
        ended.has(`${one.who} ${one.of}`)
        ? [
            {
              at: one.at,
              who: one.who,
              what: one._tag === 'Fired' ? `timer ${one.timer} of ${one.of}` : `${one.of} sent something`,
            },
          ]
        : []
    })
  },
}

const isAck = (message: Moment['message']): boolean => message._tag === 'Request' && message.method === 'ACK'
