/** The pages of docs/machines/, made from the machines, rows.json and the tests. */
import { hundredDue } from '../../src/core/transaction/schedule.js'
import { rfc3261, type Timer } from '../../src/core/transaction/types.js'
import { allMachines, allTimers, type Machine, type MachineName } from '../core/transaction/machines.js'
import { named } from './named.js'
import { casesOf, notation, type Row, rows } from './rows.js'
import { mermaid } from './walk.js'

export interface Page {
  readonly file: string
  readonly text: string
}

const generated = 'This page is generated: `node tools/machines.mjs`. A test compares it with the code.'

const titles: Readonly<Record<MachineName, readonly [title: string, source: string]>> = {
  'invite-client': ['INVITE client transaction', 'RFC 3261 17.1.1, figure 5 of RFC 6026, 17.1.4'],
  'non-invite-client': ['Non-INVITE client transaction', 'RFC 3261 17.1.2, figure 6, 17.1.4; RFC 4321 1.2'],
  'invite-server': ['INVITE server transaction', 'RFC 3261 17.2.1, figure 7 of RFC 6026, 17.2.4'],
  'non-invite-server': [
    'Non-INVITE server transaction',
    'RFC 3261 17.2.2, figure 8, 17.2.4; RFC 4320; RFC 6026 8.8',
  ],
}

export const pages = (): readonly Page[] => [...allMachines.map(machinePage), conformancePage()]

const machinePage = (machine: Machine): Page => {
  const [title, source] = titles[machine.name]
  const cases = rows.flatMap((row) =>
    casesOf(row)
      .filter((one) => one.machine === machine.name)
      .map((one) => ({ row, one })),
  )
  return {
    file: `${machine.name}.md`,
    text: lines(
      `# ${title}`,
      '',
      `${source}. Code: [\`src/core/transaction/${machine.name}.ts\`](../../src/core/transaction/${machine.name}.ts).`,
      '',
      generated,
      '',
      'An arrow is `event / what is done`; (U) and (R): on unreliable or reliable transports only; `TU` is the transaction user.',
      'Timers that a box no longer uses are stopped on the way out. Events that only produce a diagnostic are not drawn.',
      '',
      '```mermaid',
      mermaid(machine),
      '```',
      '',
      '## Every state, every event',
      '',
      'Each line is run as a test, for T1 = 100, 500 and 1000, and asserts the whole next state and all effects in order.',
      'The [notation](conformance.md#notation) is that of [rows.json](../../test/conformance/rows.json).',
      '',
      '| row | on | state | event | next | effects |',
      '|---|---|---|---|---|---|',
      ...cases.map(({ row, one }) => {
        const [conditions = '', state = '', event = '', next = '', effects = ''] = one.text.split(' | ')
        const on = conditions.replace(machine.name, '').trim()
        return `| ${row.id}${row.policy ? ' (policy)' : ''} | ${on} | ${state} | ${event} | ${next} | ${effects} |`
      }),
    ),
  }
}

const conformancePage = (): Page => ({
  file: 'conformance.md',
  text: lines(
    '# Timers and conformance',
    '',
    generated,
    '',
    '## Timers',
    '',
    `Milliseconds for T1 = ${rfc3261.timing.t1}, T2 = ${rfc3261.timing.t2}, T4 = ${rfc3261.timing.t4}; all are configuration, per stack and per flow.`,
    '',
    '| timer | machine | value | unreliable | reliable | what it does |',
    '|---|---|---|---|---|---|',
    ...allTimers.map((timer) => `| ${timer} | ${timers[timer].join(' | ')} |`),
    '',
    '## Notation',
    '',
    ...Object.entries(notation).map(([word, meaning]) => `- **${word}**: ${meaning}`),
    '',
    'Effects stand in the order stop, transmit, start, deliver or fail, ended, diagnostic. A row named X has no number elsewhere: it is',
    'a pair of state and event for which no RFC draws an arrow.',
    '',
    '## Rows',
    '',
    summary(),
    '',
    '| row | what | expected | source | tests | result |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.id}${row.policy ? ' (policy)' : ''} | ${row.what} | ${expectedOf(row)} | ${row.source} | ${testsOf(row).join(', ')} | ${resultOf(row)} |`,
    ),
  ),
})

const { t1, t4, d, trying } = rfc3261.timing

const timers: Readonly<
  Record<
    Timer,
    readonly [machine: string, value: string, U: string | number, R: string | number, what: string]
  >
> = {
  A: ['INVITE client', 'T1, doubles', t1, 'never', 'repeats the INVITE'],
  B: ['INVITE client', '64·T1', 64 * t1, 64 * t1, 'gives up without any response'],
  D: ['INVITE client', 'at least 32 s and 64·T1', Math.max(d, 64 * t1), 0, 'acknowledges repeated finals'],
  E: [
    'non-INVITE client',
    'T1, doubles up to T2; T2 after a provisional',
    t1,
    'never',
    'repeats the request',
  ],
  F: ['non-INVITE client', '64·T1', 64 * t1, 64 * t1, 'gives up without a final response'],
  G: ['INVITE server', 'T1, doubles up to T2', t1, 'never', 'repeats a final other than 2xx'],
  H: ['INVITE server', '64·T1', 64 * t1, 64 * t1, 'gives up without an ACK'],
  I: ['INVITE server', 'T4', t4, 0, 'absorbs repeated ACKs'],
  J: ['non-INVITE server', '64·T1', 64 * t1, 0, 'answers repeated requests'],
  K: ['non-INVITE client', 'T4', t4, 0, 'absorbs repeated finals'],
  L: ['INVITE server', '64·T1', 64 * t1, 64 * t1, 'absorbs repeated INVITEs after a 2xx'],
  M: ['INVITE client', '64·T1', 64 * t1, 64 * t1, 'hands up further 2xx'],
  Trying: ['INVITE server', '200 ms', trying, trying, 'sends 100 for a slow user'],
  N100: [
    'non-INVITE server',
    'until timer E is T2 (RFC 4320)',
    hundredDue(rfc3261.timing) ?? 'never',
    hundredDue(rfc3261.timing) ?? 'never',
    'sends 100 for a slow user',
  ],
  Guard: ['server machines', 'configuration; non-INVITE 64·T1', 'off', 'off', 'a user that never answers'],
}

const summary = (): string => {
  const count = (result: string): number => rows.filter((row) => resultOf(row).startsWith(result)).length
  return `${rows.length} rows: ${count('shown')} shown by tests, ${count('to be shown')} to be shown, ${count('with')} with later parts, ${count('deferred')} deferred.`
}

const expectedOf = ({ expected, machine, cases }: Row): string =>
  expected ??
  (cases === undefined
    ? ''
    : machine === undefined
      ? `${cases.length} cases: see the machines`
      : `[${cases.length} ${cases.length === 1 ? 'case' : 'cases'}](${machine}.md)`)

const testsOf = ({ id, cases }: Row): readonly string[] =>
  [...(cases === undefined ? [] : ['conformance/machines.test.ts']), ...(named.get(id) ?? [])].map(
    (file) => `[${file.slice(file.lastIndexOf('/') + 1, -'.test.ts'.length)}](../../test/${file})`,
  )

const resultOf = (row: Row): string => {
  if (testsOf(row).length > 0) return 'shown'
  switch (row.round) {
    case 'now':
      return `to be shown (${row.level ?? ''})`
    case 'transport':
    case 'digest':
      return `with ${row.round}`
    case 'deferred':
      return `deferred: ${row.reason ?? ''}`
  }
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`
