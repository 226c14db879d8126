// sipp calls the automatic user agent: over TCP on one connection and on one a call, over TLS through socat, over IPv6.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { tcp, tls, udp } from '../../dist/shell/node/index.js'
import {
  answering,
  credentials,
  expect,
  freePort,
  outcome,
  portOf,
  read,
  run,
  scratch,
  sleep,
  stop,
  until,
} from './kit.mjs'

const simple = (method, fields = '') => `<?xml version="1.0" encoding="us-ascii"?>
<scenario name="${method}">
  <send retrans="500"><![CDATA[
    ${method} sip:service@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:service@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 ${method}
    Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
    Max-Forwards: 70${fields}
    Content-Length: 0

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="200"/>
</scenario>
`

const scenario = (name, text) => {
  const file = join(scratch, `${name}.xml`)
  writeFileSync(file, text)
  return file
}

const kinds = [
  { kind: 'calls', args: () => ['-sn', 'uac'], calls: 500, rate: 100 },
  { kind: 'options', args: () => ['-sf', scenario('options', simple('OPTIONS'))], calls: 1000, rate: 250 },
  {
    kind: 'register',
    args: () => ['-sf', scenario('register', simple('REGISTER', '\n    Expires: 60'))],
    calls: 500,
    rate: 200,
  },
  {
    kind: 'cancelled calls',
    args: () => ['-sf', resolve('test/sipp/uac-cancel.xml')],
    calls: 50,
    rate: 25,
    answerAfter: 2000,
  },
]

/** What sipp counted, from the last line of its statistics. */
const counted = (name) => {
  const file = readdirSync(scratch).find((one) => one.startsWith(`${name}.csv`))
  if (file === undefined) return {}
  const [names, ...lines] = read(join(scratch, file)).trim().split('\n')
  const values = lines.at(-1)?.split(';') ?? []
  return Object.fromEntries(names.split(';').map((one, column) => [one, Number(values[column])]))
}

let files = 0

/** One run of sipp; fails unless all calls succeeded. */
export const sipp = async (args, { calls, rate }, remote) => {
  const name = `statistics-${++files}`
  const child = run('sipp', [
    ...args,
    remote,
    ...[
      '-m',
      String(calls),
      '-l',
      String(calls),
      '-r',
      String(rate),
      '-timeout',
      '60',
      '-timeout_error',
      '-nostdin',
    ],
    ...['-max_socket', '2000'],
    ...['-trace_stat', '-stf', `${name}.csv`, '-fd', '1', '-trace_err', '-error_file', `${name}.errors`],
  ])
  const code = await outcome(child, 75_000)
  const result = counted(name)
  const errors = readdirSync(scratch).includes(`${name}.errors`)
    ? read(join(scratch, `${name}.errors`)).slice(0, 1500)
    : ''
  const said = `${result['SuccessfulCall(C)']} successful, ${result['FailedCall(C)']} failed of ${calls}`
  expect(
    code === 0 && result['SuccessfulCall(C)'] === calls && result['FailedCall(C)'] === 0,
    `${said}; sipp ended with ${code}\n${errors}`,
  )
  return said
}

const over = (label, make, protocol, host, mode) =>
  kinds.map(({ kind, args, calls, rate, answerAfter = 0 }) => ({
    name: `sipp ${kind} over ${label}`,
    needs: ['sipp'],
    go: async () => {
      const stack = await answering([make(host)], { answerAfter })
      try {
        const remote = `${host.includes(':') ? `[${host}]` : host}:${portOf(stack, protocol)}`
        return await sipp([...args(), '-t', mode, '-i', host], { calls, rate }, remote)
      } finally {
        await stack.close()
      }
    },
  }))

