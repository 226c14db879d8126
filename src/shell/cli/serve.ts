/** `sippet serve`: the automatic user agent on a UDP port, for any SIP tool. */
import { randomBytes } from 'node:crypto'
import { type Either, isLeft, right, tryCatch } from 'fp-ts/lib/Either.js'
import { printHostPort } from '../../core/uri/host.js'
import { createStack, type StackOptions } from '../node/create-stack.js'
import { type Recorder, recorder, type SnapshotFile, snapshotFile } from '../node/recorder.js'
import { udp } from '../node/udp.js'
import type { Observer, Stack } from '../stack.js'
import type { Command } from './arguments.js'
import { liveLadder } from './live.js'
import { serving } from './serving.js'

type Serve = Extract<Command, { _tag: 'Serve' }>

/** Serves until SIGINT or SIGTERM; answers the exit code. */
export const serve = async (wanted: Serve): Promise<number> => {
  const secret = randomBytes(16).toString('hex')
  const kept = keptState(wanted)
  const tape = recording(wanted, secret)
  if (isLeft(kept)) return failed(kept.left)
  if (isLeft(tape)) return failed(tape.left)
  const { file, snapshot } = kept.right
  const running: { stack?: Stack } = {}
  const started = await createStack({
    ...serving({ secret, answerAfter: wanted.answerAfter }),
    transports: [udp({ host: wanted.host, port: wanted.port })],
    ...(snapshot === undefined ? {} : { snapshot }),
    ...observer(wanted, [
      ...(wanted.quiet ? [] : [liveLadder(console.log)]),
      ...(tape.right === undefined ? [] : [tape.right.onStep]),
      ...(file === undefined ? [] : [() => running.stack !== undefined && file.keep(running.stack)]),
    ]),
  })()
  if (isLeft(started))
    return failed(`${started.left.protocol} ${wanted.host}:${wanted.port}: ${started.left.what}`)
  const stack = started.right
  running.stack = stack
  for (const { protocol, local } of stack.listeners())
    console.log(`listening ${protocol} ${printHostPort(local.host, local.port)}`)
  await stopped()
  await stack.close()
  if (tape.right !== undefined) {
    const { steps, sha256 } = tape.right.close()
    console.log(`recorded ${steps} steps, effects ${sha256}`)
  }
  return 0
}

interface Kept {
  readonly file?: SnapshotFile
  readonly snapshot?: NonNullable<StackOptions['snapshot']>
}

/** What an earlier process left in the snapshot file. */
const keptState = ({ snapshot: path }: Serve): Either<string, Kept> => {
  if (path === undefined) return right({})
  const file = snapshotFile(path, (what) => console.error(`sippet: ${what}`))
  const loaded = file.load()
  if (isLeft(loaded)) return loaded
  return right(loaded.right === undefined ? { file } : { file, snapshot: loaded.right })
}

const recording = ({ record, answerAfter }: Serve, secret: string): Either<string, Recorder | undefined> =>
  record === undefined
    ? right(undefined)
    : tryCatch(
        () => recorder(record, { secret, answerAfter }),
        (error) => (error instanceof Error ? error.message : String(error)),
      )

const observer = ({ quiet }: Serve, watchers: readonly NonNullable<Observer['onStep']>[]): Observer => ({
  onDiagnostic: ({ code, what, row }) => {
    if (!quiet) console.error(`! ${code}${row === undefined ? '' : ` ${row}`}: ${what}`)
  },
  ...(watchers.length === 0
    ? {}
    : {
        onStep: (input, effects) => {
          for (const watch of watchers) watch(input, effects)
        },
      }),
})

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

const failed = (what: string): number => {
  console.error(`sippet: ${what}`)
  return 1
}
