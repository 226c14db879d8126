// kamailio as registrar and proxy: two of our user agents register, each over a transport of its own, and one calls the
// other through it; so kamailio is our server on the first leg and our client on the second.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { staticResolver, tcp, tls, udp, wsClient } from '../../dist/shell/node/index.js'
import { respond } from '../../dist/core/message/build.js'
import { appendField } from '../../dist/core/message/splice.js'
import { call, credentials, expect, freePort, party, read, run, scratch, stop, until } from './kit.mjs'

export const modules = () => {
  const [triplet] = readdirSync('/usr/lib').filter((name) => readdirSafe(`/usr/lib/${name}/kamailio/modules`))
  return triplet === undefined ? '/usr/lib/kamailio/modules' : `/usr/lib/${triplet}/kamailio/modules`
}

const readdirSafe = (folder) => {
  try {
    return readdirSync(folder).length > 0
  } catch {
    return false
  }
}

/** Starts kamailio; its ports. */
export const started = async () => {
  const folder = join(scratch, `kamailio-${Date.now()}`)
  mkdirSync(folder)
  const [plain, secure, socket] = [await freePort(), await freePort(), await freePort()]
  const { cert, key, ca } = await credentials(
    { type: 2, value: 'kamailio.example' },
    { type: 7, ip: '127.0.0.1' },
  )
  const file = (name, text) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const files = [file('cert.pem', cert), file('key.pem', key), file('ca.pem', ca)]
  const side = (name) => `[${name}]
method = TLSv1.2+
certificate = ${files[0]}
private_key = ${files[1]}
ca_list = ${files[2]}
verify_certificate = no
require_certificate = no
`
  file('kamailio-tls.cfg', `${side('server:default')}${side('client:default')}`)
  const config = read(resolve('tools/interop/kamailio.cfg'))
    .replaceAll('PORT_UDP', plain)
    .replaceAll('PORT_TLS', secure)
    .replaceAll('PORT_WS', socket)
    .replaceAll('MODULES', modules())
    .replaceAll('FOLDER', folder)
  const child = run('kamailio', [
    '-DD',
    '-E',
    '-f',
    file('kamailio.cfg', config),
    '-Y',
    folder,
    '-m',
    '64',
    '-M',
    '8',
  ])
  const probe = await party([udp({ port: 0 })])
  await until(
    () =>
      call(probe, 'OPTIONS', `sip:127.0.0.1:${plain}`, { from: 'sip:probe@127.0.0.1' }).then(
        () => true,
        () => child.exitCode !== null,
      ),
    15_000,
    'kamailio',
  )
  await probe.stack.close()
  expect(child.exitCode === null, `kamailio ended: ${child.said.slice(-1500)}`)
  return { child, plain, secure, socket }
}

const kinds = {
  udp: { make: () => udp({ port: 0 }), port: ({ plain }) => plain },
  tcp: { make: () => tcp({ port: 0 }), port: ({ plain }) => plain },
  tls: {
    make: async () =>
      tls({ ...(await credentials({ type: 7, ip: '127.0.0.1' })), port: 0, clientCertificates: 'request' }),
    port: ({ secure }) => secure,
  },
  ws: { make: (ports) => wsClient(`ws://127.0.0.1:${ports.socket}`), port: ({ socket }) => socket },
  wss: {
    make: async ({ secure }) => {
      const { ca } = await credentials({ type: 7, ip: '127.0.0.1' })
      return wsClient(`wss://127.0.0.1:${secure}`, { ca })
    },
    port: ({ secure }) => secure, // kamailio tells a handshake of WebSocket from SIP by itself
  },
}

/** What says in a URI by which transport; everything of a WebSocket client goes to its server anyway. */
const transported = (kind) => (kind === 'tcp' || kind === 'tls' ? `;transport=${kind}` : '')

