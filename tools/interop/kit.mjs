// What the runs with real peers share: processes, ports, certificates, and a stack that writes down what it hears.
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { autoAnswer, createStack, request, secretOf } from '../../dist/shell/node/index.js'

/** A scratch folder that is gone when the process ends. */
export const scratch = mkdtempSync(join(tmpdir(), 'sippet-interop-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

export const has = (command) => {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const children = new Set()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** A child with what it has said. */
export const run = (command, args, options = {}) => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: scratch, ...options })
  children.add(child)
  child.said = ''
  const hear = (chunk) => {
    child.said = (child.said + chunk).slice(-20_000)
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.ended = new Promise((done) => {
    child.once('exit', (code, signal) => {
      children.delete(child)
      done(code ?? signal)
    })
    child.once('error', (error) => done(error.message))
  })
  return child
}

/** How a child ended, or that it did not within `ms`; then it is killed. */
export const outcome = async (child, ms) => {
  const alarm = setTimeout(() => child.kill('SIGKILL'), ms)
  const code = await child.ended
  clearTimeout(alarm)
  return code
}

export const stop = async (child) => {
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3000)
  await child.ended
  clearTimeout(late)
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

/** Waits until `holds`, at most `ms`. */
export const until = async (holds, ms, what) => {
  const end = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms`)
    await sleep(20)
  }
}

/** A TCP port of loopback that is free. */
export const freePort = () =>
  new Promise((done) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })

/** Credentials for names under one authority, which is made once. */
let authority
export const credentials = async (...altNames) => {
  authority ??= await generate([{ name: 'commonName', value: 'interop authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const made = await generate([{ name: 'commonName', value: 'interop' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames },
    ],
  })
  return { cert: made.cert, key: made.private, ca: authority.cert }
}

const opened = async (options) => {
  const started = await createStack(options)()
  if (started._tag === 'Left') throw new Error(`${started.left.protocol}: ${started.left.what}`)
  return started.right
}

export const portOf = (stack, protocol) =>
  stack.listeners().find((one) => one.protocol === protocol).local.port

/** The automatic user agent on some transports. */
export const answering = (transports, how = {}) =>
  opened({ name: 'answering', transports, core: autoAnswer(secretOf('interop secret, sixteen octets'), how) })

/** A user agent whose every response and request is written down; `answer` says what requests get. */
export const party = async (transports, { answer = () => undefined, ...more } = {}) => {
  const heard = { requests: [], responses: [], errors: [], diagnostics: [] }
  heard.stack = await opened({
    name: 'party',
    transports,
    onDiagnostic: (one) => heard.diagnostics.push(one),
    ...more,
    core: {
      receiveRequest: (message, key, stack, flow) => {
        heard.requests.push(message)
        answer(message, key, stack, flow)
      },
      receiveResponse: (response, key, stack) => heard.responses.push({ response, key, stack }),
      receiveError: (reason) => heard.errors.push(reason),
    },
  })
  return heard
}

/** A request, sent; resolves with its final response, rejects with the reason why there is none. */
export const call = async (heard, method, uri, options, how) => {
  const made = request(method, uri, options)
  if (made._tag === 'Left') throw new Error(made.left.what)
  const sent = heard.stack.send(made.right, how)
  if (sent._tag === 'Left') throw new Error(JSON.stringify(sent.left))
  const key = JSON.stringify(sent.right.key)
  const errors = heard.errors.length
  const final = () =>
    heard.responses.find((one) => one.response.status >= 200 && JSON.stringify(one.key.value) === key)
  await until(() => final() !== undefined || heard.errors.length > errors, 10_000, `${method} ${uri}`)
  const found = final()
  if (found === undefined)
    throw new Error(`${method} ${uri}: ${heard.errors.at(-1)} ${JSON.stringify(heard.diagnostics.slice(-3))}`)
  return found.response
}

export const expect = (holds, what) => {
  if (!holds) throw new Error(what)
}

export const read = (file) => readFileSync(file, 'utf8')
