/**
 * `sippet`, the demonstration: Alice calls Bob over real UDP sockets, through a relay that loses and doubles datagrams by
 * the dice of a seed. Each call is drawn as a ladder.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import { ladder } from '../../testing/ladder.js'
import type { Trace } from '../../testing/trace.js'
import { calls, conditions, config } from './demo/calls.js'
import { live, type Result } from './demo/live.js'
import { ink } from './ink.js'

/** What the demonstration can be told. */
export interface DemoOptions {
  readonly seed: number
  /** Where lines go; the terminal by default. */
  readonly write?: (line: string) => void
}

/** Runs the calls; answers the exit code: 0 when each ended as it must, else 1. */
export const demo = async ({ seed, write = console.log }: DemoOptions): Promise<number> => {
  write(introduction(seed))
  const results: Result[] = []
  for (const [n, call] of calls.entries()) {
    write(`\n${ink('bold', `${n + 1}. ${call.title}`)}\n`)
    const result = await live(call, seed)
    if (isLeft(result)) {
      write(`no sockets: ${result.left}`)
      return 1
    }
    const { trace, standing } = result.right
    results.push(result.right)
    write(ladder(trace, { paint: ink, news: true }))
    write(`\n${standing === 'well' ? ink('good', '✓ ended as it must') : ink('lost', `✗ ${standing}`)}`)
  }
  write(`\n${summary(results)}`)
  return results.every(({ standing }) => standing === 'well') ? 0 : 1
}

const introduction = (seed: number): string =>
  [
    `${ink('bold', 'sippet')}: Alice calls Bob, two stacks on real UDP sockets of this machine.`,
    `A relay between them loses ${conditions.loss} % of the datagrams and doubles ${conditions.duplication} %,`,
    `by the dice of seed ${seed} (--seed N throws others). T1 is ${config.timing.t1} ms instead of 500, so that`,
    'what was lost comes again before you look away.',
  ].join('\n')

const summary = (results: readonly Result[]): string => {
  const well = results.filter(({ standing }) => standing === 'well').length
  const { sent, lost, doubled, again } = count(results.map(({ trace }) => trace))
  return [
    `${results.length} calls, ${well} ended as they must. ${sent} datagrams sent: ${lost} lost, ${doubled} doubled;`,
    `${again} were sent again by the transactions' timers and the user agent's helpers.`,
    '',
    'Next: `npm start -- serve` answers any SIP tool, `npm start -- ping sip:HOST:PORT` asks one, --help tells more.',
  ].join('\n')
}

const count = (
  traces: readonly Trace[],
): { readonly sent: number; readonly lost: number; readonly doubled: number; readonly again: number } => {
  const all = traces.flatMap(({ observations }) => observations)
  const carried = all.filter((one) => one._tag === 'Carried')
  const sent = all.filter((one) => one._tag === 'Sent')
  return {
    sent: sent.length,
    lost: carried.filter(({ arrivals }) => arrivals.length === 0).length,
    doubled: carried.filter(({ arrivals }) => arrivals.length > 1).length,
    again: sent.filter(({ copy }) => copy > 0).length,
  }
}
