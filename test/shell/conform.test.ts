/** The examination of `sippet serve` over real sockets. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scenarios } from '../../src/shell/cli/conform/scenarios.js'
import { conform } from '../../src/shell/cli/conform.js'
import { serving } from '../../src/shell/cli/serving.js'
import { createStack, type Stack, udp } from '../../src/shell/node/index.js'

const running: { stack?: Stack } = {}

beforeAll(async () => {
  const started = await createStack({
    ...serving({ secret: 'a secret of sixteen octets or more', answerAfter: 100 }),
    transports: [udp({ port: 0 })],
  })()
  if (isLeft(started)) throw new Error(started.left.what)
  running.stack = started.right
})

afterAll(() => running.stack?.close())

test('all rows hold', async () => {
  const lines: string[] = []
  const target = running.stack?.listeners()[0]?.local ?? { host: '', port: 0 }
  expect(await conform({ target, known: [], write: (line) => void lines.push(line) })).toBe(0)
  expect(lines.filter((line) => line.startsWith('✓'))).toHaveLength(scenarios.length)
}, 60_000)

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
}, 60_000)
