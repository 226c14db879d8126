/** Where a message belongs (17.1.3, 17.2.3, 9.2): rows K, and the rows for what matches no transaction. */
import { describe, expect, test } from 'vitest'
import * as Table from '../../../src/core/data/table.js'
import { popVia } from '../../../src/core/message/build.js'
import { topVia } from '../../../src/core/message/head.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { row } from '../../conformance/rows.js'
import { type Bench, bench, tcp, udp } from '../../support/bench.js'
import { ackTo, outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'

const nowhere = 'diagnostic stray ST-1'

/** A client transaction on the bench: what left, as a request to answer. */
const sending = (method: string, options: Parameters<typeof bench>[0] = {}) => {
  const on = bench(options)
  on.send(outgoing({ method }))
  return { on, left: requestOfText(on.sent()[0]) }
}

const requestOfText = (text: string | undefined) => {
  const message = read(text ?? '')
  if (message._tag !== 'Request') throw new Error('a request expected')
  return message
}

/** The stack's own transactions must not have changed. */
const unchanged = (on: Bench<unknown>, during: () => readonly string[]): readonly string[] => {
  const before = on.state()
  const said = during()
  expect(on.state()).toBe(before)
  return said
}

describe('responses', () => {
  row('K-1', 'a response belongs to the client transaction with its branch and CSeq method', () => {
    const { on, left } = sending('OPTIONS')
    expect(on.receive(responseTo(left, 200).text)).toEqual([
      'stop E',
      'stop F',
      'start K 5000',
      'response 200',
    ])
    expect(on.transactions()).toEqual(['non-invite-client Completed K@5000'])
  })

  row('K-1', 'the sent-by of its top Via must be ours, else it is discarded before anything else', () => {
    const { on, left } = sending('OPTIONS')
    const foreign = responseTo(left, 200).text.replace('192.0.2.1:5060', '192.0.2.1:5070')
    expect(unchanged(on, () => on.receive(foreign))).toEqual(['diagnostic not-ours 18.1.2'])
    const elsewhere = responseTo(left, 200).text.replace('192.0.2.1:5060', 'example.com:5060')
    expect(unchanged(on, () => on.receive(elsewhere))).toEqual(['diagnostic not-ours 18.1.2'])
  })

  row('K-2', 'the CSeq method chooses between an INVITE and the CANCEL that bears its branch', () => {
    const { on, left } = sending('INVITE')
    const invited = topVia(left)
    const cancel = requestOf({
      method: 'CANCEL',
      uri: 'sip:bob@192.0.2.9:5060',
      vias: [`SIP/2.0/UDP 192.0.2.1:5060;branch=${invited.params[0]?.value};rport`],
    })
    on.send(cancel, { via: 'present' })
    expect(on.receive(responseTo(cancel, 200).text)).toContain('response 200')
    expect(on.transactions()).toEqual([
      'invite-client Calling A@500 B@32000',
      'non-invite-client Completed K@5000',
    ])
  })

  row('IC-15', 'another sent-by, branch or CSeq method: not matched, the INVITE goes on', () => {
    const { on, left } = sending('INVITE')
    const text = responseTo(left, 180).text
    const branch = topVia(left).params[0]?.value ?? ''
    expect(unchanged(on, () => on.receive(text.replace('192.0.2.1:5060', '192.0.2.2')))).toEqual([
      'diagnostic not-ours 18.1.2',
    ])
    expect(unchanged(on, () => on.receive(text.replace(branch, `${branch}x`)))).toEqual([nowhere])
    expect(unchanged(on, () => on.receive(text.replace('1 INVITE', '1 OPTIONS')))).toEqual([nowhere])
    expect(on.transactions()).toEqual(['invite-client Calling A@500 B@32000'])
  })

  row(
    'K-9',
    'a response with two Vias never reaches the machines of a user agent, but those of a proxy',
    () => {
      const twoVias = (left: Parameters<typeof responseTo>[0]) =>
        responseTo(left, 200).text.replace('\r\nFrom', '\r\nVia: SIP/2.0/UDP 192.0.2.77\r\nFrom')
      const agent = sending('OPTIONS')
      expect(unchanged(agent.on, () => agent.on.receive(twoVias(agent.left)))).toEqual([
        'diagnostic stray K-9',
      ])
      const proxy = sending('OPTIONS', { role: 'stateful-proxy' })
      expect(proxy.on.receive(twoVias(proxy.left))).toContain('response 200')
    },
  )

  row('K-10', 'a response matches whatever way it comes', () => {
    const { on, left } = sending('INVITE')
    const elsewhere: Flow = { ...udp, remote: { host: '198.51.100.7', port: 9 } }
    expect(on.receive(responseTo(left, 180).text, elsewhere)).toEqual(['stop A', 'stop B', 'response 180'])
    expect(on.receive(responseTo(left, 200, { toTag: 'b' }).text, tcp)).toEqual([
      'start M 32000',
      'response 200',
    ])
  })

  row('K-12', 'neither the To tag nor a cookie decides where a response belongs', () => {
    const on = bench()
    const left = outgoing({ method: 'OPTIONS', vias: ['SIP/2.0/UDP 192.0.2.1:5060;branch=1;rport'] })
    on.send(left, { via: 'present' })
    expect(on.receive(responseTo(left, 100).text)).toEqual(['response 100'])
    expect(on.receive(responseTo(left, 200, { toTag: 'first' }).text)).toContain('response 200')
    expect(on.receive(responseTo(left, 200, { toTag: 'second' }).text)).toEqual([])
    expect(on.transactions()).toEqual(['non-invite-client Completed K@5000'])
  })

  row(['IC-51', 'ST-1'], 'a response to an INVITE of ours that is none is discarded', () => {
    const on = bench()
    for (const status of [100, 180, 200, 486]) {
      const stray = responseTo(requestOf({ vias: ['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKgone'] }), status)
      expect(unchanged(on, () => on.receive(stray.text))).toEqual([nowhere])
      const proxy = bench({ role: 'stateful-proxy' })
      expect(unchanged(proxy, () => proxy.receive(stray.text))).toEqual([nowhere])
    }
  })

  row('IC-54', 'a final that comes again when the transaction is gone gets no ACK', () => {
    const on = bench()
    on.connect(tcp)
    on.send(outgoing(), { target: tcp })
    const busy = responseTo(requestOfText(on.sent()[0]), 486, { toTag: 'b' }).text
    expect(on.receive(busy, tcp)).toEqual([
      'stop B',
      'transmit ACK to 192.0.2.9:40001',
      'response 486',
      'ended',
    ])
    expect(unchanged(on, () => on.receive(busy, tcp))).toEqual([nowhere])

    const slow = sending('INVITE')
    slow.on.receive(responseTo(slow.left, 486, { toTag: 'b' }).text)
    expect(slow.on.advance(32_000)).toEqual(['32000 ended'])
    expect(
      unchanged(slow.on, () => slow.on.receive(responseTo(slow.left, 486, { toTag: 'b' }).text)),
    ).toEqual([nowhere])
  })

  row('NC-41', 'a response to anything else that is gone is discarded, late ones at a proxy too', () => {
    for (const role of ['user-agent', 'stateful-proxy'] as const) {
      const { on, left } = sending('OPTIONS', { role })
      on.advance(32_000)
      expect(on.transactions()).toEqual([])
      expect(unchanged(on, () => on.receive(responseTo(left, 200).text))).toEqual([nowhere])
    }
  })

  row('ST-2', 'a stateless proxy gets what answers nothing, to forward it by the next Via', () => {
    const on = bench({ role: 'stateless-proxy' })
    const through = responseTo(
      requestOf({ vias: ['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours', 'SIP/2.0/UDP 192.0.2.9'] }),
      180,
    )
    expect(unchanged(on, () => on.receive(through.text))).toEqual(['response 180 without transaction'])
    expect(unchanged(on, () => on.receive(popVia(through).text))).toEqual(['diagnostic not-ours 18.1.2'])
  })

  row('ST-3', 'nothing of ours waits for a response to an ACK', () => {
    const { on, left } = sending('INVITE')
    const text = responseTo(left, 200).text.replace('1 INVITE', '1 ACK')
    expect(unchanged(on, () => on.receive(text))).toEqual([nowhere])
  })
})

describe('requests', () => {
  row('K-3', 'branch and host in any case, an absent port for the default: the same transaction', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS', branch: 'z9hG4bKaB', sentBy: 'Client.example.com' }))
    const again = { method: 'OPTIONS', branch: 'Z9HG4BKAb', sentBy: 'client.EXAMPLE.com:5060' }
    expect(unchanged(on, () => on.receive(requestText(again)))).toEqual([])
    expect(on.transactions()).toEqual(['non-invite-server Trying N100@3500'])
  })

  row('K-3', 'the method is compared with its case', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS' }))
    expect(on.receive(requestText({ method: 'options' }))).toContain('request options')
  })

  row('K-4', 'an ACK belongs to the INVITE of its branch and sent-by, and to nothing else', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS', branch: 'z9hG4bKo' }))
    expect(unchanged(on, () => on.receive(ackTo({ branch: 'z9hG4bKo' }, 'x')))).toEqual([
      'request ACK without transaction',
    ])
    on.receive(requestText({ branch: 'z9hG4bKi', callId: 'other' }))
    on.respond(responseTo(requestOf({ branch: 'z9hG4bKi', callId: 'other' }), 486))
    expect(on.receive(ackTo({ branch: 'z9hG4bKi', callId: 'other' }, 'whatever'))).toEqual([
      'stop G',
      'stop H',
      'start I 5000',
    ])
  })

  row('K-5', 'a CANCEL is a transaction of its own that names the one it cancels', () => {
    const on = bench()
    on.receive(requestText())
    expect(on.receive(requestText({ method: 'CANCEL' }))).toEqual([
      'start N100 3500',
      'request CANCEL cancels INVITE',
    ])
    expect(on.transactions()).toEqual([
      'invite-server Proceeding Trying@200',
      'non-invite-server Trying N100@3500',
    ])
  })

  row('K-5', 'whatever was sent on its branch but ACK and CANCEL is found', () => {
    const on = bench()
    on.receive(requestText({ method: 'MESSAGE', branch: 'z9hG4bKm' }))
    expect(on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKm' }))).toContain(
      'request CANCEL cancels MESSAGE',
    )
    expect(
      on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKm', sentBy: '192.0.2.10', callId: 'c' })),
    ).toContain('request CANCEL')
  })

  row('K-7', 'the same branch of another client is another transaction', () => {
    const on = bench()
    on.receive(requestText())
    expect(on.receive(requestText({ sentBy: '192.0.2.9:5061', callId: 'other' }))).toContain('request INVITE')
    expect(on.transactions()).toHaveLength(2)
  })

  row('K-8', 'the same branch with another method is another transaction', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS' }))
    expect(on.receive(requestText({ method: 'REGISTER' }))).toContain('request REGISTER')
    expect(on.transactions()).toHaveLength(2)
  })

  row(['K-10', 'K-11'], 'where a request came from is no part of its key', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS', viaParams: ';rport' }))
    const elsewhere: Flow = { ...udp, remote: { host: '198.51.100.7', port: 4000 } }
    const again = requestText({ method: 'OPTIONS', viaParams: ';rport;received=203.0.113.1' })
    expect(unchanged(on, () => on.receive(again, elsewhere))).toEqual([])
    const before = on.stack().layer.transactions
    on.connect(tcp)
    expect(on.receive(again, tcp)).toEqual([])
    expect(on.stack().layer.transactions).toBe(before)
  })

  row('K-13', 'the same key with another Call-ID, From tag or CSeq number is absorbed, and told', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS' }))
    for (const other of [{ callId: 'c2' }, { fromTag: 'x' }, { cseq: 9 }])
      expect(unchanged(on, () => on.receive(requestText({ method: 'OPTIONS', ...other })))).toEqual([
        'diagnostic key-collision K-13',
      ])
  })

  row('IS-41', 'an ACK outside every transaction goes to the core and gets no answer', () => {
    const on = bench()
    expect(unchanged(on, () => on.receive(ackTo({ branch: 'z9hG4bKother' }, 'btag')))).toEqual([
      'request ACK without transaction',
    ])
    expect(on.sent()).toEqual([])
  })

  row('IS-42', 'an INVITE that comes again when its transaction is gone begins a new one', () => {
    const on = bench()
    on.receive(requestText())
    on.respond(responseTo(requestOf(), 200))
    expect(on.advance(32_000)).toEqual(['32000 ended'])
    expect(on.receive(requestText())).toEqual(['start Trying 200', 'request INVITE'])

    const merged = bench()
    merged.receive(requestText())
    merged.receive(requestText({ branch: 'z9hG4bKother' }))
    merged.respond(responseTo(requestOf({ branch: 'z9hG4bKother' }), 482))
    merged.receive(ackTo({ branch: 'z9hG4bKother' }, 'x'))
    merged.advance(5000)
    expect(merged.receive(requestText({ branch: 'z9hG4bKother' }))).toContain(
      'request INVITE merged with INVITE',
    )
  })

  row(['IS-43', 'NS-46'], 'a connection that closes before the response is no failure yet', () => {
    const on = bench()
    on.receive(requestText({ transport: 'TCP' }), tcp)
    on.receive(requestText({ transport: 'TCP', method: 'OPTIONS', branch: 'z9hG4bKo' }), tcp)
    const before = on.transactions()
    expect([...on.brief({ _tag: 'FlowClosed', flow: tcp })].sort()).toEqual([
      'diagnostic flow-closed IS-43',
      'diagnostic flow-closed NS-46',
      'stop flow',
    ])
    expect(on.transactions()).toEqual(before)
  })

  row('NS-45', 'a request that comes again after J, or over TCP after its final, is new to the core', () => {
    const on = bench()
    const options = { method: 'OPTIONS' }
    on.receive(requestText(options))
    on.respond(responseTo(requestOf(options), 200))
    expect(on.advance(32_000)).toEqual(['32000 ended'])
    expect(on.receive(requestText(options))).toEqual(['start N100 3500', 'request OPTIONS'])

    const over = { method: 'OPTIONS', transport: 'TCP', branch: 'z9hG4bKtcp', callId: 'tcp' }
    on.receive(requestText(over), tcp)
    expect(on.respond(responseTo(requestOf(over), 200)).slice(0, 2)).toEqual([
      'stop N100',
      'transmit 200 OPTIONS to 192.0.2.9:40001',
    ])
    expect(on.receive(requestText(over), tcp)).toEqual(['start N100 3500', 'request OPTIONS'])
  })
})

