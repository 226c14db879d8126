/** Cores that send from inside their callbacks, and cores that throw: over loopback sockets, bounded. */
import { createSocket } from 'node:dgram'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { afterEach, describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/core/events.js'
import { respond } from '../../src/core/message/build.js'
import { rfc3261 } from '../../src/core/transaction/types.js'
import { createStack, type Stack, udp } from '../../src/shell/node/index.js'
import { ackTo, outgoing, requestText } from '../support/messages.js'

const open: Stack[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()))
})

type Callbacks = Parameters<Stack['registerCore']>[0]

const silent: Callbacks = {
  receiveRequest: () => undefined,
  receiveResponse: () => undefined,
  receiveError: () => undefined,
}

const started = async (
  core: Partial<Callbacks>,
  more: Partial<Parameters<typeof createStack>[0]> = {},
): Promise<{ readonly stack: Stack; readonly port: number }> => {
  const result = await createStack({
    name: 'test',
    transports: [udp({ port: 0 })],
    core: { ...silent, ...core },
    ...more,
  })()
  if (isLeft(result)) throw new Error(result.left.what)
  open.push(result.right)
  return { stack: result.right, port: result.right.listeners()[0]!.local.port }
}

const later = <A>(): { readonly promise: Promise<A>; readonly resolve: (value: A) => void } => {
  let resolve: (value: A) => void = () => undefined
  const promise = new Promise<A>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

describe('send from inside a callback', () => {
  test('answers at once, in all three', async () => {
    const { promise, resolve } = later<string>()
    const said: string[] = []
    const server = await started({
      receiveRequest: (request, _key, stack) => {
        said.push(`request: ${stack.send(respond(200)(request))._tag}`)
      },
    })
    const fast = { ...rfc3261, timing: { ...rfc3261.timing, t1: 10, t2: 40 } }
    const options = (port: number, callId: string) =>
      outgoing({ method: 'OPTIONS', uri: `sip:bob@127.0.0.1:${port}`, callId })
    const closed = createSocket('udp4')
    await new Promise<void>((done) => closed.bind(0, '127.0.0.1', done))
    const nobody = closed.address().port
    const client = await started(
      {
        receiveResponse: (_response, _key, stack) => {
          said.push(`response: ${stack.send(options(nobody, 'second'))._tag}`)
        },
        receiveError: (reason, key, stack) => {
          said.push(`error ${reason} ${isSome(key)}: ${stack.send(options(server.port, 'third'))._tag}`)
          stack.registerCore({ ...silent, receiveResponse: () => resolve('done') })
        },
      },
      { config: fast },
    )
    expect(isRight(client.stack.send(options(server.port, 'first')))).toBe(true)
    await promise
    closed.close()
    expect(said).toEqual(['request: Right', 'response: Right', 'error timeout true: Right', 'request: Right'])
  })
})

describe('S13: a core that throws every time', () => {
  const calls = 1000

  test(`under ${calls} calls: the stack serves on and every request gets its 500`, async () => {
    const { promise, resolve } = later<true>()
    const diagnostics: Diagnostic[] = []
    let n = 0
    const { port } = await started(
      {
        receiveRequest: (request) => {
          n += 1
          if (n % 2 === 0) return Promise.reject(new Error('rejected'))
          throw new TypeError(`thrown at ${request.method}`)
        },
      },
      { onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
    )
    const answered = new Map<string, number>()
    const waiting = new Map<string, string>()
    const socket = createSocket('udp4')
    let sent = 0
    const send = () => {
      if (sent === calls) return
      sent += 1
      const text = requestText({
        branch: `z9hG4bK${sent}`,
        callId: `c${sent}`,
        sentBy: `127.0.0.1:${socket.address().port}`,
        method: sent % 5 === 0 ? 'OPTIONS' : 'INVITE',
      })
      waiting.set(`c${sent}`, text)
      socket.send(text, port, '127.0.0.1')
    }
    socket.on('message', (octets) => {
      const text = octets.toString('latin1')
      const status = Number(text.slice(8, 11))
      const call = /Call-ID: (c\d+)/.exec(text)?.[1] ?? ''
      if (status < 200) return
      if (text.includes(' INVITE\r\n')) {
        const toTag = /To: .*;tag=(\w+)/.exec(text)?.[1] ?? ''
        const own = {
          callId: call,
          branch: `z9hG4bK${call.slice(1)}`,
          sentBy: `127.0.0.1:${socket.address().port}`,
        }
        socket.send(ackTo(own, toTag), port, '127.0.0.1')
      }
      if (answered.has(call)) return
      answered.set(call, status)
      waiting.delete(call)
      if (answered.size === calls) resolve(true)
      else send()
    })
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
    for (let k = 0; k < 50; k++) send()
    // Loopback loses datagrams, too, when a machine is busy; a client repeats its request.
    const again = setInterval(() => {
      for (const text of waiting.values()) socket.send(text, port, '127.0.0.1')
    }, 200)
    await promise
    clearInterval(again)
    socket.close()
    expect([...new Set(answered.values())]).toEqual([500])
    expect(n).toBe(calls)
    expect(diagnostics.filter(({ code }) => code === 'core-failed')).toHaveLength(calls)
  })

  test('an observer that throws harms nobody but itself', async () => {
    const { promise, resolve } = later<true>()
    const { stack, port } = await started(
      { receiveRequest: (request) => void stack.send(respond(200)(request)) },
      {
        onStep: () => {
          throw new Error('observer')
        },
        onDiagnostic: () => {
          throw new Error('observer')
        },
      },
    )
    const socket = createSocket('udp4')
    socket.on('message', () => resolve(true))
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
    socket.send('rubbish', port, '127.0.0.1')
    socket.send(
      requestText({ method: 'OPTIONS', sentBy: `127.0.0.1:${socket.address().port}` }),
      port,
      '127.0.0.1',
    )
    expect(await promise).toBe(true)
    socket.close()
  })
})

describe('an observer', () => {
  test('sees transitions, firings and diagnostics, each a value', async () => {
    const { promise, resolve } = later<true>()
    const seen: string[] = []
    const fast = { ...rfc3261, timing: { ...rfc3261.timing, t1: 5, t4: 20, d: 1 } }
    const { stack } = await started(
      { receiveError: () => resolve(true) },
      {
        config: fast,
        onObservation: (one) =>
          seen.push(one._tag === 'Transition' ? `${one.from ?? '-'} ${one.to ?? '-'}` : one._tag),
      },
    )
    const nobody = createSocket('udp4')
    await new Promise<void>((done) => nobody.bind(0, '127.0.0.1', done))
    stack.send(outgoing({ uri: `sip:bob@127.0.0.1:${nobody.address().port}` }))
    await promise
    nobody.close()
    expect(seen[0]).toBe('- Calling')
    expect(seen.at(-1)).toBe('Calling -')
    expect(seen.filter((what) => what === 'Fired').length).toBeGreaterThan(1)
  })
})

describe('cancel', () => {
  test('is refused for what does not run', async () => {
    const { stack } = await started({})
    expect(stack.cancel({ _tag: 'ClientKey', branch: 'z9hG4bKx', method: 'INVITE' })).toEqual({
      _tag: 'Left',
      left: { _tag: 'NotAllowed', row: 'CN-3' },
    })
  })

  test('ends a call: 487, after the 180 that it waits for', async () => {
    const { promise, resolve } = later<number>()
    const server = await started({
      receiveRequest: (request, _key, stack) => void stack.send(respond(180)(request)),
    })
    const client = await started({
      receiveResponse: ({ status }) => {
        if (status >= 200) resolve(status)
      },
    })
    const sent = client.stack.send(outgoing({ uri: `sip:bob@127.0.0.1:${server.port}` }))
    if (isLeft(sent)) throw new Error(sent.left._tag)
    expect(isRight(client.stack.cancel(sent.right.key))).toBe(true)
    expect(await promise).toBe(487)
  })
})
