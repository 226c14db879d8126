import { isRight } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import type { FromApplication, ToApplication } from '../../../src/core/events.js'
import { withToTag } from '../../../src/core/message/build.js'
import { toTag } from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import type { Request, Response } from '../../../src/core/message/types.js'
import { serverKey } from '../../../src/core/transaction/key.js'
import { autoAnswer, type AutoAnswerState } from '../../../src/core/user-agent/auto-answer.js'
import { deepFreeze } from '../../../src/testing/freeze.js'

const local = { host: '127.0.0.1', port: 5060 }
const flow = { protocol: 'udp', local, remote: { host: '127.0.0.1', port: 5070 } }
const secret = secretOf('a secret for tests only')

const request = (method: string, more: readonly string[] = [], to = '<sip:b@127.0.0.1:5060>'): Request => {
  const parsed = parse(
    [
      `${method} sip:b@127.0.0.1:5060 SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK${method}`,
      'From: <sip:a@127.0.0.1:5070>;tag=a',
      `To: ${to}`,
      'Call-ID: c',
      `CSeq: 1 ${method}`,
      ...more,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  )
  if (!isRight(parsed) || parsed.right._tag !== 'Request') throw new Error('no request')
  return parsed.right
}

const received = (message: Request): ToApplication => ({
  _tag: 'RequestReceived',
  request: message,
  key: some(serverKey(message)),
  cancels: none,
  mergedWith: none,
  flow,
})

/** The core alone: what it wishes for one thing it hears after another. */
const core = (options = {}) => {
  const { start, reducer } = autoAnswer(secret, options)
  let state: AutoAnswerState = deepFreeze(start)
  return {
    hear: (event: ToApplication): readonly FromApplication[] => {
      const [next, wishes] = reducer(state, { at: 0, wall: 0, entropy: '0'.repeat(32), event })
      state = deepFreeze(next)
      return wishes
    },
  }
}

const statuses = (wishes: readonly FromApplication[]): readonly number[] =>
  wishes.flatMap((wish) => (wish._tag === 'SendResponse' ? [wish.response.status] : []))

const answers = (wishes: readonly FromApplication[]): readonly Response[] =>
  wishes.flatMap((wish) => (wish._tag === 'SendResponse' ? [wish.response] : []))

describe('the user agent that answers by itself', () => {
  test('rings and accepts at once, with Contact and a session', () => {
    const wishes = core().hear(received(request('INVITE')))
    expect(statuses(wishes)).toEqual([180, 200])
    expect(answers(wishes)[1]?.text).toContain('\r\nContact: <sip:b@127.0.0.1:5060>\r\n')
    expect(answers(wishes)[1]?.text).toContain('\r\nContent-Type: application/sdp\r\n')
  })

  test('rings for a while, then accepts', () => {
    const one = core({ answerAfter: 2000 })
    const wishes = one.hear(received(request('INVITE')))
    expect(statuses(wishes)).toEqual([180])
    const after = wishes.find((wish) => wish._tag === 'After')
    expect(after).toMatchObject({ ms: 2000 })
    if (after?._tag !== 'After') return
    expect(statuses(one.hear({ _tag: 'Elapsed', ref: after.ref, late: 0 }))).toEqual([200])
    expect(one.hear({ _tag: 'Elapsed', ref: after.ref, late: 0 })).toEqual([])
  })

  test('stops ringing when the INVITE is cancelled', () => {
    const one = core({ answerAfter: 2000 })
    const invite = request('INVITE')
    const [, after] = one.hear(received(invite))
    const key = some(serverKey(invite))
    const [forget] = one.hear({ _tag: 'ErrorReceived', reason: 'cancelled', key, first: none })
    expect(forget).toEqual({ _tag: 'Forget', ref: after?._tag === 'After' ? after.ref : undefined })
  })

  test('knows its calls: a BYE within one is 200, again or elsewhere 481', () => {
    const one = core()
    const invite = request('INVITE')
    const [, accepted] = answers(one.hear(received(invite)))
    const message = withToTag('b')(accepted as Response)
    one.hear({ _tag: 'Accepted', ref: 1, key: serverKey(invite), message })
    const bye = request('BYE', [], '<sip:b@127.0.0.1:5060>;tag=b')
    expect(toTag(bye)).toBe('b')
    expect(statuses(one.hear(received(bye)))).toEqual([200])
    expect(statuses(one.hear(received(bye)))).toEqual([481])
  })

  test('takes no more calls than it may', () => {
    const one = core({ answerAfter: 1000, maxCalls: 0 })
    expect(statuses(one.hear(received(request('INVITE'))))).toEqual([486])
  })

  test('REGISTER gets its bindings back', () => {
    const wishes = core().hear(received(request('REGISTER', ['Contact: <sip:a@h>', 'Expires: 60'])))
    expect(answers(wishes)[0]?.text).toContain('\r\nContact: <sip:a@h>\r\nExpires: 60\r\n')
    const compact = core().hear(received(request('REGISTER', ['m: sip:a@h, <sip:b@h>;q=0.5'])))
    expect(answers(compact)[0]?.text).toContain('\r\nContact: <sip:a@h>\r\nContact: <sip:b@h>;q=0.5\r\n')
  })

  test('REGISTER with a binding that cannot be read, or for what is no SIP URI, is refused', () => {
    expect(statuses(core().hear(received(request('REGISTER', ['Contact: sip:a@h?x=y']))))).toEqual([400])
    expect(statuses(core().hear(received(request('REGISTER', [], '<tel:+1>'))))).toEqual([400])
  })

  test('says what it can to OPTIONS and to what it cannot', () => {
    const one = core()
    expect(answers(one.hear(received(request('OPTIONS'))))[0]?.text).toContain('\r\nAllow: INVITE, ACK,')
    expect(statuses(one.hear(received(request('SUBSCRIBE'))))).toEqual([405])
    expect(statuses(one.hear(received(request('NEWMETHOD'))))).toEqual([501])
  })

  test('lets an ACK outside a transaction be', () => {
    expect(core().hear({ ...received(request('ACK')), key: none } as ToApplication)).toEqual([])
  })
})
