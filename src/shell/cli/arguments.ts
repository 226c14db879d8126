/** The command line, decoded: a command with its options, or in words what is wrong with it. */
import { parseArgs } from 'node:util'
import { chain, type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { Address } from '../../core/transport/flow.js'

export type Command =
  | { readonly _tag: 'Help' }
  | { readonly _tag: 'Demo'; readonly seed: number }
  | {
      readonly _tag: 'Serve'
      readonly host: string
      readonly port: number
      readonly answerAfter: number
      readonly quiet: boolean
      readonly record: string | undefined
      readonly snapshot: string | undefined
    }
  | { readonly _tag: 'Ping'; readonly uri: string; readonly timeout: number }
  | { readonly _tag: 'Ladder'; readonly file: string; readonly mermaid: boolean }
  | { readonly _tag: 'Conform'; readonly target: Address; readonly known: readonly string[] }

/** What `--help` prints. */
export const usage = `sippet: a SIP stack as pure reducers

  sippet [demo] [--seed N]          three calls over a network that loses and duplicates, drawn as ladders
  sippet serve [--port N] [--host H] [--answer-after MS] [--quiet] [--record FILE] [--snapshot FILE]
                                    answers OPTIONS, INVITE, CANCEL, BYE and REGISTER over UDP until Ctrl-C;
                                    records every input; goes on from a snapshot, and keeps it up to date
  sippet ping sip:HOST[:PORT] [--timeout MS]
                                    sends OPTIONS, prints the answer and the round-trip time
  sippet ladder FILE [--mermaid]    draws a recording of serve, or the SIP over UDP of a pcap capture
  sippet conform HOST:PORT [--known ROW,ROW]
                                    examines any SIP endpoint over UDP, row by row
  sippet --help                     this text`

/** Decodes the arguments behind the program's name. */
export const command = (argv: readonly string[]): Either<string, Command> => {
  const [name, operands, given] = read(argv)
  if (given === undefined) return left(name)
  if (given['help'] === true) return right({ _tag: 'Help' })
  switch (name) {
    case 'demo':
      return pipe(
        only(given, ['seed'], operands, 0),
        chain(() => whole(given, 'seed', 346, 2 ** 31 - 1)),
        map((seed) => ({ _tag: 'Demo', seed })),
      )
    case 'serve':
      return pipe(
        only(given, ['port', 'host', 'answer-after', 'quiet', 'record', 'snapshot'], operands, 0),
        chain(() => whole(given, 'port', 5060, 65535)),
        chain((port) =>
          pipe(
            whole(given, 'answer-after', 0, 2 ** 31 - 1),
            map((answerAfter) => ({ port, answerAfter })),
          ),
        ),
        map(({ port, answerAfter }) => ({
          _tag: 'Serve',
          host: given['host'] === undefined ? '127.0.0.1' : String(given['host']),
          port,
          answerAfter,
          quiet: given['quiet'] === true,
          record: text(given['record']),
          snapshot: text(given['snapshot']),
        })),
      )
    case 'ping':
      return pipe(
        only(given, ['timeout'], operands, 1),
        chain(() => whole(given, 'timeout', 32_000, 2 ** 31 - 1)),
        map((timeout) => ({ _tag: 'Ping', uri: operands[0] ?? '', timeout })),
      )
    case 'ladder':
      return pipe(
        only(given, ['mermaid'], operands, 1),
        map(() => ({ _tag: 'Ladder', file: operands[0] ?? '', mermaid: given['mermaid'] === true })),
      )
    case 'conform':
      return pipe(
        only(given, ['known'], operands, 1),
        chain(() => address(operands[0] ?? '')),
        map((target) => ({
          _tag: 'Conform',
          target,
          known: (text(given['known']) ?? '').split(',').filter((row) => row !== ''),
        })),
      )
    default:
      return left(`no such command: ${name}`)
  }
}

type Given = Readonly<Record<string, string | boolean | undefined>>

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  'answer-after': { type: 'string' },
  quiet: { type: 'boolean' },
  record: { type: 'string' },
  snapshot: { type: 'string' },
  seed: { type: 'string' },
  timeout: { type: 'string' },
  mermaid: { type: 'boolean' },
  known: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Command, operands and options; without options when the words make no sense, and then the first says why. */
const read = (argv: readonly string[]): readonly [string, readonly string[], Given?] => {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    const [name = 'demo', ...operands] = positionals
    return [name, operands, { ...values }]
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), []]
  }
}

const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

/** `127.0.0.1:5060`, `[::1]:5060`; without a port 5060. */
const address = (operand: string): Either<string, Address> => {
  const [, bracketed, plain, port = '5060'] =
    /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(operand) ?? []
  const host = bracketed ?? plain
  return host === undefined || Number(port) > 65535
    ? left(`${operand} is no HOST:PORT`)
    : right({ host, port: Number(port) })
}

const only = (
  given: Given,
  allowed: readonly string[],
  operands: readonly string[],
  wanted: number,
): Either<string, undefined> => {
  const odd = Object.keys(given).find((name) => !allowed.includes(name))
  if (odd !== undefined) return left(`--${odd} does not belong to this command`)
  if (operands.length < wanted) return left('an argument is missing')
  return operands.length > wanted
    ? left(`too many arguments: ${operands.slice(wanted).join(' ')}`)
    : right(undefined)
}

/** An option that is a whole number from 0 to `max`. */
const whole = (given: Given, name: string, fallback: number, max: number): Either<string, number> => {
  if (given[name] === undefined) return right(fallback)
  const decoded = Whole(max).decode(given[name])
  return isLeft(decoded)
    ? left(`--${name} takes a whole number from 0 to ${max}, not ${String(given[name])}`)
    : decoded
}

const Whole = (max: number): t.Type<number, string> =>
  new t.Type(
    'Whole',
    t.number.is,
    (input, context) =>
      typeof input === 'string' && /^\d{1,10}$/.test(input) && Number(input) <= max
        ? t.success(Number(input))
        : t.failure(input, context),
    String,
  )
