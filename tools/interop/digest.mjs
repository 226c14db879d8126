// Digest with others: kamailio challenges our client; our server challenges sipp, sipsak and baresip.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { respond } from '../../dist/core/message/build.js'
import { appendField } from '../../dist/core/message/splice.js'
import { udp } from '../../dist/shell/node/index.js'
import {
  call,
  expect,
  freePort,
  outcome,
  party,
  portOf,
  read,
  run,
  scratch,
  sleep,
  stop,
  until,
} from './kit.mjs'
import { modules } from './kamailio.mjs'

const account = { username: 'alice', password: 'sesame' }

const isAlice = (question) =>
  question._tag === 'Ours' || (question.wanted._tag === 'Name' && question.wanted.name === 'alice')
    ? account
    : undefined

/**
 * kamailio that lets in alice alone, and asks in the way that is given. Not with auth-int: kamailio 5.6 computes the same
 * response whatever the body is, and RFC 2617 another.
 */
const challenging = async ({ algorithm, qop, kind, expire = 300, counted = false }) => {
  const port = await freePort()
  const parameters = [
    `modparam("auth", "algorithm", "${algorithm}")`,
    `modparam("auth", "nonce_expire", ${expire})`,
    ...(counted ? ['modparam("auth", "nonce_count", 1)', 'modparam("auth", "qop", "auth")'] : []),
  ]
  const flag = qop === 'auth' ? 1 : 0
  const check =
    kind === 'proxy'
      ? `if (!pv_proxy_authenticate("b.example", "${account.password}", "0")) { proxy_challenge("b.example", "${flag}"); xlog("L_ALERT", "CHALLENGED\\n"); exit; }`
      : `if (!pv_www_authenticate("b.example", "${account.password}", "0", "$rm")) { www_challenge("b.example", "${flag}"); xlog("L_ALERT", "CHALLENGED\\n"); exit; }`
  const file = join(scratch, `kamailio-digest-${port}.cfg`)
  writeFileSync(
    file,
    read(resolve('tools/interop/kamailio-digest.cfg'))
      .replaceAll('PORT', port)
      .replaceAll('MODULES', modules())
      .replaceAll('PARAMETERS', parameters.join('\n'))
      .replaceAll('CHECK', check),
  )
  const folder = join(scratch, `kamailio-digest-${port}`)
  mkdirSync(folder)
  const child = run('kamailio', ['-DD', '-E', '-f', file, '-Y', folder, '-m', '64', '-M', '8'])
  await until(() => child.said.includes('READY') || child.exitCode !== null, 15_000, 'kamailio')
  expect(child.exitCode === null, `kamailio ended: ${child.said.slice(-1500)}`)
  return { child, port }
}

/** Our client logs in twice; kamailio has to let it in, the second time without asking. */
const asked = (how, { later = 0, expected = 1 } = {}) => ({
  name: `digest: kamailio asks ours, ${Object.values(how).join(' ')}`,
  needs: ['kamailio'],
  go: async () => {
    const kamailio = await challenging(how)
    const heard = await party([udp({ host: '127.0.0.1', port: 0 })], {
      digest: { findAccount: isAlice, client: { outbound: ['b.example'] } },
    })
    try {
      const body = { type: 'text/plain', content: 'hello, kamailio' }
      const send = () =>
        call(heard, 'MESSAGE', `sip:b@127.0.0.1:${kamailio.port}`, { from: 'sip:alice@b.example', body })
      const first = await send()
      expect(first.status === 200, `MESSAGE got ${first.status}`)
      await sleep(later)
      const second = await send()
      expect(second.status === 200, `the second MESSAGE got ${second.status}`)
      const challenges = (kamailio.child.said.match(/CHALLENGED/g) ?? []).length
      expect(challenges === expected, `${challenges} challenges`)
      return `${challenges} challenges`
    } catch (error) {
      error.message += `\n${kamailio.child.said.slice(-1500)}`
      throw error
    } finally {
      await heard.stack.close()
      await stop(kamailio.child)
    }
  },
})

/** A registrar of ours that lets in alice alone. */
const registrar = (how = {}) =>
  party([udp({ host: '127.0.0.1', port: 0 })], {
    digest: { findAccount: isAlice, server: { realm: 'b.example', ...how } },
    answer: (request, key, stack) => {
      if (key._tag === 'None') return
      const contact = /^(Contact|m)\s*:.*$/im.exec(request.text)?.[0].trim()
      const ok = respond(200)(request)
      stack.send(request.method === 'REGISTER' && contact !== undefined ? appendField(ok, contact) : ok)
    },
  })

const md5 = { algorithms: [{ hash: 'MD5', session: false }] }
/** The order for clients that look at the first challenge only, and know MD5 only. */
const md5First = { algorithms: ['MD5', 'SHA-256'].map((hash) => ({ hash, session: false })) }
const credentialsIn = (heard) =>
  heard.requests.map(({ text }) => /^(?:Proxy-)?Authorization:.*$/im.exec(text)?.[0] ?? '')

