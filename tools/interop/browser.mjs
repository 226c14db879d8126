// Pages in headless Chromium: our browser entry against our server and against kamailio, JsSIP against our server. A page
// says what became of it by a POST to the server that it came from.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { ws, wss } from '../../dist/shell/node/index.js'
import { respond, withBody } from '../../dist/core/message/build.js'
import { appendField } from '../../dist/core/message/splice.js'
import { credentials, expect, party, portOf, run, scratch, stop, until } from './kit.mjs'
import { agent, register, started } from './kamailio.mjs'

/** Opens a page that runs `script` as a module; answers what it posts. */
export const page = async (script, files = {}, more = []) => {
  let posted
  const told = new Promise((done) => {
    posted = done
  })
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let text = ''
      request.setEncoding('utf8')
      request.on('data', (chunk) => {
        text += chunk
      })
      request.on('end', () => {
        response.end()
        posted(JSON.parse(text))
      })
      return
    }
    const file = files[request.url]
    response.writeHead(200, { 'content-type': file === undefined ? 'text/html' : 'text/javascript' })
    response.end(
      file === undefined
        ? `<!doctype html><script type="module">
const tell = (what) => fetch('/', { method: 'POST', body: JSON.stringify(what) })
addEventListener('error', ({ message }) => tell({ error: message }))
addEventListener('unhandledrejection', ({ reason }) => tell({ error: String(reason?.stack ?? reason) }))
${script}
</script>`
        : readFileSync(file),
    )
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const profile = join(scratch, `chromium-${Date.now()}`)
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
  ]
  const child = run('chromium', [
    ...flags,
    ...more,
    `--user-data-dir=${profile}`,
    `http://127.0.0.1:${server.address().port}/`,
  ])
  const late = setTimeout(
    () => posted({ error: `the page said nothing\n${child.said.slice(-1000)}` }),
    30_000,
  )
  try {
    const result = await told
    expect(result.error === undefined, result.error)
    return result
  } finally {
    clearTimeout(late)
    await stop(child)
    server.close()
    server.closeAllConnections()
  }
}

/** An offer and an answer of no media: what a 2xx answers is acknowledged without the application's help. */
const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n'

/** Registers and calls; what it heard. */
const ours = (url, domain, callee) => `
import { Message, createStack, request, webSocket } from '/sippet.js'
const waiting = new Map()
const made = (either) => { if (either._tag === 'Left') throw new Error(JSON.stringify(either.left)); return either.right }
const stack = made(await createStack({
  name: 'page',
  transports: [webSocket('${url}')],
  onDiagnostic: (one) => { if (one.code === 'malformed') tell({ error: JSON.stringify(one) }) },
  core: {
    receiveRequest: () => undefined,
    receiveResponse: (response, key) => {
      if (response.status >= 200) waiting.get(JSON.stringify(key.value))?.(response)
    },
    receiveError: (reason) => tell({ error: reason }),
  },
})())
const from = 'sip:page@${domain}'
const contact = '<sip:page@' + stack.listeners()[0].advertised.host + ';transport=ws>'
const send = (method, uri, more) =>
  new Promise((done) => {
    const { key } = made(stack.send(made(request(method, uri, { from, contact, ...more }))))
    waiting.set(JSON.stringify(key), done)
  })
const registered = await send('REGISTER', 'sip:${domain}', { to: from })
const invited = await send('INVITE', '${callee}', { body: { type: 'application/sdp', content: ${JSON.stringify(sdp)} } })
await new Promise((done) => setTimeout(done, 300)) // the ACK is on its way
tell({ register: registered.status, invite: invited.status, text: Message.print(invited).length })
`

const bundle = () => {
  const file = resolve('dist/bundle/browser.js')
  expect(existsSync(file), 'npm run build first')
  return { '/sippet.js': file }
}

/** Certificates of an authority that no browser knows. */
const anyCertificate = ['--ignore-certificate-errors']

/** A registrar and telephone in one, over WebSocket. */
const telephone = (transport = ws({ port: 0 })) =>
  party([transport], {
    answer: (request, key, stack) => {
      if (key._tag === 'None') return
      if (request.method !== 'INVITE') {
        const contact = /^Contact: .*$/m.exec(request.method === 'REGISTER' ? request.text : '')?.[0].trim()
        stack.send(
          contact === undefined ? respond(200)(request) : appendField(respond(200)(request), contact),
        )
        return
      }
      stack.send(respond(180)(request))
      const accepted = appendField(respond(200)(request), 'Contact: <sip:telephone@127.0.0.1;transport=ws>')
      const described = withBody(
        'application/sdp',
        'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n',
      )(accepted)
      stack.send(described.right)
    },
  })

const heard = ({ requests }, method) => requests.filter((one) => one.method === method).length

/** JsSIP from npm as one module for the page. */
const jssip = () => {
  const folder = join(scratch, 'jssip')
  mkdirSync(folder, { recursive: true })
  const npm = [
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--prefix',
    folder,
    'jssip@3.13.8',
    'events@3.3.0',
  ]
  execFileSync('npm', npm, { stdio: 'ignore' })
  const entry = join(folder, 'node_modules/jssip/lib/JsSIP.js')
  const bundled = join(folder, 'jssip.js')
  execFileSync(
    resolve('node_modules/.bin/rolldown'),
    [entry, '--file', bundled, '--format', 'esm', '--platform', 'browser'],
    {
      stdio: 'ignore',
      cwd: folder,
    },
  )
  return { '/jssip.js': bundled }
}

