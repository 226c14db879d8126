/** What any SIP endpoint over UDP can be asked from outside: rows of the conformance table that show on the wire. */
import { received, rport } from '../../../core/header/via.js'
import { has, toTag, topVia } from '../../../core/message/head.js'
import { rawFields } from '../../../core/user-agent/fields.js'
import { type Asking, type Examiner, to } from './peer.js'

/** One scenario. `run` answers in words what was wrong; undefined when all was well. */
export interface Scenario {
  /** The row of the conformance table, or the section of an RFC. */
  readonly id: string
  readonly title: string
  readonly run: (it: Examiner) => Promise<string | undefined>
}

/** How long an answer may take that needs no thinking, ms. */
const SOON = 2000

const SILENT = 'no answer'

/** Asks and judges the final answer. */
const answered = (
  id: string,
  title: string,
  method: string,
  asking: Omit<Asking, 'method'>,
  judge: (status: number, has: (name: string) => boolean) => string | undefined,
): Scenario => ({
  id,
  title,
  run: async (it) => {
    it.send(it.request({ method, ...asking }))
    const final = await it.hear(to(method), SOON)
    if (final === undefined) return SILENT
    const { response } = final
    return judge(response.status, (name) => has(response, name))
  },
})

const is =
  (...statuses: readonly number[]) =>
  (status: number): string | undefined =>
    statuses.includes(status) ? undefined : `answered ${status}`

const is400 = (status: number): string | undefined => (status === 400 ? 'answered 400' : undefined)

