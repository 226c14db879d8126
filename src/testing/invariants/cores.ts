/** What an application promises its peers, and what the helpers do for it (RFC 3261 9, 13; RFC 6026 8.1). */
import { callId, cseqMethod, cseqNumber, fromTag, toTag } from '../../core/message/head.js'
import type { Message } from '../../core/message/types.js'
import { cancelledIds } from '../../core/transaction/key.js'
import type { Config } from '../../core/transaction/types.js'
import type { Invariant } from './invariant.js'
import type { Life, Story } from './story.js'

/** The stack refuses what an RFC forbids; a core that is refused something has a bug. */
export const noMisuse: Invariant = {
  name: 'no-misuse',
  promise: 'the application wishes nothing that the stack must refuse, and does not throw',
  breaches: ({ observations }) =>
    observations.flatMap((one) => {
      if (one._tag !== 'News') return []
      const { news, at, who } = one
      if (news._tag === 'Refused') return [{ at, who, what: `refused: ${news.reason._tag}` }]
      return news._tag === 'Diagnostic' && (news.code === 'core-failed' || news.code === 'tu-misuse')
        ? [{ at, who, what: `${news.code}: ${news.what}` }]
        : []
    }),
}

/** 9.2: "the UAS … SHOULD respond to it immediately with a 487", and what was promised to the caller by a 200 to CANCEL. */
export const cancelHonoured: Invariant = {
  name: 'cancel-honoured',
  promise: 'an INVITE that was cancelled before its final response is not accepted afterwards',
  breaches: (story) =>
    story.lives
      .filter(({ side, method }) => side === 'server' && method === 'CANCEL')
      .flatMap((cancel) => {
        const asked = cancel.received[0]?.message
        const agreed = cancel.sent.find(
          ({ message }) => message._tag === 'Response' && message.status === 200,
        )
        const invite = asked?._tag === 'Request' ? cancelled(story, cancel, cancelledIds(asked)) : undefined
        if (agreed === undefined || invite === undefined) return []
        const final = finalOf(invite)
        return final !== undefined && final.at >= cancel.begun && final.status < 300
          ? [{ at: final.at, who: cancel.who, what: `${invite.id}: ${final.status} after its CANCEL` }]
          : []
      }),
}

/** 13.2.2.4: "the UAC core MUST generate an ACK request for each 2xx received from the transaction layer". */
export const acceptedAcknowledged: Invariant = {
  name: 'accepted-acknowledged',
  promise: 'each 2xx to an INVITE is answered with an ACK, every time it comes',
  breaches: (story) =>
    story.lives
      .filter(({ side, method }) => side === 'client' && method === 'INVITE')
      .flatMap(({ who, received }) => {
        const accepted = received.filter(
          ({ message, state }) => isAcceptance(message) && state !== 'Completed',
        )
        return accepted.flatMap(({ message, at }) => {
          const name = dialog(message)
          const due = accepted.filter((one) => dialog(one.message) === name && one.at <= at).length
          const acks = story.passed.filter(
            (one) => one._tag === 'Sent' && one.who === who && isAckFor(one.message, name),
          ).length
          return acks < due ? [{ at, who, what: `${due} 2xx, ${acks} ACKs in ${name}` }] : []
        })
      }),
}

/** RFC 6026 8.1: "an interval that starts at T1 seconds and doubles for each retransmission until it reaches T2". */
export const acceptedRepeated = ({ timing }: Config): Invariant => ({
  name: 'accepted-repeated',
  promise: 'a 2xx to an INVITE comes again after T1, doubling up to T2, until its ACK, a BYE or 64·T1',
  breaches: (story) =>
    story.lives
      .filter(({ side, method }) => side === 'server' && method === 'INVITE')
      .flatMap((life) => {
        const sent = life.sent.filter(({ message }) => isAcceptance(message))
        const first = sent[0]
        if (first === undefined) return []
        const over = endOf(story, life, first.message) ?? Math.min(story.end, first.at + 64 * timing.t1)
        const due = instants(timing.t1, timing.t2).map((ms) => first.at + ms)
        const expected = due.filter((at) => at < over)
        const same = sent.filter(({ message }) => message.text === first.message.text).map(({ at }) => at)
        const missing = expected.find((at) => !same.includes(at))
        const odd = same.find((at) => !due.includes(at) || at > over)
        if (missing !== undefined)
          return [{ at: missing, who: life.who, what: `${life.id}: no 2xx at ${missing}` }]
        return odd === undefined ? [] : [{ at: odd, who: life.who, what: `${life.id}: a 2xx at ${odd}` }]
      }),
})

const cancelled = (story: Story, cancel: Life, ids: readonly string[]): Life | undefined =>
  story.lives.find(
    ({ who, id, begun, ended, method }) =>
      who === cancel.who &&
      method === 'INVITE' &&
      ids.includes(id) &&
      begun <= cancel.begun &&
      (ended ?? Number.POSITIVE_INFINITY) >= cancel.begun,
  )

const finalOf = ({ sent }: Life): { readonly at: number; readonly status: number } | undefined => {
  const final = sent.find(({ message }) => message._tag === 'Response' && message.status >= 200)
  return final?.message._tag === 'Response' ? { at: final.at, status: final.message.status } : undefined
}

const isAcceptance = (message: Message): boolean =>
  message._tag === 'Response' &&
  message.status >= 200 &&
  message.status < 300 &&
  cseqMethod(message) === 'INVITE'

/** What an ACK and the 2xx it acknowledges have in common. */
const dialog = (message: Message): string =>
  `${callId(message)} ${fromTag(message) ?? ''} ${toTag(message) ?? ''} ${cseqNumber(message)}`

const isAckFor = (message: Message | undefined, name: string): boolean =>
  message?._tag === 'Request' && message.method === 'ACK' && dialog(message) === name

/** When the ACK or a BYE of the dialog reached the one who accepted. */
const endOf = (story: Story, { who }: Life, acceptance: Message): number | undefined =>
  story.passed.find(
    ({ _tag, who: whose, message }) =>
      _tag === 'Received' &&
      whose === who &&
      message?._tag === 'Request' &&
      (isAckFor(message, dialog(acceptance)) ||
        (message.method === 'BYE' &&
          callId(message) === callId(acceptance) &&
          toTag(message) === toTag(acceptance) &&
          fromTag(message) === fromTag(acceptance))),
  )?.at

const instants = (t1: number, t2: number): readonly number[] => {
  const out = [0]
  for (let at = t1, interval = t1; at < 64 * t1; interval = Math.min(2 * interval, t2), at += interval)
    out.push(at)
  return out
}
