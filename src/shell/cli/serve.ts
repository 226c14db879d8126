/** `sippet serve`: the automatic user agent on a UDP port, for any SIP tool. */
import { randomBytes } from 'node:crypto'
import { isLeft } from 'fp-ts/lib/Either.js'
import { secretOf } from '../../core/data/hash.js'
import { autoAnswer } from '../../core/user-agent/auto-answer.js'
import { createStack } from '../node/create-stack.js'
import { udp } from '../node/udp.js'
import type { Command } from './arguments.js'
import { liveLadder } from './live.js'

/** Serves until SIGINT or SIGTERM; answers the exit code. */
export const serve = async ({
  host,
  port,
  answerAfter,
  quiet,
}: Extract<Command, { _tag: 'Serve' }>): Promise<number> => {
  const secret = secretOf(randomBytes(16).toString('latin1'))
  const started = await createStack({
    name: 'serve',
    transports: [udp({ host, port })],
    core: autoAnswer(secret, { answerAfter }),
    onDiagnostic: ({ code, what, row }) => {
      if (!quiet) console.error(`! ${code}${row === undefined ? '' : ` ${row}`}: ${what}`)
    },
    ...(quiet ? {} : { onStep: liveLadder(console.log) }),
  })()
  if (isLeft(started)) {
    console.error(`sippet: ${started.left.protocol} ${host}:${port}: ${started.left.what}`)
    return 1
  }
  const stack = started.right
  for (const { protocol, local } of stack.listeners())
    console.log(
      `listening ${protocol} ${local.host.includes(':') ? `[${local.host}]` : local.host}:${local.port}`,
    )
  await stopped()
  await stack.close()
  return 0
}

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
