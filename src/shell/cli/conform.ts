/** `sippet conform HOST:PORT`: examines any SIP endpoint over UDP, and reports row by row. */
import { setTimeout as sleep } from 'node:timers/promises'
import { examiner } from './conform/peer.js'
import { type Scenario, scenarios } from './conform/scenarios.js'
import { ink } from './ink.js'
import { lateness } from './lateness.js'
import type { Address } from '../../core/transport/flow.js'

/** Whom to examine, and which rows it is known to fail. */
export interface ConformOptions {
  readonly target: Address
  /** Ids of rows that are expected to fail; one that does not is reported as well. */
  readonly known: readonly string[]
  readonly write?: (line: string) => void
}

/** Examines; answers the exit code: 0 when exactly the known rows fail, else 1. */
export const conform = async ({ target, known, write = console.log }: ConformOptions): Promise<number> => {
  const run = `${process.pid.toString(36)}${Math.floor(performance.now()).toString(36)}`
  const results = await Promise.all(
    scenarios.map(async (scenario, n) => {
      await sleep(n * APART)
      return { scenario, wrong: await examine(scenario, target, `conform${run}x${n}`) }
    }),
  )
  for (const { scenario, wrong } of results) write(line(scenario, wrong, known))
  const failed = results.filter(({ wrong }) => wrong !== undefined).map(({ scenario }) => scenario.id)
  const odd = failed.filter((id) => !known.includes(id))
  const cured = known.filter((id) => !failed.includes(id))
  write(
    `\n${results.length - failed.length} of ${results.length} rows hold` +
      (failed.length > odd.length ? `, ${failed.length - odd.length} fail as known` : '') +
      (cured.length > 0 ? `, known to fail but did not: ${cured.join(', ')}` : ''),
  )
  return odd.length + cured.length === 0 ? 0 : 1
}

/** Between the beginnings of two scenarios, ms: an examinee is no target of a flood. */
const APART = 20

/** Examines one row; once more when it fails while this machine is too late to be a witness of times. */
const examine = async (
  scenario: Scenario,
  target: Address,
  id: string,
  tries: number = TRIES,
): Promise<string | undefined> => {
  const measuring = lateness()
  const it = await examiner(target, `${id}x${tries}`)
  const wrong = await scenario.run(it)
  await it.close()
  const late = measuring.stop()
  if (wrong === undefined || late < TOO_LATE || it.heard.length === 0) return wrong
  return tries > 1
    ? examine(scenario, target, id, tries - 1)
    : `${wrong} (this machine was late by ${late} ms)`
}

const TRIES = 3

/** By how many ms the machine may be late before a row that fails is examined again. */
const TOO_LATE = 50

const line = ({ id, title }: Scenario, wrong: string | undefined, known: readonly string[]): string => {
  if (wrong === undefined) return ink('good', `✓ ${id.padEnd(8)} ${title}`)
  return known.includes(id)
    ? ink('again', `~ ${id.padEnd(8)} ${title}: ${wrong} (known)`)
    : ink('lost', `✗ ${id.padEnd(8)} ${title}: ${wrong}`)
}