/** All of them. They may run at the same time. */
export const scenarios: readonly Scenario[] = [
  answered('NS-07', 'OPTIONS has a final response', 'OPTIONS', {}, () => undefined),
  {
    id: 'NS-30',
    title: 'a request that comes again has the same response again',
    run: async (it) => {
      const text = it.request({ method: 'OPTIONS' })
      it.send(text)
      if ((await it.hear(to('OPTIONS'), SOON)) === undefined) return SILENT
      it.send(text)
      await it.wait(500)
      const finals = it.heard.filter(({ response }) => to('OPTIONS')(response))
      if (finals.length < 2) return 'not answered again'
      return new Set(finals.map(({ response }) => response.text)).size === 1
        ? undefined
        : 'answered otherwise'
    },
  },
  {
    id: '8.2.6.2',
    title: 'a response repeats Via, From, Call-ID and CSeq, and gives To a tag',
    run: async (it) => {
      const text = it.request({ method: 'OPTIONS' })
      it.send(text)
      const final = await it.hear(to('OPTIONS'), SOON)
      if (final === undefined) return SILENT
      const { response } = final
      if (toTag(response) === undefined) return 'no To tag'
      return ['From', 'Call-ID', 'CSeq'].find(
        (name) => !text.includes(`\r\n${name}: ${rawFields(response, name)[0] ?? '?'}\r\n`),
      )
    },
  },
  {
    id: 'TR-4',
    title: 'an empty rport is filled, with received beside it (RFC 3581)',
    run: async (it) => {
      it.send(it.request({ method: 'OPTIONS' }))
      const final = await it.hear(to('OPTIONS'), SOON)
      if (final === undefined) return SILENT
      const via = topVia(final.response)
      if (rport(via) === undefined) return 'rport is empty'
      return received(via) === undefined ? 'no received' : undefined
    },
  },
  {
    id: 'K-7',
    title: 'the same branch from another sent-by is another request',
    run: async (it) => {
      const branch = 'z9hG4bKshared'
      it.send(it.request({ method: 'OPTIONS', branch }))
      if ((await it.hear(to('OPTIONS'), SOON)) === undefined) return SILENT
      it.send(it.request({ method: 'OPTIONS', branch, sentBy: 'elsewhere.invalid:5060' }))
      const other = await it.hear(
        (response) => to('OPTIONS')(response) && topVia(response).host === 'elsewhere.invalid',
        SOON,
      )
      return other === undefined ? 'taken for a retransmission' : undefined
    },
  },
  {
    id: 'K-8',
    title: 'the same branch with another method is another request',
    run: async (it) => {
      const branch = 'z9hG4bKmethods'
      it.send(it.request({ method: 'OPTIONS', branch }))
      if ((await it.hear(to('OPTIONS'), SOON)) === undefined) return SILENT
      it.send(it.request({ method: 'BYE', branch, cseq: 2, toTag: 'none' }))
      return (await it.hear(to('BYE'), SOON)) === undefined ? 'taken for a retransmission' : undefined
    },
  },
  {
    id: '7.3',
    title: 'folded lines, short names and any case of letters are understood',
    run: async (it) => {
      const text = it
        .request({ method: 'OPTIONS' })
        .replace('\r\nVia: ', '\r\nv:\r\n ')
        .replace('\r\nFrom:', '\r\nF :')
        .replace('\r\nCSeq: 1 ', '\r\ncseq: 1\r\n\t')
        .replace('\r\nCall-ID:', '\r\ni:')
      it.send(text)
      const final = await it.hear(to('OPTIONS'), SOON)
      return final === undefined ? SILENT : is400(final.response.status)
    },
  },
  {
    id: 'CN-5',
    title: 'CANCEL has 200 with the To tag of the INVITE, which has 487 unless it was answered before',
    run: async (it) => {
      const branch = 'z9hG4bKcancelled'
      it.send(it.request({ method: 'INVITE', branch }))
      if ((await it.hear(to('INVITE', 100), SOON)) === undefined) return SILENT
      const before = it.heard.length
      it.send(it.request({ method: 'CANCEL', branch }))
      const answer = await it.hear(to('CANCEL'), SOON)
      const final = await it.hear(to('INVITE'), SOON)
      if (answer === undefined || final === undefined)
        return answer === undefined ? SILENT : 'goes on ringing'
      if (answer.response.status !== 200) return `answered ${answer.response.status}`
      if (toTag(answer.response) !== toTag(final.response)) return 'with another To tag'
      return it.heard.indexOf(final) < before ? undefined : is(487)(final.response.status)
    },
  },
  answered('CN-7', 'CANCEL of nothing has 481', 'CANCEL', {}, is(481)),
  answered('CU-13', 'BYE of no dialog has 481', 'BYE', { toTag: 'none' }, is(481)),
  answered('RV-1', 'a method nobody knows has 405 with Allow, or 501', 'CONFORM', {}, (status, present) => {
    if (status === 405) return present('Allow') ? undefined : '405 without Allow'
    return is(501)(status)
  }),
  answered('RV-2', 'an address that is no SIP URI has 416', 'OPTIONS', { uri: 'conform:nothing' }, is(416)),
  answered(
    'RV-3',
    'an extension nobody knows has 420 with Unsupported',
    'OPTIONS',
    { fields: ['Require: conform-impossible'] },
    (status, present) => is(420)(status) ?? (present('Unsupported') ? undefined : '420 without Unsupported'),
  ),
  answered(
    'RV-4',
    'a body that nobody understands has 415 with Accept',
    'INVITE',
    { body: { type: 'application/x-conform', content: 'nothing' } },
    (status, present) => is(415)(status) ?? (present('Accept') ? undefined : '415 without Accept'),
  ),
  answered('21.5.6', 'another version of SIP has 505', 'OPTIONS', { version: 'SIP/7.0' }, is(505)),
  {
    id: '21.4.1',
    title: 'a request without Call-ID is survived',
    run: async (it) => {
      it.send(it.request({ method: 'OPTIONS', without: ['Call-ID'] }))
      it.send(it.request({ method: 'OPTIONS' }))
      return (await it.hear(to('OPTIONS'), SOON)) === undefined ? 'silent afterwards' : undefined
    },
  },
  {
    id: 'IS-41',
    title: 'an ACK of nothing is never answered',
    run: async (it) => {
      it.send(it.request({ method: 'ACK', toTag: 'none' }))
      await it.wait(700)
      return it.heard.length === 0 ? undefined : `answered ${it.heard[0]?.response.status ?? 0}`
    },
  },
  {
    id: 'IS-02',
    title: 'an INVITE has a response within 200 ms',
    run: async (it) => {
      const begun = performance.now()
      it.send(it.request({ method: 'INVITE' }))
      const first = await it.hear(to('INVITE', 100), SOON)
      if (first === undefined) return SILENT
      const ms = Math.round(first.at - begun)
      return ms > 350 ? `after ${ms} ms` : undefined
    },
  },
  {
    id: 'CU-1',
    title: 'a final response to INVITE comes again after 500 ms and 1000 ms more, until the ACK',
    run: async (it) => {
      const branch = 'z9hG4bKrepeat'
      it.send(it.request({ method: 'INVITE', branch }))
      const final = await it.hear(to('INVITE'), 10_000)
      if (final === undefined) return 'no final response'
      await it.wait(1800)
      const copies = it.heard.filter(({ response }) => to('INVITE')(response)).map(({ at }) => at - final.at)
      const tag = toTag(final.response)
      it.send(
        it.request({
          method: 'ACK',
          ...(tag === undefined ? {} : { toTag: tag }),
          ...(final.response.status < 300 ? {} : { branch }),
        }),
      )
      await it.wait(300)
      const before = it.heard.length
      await it.wait(2400)
      if (it.heard.length > before) return 'it comes again after the ACK'
      const [, second = 0, third = 0] = copies
      // The first copy is the one that the examiner may have heard late.
      return near(second, 500, 250) && near(third - second, 1000)
        ? undefined
        : `came at ${copies.map((ms) => Math.round(ms)).join(', ')} ms`
    },
  },
  {
    id: '12.1.1',
    title: 'all responses to an INVITE above 100 have one To tag',
    run: async (it) => {
      it.send(it.request({ method: 'INVITE' }))
      if ((await it.hear(to('INVITE'), 10_000)) === undefined) return 'no final response'
      const tags = it.heard
        .filter(({ response }) => response.status > 100)
        .map(({ response }) => toTag(response))
      return new Set(tags).size === 1 && tags[0] !== undefined ? undefined : `tags ${tags.join(', ')}`
    },
  },
  {
    id: 'MR-1',
    title: 'the same INVITE by another path has 482',
    run: async (it) => {
      it.send(it.request({ method: 'INVITE', branch: 'z9hG4bKfirst' }))
      await it.wait(20)
      it.send(it.request({ method: 'INVITE', branch: 'z9hG4bKsecond' }))
      const merged = await it.hear(
        (response) => to('INVITE')(response) && response.text.includes('z9hG4bKsecond'),
        SOON,
      )
      return merged === undefined ? SILENT : is(482)(merged.response.status)
    },
  },
]

/** A schedule kept by a busy machine, or by one whose clock ticks every 60 ms. */
const near = (ms: number, wanted: number, early = 120): boolean => ms > wanted - early && ms < wanted + 300
