/** What the layer does for the core's responses: tags, refusals, profiles as data, values of single flows. */
import { describe, expect, test } from 'vitest'
import { toTag } from '../../../src/core/message/head.js'
import { type Config, rfc3261 } from '../../../src/core/transaction/types.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { row } from '../../conformance/rows.js'
import { type Bench, bench, tcp, udp } from '../../support/bench.js'
import { outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const tags = (on: Bench<unknown>): readonly (string | undefined)[] =>
  on.sent().map((text) => toTag(read(text)))

describe('the To tag', () => {
  row(['IS-06', 'IS-07', 'IS-08'], 'is minted once and stands in every response above 100', () => {
    const on = bench()
    on.receive(requestText())
    for (const status of [100, 180, 183, 200]) on.respond(responseTo(requestOf(), status))
    const [hundred, ...others] = tags(on)
    expect(hundred).toBeUndefined()
    expect(new Set(others).size).toBe(1)
    expect(others[0]).toMatch(/^[0-9a-f]{16}$/)
  })

  test('is another one for another transaction', () => {
    const on = bench()
    on.receive(requestText())
    on.receive(requestText({ callId: 'c2', branch: 'z9hG4bK2' }))
    on.respond(responseTo(requestOf(), 180))
    on.respond(responseTo(requestOf({ callId: 'c2', branch: 'z9hG4bK2' }), 180))
    expect(new Set(tags(on)).size).toBe(2)
  })

  row('CN-5', 'that the core chose is the transaction’s from then on, in the 200 to a CANCEL too', () => {
    const on = bench()
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 180, { toTag: 'mine' }))
    on.receive(requestText({ method: 'CANCEL' }))
    on.respond(responseTo(requestOf({ method: 'CANCEL' }), 200))
    on.respond(responseTo(requestOf(), 487))
    expect(tags(on)).toEqual(['mine', 'mine', 'mine'])
  })

  test('of a request in a dialog stays', () => {
    const on = bench()
    on.receive(requestText({ method: 'BYE', toTag: 'dialog' }))
    on.respond(responseTo(requestOf({ method: 'BYE', toTag: 'dialog' }), 200))
    expect(tags(on)).toEqual(['dialog'])
  })
})

row('AK-6', 'the ACK for a non-2xx goes the way its INVITE went, whatever way the response came', () => {
  for (const flow of [udp, tcp]) {
    const on = bench()
    if (flow.id !== undefined) on.connect(flow)
    on.send(outgoing({ uri: 'sip:bob@192.0.2.77' }), {
      target: flow.id === undefined ? { protocol: 'udp', ...flow.remote } : flow,
    })
    const left = read(on.sent()[0]!)
    if (left._tag !== 'Request') throw new Error('a request expected')
    on.receive(responseTo(left, 486, { toTag: 'b' }).text, {
      ...udp,
      remote: { host: '198.51.100.1', port: 9 },
    })
    const flows = on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output.flow] : []))
    expect(flows).toEqual([flow, flow])
  }
})

describe('a response that may not go', () => {
  test('answers nothing that waits', () => {
    const on = bench()
    const before = on.state()
    expect(on.respond(responseTo(requestOf(), 200))).toEqual(['refused NoTransaction'])
    expect(on.state()).toBe(before)
  })

  row('IS-20', 'comes too late, and has changed nothing', () => {
    const on = bench()
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 486))
    const before = on.state()
    expect(on.respond(responseTo(requestOf(), 200, { toTag: 'late' }))).toEqual([
      'refused NotAllowed IS-20',
      'diagnostic tu-misuse IS-20',
    ])
    expect(on.state()).toBe(before)
    expect(on.receive(requestText())).toEqual(['transmit 486 INVITE to 192.0.2.9:5060'])
  })

  test('nor may a second request under the same key', () => {
    const on = bench()
    const once = outgoing({ method: 'OPTIONS', vias: ['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKown'] })
    expect(on.send(once, { via: 'present' })).toContain('accepted')
    const before = on.state()
    expect(on.send(once, { via: 'present' })).toEqual(['refused AlreadyStarted'])
    expect(on.state()).toBe(before)
  })
})

const legacy: Config = {
  ...rfc3261,
  profile: { nonInvite: 'legacy', serverSendFailed: 'terminate', nonInviteGuard: false },
}

