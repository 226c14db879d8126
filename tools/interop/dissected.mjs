// What tshark makes of our side of a conversation over TLS, WS and WSS. Two of our stacks talk in a process of their own,
// which writes the secrets of its TLS sessions to a file, so that tshark can read along.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tcp, tls, udp, ws, wss } from '../../dist/shell/node/index.js'
import {
  answering,
  call,
  credentials,
  expect,
  outcome,
  party,
  portOf,
  run,
  scratch,
  sleep,
  stop,
  until,
} from './kit.mjs'

const script = fileURLToPath(import.meta.url)

const makers = { udp, tcp, tls, ws, wss }

/** As what tshark has to read the octets of a port. */
const layers = {
  udp: (port) => [`udp.port==${port},sip`],
  tcp: (port) => [`tcp.port==${port},sip`],
  tls: (port) => [`tcp.port==${port},tls`, `tls.port==${port},sip`],
  ws: (port) => [`tcp.port==${port},http`],
  wss: (port) => [`tcp.port==${port},tls`, `tls.port==${port},http`],
}

/** Every method of a call and a registration, with all the responses they get. */
const talk = async (client, uri) => {
  const from = 'sip:client@127.0.0.1'
  const contact = '<sip:client@127.0.0.1>'
  await call(client, 'OPTIONS', uri, { from })
  await call(client, 'REGISTER', uri, { from, to: from, contact })
  await call(client, 'MESSAGE', uri, {
    from,
    body: { type: 'text/plain;charset=utf-8', content: 'grüß dich' },
  })
  await call(client, 'INVITE', uri, { from, contact })
  await call(client, 'BYE', uri, { from })
}

/** The process that talks: says its ports, waits for a word, talks, ends. */
const speak = async () => {
  const shown = await credentials({ type: 7, ip: '127.0.0.1' })
  const made = (kind) => makers[kind]({ ...shown, port: 0 })
  const server = await answering(Object.keys(makers).map(made))
  const client = await party(Object.keys(makers).map(made))
  const kinds = Object.keys(makers)
  const ports = Object.fromEntries(kinds.map((kind) => [kind, portOf(server, kind)]))
  process.stdout.write(`${JSON.stringify(ports)}\n`)
  await new Promise((done) => process.stdin.once('data', done))
  for (const kind of kinds) await talk(client, `sip:127.0.0.1:${ports[kind]};transport=${kind}`)
  await Promise.all([server.close(), client.stack.close()])
  process.exit(client.errors.length)
}

const dissected = {
  name: 'tshark: no malformed SIP from us over UDP, TCP, TLS, WS and WSS',
  needs: ['tshark'],
  go: async () => {
    const secrets = join(scratch, 'secrets.txt')
    const file = join(scratch, 'dissected.pcap')
    const speaker = run(process.execPath, [`--tls-keylog=${secrets}`, script], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    await until(() => speaker.said.includes('}') || speaker.exitCode !== null, 20_000, 'two stacks')
    expect(speaker.exitCode === null, speaker.said)
    const ports = JSON.parse(/^\{.*\}$/m.exec(speaker.said)[0])
    const filter = Object.values(ports)
      .map((port) => `port ${port}`)
      .join(' or ')
    const capture = run('tshark', ['-i', 'lo', '-f', filter, '-w', file])
    await until(() => capture.said.includes('Capturing') || capture.exitCode !== null, 10_000, 'tshark')
    await sleep(1000)
    expect(capture.exitCode === null, capture.said)
    speaker.stdin.write('talk\n')
    const ended = await outcome(speaker, 60_000)
    expect(ended === 0, `${ended}: ${speaker.said}`)
    await sleep(1000)
    await stop(capture)
    const decode = Object.entries(ports).flatMap(([kind, port]) =>
      layers[kind](port).flatMap((one) => ['-d', one]),
    )
    const lines = async (filter, ...fields) => {
      const wanted = fields.flatMap((field) => ['-e', field])
      const how = ['-o', `tls.keylog_file:${secrets}`, ...decode, '-Y', filter, '-T', 'fields', ...wanted]
      const child = run('tshark', ['-r', file, ...how])
      const code = await outcome(child, 60_000)
      expect(code === 0, child.said)
      return child.said.split('\n').filter((line) => /\d/.test(line))
    }
    const odd = await lines(
      'sip && (_ws.malformed || _ws.expert.severity == error)',
      'frame.number',
      'frame.protocols',
    )
    expect(odd.length === 0, odd.slice(0, 5).join('\n'))
    const all = await lines('sip', 'udp.port', 'tcp.port', 'sip.Method', 'sip.Status-Code')
    const seen = Object.entries(ports).map(([kind, port]) => {
      const here = all.filter((line) => line.split('\t', 2).join().split(',').includes(String(port)))
      for (const method of ['OPTIONS', 'REGISTER', 'MESSAGE', 'INVITE', 'BYE'])
        expect(
          here.some((line) => line.includes(method)),
          `${kind}: tshark saw no ${method}`,
        )
      const answers = here.filter((line) => /\t[2-6]\d\d$/.test(line)).length
      expect(answers >= 5, `${kind}: tshark saw ${answers} answers`)
      return `${kind} ${here.length}`
    })
    return seen.join(', ')
  },
}

export const runs = [dissected]

if (process.argv[1] === script) await speak()
