/** `sippet ping`: one OPTIONS, its answer and how long it took. */
import { randomBytes } from 'node:crypto'
import { isLeft } from 'fp-ts/lib/Either.js'
import { request } from '../../core/message/build.js'
import { hopOf } from '../../core/transport/target.js'
import { isIpv6 } from '../../core/uri/host.js'
import { parse } from '../../core/uri/parse.js'
import { createStack } from '../node/create-stack.js'
import type { Stack } from '../stack.js'
import { udp } from '../node/udp.js'
import type { Command } from './arguments.js'

/** Pings; answers the exit code: 0 for any answer, 1 for none. */
export const ping = async ({ uri, timeout }: Extract<Command, { _tag: 'Ping' }>): Promise<number> => {
  const target = parse(uri)
  if (isLeft(target) || target.right._tag !== 'Sip') return failed(`${uri} is no SIP URI`)
  const ends = { core: { receiveRequest: () => undefined, ...outcome() } }
  const started = await createStack({
    name: 'ping',
    transports: [udp({ host: isIpv6(hopOf(target.right).host) ? '::' : '0.0.0.0', port: 0 })],
    core: ends.core,
  })()
  if (isLeft(started)) return failed(started.left.what)
  const stack = started.right
  const code = await exchange(stack, uri, timeout, ends.core.ended)
  await stack.close()
  return code
}

interface Outcome {
  readonly receiveResponse: (response: { readonly status: number; readonly reason: string }) => void
  readonly receiveError: (reason: string) => void
  /** Resolves with what happened, in words, and whether it was an answer. */
  readonly ended: Promise<readonly [what: string, answered: boolean]>
}

const outcome = (): Outcome => {
  let tell: (end: readonly [string, boolean]) => void = () => undefined
  const ended = new Promise<readonly [string, boolean]>((resolve) => {
    tell = resolve
  })
  return {
    ended,
    receiveResponse: ({ status, reason }) => {
      if (status >= 200) tell([`${status} ${reason}`, true])
    },
    receiveError: (reason) => tell([reason, false]),
  }
}

const exchange = async (
  stack: Stack,
  uri: string,
  timeout: number,
  ended: Outcome['ended'],
): Promise<number> => {
  const options = request('OPTIONS', uri, [
    ['From', `<sip:ping@${stack.listeners()[0]?.advertised.host ?? 'invalid'}>;tag=${newId(8)}`],
    ['To', `<${uri}>`],
    ['Call-ID', newId(16)],
    ['CSeq', '1 OPTIONS'],
    ['Accept', 'application/sdp'],
  ])
  if (isLeft(options)) return failed(options.left.what)
  const begun = performance.now()
  const sent = stack.send(options.right)
  if (isLeft(sent)) return failed(sent.left._tag)
  const late = new Promise<readonly [string, boolean]>((resolve) => {
    stack.after(timeout, () => resolve(['timeout', false]))
  })
  const [what, answered] = await Promise.race([ended, late])
  console.log(`${uri}: ${what} in ${(performance.now() - begun).toFixed(1)} ms`)
  return answered ? 0 : 1
}

const newId = (octets: number): string => randomBytes(octets).toString('hex')

const failed = (what: string): number => {
  console.error(`sippet: ${what}`)
  return 1
}
