/** `sippet conform HOST:PORT`: examines any SIP endpoint over UDP, and reports row by row. */
import { examiner } from './conform/peer.js'
import { type Scenario, scenarios } from './conform/scenarios.js'
import { ink } from './ink.js'
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
    scenarios.map(async (scenario, n) => ({
      scenario,
      wrong: await examine(scenario, target, `conform${run}x${n}`),
    })),
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

const examine = async ({ run }: Scenario, target: Address, id: string): Promise<string | undefined> => {
  const it = await examiner(target, id)
  const wrong = await run(it)
  it.close()
  return wrong
}

const line = ({ id, title }: Scenario, wrong: string | undefined, known: readonly string[]): string => {
  if (wrong === undefined) return ink('good', `✓ ${id.padEnd(8)} ${title}`)
  return known.includes(id)
    ? ink('again', `~ ${id.padEnd(8)} ${title}: ${wrong} (known)`)
    : ink('lost', `✗ ${id.padEnd(8)} ${title}: ${wrong}`)
}