describe('profiles are data', () => {
  const options = { method: 'OPTIONS' }

  row(['NS-05', 'NS-09'], 'strict sends no 1xx and no 408 to a non-INVITE, legacy does as it is told', () => {
    const run = (config: Config) => {
      const on = bench({ config })
      on.receive(requestText(options))
      return [180, 408].map((status) => on.respond(responseTo(requestOf(options), status)))
    }
    expect(run(rfc3261)).toEqual([
      ['refused NotAllowed NS-05', 'diagnostic tu-misuse NS-05'],
      ['stop N100', 'accepted', 'ended', 'diagnostic withheld NS-09'],
    ])
    expect(run(legacy)).toEqual([
      ['stop N100', 'transmit 180 OPTIONS to 192.0.2.9:5060', 'accepted'],
      ['transmit 408 OPTIONS to 192.0.2.9:5060', 'start J 32000', 'accepted'],
    ])
  })

  row('IS-21', 'a failed send: strict stays, legacy ends', () => {
    const run = (config: Config) => {
      const on = bench({ config })
      on.receive(requestText())
      on.respond(responseTo(requestOf(), 486))
      const { cause, flow } = on.log.flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : []))[0]!
      return [on.brief({ _tag: 'SendFailed', flow, why: 'unreachable', cause }), on.transactions()]
    }
    expect(run(rfc3261)).toEqual([
      ['error transport', 'diagnostic send-failed'],
      ['invite-server Completed G@500 H@32000'],
    ])
    expect(run(legacy)).toEqual([
      ['stop G', 'stop H', 'error transport', 'ended', 'diagnostic send-failed'],
      [],
    ])
  })
})

describe('timer values', () => {
  const slow: Config = { ...rfc3261, timing: { ...rfc3261.timing, t1: 1000, trying: 400 } }

  row(['IC-01', 'IS-01'], 'are the stack’s', () => {
    const on = bench({ config: slow })
    on.send(outgoing())
    on.receive(requestText())
    expect(on.transactions()).toEqual([
      'invite-client Calling A@1000 B@64000',
      'invite-server Proceeding Trying@400',
    ])
  })

  row(['IC-01', 'NC-01', 'IS-01'], 'or those of a flow: by protocol, by host, the first that fits', () => {
    const by = (match: { protocol?: string; host?: string }) => {
      const on = bench({ flows: [{ ...match, config: slow }] })
      on.send(outgoing())
      on.send(outgoing({ method: 'OPTIONS', uri: 'sip:bob@198.51.100.1', callId: 'c2' }))
      on.receive(requestText({ transport: 'TCP' }), tcp)
      return on.transactions()
    }
    expect(by({ host: '192.0.2.9' })).toEqual([
      'invite-client Calling A@1000 B@64000',
      'invite-server Proceeding Trying@400',
      'non-invite-client Trying E@500 F@32000',
    ])
    expect(by({ protocol: 'tcp' })).toEqual([
      'invite-client Calling A@500 B@32000',
      'invite-server Proceeding Trying@400',
      'non-invite-client Trying E@500 F@32000',
    ])
    expect(by({ protocol: 'tcp', host: '198.51.100.1' })).toEqual([
      'invite-client Calling A@500 B@32000',
      'invite-server Proceeding Trying@200',
      'non-invite-client Trying E@500 F@32000',
    ])
  })

  row('IS-18', 'hold for what the transaction does later, too', () => {
    const on = bench({ flows: [{ host: '192.0.2.9', config: slow }] })
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 486))
    expect(on.advance(3000)).toEqual([
      '1000 transmit 486 INVITE to 192.0.2.9:5060',
      '1000 start G 2000',
      '3000 transmit 486 INVITE to 192.0.2.9:5060',
      '3000 start G 4000',
    ])
  })
})

row('IS-43', 'many transactions of one connection hear that it closed, each once', () => {
  const on = bench()
  const flow: Flow = { ...tcp, id: 9 }
  for (let n = 0; n < 50; n++)
    on.receive(requestText({ transport: 'TCP', callId: `c${n}`, branch: `z9hG4bK${n}` }), flow)
  on.receive(requestText({ callId: 'udp', branch: 'z9hG4bKudp' }), udp)
  expect(on.brief({ _tag: 'FlowClosed', flow })).toEqual([
    'stop flow',
    ...new Array<string>(50).fill('diagnostic flow-closed IS-43'),
  ])
  expect(on.brief({ _tag: 'FlowClosed', flow: { ...flow, id: 10 } })).toEqual([])
})
