/**
 * `sippet`, the demonstration: Alice calls Bob over real UDP sockets, through a relay that loses and doubles datagrams by
 * the dice of a seed. Each call is drawn as a ladder. Then the same cores make the same call in virtual time under the
 * same dice, and both must have told the same.
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import { ladder } from '../../testing/ladder.js'
import type { Carried, Message, Trace } from '../../testing/trace.js'
import { type Call, calls, conditions, configs } from './demo/calls.js'
import { type Comparison, compare } from './demo/compare.js'
import { live, type LiveResult, type Overrule, type Result } from './demo/live.js'
import { virtual } from './demo/virtual.js'
import { ink } from './ink.js'

/** What the demonstration can be told. */
export interface DemoOptions {
  readonly seed: number
  /** Where lines go; the terminal by default. */
  readonly write?: (line: string) => void
  /** Changes fates of the real network only, so that the comparison must notice. */
  readonly overrule?: Overrule
}

/** Runs the calls; answers the exit code: 0 when each ended as it must, in real and in virtual time alike, else 1. */
export const demo = async ({ seed, write = console.log, overrule }: DemoOptions): Promise<number> => {
  write(introduction(seed))
  const results: Outcome[] = []
  for (const [n, call] of calls.entries()) {
    write(`\n${ink('bold', `${n + 1}. ${call.title}`)}\n`)
    const outcome = await perform(call, seed, { overrule, write })
    if (typeof outcome === 'string') {
      write(`no sockets: ${outcome}`)
      return 1
    }
    results.push(outcome)
    write(ladder(outcome.real.trace, { paint: ink, news: true }))
    write(`\n${verdict(outcome)}`)
  }
  write(`\n${summary(results)}`)
  return results.every(isGood) ? 0 : 1
}

/** How far real time may be behind virtual time, ms. */
const TOLERANCE = 50

interface Outcome {
  readonly real: LiveResult
  readonly virtual: Result
  readonly comparison: Comparison
  /** How long each took, ms of this machine. */
  readonly took: number
  readonly virtuallyTook: number
}

/** By how much bare timers must be late for a difference to be doubted: a call has some ten timers, one after another. */
const LATE = 10

/** How often a call is made before a machine that is late has to be believed. */
const TRIES = 5

/**
 * A call both ways, or why it cannot be made. Virtual time goes first: so the engine has compiled everything when
 * real time counts. Where they differ while the machine itself was late, the call is made over; what is different by itself
 * stays so.
 */
const perform = async (
  call: Call,
  seed: number,
  how: { readonly overrule: Overrule | undefined; readonly write: (line: string) => void },
  tries: number = TRIES,
): Promise<Outcome | string> => {
  virtual(call, seed)
  const begun = performance.now()
  const rehearsed = virtual(call, seed)
  const virtuallyTook = performance.now() - begun
  const real = await live(call, seed, how.overrule)
  if (isLeft(real)) return real.left
  const { late } = real.right
  const took = performance.now() - begun - virtuallyTook
  const comparison = compare(real.right.trace, rehearsed.trace, TOLERANCE)
  const outcome = { real: real.right, virtual: rehearsed, comparison, took, virtuallyTook }
  if (comparison.difference === undefined || late < LATE || tries === 1) return outcome
  how.write(ink('again', comparison.difference))
  how.write(ink('again', `This machine was late by ${late} ms, so that is in doubt: once more.`))
  return perform(call, seed, how, tries - 1)
}

const isGood = ({ real, virtual: other, comparison }: Outcome): boolean =>
  real.standing === 'well' && other.standing === 'well' && comparison.difference === undefined

const introduction = (seed: number): string =>
  [
    `${ink('bold', 'sippet')}: Alice calls Bob, two stacks on real UDP sockets of this machine.`,
    `A relay between them loses ${conditions.loss} % of the datagrams and doubles ${conditions.duplication} %, by the dice of`,
    `seed ${seed} (--seed N throws others). So that what was lost comes again before you look away, T1 is`,
    `${configs.alice.timing.t1} ms for Alice and ${configs.bob.timing.t1} ms for Bob, instead of 500.`,
  ].join('\n')

const verdict = ({ real, virtual: other, comparison, took, virtuallyTook }: Outcome): string => {
  const bad = (what: string): string => ink('lost', `✗ ${what}`)
  if (real.standing !== 'well') return bad(real.standing)
  const ended = ink('good', '✓ ended as it must')
  if (other.standing !== 'well') return `${ended}\n${bad(`in virtual time: ${other.standing}`)}`
  const { difference } = comparison
  if (difference !== undefined)
    return [
      ended,
      bad(`virtual time tells another story: ${difference}`),
      ...(real.late < LATE
        ? []
        : [`This machine was late by ${real.late} ms: bare timers that wait for nothing.`]),
    ].join('\n')
  return [
    ended,
    ink('good', `✓ the same ${comparison.events} events in virtual time`) +
      `: ${virtuallyTook.toFixed(1)} ms for what took ${Math.round(took)};`,
    `  real ones at most ${comparison.lag} ms late, bare timers of this machine ${real.late} ms`,
  ].join('\n')
}

const summary = (results: readonly Outcome[]): string => {
  const well = results.filter(isGood).length
  const { sent, lost, doubled, again } = count(results.map(({ real }) => real.trace))
  return [
    `${results.length} calls, ${well} as they must be. ${sent} datagrams sent: ${lost} lost, ${doubled} doubled;`,
    `${again} were sent again by the transactions' timers and the user agent's helpers.`,
    '',
    'Next: `npm start -- serve` answers any SIP tool, `npm start -- ping sip:HOST:PORT` asks one.',
  ].join('\n')
}

const count = (
  traces: readonly Trace[],
): { readonly sent: number; readonly lost: number; readonly doubled: number; readonly again: number } => {
  const all = traces.flatMap(({ observations }) => observations)
  const carried = all.filter((one): one is Carried => one._tag === 'Carried')
  const sent = all.filter((one): one is Message => one._tag === 'Sent')
  return {
    sent: sent.length,
    lost: carried.filter(({ arrivals }) => arrivals.length === 0).length,
    doubled: carried.filter(({ arrivals }) => arrivals.length > 1).length,
    again: sent.filter(({ copy }) => copy > 0).length,
  }
}
