// dnsmasq on a loopback port with NAPTR, SRV and A: order, shares by weight, failing over, what changes between requests.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemResolver, tcp, udp } from '../../dist/shell/node/index.js'
import { respond } from '../../dist/core/message/build.js'
import { topVia } from '../../dist/core/message/head.js'
import { call, expect, freePort, party, portOf, run, scratch, stop, until } from './kit.mjs'

const dns = async (port, lines) => {
  const file = join(scratch, `dnsmasq-${port}.conf`)
  const hosts = join(scratch, `hosts-${port}`)
  const own = [
    'no-daemon',
    'no-resolv',
    'no-hosts',
    `port=${port}`,
    'listen-address=127.0.0.1',
    'bind-interfaces',
  ]
  writeFileSync(hosts, '')
  writeFileSync(file, [...own, 'local=/example/', `addn-hosts=${hosts}`, ...lines].join('\n'))
  const child = run('dnsmasq', ['-C', file, '-k', '--user=root'])
  await until(() => child.said.includes('started') || child.exitCode !== null, 5000, 'dnsmasq')
  expect(child.exitCode === null, child.said)
  return child
}

const server = (answer) =>
  party([udp({ port: 0 }), tcp({ port: 0 })], { answer: (message, key, stack) => answer(message, stack) })

const ok = (message, stack) => stack.send(respond(200)(message))

const client = (port) =>
  party([udp({ port: 0 }), tcp({ port: 0 })], {
    resolver: systemResolver({ servers: [`127.0.0.1:${port}`], timeout: 1000, attempts: 1 }),
    connections: { grey: 1 },
  })

const options = (heard, uri) => call(heard, 'OPTIONS', uri, { from: 'sip:dns@client.example' })

const closeAll = (...parties) => Promise.all(parties.map(({ stack }) => stack.close()))

const scene = (name, go) => ({ name: `dns: ${name}`, needs: ['dnsmasq'], go })

export const runs = [
  scene('NAPTR chooses TCP before UDP, SRV the port, A the address', async () => {
    const port = await freePort()
    const one = await server(ok)
    const child = await dns(port, [
      'naptr-record=a.example,10,10,s,SIP+D2T,,_sip._tcp.a.example',
      'naptr-record=a.example,20,10,s,SIP+D2U,,_sip._udp.a.example',
      `srv-host=_sip._tcp.a.example,s.a.example,${portOf(one.stack, 'tcp')},0,1`,
      `srv-host=_sip._udp.a.example,s.a.example,${portOf(one.stack, 'udp')},0,1`,
      'address=/s.a.example/127.0.0.1',
    ])
    const caller = await client(port)
    try {
      expect((await options(caller, 'sip:x@a.example')).status === 200, 'no 200')
      expect(topVia(one.requests[0]).transport === 'TCP', topVia(one.requests[0]).transport)
    } finally {
      await closeAll(one, caller)
      await stop(child)
    }
  }),
  scene('weights share the load, priorities keep it', async () => {
    const port = await freePort()
    const parties = [await server(ok), await server(ok), await server(ok)]
    const [a, b, spare] = parties
    const child = await dns(port, [
      `srv-host=_sip._udp.a.example,s.a.example,${portOf(a.stack, 'udp')},1,75`,
      `srv-host=_sip._udp.a.example,s.a.example,${portOf(b.stack, 'udp')},1,25`,
      `srv-host=_sip._udp.a.example,s.a.example,${portOf(spare.stack, 'udp')},2,100`,
      'address=/s.a.example/127.0.0.1',
    ])
    const caller = await client(port)
    try {
      const calls = 400
      for (let n = 0; n < calls; n += 20)
        await Promise.all(Array.from({ length: 20 }, () => options(caller, 'sip:x@a.example')))
      const share = a.requests.length / calls
      expect(spare.requests.length === 0, `${spare.requests.length} went to the spare`)
      // 75 of 100, and four standard deviations of 400 draws.
      expect(Math.abs(share - 0.75) < 0.09, `share ${share}`)
      return `${a.requests.length} to ${b.requests.length}`
    } finally {
      await closeAll(...parties, caller)
      await stop(child)
    }
  }),
  scene('a dead first server and one that answers 503 are passed over', async () => {
    const port = await freePort()
    const busy = await server((message, stack) => stack.send(respond(503)(message)))
    const good = await server(ok)
    const dead = await freePort()
    const child = await dns(port, [
      `srv-host=_sip._tcp.a.example,s.a.example,${dead},1,1`,
      `srv-host=_sip._tcp.a.example,s.a.example,${portOf(busy.stack, 'tcp')},2,1`,
      `srv-host=_sip._tcp.a.example,s.a.example,${portOf(good.stack, 'tcp')},3,1`,
      'address=/s.a.example/127.0.0.1',
    ])
    const caller = await client(port)
    try {
      expect((await options(caller, 'sip:x@a.example;transport=tcp')).status === 200, 'no 200')
      expect(
        busy.requests.length === 1 && good.requests.length === 1,
        `${busy.requests.length} ${good.requests.length}`,
      )
      expect(caller.responses.length === 1 && caller.errors.length === 0, 'more than one outcome')
    } finally {
      await closeAll(busy, good, caller)
      await stop(child)
    }
  }),
  scene('an address that dies between two requests, and one that was not there', async () => {
    const port = await freePort()
    const first = await server(ok)
    const second = await server(ok)
    const child = await dns(port, [
      `srv-host=_sip._tcp.a.example,s1.a.example,${portOf(first.stack, 'tcp')},1,1`,
      `srv-host=_sip._tcp.a.example,s2.a.example,${portOf(second.stack, 'tcp')},2,1`,
      'address=/s1.a.example/127.0.0.1',
      'address=/s2.a.example/127.0.0.1',
    ])
    const caller = await client(port)
    try {
      expect((await options(caller, 'sip:x@a.example;transport=tcp')).status === 200, 'no 200')
      await first.stack.close()
      expect(
        (await options(caller, 'sip:x@a.example;transport=tcp')).status === 200,
        'no 200 from the second',
      )
      expect(first.requests.length === 1 && second.requests.length === 1, 'not one each')
      const none = await options(caller, 'sip:x@nobody.example').catch((error) => error)
      expect(/unresolved/.test(String(none.message)), String(none.message ?? none.status))
    } finally {
      await closeAll(second, caller)
      await stop(child)
    }
  }),
]
