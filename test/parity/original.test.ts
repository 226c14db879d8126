/** Several stacks in one process, the original's way: each with its own core, transports, timers and name. Loopback, bounded. */
import { createSocket } from 'node:dgram'
import { isLeft, isRight, right } from 'fp-ts/lib/Either.js'
import { afterEach, expect, test } from 'vitest'
import { K, Message } from '../../src/core/index.js'
import { rfc3261 } from '../../src/core/transaction/types.js'
import {
  type Callbacks,
  createStack,
  type Reports,
  request,
  type Stack,
  type Transport,
  udp,
} from '../../src/shell/node/index.js'
import { until } from '../shell/node/stacks.js'

const open: Stack[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()))
})

/** A stack on a port of its own, and what its core was told. */
const start = async (
  name: string,
  status: number,
  more: Partial<Parameters<typeof createStack>[0]> = {},
): Promise<{ readonly stack: Stack; readonly port: number; readonly heard: string[] }> => {
  const heard: string[] = []
  const core: Callbacks = {
    receiveRequest: (request, _key, stack) => {
      heard.push(`${stack.name}: ${request.method}`)
      stack.send(Message.respond(status)(request))
    },
    receiveResponse: (response, _key, stack) => heard.push(`${stack.name}: ${response.status}`),
    receiveError: (reason, _key, stack) => heard.push(`${stack.name}: ${reason}`),
  }
  const started = await createStack({
    name,
    core,
    transports: [udp({ host: '127.0.0.1', port: 0 })],
    ...more,
  })()
  if (isLeft(started)) throw new Error(started.left.what)
  open.push(started.right)
  return { stack: started.right, port: started.right.listeners()[0]?.local.port ?? 0, heard }
}

const made = (method: string, port: number): Message.Request => {
  const built = request(method, `sip:bob@127.0.0.1:${port}`, {
    from: 'sip:alice@127.0.0.1',
    contact: '<sip:alice@127.0.0.1>',
  })
  if (isLeft(built)) throw new Error(built.left.what)
  return built.right
}

const sent = (stack: Stack, message: Message.Request) => {
  const result = stack.send(message)
  if (isLeft(result)) throw new Error(result.left._tag)
  return result.right
}

test('stacks of one process, even of one name, have their own cores and hear only what is theirs', async () => {
  const [one, two, three] = [await start('same', 200), await start('same', 404), await start('other', 486)]
  sent(one.stack, made('OPTIONS', two.port))
  sent(two.stack, made('OPTIONS', three.port))
  sent(three.stack, made('OPTIONS', one.port))
  await until(() => [one, two, three].every(({ heard }) => heard.length === 2))
  expect([one, two, three].map(({ heard }) => [...heard].sort())).toEqual([
    ['same: 404', 'same: OPTIONS'],
    ['same: 486', 'same: OPTIONS'],
    ['other: 200', 'other: OPTIONS'],
  ])
})

test('a transaction is known to its own stack only', async () => {
  const [alice, bob, other] = [await start('alice', 200), await start('bob', 180), await start('other', 200)]
  const { key } = sent(alice.stack, made('INVITE', bob.port))
  await until(() => alice.heard.includes('alice: 180'))
  other.stack.terminate(key)
  expect(isLeft(other.stack.cancel(key))).toBe(true)
  expect(isRight(alice.stack.cancel(key))).toBe(true)
})

test('a client transaction that stays in proceeding is terminated, without a message and without another word', async () => {
  const transitions: string[] = []
  const bob = await start('bob', 180)
  const alice = await start('alice', 200, {
    onObservation: (one) => {
      if (one._tag === 'Transition') transitions.push(`${one.from ?? '-'} ${one.to ?? '-'}`)
    },
  })
  const { key } = sent(alice.stack, made('INVITE', bob.port))
  await until(() => transitions.includes('Calling Proceeding'))
  alice.stack.terminate(key)
  alice.stack.terminate(key)
  alice.stack.terminate(K`z9hG4bKunknown|INVITE`)
  expect(transitions).toEqual(['- Calling', 'Calling Proceeding', 'Proceeding -'])
  // The transaction is gone, the stack is not.
  sent(alice.stack, made('OPTIONS', bob.port))
  await until(() => bob.heard.length === 2)
  expect(bob.heard).toEqual(['bob: INVITE', 'bob: OPTIONS'])
  expect(alice.heard.filter((what) => what !== 'alice: 180')).toEqual([])
})

test('each stack has its own timers', async () => {
  const quick = { ...rfc3261, timing: { ...rfc3261.timing, t1: 2 } }
  const silent = createSocket('udp4')
  await new Promise<void>((done) => silent.bind(0, '127.0.0.1', done))
  const { port } = silent.address()
  const [hasty, patient] = [await start('hasty', 200, { config: quick }), await start('patient', 200)]
  sent(hasty.stack, made('OPTIONS', port))
  const { key } = sent(patient.stack, made('INVITE', port))
  await until(() => hasty.heard.length > 0)
  silent.close()
  expect(hasty.heard).toEqual(['hasty: timeout'])
  expect(patient.heard).toEqual([])
  expect(isRight(patient.stack.cancel(key))).toBe(true) // it is still calling
})

test('each stack has its own transports: of one protocol one may have two, another none', async () => {
  const flown: string[] = []
  const pigeon = (host: string): Transport => {
    const local = { host, port: 5060 }
    let reports: Reports | undefined
    return {
      protocol: 'pigeon',
      reliable: true,
      open: (to) => {
        reports = to
        return Promise.resolve(right([{ protocol: 'pigeon', local, advertised: local, reliable: true }]))
      },
      transmit: (flow, bytes) => {
        flown.push(host)
        const message = Message.parse(bytes)
        if (isRight(message) && Message.isRequest(message.right))
          reports?.received(flow, Message.print(Message.respond(200)(message.right)))
      },
      close: () => Promise.resolve(),
    }
  }
  const [keeper, neighbour] = [await start('keeper', 200), await start('neighbour', 200)]
  const register = (transport: Transport) =>
    keeper.stack.registerTransport(transport.protocol, transport.reliable, transport)()
  expect(isRight(await register(pigeon('192.0.2.1')))).toBe(true)
  expect(isRight(await register(pigeon('192.0.2.2')))).toBe(true)
  expect(await register(pigeon('192.0.2.1'))).toMatchObject({ left: { _tag: 'AlreadyRegistered' } })

  const target = { protocol: 'pigeon', host: '192.0.2.9', port: 5060 }
  const gone = keeper.stack.send(made('OPTIONS', 5060), { target })
  if (isLeft(gone)) throw new Error(gone.left._tag)
  await until(() => keeper.heard.length > 0)
  expect(keeper.heard).toEqual(['keeper: 200'])
  expect(flown).toHaveLength(1)
  expect(keeper.stack.isReliable(gone.right.request)).toEqual({ _tag: 'Some', value: true })
  expect(neighbour.stack.isReliable(gone.right.request)).toEqual({ _tag: 'None' })
  expect(neighbour.stack.send(made('OPTIONS', 5060), { target })).toEqual({
    _tag: 'Left',
    left: { _tag: 'NoTransport', protocol: 'pigeon' },
  })
})