/** Answers like a telephone that is picked up after a ring. */
const picksUp = (own) => (request, key, stack) => {
  if (key._tag === 'None') return
  if (request.method === 'INVITE') {
    stack.send(respond(180)(request))
    stack.send(appendField(respond(200)(request), `Contact: <${own()}>`))
  } else stack.send(respond(200)(request))
}

/** whom its certificate has to show; its Record-Route has the address, which the certificate shows as well. */
const domainOf = (kind) => (kind === 'tls' ? 'kamailio.example' : '127.0.0.1')

/** One of our user agents, which picks up, over a transport of a kind. */
export const agent = async (name, kind, ports) => {
  const transport = await kinds[kind].make(ports)
  let contact = ''
  const heard = await party([transport], {
    answer: picksUp(() => contact),
    resolver: staticResolver({ hosts: { 'kamailio.example': ['127.0.0.1'] } }),
  })
  const [{ advertised }] = heard.stack.listeners()
  const way = kind === 'wss' ? 'ws' : kind // "The "transport" parameter … "ws"" stands for both (RFC 7118 5.1)
  contact = `sip:${name}@${advertised.host}:${advertised.port};transport=${way}`
  const registrar = `sip:${domainOf(kind)}:${kinds[kind].port(ports)}${transported(kind)}`
  return { heard, contact, registrar, aor: `sip:${name}@127.0.0.1` }
}

/** Registers an agent. */
export const register = async ({ heard, contact, registrar, aor }) => {
  const response = await call(heard, 'REGISTER', registrar, {
    from: aor,
    to: aor,
    contact: `<${contact}>`,
    fields: [['Expires', '600']],
  })
  expect(response.status === 200, `REGISTER got ${response.status}`)
}

const pair = (calling, called) => ({
  name: `kamailio: register and call, ${calling} to ${called}`,
  needs: ['kamailio'],
  go: async () => {
    const kamailio = await started()
    const parties = []
    try {
      const alice = await agent('alice', calling, kamailio)
      const bob = await agent('bob', called, kamailio)
      parties.push(alice, bob)
      await register(alice)
      await register(bob)
      const uri = `sip:bob@${domainOf(calling)}:${kinds[calling].port(kamailio)}${transported(calling)}`
      for (let n = 0; n < 10; n++) {
        const options = await call(alice.heard, 'OPTIONS', uri, { from: alice.aor })
        expect(options.status === 200, `OPTIONS got ${options.status}`)
      }
      const invite = await call(alice.heard, 'INVITE', uri, {
        from: alice.aor,
        contact: `<${alice.contact}>`,
      })
      expect(invite.status === 200, `INVITE got ${invite.status}`)
      await until(
        () => bob.heard.requests.some(({ method }) => method === 'ACK') || bob.heard.errors.length > 0,
        5000,
        'ACK',
      )
      const methods = bob.heard.requests.map(({ method }) => method)
      expect(methods.filter((method) => method === 'INVITE').length === 1, `bob heard ${methods}`)
      expect(
        !alice.heard.errors.length && !bob.heard.errors.length,
        `${alice.heard.errors} ${bob.heard.errors}`,
      )
      const odd = [...alice.heard.diagnostics, ...bob.heard.diagnostics].filter(
        ({ code }) => code === 'malformed',
      )
      expect(odd.length === 0, JSON.stringify(odd))
      return `${methods.length} requests relayed`
    } catch (error) {
      error.message += `\n${kamailio.child.said.slice(-1500)}`
      throw error
    } finally {
      await Promise.all(parties.map(({ heard }) => heard.stack.close()))
      await stop(kamailio.child)
    }
  },
})

export const runs = [
  pair('udp', 'tcp'),
  pair('tcp', 'udp'),
  pair('tcp', 'tcp'),
  pair('tls', 'udp'),
  pair('udp', 'tls'),
  pair('ws', 'tcp'),
  pair('tcp', 'ws'),
  pair('wss', 'tcp'),
  pair('tcp', 'wss'),
]