describe('merged requests', () => {
  row(
    'MR-1',
    'the same request by another path is told from a new one, whatever the state of the first',
    () => {
      const first = { method: 'INVITE' }
      const second = requestText({ ...first, branch: 'z9hG4bKother' })
      const states: readonly ((on: Bench<unknown>) => void)[] = [
        () => undefined,
        (on) => on.respond(responseTo(requestOf(first), 486)),
        (on) => {
          on.respond(responseTo(requestOf(first), 486))
          on.receive(ackTo(first, 'x'))
        },
        (on) => on.respond(responseTo(requestOf(first), 200)),
      ]
      expect(
        states.map((lead) => {
          const on = bench()
          on.receive(requestText(first))
          lead(on)
          return on.receive(second)
        }),
      ).toEqual(states.map(() => ['start Trying 200', 'request INVITE merged with INVITE']))
    },
  )

  row('MR-1', 'any method; CSeq number, CSeq method, From tag and Call-ID must all be equal', () => {
    const on = bench()
    const first = { method: 'MESSAGE' }
    on.receive(requestText(first))
    const said = (parts: Parameters<typeof requestText>[0], n: number) =>
      on.receive(requestText({ ...first, branch: `z9hG4bKn${n}`, ...parts })).at(-1)
    expect(said({}, 1)).toBe('request MESSAGE merged with MESSAGE')
    expect(said({ cseq: 2 }, 2)).toBe('request MESSAGE')
    expect(said({ fromTag: 'z' }, 3)).toBe('request MESSAGE')
    expect(said({ callId: 'z' }, 4)).toBe('request MESSAGE')
    expect(said({ method: 'INFO' }, 5)).toBe('request INFO')
  })

  row('MR-1', 'a transaction that has ended is not ongoing', () => {
    const on = bench()
    on.receive(requestText({ method: 'OPTIONS' }))
    on.respond(responseTo(requestOf({ method: 'OPTIONS' }), 200))
    on.advance(32_000)
    expect(on.receive(requestText({ method: 'OPTIONS', branch: 'z9hG4bKnext' }))).toContain('request OPTIONS')
    expect(Table.names(on.stack().layer.transactions)).toBe(1)
  })

  row('MR-2', 'a request with a To tag is in a dialog, never merged', () => {
    const on = bench()
    on.receive(requestText({ method: 'INFO', toTag: 'b' }))
    expect(on.receive(requestText({ method: 'INFO', toTag: 'b', branch: 'z9hG4bKn' }))).toEqual([
      'start N100 3500',
      'request INFO',
    ])
  })

  row('MR-3', 'a proxy hears of it and may forward: the layer answers nothing', () => {
    const on = bench({ role: 'stateful-proxy' })
    on.receive(requestText())
    expect(on.receive(requestText({ branch: 'z9hG4bKspiral' }))).toEqual([
      'start Trying 200',
      'request INVITE merged with INVITE',
    ])
    expect(on.sent()).toEqual([])
  })

  row('MR-4', 'neither an ACK nor a CANCEL is merged', () => {
    const on = bench()
    on.receive(requestText())
    on.receive(requestText({ branch: 'z9hG4bKother' }))
    expect(on.receive(requestText({ method: 'CANCEL' }))).toContain('request CANCEL cancels INVITE')
    expect(on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKother' }))).toContain(
      'request CANCEL cancels INVITE',
    )
    expect(on.receive(ackTo({ branch: 'z9hG4bKthird' }, 'b'))).toEqual(['request ACK without transaction'])
  })
})

