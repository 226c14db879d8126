/** CANCEL at both sides (9.1, 9.2): rows CN, IC-12 and IS-14. */
import { describe, expect, test } from 'vitest'
import { cseqMethod, toTag, topVia } from '../../../src/core/message/head.js'
import type { Request } from '../../../src/core/message/types.js'
import type { Key } from '../../../src/core/transaction/key.js'
import { requestChecks } from '../../../src/core/user-agent/request-checks.js'
import { stackAlone, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { row } from '../../conformance/rows.js'
import { type Bench, benchOf, configOf, secret, tcp } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const agent = () => benchOf(userAgent(configOf()))

const calling = (parts: Parameters<typeof outgoing>[0] = {}) => {
  const on = agent()
  on.send(outgoing(parts))
  const key = keyOf(on)
  const cancel = () => on.brief({ _tag: 'Cancel', ref: 'wish', key })
  return { on, key, cancel, left: read(on.sent()[0]!) as Request }
}

const keyOf = (on: Bench<unknown>): Key =>
  on.log.flatMap(({ output }) => (output._tag === 'Accepted' ? [output.key] : []))[0]!

const watch = (verb: string, ms?: number) =>
  expect.stringMatching(new RegExp(`^${verb} cancel-client .*${ms ?? ''}$`)) as string

const left = 'transmit CANCEL to 192.0.2.9:5060'

describe('at the client', () => {
  row(['CN-1', 'IC-12'], 'before a provisional the CANCEL is held and the INVITE goes on', () => {
    const { on, cancel } = calling()
    expect(cancel()).toEqual(['accepted'])
    expect(on.transactions()).toEqual(['invite-client Calling A@500 B@32000'])
    expect(on.advance(500)).toEqual(['500 transmit INVITE to 192.0.2.9:5060', '500 start A 1000'])
  })

  row('CN-1', 'the first provisional lets it go, 100 included', () => {
    for (const status of [100, 180]) {
      const { on, cancel, left: invite } = calling()
      cancel()
      expect(on.receive(responseTo(invite, status).text)).toEqual([
        'stop A',
        'stop B',
        left,
        'start E 500',
        'start F 32000',
        watch('start', 32_000),
        `response ${status}`,
      ])
    }
  })

  row('CN-1', 'a final response or a timeout first: nothing is ever sent', () => {
    const busy = calling()
    busy.cancel()
    busy.on.receive(responseTo(busy.left, 486, { toTag: 'b' }).text)
    const silent = calling()
    silent.cancel()
    expect(silent.on.advance(32_000)).toContain('32000 error timeout')
    const accepted = calling()
    accepted.cancel()
    accepted.on.receive(
      responseTo(accepted.left, 200, { toTag: 'b', fields: ['Contact: <sip:b@192.0.2.9>'] }).text,
    )
    for (const { on } of [busy, silent, accepted]) {
      on.advance(100_000)
      expect(on.sent().filter((text) => text.startsWith('CANCEL'))).toEqual([])
      expect(on.state().filter.size).toBe(0)
    }
  })

  row('CN-2', 'in Proceeding it goes at once, made of the INVITE', () => {
    const {
      on,
      cancel,
      left: invite,
    } = calling({
      fields: ['Route: <sip:192.0.2.9;lr>', 'Require: 100rel', 'Proxy-Require: x', 'Subject: s'],
      body: 'v=0',
    })
    on.receive(responseTo(invite, 180, { toTag: 'b' }).text)
    expect(cancel()).toEqual([left, 'start E 500', 'start F 32000', watch('start', 32_000), 'accepted'])
    const sent = read(on.sent().at(-1)!) as Request
    expect(sent.uri).toBe(invite.uri)
    expect(topVia(sent)).toEqual(topVia(invite))
    expect(sent.text.match(/\r\nVia:/g)).toHaveLength(1)
    expect(sent.text).toContain('\r\nTo: <sip:bob@192.0.2.1>\r\n') // no tag was added
    expect(sent.text).toContain('\r\nFrom: <sip:alice@192.0.2.9>;tag=atag\r\n')
    expect(sent.text).toContain('\r\nCall-ID: call1\r\n')
    expect(sent.text).toContain('\r\nCSeq: 1 CANCEL\r\n')
    expect(sent.text).toContain('\r\nRoute: <sip:192.0.2.9;lr>\r\n')
    expect(sent.text).not.toMatch(/Require|Subject|v=0/)
  })

  row('CN-2', 'on the connection of the INVITE', () => {
    const on = agent()
    on.brief({ _tag: 'FlowOpened', flow: tcp, names: [] })
    on.send(outgoing(), { target: tcp })
    const invite = read(on.sent()[0]!) as Request
    on.receive(responseTo(invite, 180).text, tcp)
    expect(on.brief({ _tag: 'Cancel', ref: 1, key: keyOf(on) })).toContain(
      'transmit CANCEL to 192.0.2.9:40001',
    )
  })

  row('CN-3', 'after a final response it is refused', () => {
    const { on, cancel, left: invite } = calling()
    on.receive(responseTo(invite, 200, { toTag: 'b', fields: ['Contact: <sip:b@192.0.2.9>'] }).text)
    const before = on.state()
    expect(cancel()).toEqual(['refused NotAllowed CN-3'])
    expect(on.state()).toBe(before)
  })

  row(
    'CN-4',
    'no final response in 64·T1: the INVITE is given up, the core hears that it is cancelled',
    () => {
      const { on, cancel, left: invite } = calling()
      on.receive(responseTo(invite, 180).text)
      on.advance(1000)
      cancel()
      const cancelled = on.advance(32_000).filter((line) => line.startsWith('33000'))
      expect(cancelled).toEqual([
        '33000 stop E',
        '33000 diagnostic unexpected CN-15',
        '33000 error cancelled',
        '33000 ended',
      ])
      expect(on.transactions()).toEqual([])
      expect(on.state().filter.size).toBe(0)
    },
  )

  row('CN-9', 'what is no INVITE is not cancelled', () => {
    const { on, cancel } = calling({ method: 'OPTIONS' })
    expect(cancel()).toEqual(['refused NotAllowed CN-9'])
    expect(on.sent()).toHaveLength(1)
  })

  row('CN-12', 'the 487 again: its ACK again', () => {
    const { on, cancel, left: invite } = calling()
    on.receive(responseTo(invite, 180).text)
    cancel()
    const sent = read(on.sent().at(-1)!) as Request
    expect(on.receive(responseTo(sent, 200).text)).toEqual(['stop E', 'stop F', 'start K 5000'])
    const terminated = responseTo(invite, 487, { toTag: 'b' }).text
    expect(on.receive(terminated)).toEqual([
      'transmit ACK to 192.0.2.9:5060',
      'start D 32000',
      watch('stop'),
      'response 487',
    ])
    expect(on.receive(terminated)).toEqual(['transmit ACK to 192.0.2.9:5060'])
    expect(on.advance(100_000)).toEqual(['32000 ended'])
  })

  row('CN-15', 'a CANCEL that fails leaves the INVITE and its wait as they are', () => {
    const { on, cancel, left: invite } = calling()
    on.receive(responseTo(invite, 180).text)
    cancel()
    const sent = read(on.sent().at(-1)!) as Request
    expect(on.receive(responseTo(sent, 481, { toTag: 'b' }).text)).toEqual([
      'stop E',
      'stop F',
      'start K 5000',
      'diagnostic unexpected CN-15',
    ])
    expect(on.transactions()).toContain('invite-client Proceeding')
    expect(on.advance(31_999)).toEqual([])
    expect(on.advance(1)).toEqual(['32000 error cancelled', '32000 ended'])
  })

  row('CN-16', 'wanted twice, sent once', () => {
    const { on, cancel, left: invite } = calling()
    expect([cancel(), cancel()]).toEqual([['accepted'], ['accepted']])
    on.receive(responseTo(invite, 180).text)
    expect(cancel()).toEqual(['accepted'])
    on.receive(responseTo(invite, 183).text)
    expect(on.sent().filter((text) => text.startsWith('CANCEL'))).toHaveLength(1)
  })

  test('a terminated INVITE is no longer watched', () => {
    const { on, key, cancel, left: invite } = calling()
    on.receive(responseTo(invite, 180).text)
    cancel()
    expect(on.brief({ _tag: 'Terminate', key })).toEqual([watch('stop'), 'ended'])
    expect(cancel()).toEqual(['refused NotAllowed CN-3'])
  })

  test('the stack alone sends a CANCEL only when it may be sent', () => {
    const on = benchOf(stackAlone(configOf()))
    on.send(outgoing())
    const wish = () => on.brief({ _tag: 'Cancel', ref: 'wish', key: keyOf(on) })
    const invite = read(on.sent()[0]!) as Request
    expect(wish()).toEqual(['refused NotAllowed CN-1'])
    on.receive(responseTo(invite, 180).text)
    expect(wish()).toEqual([left, 'start E 500', 'start F 32000', 'accepted'])
    expect(wish()).toEqual(['refused AlreadyStarted'])
    on.receive(responseTo(invite, 486, { toTag: 'b' }).text)
    expect(wish()).toEqual(['refused NotAllowed CN-3'])
    expect(
      on.brief({ _tag: 'Cancel', ref: 1, key: { _tag: 'ClientKey', branch: 'z9hG4bKx', method: 'INVITE' } }),
    ).toEqual(['refused NoTransaction'])
  })
})

describe('at the server', () => {
  const cancelled = requestText({ method: 'CANCEL' })

  row(
    ['CN-5', 'IS-14'],
    '200 to the CANCEL, 487 to the INVITE, both with its tag; the core hears it once',
    () => {
      const on = agent()
      on.receive(requestText())
      on.respond(responseTo(requestOf(), 180))
      expect(on.receive(cancelled)).toEqual([
        'start N100 3500',
        'stop N100',
        'transmit 200 CANCEL to 192.0.2.9:5060',
        'start J 32000',
        'transmit 487 INVITE to 192.0.2.9:5060',
        'start G 500',
        'start H 32000',
        expect.stringMatching(/^stop provisional-refresh /),
        'error cancelled',
      ])
      expect(new Set(on.sent().map((text) => toTag(read(text)))).size).toBe(1)
      expect(on.receive(ackTo({}, 'x'))).toEqual(['stop G', 'stop H', 'start I 5000'])
      expect(on.advance(60_000)).toEqual(['5000 ended'])
    },
  )

  row('CN-5', 'the guard of a dialog: a re-INVITE too, with the tag of the dialog', () => {
    const on = agent()
    on.receive(requestText({ toTag: 'dialog' }))
    on.receive(requestText({ method: 'CANCEL', toTag: 'dialog' }))
    expect(on.sent().map((text) => [cseqMethod(read(text)), toTag(read(text))])).toEqual([
      ['CANCEL', 'dialog'],
      ['INVITE', 'dialog'],
    ])
  })

  row('CN-6', 'a final response was sent: 200 to the CANCEL and nothing else', () => {
    for (const status of [200, 486]) {
      const on = agent()
      on.receive(requestText())
      on.respond(responseTo(requestOf(), status))
      const [invite] = on.transactions()
      expect(on.receive(cancelled)).toEqual([
        'start N100 3500',
        'stop N100',
        'transmit 200 CANCEL to 192.0.2.9:5060',
        'start J 32000',
      ])
      expect(on.transactions()[0]).toBe(invite)
    }
  })

  row('CN-7', 'nothing matches: 481', () => {
    const on = agent()
    expect(on.receive(cancelled)).toContain('transmit 481 CANCEL to 192.0.2.9:5060')
    expect(on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKother' }))).toContain(
      'transmit 481 CANCEL to 192.0.2.9:5060',
    )
  })

  row('CN-8', 'the CANCEL again: its 200 again, by its own transaction', () => {
    const on = agent()
    on.receive(requestText())
    on.receive(cancelled)
    const before = on.transactions()
    expect(on.receive(cancelled)).toEqual(['transmit 200 CANCEL to 192.0.2.9:5060'])
    expect(on.transactions()).toEqual(before)
  })

  row('CN-9', 'a CANCEL for another method is answered 200 and ignored', () => {
    const on = agent()
    const message = { method: 'MESSAGE', branch: 'z9hG4bKm' }
    on.receive(requestText(message))
    expect(on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKm' }))).toContain(
      'transmit 200 CANCEL to 192.0.2.9:5060',
    )
    expect(on.respond(responseTo(requestOf(message), 200))).toContain('accepted')
  })

  row('CN-14', 'Require and missing credentials do not matter', () => {
    const on = benchOf(userAgent(configOf(), { checks: requestChecks({ extensions: [] }, secret) }))
    on.receive(requestText())
    const said = on.receive(
      requestText({ method: 'CANCEL', fields: ['Require: unheard-of', 'Proxy-Require: x'] }),
    )
    expect(said).toContain('transmit 200 CANCEL to 192.0.2.9:5060')
    expect(said).toContain('transmit 487 INVITE to 192.0.2.9:5060')
  })

  test('the core answers in the same instant as the CANCEL arrives: refused, and no second final', () => {
    const on = agent()
    on.receive(requestText())
    on.receive(cancelled)
    expect(on.respond(responseTo(requestOf(), 200))).toEqual([
      'refused NotAllowed IS-20',
      'diagnostic tu-misuse IS-20',
    ])
  })
})