const registration = (password) => `<?xml version="1.0" encoding="us-ascii"?>
<scenario name="register">
  <send retrans="500"><![CDATA[
    REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:alice@b.example>;tag=[call_number]
    To: <sip:alice@b.example>
    Call-ID: [call_id]
    CSeq: 1 REGISTER
    Contact: <sip:alice@[local_ip]:[local_port]>
    Max-Forwards: 70
    Expires: 60
    Content-Length: 0

  ]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[
    REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:alice@b.example>;tag=[call_number]
    To: <sip:alice@b.example>
    Call-ID: [call_id]
    CSeq: 2 REGISTER
    Contact: <sip:alice@[local_ip]:[local_port]>
    [authentication username=alice password=${password}]
    Max-Forwards: 70
    Expires: 60
    Content-Length: 0

  ]]></send>
  <recv response="RESPONSE"/>
</scenario>
`

const sippScenario = (name, password, status) => {
  const file = join(scratch, `${name}.xml`)
  writeFileSync(file, registration(password).replace('RESPONSE', status))
  return file
}

/** Ten calls: after so many failures a source has to wait. */
const CALLS = 10

const sipp = (name, how, password, status) => ({
  name: `digest: ours asks sipp, ${name}`,
  needs: ['sipp'],
  go: async () => {
    const heard = await registrar(how)
    try {
      const file = sippScenario(name.replaceAll(' ', '-'), password, status)
      const args = ['-sf', file, '-i', '127.0.0.1', '-m', String(CALLS), '-r', '50', '-nostdin']
      const child = run('sipp', [...args, `127.0.0.1:${portOf(heard.stack, 'udp')}`])
      const code = await outcome(child, 30_000)
      expect(code === 0, `sipp ended with ${code}: ${child.said.slice(-1500)}`)
      const expected = status === 200 ? CALLS : 0
      expect(heard.requests.length === expected, `${heard.requests.length} requests let in`)
      return credentialsIn(heard)[0] ?? 'nobody let in'
    } finally {
      await heard.stack.close()
    }
  },
})

const sipsak = (name, how, password, succeeds) => ({
  name: `digest: ours asks sipsak, ${name}`,
  needs: ['sipsak'],
  go: async () => {
    const heard = await registrar(how)
    try {
      const address = `sip:alice@127.0.0.1:${portOf(heard.stack, 'udp')}`
      const args = [
        '-U',
        '-C',
        'sip:alice@127.0.0.1:5099',
        '-u',
        'alice',
        '-a',
        password,
        '-s',
        address,
        '-vv',
      ]
      const child = run('sipsak', args)
      const code = await outcome(child, 20_000)
      expect((code === 0) === succeeds, `sipsak ended with ${code}: ${child.said.slice(-1500)}`)
      expect(heard.requests.length > 0 === succeeds, `${heard.requests.length} requests let in`)
      return credentialsIn(heard)[0] ?? 'nobody let in'
    } finally {
      await heard.stack.close()
    }
  },
})

const baresipModules = '/usr/lib/baresip/modules'

const baresip = (name, how) => ({
  name: `digest: ours asks baresip, ${name}`,
  needs: ['baresip'],
  go: async () => {
    const heard = await registrar(how)
    const folder = join(scratch, `baresip-${portOf(heard.stack, 'udp')}`)
    mkdirSync(folder)
    const address = `sip:alice@127.0.0.1:${portOf(heard.stack, 'udp')};transport=udp`
    writeFileSync(
      join(folder, 'accounts'),
      `<${address}>;auth_user=alice;auth_pass=${account.password};regint=60\n`,
    )
    writeFileSync(
      join(folder, 'config'),
      `sip_listen 127.0.0.1:0\nmodule_path ${baresipModules}\nmodule_app account.so\n`,
    )
    writeFileSync(join(folder, 'contacts'), '')
    const child = run('baresip', ['-f', folder])
    try {
      await until(
        () => heard.requests.length > 0 || child.exitCode !== null,
        15_000,
        `baresip: ${child.said}`,
      )
      expect(heard.requests.length > 0, `baresip ended: ${child.said.slice(-1500)}`)
      return credentialsIn(heard)[0]
    } catch (error) {
      error.message += `\n${child.said.slice(-1500)}\n${JSON.stringify(heard.diagnostics.slice(-3))}`
      throw error
    } finally {
      await stop(child)
      await heard.stack.close()
    }
  },
})

export const runs = [
  asked({ kind: 'www', algorithm: 'MD5', qop: 'none' }),
  asked({ kind: 'www', algorithm: 'MD5', qop: 'auth' }),
  asked({ kind: 'www', algorithm: 'MD5', qop: 'auth', counted: true }),
  asked({ kind: 'www', algorithm: 'SHA-256', qop: 'auth' }),
  asked({ kind: 'proxy', algorithm: 'SHA-256', qop: 'auth' }),
  asked({ kind: 'www', algorithm: 'MD5', qop: 'auth', expire: 1 }, { later: 2500, expected: 2 }),
  sipp('MD5', md5, account.password, 200),
  sipp('MD5 before SHA-256', md5First, account.password, 200),
  sipp('wrong password', md5, 'other', 401),
  sipsak('MD5', md5, account.password, true),
  sipsak('MD5 before SHA-256', md5First, account.password, true),
  sipsak('wrong password', md5, 'other', false),
  baresip('MD5', md5),
]