describe('RFC 2543', () => {
  const old = { branch: '', sentBy: '192.0.2.9' }

  row('K-6', 'without cookie a request is known by its fields, and its response finds it', () => {
    const on = bench()
    expect(on.receive(requestText(old))).toEqual(['start Trying 200', 'request INVITE'])
    expect(unchanged(on, () => on.receive(requestText(old)))).toEqual([])
    expect(on.respond(responseTo(requestOf(old), 180))).toEqual([
      'stop Trying',
      'transmit 180 INVITE to 192.0.2.9:5060',
      'accepted',
    ])
    expect(on.receive(requestText(old))).toEqual(['transmit 180 INVITE to 192.0.2.9:5060'])
    for (const other of [
      { callId: 'x' },
      { cseq: 2 },
      { fromTag: 'x' },
      { uri: 'sip:carol@192.0.2.1' },
      { toTag: 'b' },
    ])
      expect(on.receive(requestText({ ...old, ...other })), JSON.stringify(other)).toContain(
        'start Trying 200',
      )
  })

  row('K-6', 'its ACK bears the To tag of the response', () => {
    const on = bench()
    on.receive(requestText(old))
    on.respond(responseTo(requestOf(old), 486, { toTag: 'btag' }))
    expect(on.receive(ackTo(old, 'btag'))).toEqual(['stop G', 'stop H', 'start I 5000'])
    expect(on.transactions()).toEqual(['invite-server Confirmed I@5000'])
  })

  row('K-14', 'an ACK with the To tag of no response sent is the core’s', () => {
    const on = bench()
    on.receive(requestText(old))
    on.respond(responseTo(requestOf(old), 486, { toTag: 'btag' }))
    expect(unchanged(on, () => on.receive(ackTo(old, 'other')))).toEqual(['request ACK without transaction'])
  })

  row('IS-44', 'the ACK of any 2xx that this transaction sent is handed up from it', () => {
    const on = bench()
    on.receive(requestText(old))
    on.respond(responseTo(requestOf(old), 200, { toTag: 'fork1' }))
    on.respond(responseTo(requestOf(old), 200, { toTag: 'fork2' }))
    expect(on.receive(ackTo(old, 'fork1'))).toEqual(['request ACK'])
    expect(on.receive(ackTo(old, 'fork2'))).toEqual(['request ACK'])
    expect(on.receive(ackTo(old, 'fork3'))).toEqual(['request ACK without transaction'])
    expect(on.transactions()).toEqual(['invite-server Accepted L@32000'])
  })

  test('a CANCEL finds its INVITE, and nothing is left when all is over', () => {
    const on = bench()
    on.receive(requestText(old))
    expect(on.receive(requestText({ ...old, method: 'CANCEL' }))).toContain('request CANCEL cancels INVITE')
    on.respond(responseTo(requestOf({ ...old, method: 'CANCEL' }), 200))
    on.respond(responseTo(requestOf(old), 487))
    expect(on.stack().layer.twins.size).toBe(2)
    on.advance(60_000)
    const { transactions, twins, flows, sources, servers } = on.stack().layer
    expect([
      transactions.size,
      Table.names(transactions),
      twins.size,
      flows.size,
      sources.size,
      servers,
    ]).toEqual([0, 0, 0, 0, 0, 0])
  })
})

test('a key collision of two clients behind one address keeps their answers apart', () => {
  const on = bench()
  on.receive(requestText({ method: 'OPTIONS', sentBy: 'a.example.com', callId: 'a' }))
  on.receive(requestText({ method: 'OPTIONS', sentBy: 'b.example.com', callId: 'b' }))
  on.respond(responseTo(requestOf({ method: 'OPTIONS', sentBy: 'b.example.com', callId: 'b' }), 200))
  expect(on.sent().at(-1)).toContain('Call-ID: b')
  expect(on.transactions()).toEqual([
    'non-invite-server Completed J@32000',
    'non-invite-server Trying N100@3500',
  ])
})
