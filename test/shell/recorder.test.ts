/** A recording of real traffic replays to the same SHA-256; a killed stack goes on from its last snapshot. */
import { createSocket, type Socket } from 'node:dgram'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import * as Snapshot from '../../src/core/codec/snapshot.js'
import { toTag } from '../../src/core/message/head.js'
import {
  aboutRecording,
  autoAnswer,
  createStack,
  recorder,
  replay,
  secretOf,
  snapshotFile,
  type Stack,
  type StackOptions,
  udp,
} from '../../src/shell/node/index.js'
import { ackTo, read, requestText } from '../support/messages.js'

const secret = 'sixteen octets that nobody knows'
const folder = mkdtempSync(join(tmpdir(), 'sippet-'))
const cleanup: (() => unknown)[] = []
afterEach(async () => {
  for (const done of cleanup.splice(0)) await done()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const options = (answerAfter: number): StackOptions & { readonly secret: string } =>
  ({
    name: 'test',
    secret,
    core: { ...autoAnswer(secretOf(secret), { answerAfter }), codec: Snapshot.autoAnswer },
  }) as unknown as StackOptions & { readonly secret: string }

const started = async (more: Partial<StackOptions>, answerAfter = 0, port = 0): Promise<Stack> => {
  const result = await createStack({ ...options(answerAfter), transports: [udp({ port })], ...more })()
  if (isLeft(result)) throw new Error(result.left.what)
  return result.right
}

/** A caller of few words: what it sends, and the answers as they come. */
const caller = async (): Promise<{
  readonly own: string
  readonly send: (text: string, port: number) => void
  readonly answer: (wanted: (text: string) => boolean) => Promise<string>
}> => {
  const socket: Socket = createSocket('udp4')
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  cleanup.push(() => socket.close())
  const came: string[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (octets) => {
    came.push(octets.toString('latin1'))
    for (const look of waiting) look()
  })
  return {
    own: `127.0.0.1:${socket.address().port}`,
    send: (text, port) => socket.send(text, port, '127.0.0.1'),
    answer: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          const found = came.find(wanted)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}

const troubled = (what: string): never => {
  throw new Error(what)
}

const status = (code: number, method: string) => (text: string) =>
  text.startsWith(`SIP/2.0 ${code} `) && text.includes(` ${method}\r\n`)

describe('a recording', () => {
  const path = join(folder, 'recording')

  test('replays to the same SHA-256 over all effects', async () => {
    const record = recorder(path, { secret, answerAfter: 30 })
    const stack = await started({ onStep: record.onStep }, 30)
    const { port } = stack.listeners()[0]!.local
    const { own, send, answer } = await caller()
    for (const callId of ['one', 'two']) {
      const call = {
        callId,
        branch: `z9hG4bK${callId}`,
        sentBy: own,
        viaParams: ';rport',
        body: 'v=0 \xe9',
        fields: ['Content-Type: application/sdp'],
      }
      send(requestText(call), port)
      const accepted = await answer((text) => status(200, 'INVITE')(text) && text.includes(callId))
      send(ackTo(call, toTag(read(accepted)) ?? '', { branch: `z9hG4bKack${callId}` }), port)
    }
    send('rubbish', port)
    send(requestText({ method: 'OPTIONS', callId: 'o', sentBy: own, branch: 'z9hG4bKo' }), port)
    await answer(status(200, 'OPTIONS'))
    await stack.close()
    const recorded = record.close()
    const replayed = replay(path, options(30))
    expect(replayed).toEqual({ _tag: 'Right', right: { ...recorded, recorded } })
    expect(recorded.steps).toBeGreaterThan(8)
    expect(aboutRecording(path)).toMatchObject({ right: { secret, answerAfter: 30 } })
  })

  test('another application, another secret or a changed line give another SHA-256', () => {
    const right = (result: ReturnType<typeof replay>) => (isLeft(result) ? result.left : result.right.sha256)
    const same = right(replay(path, options(30)))
    expect(right(replay(path, options(0)))).not.toBe(same)
    const changed = join(folder, 'changed')
    writeFileSync(changed, readFileSync(path, 'latin1').replace('z9hG4bKone', 'z9hG4bKown'))
    expect(right(replay(changed, options(30)))).not.toBe(same)
  })

  test('cut off by a kill still replays, as far as it goes; broken in the middle it does not', () => {
    const lines = readFileSync(path, 'latin1').split('\n')
    const cut = join(folder, 'cut')
    writeFileSync(cut, lines.slice(0, -3).join('\n'))
    appendFileSync(cut, '\n[1234,')
    const replayed = replay(cut, options(30))
    expect(replayed).toMatchObject({ right: { recorded: undefined } })
    const broken = join(folder, 'broken')
    writeFileSync(broken, [lines[0], lines[1], '[1,2]', ...lines.slice(2)].join('\n'))
    expect(replay(broken, options(30))).toEqual({ _tag: 'Left', left: 'line 3 is no input' })
    writeFileSync(broken, 'something else\n')
    expect(isLeft(replay(broken, options(30)))).toBe(true)
  })
})

describe('a snapshot file', () => {
  /** Kills a stack without a word after `until` and starts another on its port from what its file says. */
  const afterKill = async (answerAfter: number, until: (port: number) => Promise<void>): Promise<Stack> => {
    const file = snapshotFile(join(folder, `snapshot ${answerAfter}`), troubled)
    let first: Stack | undefined
    first = await started({ onStep: () => first && file.keep(first) }, answerAfter)
    const { port } = first.listeners()[0]!.local
    await until(port)
    await new Promise((done) => setImmediate(done))
    const stopped = first
    first = undefined
    await stopped.close()
    const loaded = file.load()
    if (isLeft(loaded) || loaded.right === undefined) throw new Error('a snapshot expected')
    const next = await started({ snapshot: loaded.right }, answerAfter, port)
    cleanup.push(() => next.close())
    return next
  }

  test('between 180 and 200: the call is answered all the same', async () => {
    const { own, send, answer } = await caller()
    const call = { callId: 'killed', branch: 'z9hG4bKk', sentBy: own }
    const next = await afterKill(300, async (port) => {
      send(requestText(call), port)
      await answer(status(180, 'INVITE'))
    })
    const { port } = next.listeners()[0]!.local
    const accepted = await answer(status(200, 'INVITE'))
    const tag = toTag(read(accepted)) ?? ''
    expect(await answer(status(180, 'INVITE'))).toContain(`tag=${tag}`)
    send(ackTo(call, tag, { branch: 'z9hG4bKack' }), port)
    send(requestText({ ...call, method: 'BYE', cseq: 2, toTag: tag, branch: 'z9hG4bKbye' }), port)
    await answer(status(200, 'BYE'))
  })

  test('with the ACK outstanding: the 2xx is repeated until it comes', async () => {
    const { own, send, answer } = await caller()
    const call = { callId: 'killed', branch: 'z9hG4bKk', sentBy: own }
    let accepted = ''
    let repetitions = 0
    const next = await afterKill(0, async (port) => {
      send(requestText(call), port)
      accepted = await answer(status(200, 'INVITE'))
    })
    const { port } = next.listeners()[0]!.local
    await answer((text) => text === accepted && ++repetitions > 1)
    const tag = toTag(read(accepted)) ?? ''
    send(ackTo(call, tag, { branch: 'z9hG4bKack' }), port)
    send(requestText({ ...call, method: 'BYE', cseq: 2, toTag: tag, branch: 'z9hG4bKbye' }), port)
    await answer(status(200, 'BYE'))
  })

  test('that is none is refused, and nothing is left open', async () => {
    const result = await createStack({
      ...options(0),
      transports: [udp({ port: 0 })],
      snapshot: { json: { sippet: 'x' }, elapsed: 0 },
    })()
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: 'BadSnapshot' } })
    writeFileSync(join(folder, 'none'), 'no JSON')
    expect(isLeft(snapshotFile(join(folder, 'none'), troubled).load())).toBe(true)
    expect(snapshotFile(join(folder, 'absent'), troubled).load()).toEqual({ _tag: 'Right', right: undefined })
  })
})
