/**
 * Recordings: every input of a stack, a line each, and the SHA-256 of all that it answered. The reducer is a function, so the same
 * inputs give the same effects, octet by octet; a recording is a bug report that can be run.
 *
 * A recording holds the messages and, for the identifiers to come out the same, the secret of the stack. Treat it as you
 * would a core dump. The file is made for its owner's eyes only.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { printInput, readInput } from '../../core/codec/input.js'
import type { Input, Output } from '../../core/events.js'
import { machineOf } from '../machine.js'
import type { StackOptions } from '../options.js'
import type { Stack } from '../stack.js'

/** Writes a recording. */
export interface Recorder {
  /** To be given to the stack as `onStep`. */
  readonly onStep: (input: Input, effects: readonly Output[]) => void
  /** Ends the recording; answers how many steps it has and the SHA-256 of their effects. */
  readonly close: () => Recorded
}

export interface Recorded {
  readonly steps: number
  /** Of the effects of all steps as JSON, a line each; lower-case hex. */
  readonly sha256: string
}

/**
 * Records to a file. `about` is what a replay has to know besides the inputs, the stack's secret first of all; it is the first line.
 * Throws when the file cannot be written.
 */
export const recorder = (path: string, about: Readonly<Record<string, unknown>>): Recorder => {
  const file = openSync(path, 'w', OWNER)
  const effectsHash = createHash('sha256')
  let steps = 0
  let buffer = `${JSON.stringify({ sippet: 'recording', version: VERSION, ...about })}\n`
  const flush = (): void => {
    writeSync(file, buffer, null, 'latin1')
    buffer = ''
  }
  return {
    onStep: (input, effects) => {
      steps += 1
      buffer += `${ascii(printInput(input))}\n`
      effectsHash.update(lineOf(effects))
      if (buffer.length > CHUNK) flush()
    },
    close: () => {
      const recorded = { steps, sha256: effectsHash.digest('hex') }
      buffer += `${JSON.stringify(recorded)}\n`
      flush()
      closeSync(file)
      return recorded
    },
  }
}

/** What a replay found. */
export interface Replayed extends Recorded {
  /** What the recording says of itself; undefined when its process was killed before it could. */
  readonly recorded: Recorded | undefined
}

/** The first line of a recording: what `recorder` was told. */
export const aboutRecording = (path: string): Either<string, Readonly<Record<string, unknown>>> => {
  const about = jsonOf(readFileSync(path, 'latin1').split('\n', 1)[0] ?? '')
  return isRecord(about) && about['sippet'] === 'recording' && about['version'] === VERSION
    ? right(about)
    : left(`${path} is no recording of version ${VERSION}`)
}

/**
 * Runs a recording through the reducer of a stack with those options, `secret` among them. No socket is opened and no clock is
 * read. `see` looks at each step.
 */
export const replay = <S>(
  path: string,
  options: StackOptions<S> & { readonly secret: string },
  see: (input: Input, effects: readonly Output[]) => void = () => undefined,
): Either<string, Replayed> => {
  const about = aboutRecording(path)
  if (isLeft(about)) return about
  const { start, reducer } = machineOf(options, { newSecret: () => options.secret })
  const effectsHash = createHash('sha256')
  let state = start
  let steps = 0
  let recorded: Recorded | undefined
  for (const line of readFileSync(path, 'latin1').split('\n').slice(1)) {
    if (line === '') continue
    const json = jsonOf(line)
    if (isRecord(json) && typeof json['sha256'] === 'string') {
      recorded = { steps: Number(json['steps']), sha256: json['sha256'] }
      continue
    }
    const input = readInput(json)
    if (isLeft(input)) {
      // The last line of a killed process may be half a line.
      if (recorded === undefined && json === undefined) break
      return left(`line ${steps + 2} is no input`)
    }
    const [next, effects] = reducer(state, input.right)
    state = next
    steps += 1
    effectsHash.update(lineOf(effects))
    see(input.right, effects)
  }
  return right({ steps, sha256: effectsHash.digest('hex'), recorded })
}

/** Keeps the latest snapshot of a stack in a file. */
export interface SnapshotFile {
  /** What the file says, and how long ago; undefined when there is none. `Left` when it is none of ours. */
  readonly load: () => Either<string, { readonly json: unknown; readonly elapsed: number } | undefined>
  /** Writes the state of `stack` before the event loop goes on; several calls in one turn write once. */
  readonly keep: (stack: Stack) => void
  /** Writes it now. Throws when it cannot. */
  readonly save: (stack: Stack) => void
}

/**
 * A snapshot file. It is replaced in one step, so a process that is killed leaves the old one or the new one, never half of
 * one. Elapsed time is taken from the wall clock: between two processes there is no other. `troubled` hears when the file
 * cannot be written; the stack serves on.
 */
export const snapshotFile = (path: string, troubled: (what: string) => void): SnapshotFile => {
  let due = false
  const save = (stack: Stack): void => {
    const json = stack.snapshot()
    if (!isSome(json)) return
    writeFileSync(`${path}.new`, ascii(JSON.stringify({ wall: Date.now(), snapshot: json.value })), {
      mode: OWNER,
    })
    renameSync(`${path}.new`, path)
  }
  return {
    load: () => {
      if (!existsSync(path)) return right(undefined)
      const file = jsonOf(readFileSync(path, 'latin1'))
      return isRecord(file) && typeof file['wall'] === 'number'
        ? right({ json: file['snapshot'], elapsed: Math.max(0, Date.now() - file['wall']) })
        : left(`${path} is no snapshot`)
    },
    save,
    keep: (stack) => {
      if (due) return
      due = true
      setImmediate(() => {
        due = false
        try {
          save(stack)
        } catch (error) {
          troubled(error instanceof Error ? error.message : String(error))
        }
      })
    },
  }
}

const VERSION = 1
const CHUNK = 1 << 16
const OWNER = 0o600

const lineOf = (effects: readonly Output[]): string => `${JSON.stringify(effects)}\n`

/** JSON in ASCII, so that the octets of the file are those of the text. */
const ascii = (json: string): string =>
  json.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
