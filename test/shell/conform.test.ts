/** The examination of our own automatic user agent over real sockets. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { secretOf } from '../../src/core/data/hash.js'
import { autoAnswer } from '../../src/core/user-agent/auto-answer.js'
import { scenarios } from '../../src/shell/cli/conform/scenarios.js'
import { conform } from '../../src/shell/cli/conform.js'
import { createStack, type Stack, udp } from '../../src/shell/node/index.js'

const secret = 'a secret of sixteen octets or more'
const running: { stack?: Stack } = {}

beforeAll(async () => {
  const started = await createStack({
    name: 'examinee',
    transports: [udp({ port: 0 })],
    core: autoAnswer(secretOf(secret), { answerAfter: 100 }),
    secret,
  })()
  if (isLeft(started)) throw new Error(started.left.what)
  running.stack = started.right
})

afterAll(() => running.stack?.close())

test('all rows hold but the one that its core does not check', async () => {
  const lines: string[] = []
  const target = running.stack?.listeners()[0]?.local ?? { host: '', port: 0 }
  expect(await conform({ target, known: ['RV-3'], write: (line) => void lines.push(line) })).toBe(0)
  expect(lines.filter((line) => line.startsWith('✓'))).toHaveLength(scenarios.length - 1)
}, 20_000)

test('nobody there fails everything but silence', async () => {
  const lines: string[] = []
  expect(
    await conform({
      target: { host: '127.0.0.1', port: 9 },
      known: [],
      write: (line) => void lines.push(line),
    }),
  ).toBe(1)
  expect(lines.filter((line) => line.startsWith('✓')).map((line) => line.split(/ +/)[1])).toEqual(['IS-41'])
}, 20_000)