const theirs = (url) => `
import JsSIP from '/jssip.js'
const ua = new JsSIP.UA({ sockets: [new JsSIP.WebSocketInterface('${url}')], uri: 'sip:page@127.0.0.1', register: true })
const done = {}
ua.on('registrationFailed', ({ cause }) => tell({ error: 'registration: ' + cause }))
ua.on('registered', () => {
  ua.sendMessage('sip:telephone@127.0.0.1', 'hello', {
    eventHandlers: {
      failed: ({ cause }) => tell({ error: 'message: ' + cause }),
      succeeded: () => {
        const session = ua.call('sip:telephone@127.0.0.1', {
          mediaConstraints: { audio: false, video: false },
          rtcOfferConstraints: { offerToReceiveAudio: true },
          eventHandlers: {
            progress: () => { done.progress = true },
            accepted: () => { done.accepted = true },
            failed: ({ cause }) => { done.failed = cause; setTimeout(() => tell(done), 500) },
            confirmed: () => { done.confirmed = true; session.terminate() },
            ended: () => { done.ended = true; setTimeout(() => tell(done), 500) },
          },
        })
      },
    },
  })
})
ua.start()
`

export const runs = [
  {
    name: 'browser: our entry in Chromium against our server',
    needs: ['chromium'],
    go: async () => {
      const server = await telephone()
      try {
        const url = `ws://127.0.0.1:${portOf(server.stack, 'ws')}`
        const result = await page(ours(url, '127.0.0.1', 'sip:telephone@127.0.0.1'), bundle())
        expect(result.register === 200 && result.invite === 200, JSON.stringify(result))
        await until(() => heard(server, 'ACK') >= 1, 2000, 'ACK')
        return JSON.stringify(result)
      } finally {
        await server.stack.close()
      }
    },
  },
  {
    name: 'browser: our entry in Chromium against our server, over WSS',
    needs: ['chromium'],
    go: async () => {
      const server = await telephone(wss({ ...(await credentials({ type: 7, ip: '127.0.0.1' })), port: 0 }))
      try {
        const url = `wss://127.0.0.1:${portOf(server.stack, 'wss')}`
        const script = ours(url, '127.0.0.1', 'sip:telephone@127.0.0.1')
        const result = await page(script, bundle(), anyCertificate)
        expect(result.register === 200 && result.invite === 200, JSON.stringify(result))
        await until(() => heard(server, 'ACK') >= 1, 2000, 'ACK')
        return JSON.stringify(result)
      } finally {
        await server.stack.close()
      }
    },
  },
  {
    name: 'browser: our entry in Chromium against kamailio, over WSS',
    needs: ['chromium', 'kamailio'],
    go: async () => {
      const kamailio = await started()
      const bob = await agent('bob', 'tcp', kamailio)
      try {
        await register(bob)
        const url = `wss://127.0.0.1:${kamailio.secure}`
        const script = ours(url, '127.0.0.1', `sip:bob@127.0.0.1:${kamailio.secure}`)
        const result = await page(script, bundle(), anyCertificate)
        expect(result.register === 200 && result.invite === 200, JSON.stringify(result))
        await until(() => heard(bob.heard, 'ACK') >= 1, 2000, 'ACK')
        return JSON.stringify(result)
      } finally {
        await bob.heard.stack.close()
        await stop(kamailio.child)
      }
    },
  },
  {
    name: 'browser: JsSIP in Chromium against our server, over WSS',
    needs: ['chromium', 'npm'],
    go: async () => {
      const server = await telephone(wss({ ...(await credentials({ type: 7, ip: '127.0.0.1' })), port: 0 }))
      try {
        const url = `wss://127.0.0.1:${portOf(server.stack, 'wss')}`
        const result = await page(theirs(url), jssip(), anyCertificate)
        const counts = ['REGISTER', 'MESSAGE', 'INVITE', 'ACK', 'BYE'].map((method) => heard(server, method))
        expect(
          counts.every((count) => count >= 1),
          `${counts} ${JSON.stringify(result)}`,
        )
        const odd = server.diagnostics.filter(({ code }) => code === 'malformed')
        expect(odd.length === 0, JSON.stringify(odd))
        return JSON.stringify(result)
      } finally {
        await server.stack.close()
      }
    },
  },
  {
    name: 'browser: our entry in Chromium against kamailio',
    needs: ['chromium', 'kamailio'],
    go: async () => {
      const kamailio = await started()
      const bob = await agent('bob', 'tcp', kamailio)
      try {
        await register(bob)
        const result = await page(
          ours(`ws://127.0.0.1:${kamailio.socket}`, '127.0.0.1', `sip:bob@127.0.0.1:${kamailio.socket}`),
          bundle(),
        )
        expect(result.register === 200 && result.invite === 200, JSON.stringify(result))
        await until(() => heard(bob.heard, 'ACK') >= 1, 2000, 'ACK')
        return JSON.stringify(result)
      } finally {
        await bob.heard.stack.close()
        await stop(kamailio.child)
      }
    },
  },
  {
    name: 'browser: JsSIP in Chromium against our server',
    needs: ['chromium', 'npm'],
    go: async () => {
      const server = await telephone()
      try {
        const result = await page(theirs(`ws://127.0.0.1:${portOf(server.stack, 'ws')}`), jssip())
        expect(heard(server, 'REGISTER') >= 1 && heard(server, 'MESSAGE') === 1, 'not registered')
        expect(
          heard(server, 'INVITE') === 1 && heard(server, 'ACK') >= 1,
          `no call: ${JSON.stringify(result)}`,
        )
        expect(heard(server, 'BYE') === 1, `no BYE: ${JSON.stringify(result)}`)
        const odd = server.diagnostics.filter(({ code }) => code === 'malformed')
        expect(odd.length === 0, JSON.stringify(odd))
        return JSON.stringify(result)
      } finally {
        await server.stack.close()
      }
    },
  },
]