const throughSocat = {
  name: 'sipp calls over TLS through socat',
  needs: ['sipp', 'socat'],
  go: async () => {
    const stack = await answering([tls({ ...(await credentials({ type: 7, ip: '127.0.0.1' })), port: 0 })])
    const port = await freePort()
    const bridge = run('socat', [
      `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`,
      `OPENSSL:127.0.0.1:${portOf(stack, 'tls')},verify=0`,
    ])
    try {
      await sleep(500)
      return await sipp(
        ['-sn', 'uac', '-t', 't1', '-i', '127.0.0.1'],
        { calls: 500, rate: 100 },
        `127.0.0.1:${port}`,
      )
    } finally {
      await stop(bridge)
      await stack.close()
    }
  },
}

/** Scenarios that lie beside the project, hostile ones among them; absent in a clone elsewhere. */
const own = resolve('../shared/corpus/sipp/own')
const shared = existsSync(own)
  ? ['uac_options', 'uac_bye_no_dialog', 'bad_version'].map((file) => ({
      name: `sipp ${file} over TCP`,
      needs: ['sipp'],
      go: async () => {
        const stack = await answering([tcp({ port: 0 })])
        try {
          const args = ['-sf', join(own, `${file}.xml`), '-t', 't1', '-i', '127.0.0.1']
          return await sipp(args, { calls: 20, rate: 20 }, `127.0.0.1:${portOf(stack, 'tcp')}`)
        } finally {
          await stack.close()
        }
      },
    }))
  : []

/** What tshark makes of all that is said on `ports` while `go` runs. */
const watched = async (ports, go) => {
  const file = join(scratch, 'captured.pcap')
  const decode = ports.flatMap((port) => ['-d', `udp.port==${port},sip`, '-d', `tcp.port==${port},sip`])
  const filter = ports.map((port) => `port ${port}`).join(' or ')
  const capture = run('tshark', ['-i', 'lo', '-f', filter, '-w', file])
  await until(() => capture.said.includes('Capturing') || capture.exitCode !== null, 10_000, 'tshark')
  await sleep(1000)
  expect(capture.exitCode === null, capture.said)
  await go()
  await sleep(1000)
  await stop(capture)
  const lines = async (what) => {
    const child = run('tshark', ['-r', file, ...decode, '-Y', what])
    const code = await outcome(child, 60_000)
    expect(code === 0, child.said)
    return child.said.split('\n').filter((line) => /^ *\d+ /.test(line))
  }
  const odd = await lines('sip && (_ws.malformed || _ws.expert.severity == error)')
  expect(odd.length === 0, odd.slice(0, 5).join('\n'))
  const all = await lines('sip.Method == "OPTIONS" && frame.number < 50')
  expect(all.length > 0, 'tshark saw no SIP')
}

const dissected = {
  name: 'sipp and tshark: no malformed SIP over UDP and TCP',
  needs: ['sipp', 'tshark'],
  go: async () => {
    const stack = await answering([udp({ port: 0 }), tcp({ port: 0 })])
    const ports = { u1: portOf(stack, 'udp'), t1: portOf(stack, 'tcp') }
    try {
      await watched(Object.values(ports), async () => {
        for (const [mode, port] of Object.entries(ports)) {
          const args = ['-t', mode, '-i', '127.0.0.1']
          const remote = `127.0.0.1:${port}`
          await sipp(
            ['-sf', scenario('options', simple('OPTIONS')), ...args],
            { calls: 20, rate: 100 },
            remote,
          )
          await sipp(['-sn', 'uac', ...args], { calls: 100, rate: 100 }, remote)
        }
      })
    } finally {
      await stack.close()
    }
  },
}

export const runs = [
  dissected,
  ...shared,
  ...over('TCP, one connection', (host) => tcp({ host, port: 0 }), 'tcp', '127.0.0.1', 't1'),
  ...over('TCP, one connection a call', (host) => tcp({ host, port: 0 }), 'tcp', '127.0.0.1', 'tn'),
  ...over('TCP and IPv6', (host) => tcp({ host, port: 0 }), 'tcp', '::1', 't1').slice(0, 1),
  ...over('UDP and IPv6', (host) => udp({ host, port: 0 }), 'udp', '::1', 'u1').slice(0, 3),
  throughSocat,
]
