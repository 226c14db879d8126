/** Snapshots of digest in the middle of its work: sessions, nonce counts, failures, and who waits for an account. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import { expect, test } from 'vitest'
import { clientConfig } from '../../../src/core/auth/client-types.js'
import { serverConfig } from '../../../src/core/auth/server-types.js'
import type { StateCodec } from '../../../src/core/codec/snapshot.js'
import * as Codec from '../../../src/core/codec/snapshot.js'
import * as Digest from '../../../src/core/digest.js'
import type { Output } from '../../../src/core/events.js'
import { digestClient } from '../../../src/core/user-agent/digest-client.js'
import { digestServer } from '../../../src/core/user-agent/digest-server.js'
import { around, type Machine, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { type Bench, benchOf, configOf, secret } from '../../support/bench.js'
import { outgoing, read, requestOf, requestText, responseTo } from '../../support/messages.js'
import { values } from '../auth/kit.js'

const account: Digest.Account = { username: 'alice', password: 'open sesame' }
const CHALLENGE = 'WWW-Authenticate: Digest realm="b", nonce="n1", qop="auth", opaque="o"'

/** The bench after its process was killed and another one began at the same instant. */
const restarted = <S>(on: Bench<S>, machine: Machine<S>, codec: StateCodec<S>) => {
  const at = on.inputs.at(-1)!.at
  const json: unknown = JSON.parse(JSON.stringify(Codec.snapshot(codec, on.state(), at)))
  const restored = Codec.restore(codec, machine.stackOf, json, { at, elapsed: 0, secret })
  if (isLeft(restored)) throw new Error(restored.left)
  return {
    json,
    state: restored.right.state,
    next: benchOf({ ...machine, start: restored.right.state }, { ...restored.right, listen: false }),
  }
}

const wanted = (on: Bench<unknown>): Extract<Output, { _tag: 'AccountWanted' }> =>
  on.log
    .map(({ output }) => output)
    .filter((output) => output._tag === 'AccountWanted')
    .at(-1)!

test('a client that waits for one account and has a session for another', () => {
  const machine = around(digestClient(clientConfig(secret)))(userAgent(configOf()))
  const codec = Codec.aroundCodec(Codec.digestClient)(Codec.userAgent)
  const on = benchOf(machine)
  const challenged = (to: string): void => {
    on.send(outgoing({ method: 'OPTIONS', to: `<sip:${to}@b>` }))
    const sent = read(on.sent().at(-1)!)
    if (sent._tag === 'Request') on.receive(responseTo(sent, 401, { toTag: 'b', fields: [CHALLENGE] }).text)
  }
  challenged('first')
  on.tell({ _tag: 'AccountFound', ref: wanted(on).ref, account: some(account) })
  challenged('second')
  const { state, next } = restarted(on, machine, codec)
  expect(state).toEqual(on.state())
  const said = next.brief({ _tag: 'AccountFound', ref: wanted(on).ref, account: some(account) })
  expect(said).toContain('transmit OPTIONS to 192.0.2.9:5060')
  next.send(outgoing({ method: 'OPTIONS', to: '<sip:first@b>' }))
  expect(values(read(next.sent().at(-1)!), 'Authorization')[0]).toContain('nc=00000002')
})

test('a server that waits for an account, has let somebody in, and has refused another', () => {
  const config = { ...serverConfig('www', 'b', secret), protects: () => true }
  const machine = userAgent(configOf(), { guard: digestServer(config) })
  const on = benchOf(machine)
  const answered = (branch: string, password: string): string => {
    on.receive(requestText({ method: 'MESSAGE', branch: `${branch}a`, callId: branch }))
    const challenge = read(on.sent().at(-1)!)
    if (challenge._tag !== 'Response') throw new Error('no challenge')
    const own = clientConfig(secret)
    const bare = requestOf({ method: 'MESSAGE', branch })
    const [, next] = Digest.retry(own, () => ({ ...account, password }))(
      Digest.startClient(own),
      1,
      bare,
      challenge,
      branch,
    )
    if (!isRight(next)) throw new Error(next.left)
    const fields = [`Authorization: ${values(next.right, 'Authorization')[0]}`]
    const text = requestText({ method: 'MESSAGE', branch, callId: branch, cseq: 2, fields })
    on.receive(text)
    return text
  }
  const find = (): void => void on.tell({ _tag: 'AccountFound', ref: wanted(on).ref, account: some(account) })
  const used = answered('z9hG4bK1', 'open sesame')
  find()
  answered('z9hG4bK2', 'wrong')
  find()
  answered('z9hG4bK3', 'open sesame')
  const { json, state, next } = restarted(on, machine, Codec.guardedUserAgent)
  expect(state).toEqual(on.state())
  expect(next.brief({ _tag: 'AccountFound', ref: wanted(on).ref, account: some(account) })).toEqual([
    'request MESSAGE',
  ])
  const replay = used.replaceAll('z9hG4bK1', 'z9hG4bK4')
  next.receive(replay)
  const said = next.brief({ _tag: 'AccountFound', ref: wanted(next).ref, account: some(account) })
  expect(said).toContain('diagnostic unauthenticated RFC 3261 22.2') // its count was used before the restart
  const broken = JSON.parse(JSON.stringify(json).replace('"highest":1', '"highest":"1"')) as unknown
  expect(
    isLeft(Codec.restore(Codec.guardedUserAgent, machine.stackOf, broken, { at: 0, elapsed: 0, secret })),
  ).toBe(true)
})
