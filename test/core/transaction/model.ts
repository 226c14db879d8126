/**
 * The four machines again, as slowly and plainly as can be: a list of lines, each a row of the conformance table in the
 * table's own notation, and an interpreter that looks for the first line that fits. It shares nothing with the real
 * machines but the names of events and effects.
 *
 * `-X` stops X if it runs · `+X(t)` starts X · `SEND m` · `TU(x)` tells the user · `TERM` ends · `DIAG(why)` ·
 * `last:=m` what is sent again later. Events: a timer's letter, `1xx` `2xx` `3-6xx` responses from the network,
 * `TU 1xx` … responses from the user, `req` and `ack` from the network, `err` a failed send, `closed`, `abort`.
 */
import type { Request, Response } from '../../../src/core/message/types.js'
import type { Config, Effect, Failure, Ignored, Timer } from '../../../src/core/transaction/types.js'
import type { Reliability } from '../../../src/core/transport/flow.js'
import type { MachineEvent, MachineName } from './machines.js'

export interface Memory {
  readonly machine: MachineName
  readonly box: string
  readonly on: Reliability
  readonly request: Request
  /** The interval of the repetition that runs. */
  readonly prev: number
  /** What would be sent again: a response, or the ACK. */
  readonly last: string
  readonly running: readonly string[]
}

/** What the model cannot make itself. */
export interface Make {
  readonly ack: (response: Response) => string
  readonly hundred: (request: Request, ms: number) => string
}

type Line = readonly [row: string, box: string, event: string, next: string, effects: string, when?: string]

// biome-ignore format: a table
const inviteClient: readonly Line[] = [
  ['IC-03', 'Calling',    'A',      'Calling',    'SEND req; +A(double)'],
  ['IC-05', 'Calling',    'B',      'Terminated', '-A; TU(timeout); TERM'],
  ['IC-06', 'Calling',    '1xx',    'Proceeding', '-A; -B; TU(it)'],
  ['IC-08', 'Calling',    '2xx',    'Accepted',   '-A; -B; +M(64T1); TU(it)'],
  ['IC-09', 'Calling',    '3-6xx',  'Completed',  '-A; -B; last:=ACK; SEND last; +D(D); TU(it)', 'unreliable'],
  ['IC-10', 'Calling',    '3-6xx',  'Terminated', '-A; -B; last:=ACK; SEND last; TU(it); TERM',  'reliable'],
  ['IC-11', 'Calling',    'err',    'Terminated', '-A; -B; TU(transport); TERM'],
  ['IC-11', 'Calling',    'closed', 'Terminated', '-A; -B; TU(transport); TERM'],
  ['IC-14', 'Calling',    'abort',  'Terminated', '-A; -B; TERM'],
  ['IC-20', 'Proceeding', '1xx',    'Proceeding', 'TU(it)'],
  ['IC-21', 'Proceeding', '2xx',    'Accepted',   '+M(64T1); TU(it)'],
  ['IC-22', 'Proceeding', '3-6xx',  'Completed',  'last:=ACK; SEND last; +D(D); TU(it)', 'unreliable'],
  ['IC-23', 'Proceeding', '3-6xx',  'Terminated', 'last:=ACK; SEND last; TU(it); TERM',  'reliable'],
  ['IC-26', 'Proceeding', 'err',    'Proceeding', 'TU(flow-lost); DIAG(flow-closed)'],
  ['IC-26', 'Proceeding', 'closed', 'Proceeding', 'TU(flow-lost); DIAG(flow-closed)'],
  ['IC-27', 'Proceeding', 'abort',  'Terminated', 'TERM'],
  ['IC-30', 'Completed',  '3-6xx',  'Completed',  'SEND last'],
  ['IC-31', 'Completed',  '1xx',    'Completed',  ''],
  ['IC-32', 'Completed',  '2xx',    'Completed',  'DIAG(late-2xx)'],
  ['IC-33', 'Completed',  'D',      'Terminated', 'TERM'],
  ['IC-34', 'Completed',  'err',    'Terminated', '-D; TU(transport); TERM'],
  ['X-2',   'Completed',  'closed', 'Completed',  'DIAG(flow-closed)'],
  ['X-1',   'Completed',  'abort',  'Completed',  'DIAG(aborted)'],
  ['IC-40', 'Accepted',   '2xx',    'Accepted',   'TU(it)'],
  ['IC-42', 'Accepted',   '1xx',    'Accepted',   ''],
  ['IC-43', 'Accepted',   '3-6xx',  'Accepted',   ''],
  ['IC-44', 'Accepted',   'M',      'Terminated', 'TERM'],
  ['IC-46', 'Accepted',   'err',    'Accepted',   'DIAG(unexpected)'],
  ['IC-46', 'Accepted',   'closed', 'Accepted',   'DIAG(flow-closed)'],
  ['IC-47', 'Accepted',   'abort',  'Accepted',   'DIAG(aborted)'],
  ['IC-50', 'Terminated', '1xx',    'Terminated', 'DIAG(unexpected)'],
  ['IC-50', 'Terminated', '2xx',    'Terminated', 'DIAG(unexpected)'],
  ['IC-50', 'Terminated', '3-6xx',  'Terminated', 'DIAG(unexpected)'],
  ['IC-50', 'Terminated', 'err',    'Terminated', 'DIAG(unexpected)'],
  ['IC-50', 'Terminated', 'closed', 'Terminated', 'DIAG(flow-closed)'],
  ['IC-50', 'Terminated', 'abort',  'Terminated', 'DIAG(tu-misuse)'],
]

// biome-ignore format: a table
const nonInviteClient: readonly Line[] = [
  ['NC-03', 'Trying',     'E',      'Trying',     'SEND req; +E(double up to T2)'],
  ['NC-04', 'Trying',     'F',      'Terminated', '-E; TU(timeout); TERM'],
  ['NC-05', 'Trying',     '1xx',    'Proceeding', 'TU(it)'],
  ['NC-06', 'Trying',     '2xx',    'Completed',  '-E; -F; +K(T4); TU(it)', 'unreliable'],
  ['NC-06', 'Trying',     '3-6xx',  'Completed',  '-E; -F; +K(T4); TU(it)', 'unreliable'],
  ['NC-07', 'Trying',     '2xx',    'Terminated', '-E; -F; TU(it); TERM',   'reliable'],
  ['NC-07', 'Trying',     '3-6xx',  'Terminated', '-E; -F; TU(it); TERM',   'reliable'],
  ['NC-08', 'Trying',     'err',    'Terminated', '-E; -F; TU(transport); TERM'],
  ['NC-08', 'Trying',     'closed', 'Terminated', '-E; -F; TU(transport); TERM'],
  ['NC-10', 'Trying',     'abort',  'Terminated', '-E; -F; TERM'],
  ['NC-10', 'Proceeding', 'abort',  'Terminated', '-E; -F; TERM'],
  ['NC-20', 'Proceeding', 'E',      'Proceeding', 'SEND req; +E(every T2)'],
  ['NC-21', 'Proceeding', 'F',      'Terminated', '-E; TU(timeout); TERM'],
  ['NC-22', 'Proceeding', '1xx',    'Proceeding', 'TU(it)'],
  ['NC-23', 'Proceeding', '2xx',    'Completed',  '-E; -F; +K(T4); TU(it)', 'unreliable'],
  ['NC-23', 'Proceeding', '3-6xx',  'Completed',  '-E; -F; +K(T4); TU(it)', 'unreliable'],
  ['NC-24', 'Proceeding', '2xx',    'Terminated', '-E; -F; TU(it); TERM',   'reliable'],
  ['NC-24', 'Proceeding', '3-6xx',  'Terminated', '-E; -F; TU(it); TERM',   'reliable'],
  ['NC-25', 'Proceeding', 'err',    'Terminated', '-E; -F; TU(transport); TERM'],
  ['NC-25', 'Proceeding', 'closed', 'Terminated', '-E; -F; TU(transport); TERM'],
  ['NC-30', 'Completed',  '2xx',    'Completed',  ''],
  ['NC-30', 'Completed',  '3-6xx',  'Completed',  ''],
  ['NC-31', 'Completed',  '1xx',    'Completed',  ''],
  ['NC-32', 'Completed',  'K',      'Terminated', 'TERM'],
  ['NC-34', 'Completed',  'err',    'Completed',  ''],
  ['X-2',   'Completed',  'closed', 'Completed',  'DIAG(flow-closed)'],
  ['X-1',   'Completed',  'abort',  'Completed',  'DIAG(aborted)'],
  ['NC-40', 'Terminated', '1xx',    'Terminated', 'DIAG(unexpected)'],
  ['NC-40', 'Terminated', '2xx',    'Terminated', 'DIAG(unexpected)'],
  ['NC-40', 'Terminated', '3-6xx',  'Terminated', 'DIAG(unexpected)'],
  ['NC-40', 'Terminated', 'err',    'Terminated', 'DIAG(unexpected)'],
  ['NC-40', 'Terminated', 'closed', 'Terminated', 'DIAG(flow-closed)'],
  ['NC-40', 'Terminated', 'abort',  'Terminated', 'DIAG(tu-misuse)'],
]

// biome-ignore format: a table
const inviteServer: readonly Line[] = [
  ['IS-02', 'Proceeding', 'Trying',   'Proceeding', 'last:=100; SEND last'],
  ['IS-04', 'Proceeding', 'req',      'Proceeding', 'SEND last', 'answered'],
  ['IS-05', 'Proceeding', 'req',      'Proceeding', ''],
  ['IS-06', 'Proceeding', 'TU 1xx',   'Proceeding', '-Trying; last:=it; SEND last'],
  ['IS-08', 'Proceeding', 'TU 2xx',   'Accepted',   '-Trying; -Guard; SEND it; +L(64T1)'],
  ['IS-09', 'Proceeding', 'TU 3-6xx', 'Completed',  '-Trying; -Guard; last:=it; SEND last; +G(T1); +H(64T1)', 'unreliable'],
  ['IS-10', 'Proceeding', 'TU 3-6xx', 'Completed',  '-Trying; -Guard; last:=it; SEND last; +H(64T1)',         'reliable'],
  ['IS-11', 'Proceeding', 'ack',      'Proceeding', 'DIAG(unexpected)'],
  ['IS-12', 'Proceeding', 'err',      'Proceeding', 'TU(transport)', 'stay'],
  ['IS-12', 'Proceeding', 'err',      'Terminated', '-Trying; -Guard; TU(transport); TERM'],
  ['IS-15', 'Proceeding', 'Guard',    'Proceeding', 'TU(tu-timeout)'],
  ['IS-16', 'Proceeding', 'abort',    'Terminated', '-Trying; -Guard; TERM; DIAG(aborted)'],
  ['IS-43', 'Proceeding', 'closed',   'Proceeding', 'DIAG(flow-closed)'],
  ['IS-17', 'Completed',  'req',      'Completed',  'SEND last'],
  ['IS-18', 'Completed',  'G',        'Completed',  'SEND last; +G(double up to T2)'],
  ['IS-19', 'Completed',  'H',        'Terminated', '-G; TU(timeout); TERM'],
  ['IS-20', 'Completed',  'TU 1xx',   'Completed',  'DIAG(tu-misuse)'],
  ['IS-20', 'Completed',  'TU 2xx',   'Completed',  'DIAG(tu-misuse)'],
  ['IS-20', 'Completed',  'TU 3-6xx', 'Completed',  'DIAG(tu-misuse)'],
  ['IS-21', 'Completed',  'err',      'Completed',  'TU(transport)', 'stay'],
  ['IS-21', 'Completed',  'err',      'Terminated', '-G; -H; TU(transport); TERM'],
  ['IS-23', 'Completed',  'ack',      'Confirmed',  '-G; -H; +I(T4)', 'unreliable'],
  ['IS-24', 'Completed',  'ack',      'Terminated', '-G; -H; TERM',   'reliable'],
  ['IS-43', 'Completed',  'closed',   'Completed',  'DIAG(flow-closed)'],
  ['X-1',   'Completed',  'abort',    'Completed',  'DIAG(aborted)'],
  ['IS-25', 'Confirmed',  'ack',      'Confirmed',  ''],
  ['IS-26', 'Confirmed',  'req',      'Confirmed',  ''],
  ['IS-27', 'Confirmed',  'I',        'Terminated', 'TERM'],
  ['IS-28', 'Confirmed',  'TU 1xx',   'Confirmed',  'DIAG(tu-misuse)'],
  ['IS-28', 'Confirmed',  'TU 2xx',   'Confirmed',  'DIAG(tu-misuse)'],
  ['IS-28', 'Confirmed',  'TU 3-6xx', 'Confirmed',  'DIAG(tu-misuse)'],
  ['IS-28', 'Confirmed',  'err',      'Confirmed',  'DIAG(unexpected)'],
  ['IS-43', 'Confirmed',  'closed',   'Confirmed',  'DIAG(flow-closed)'],
  ['X-1',   'Confirmed',  'abort',    'Confirmed',  'DIAG(aborted)'],
  ['IS-30', 'Accepted',   'req',      'Accepted',   ''],
  ['IS-31', 'Accepted',   'TU 2xx',   'Accepted',   'SEND it'],
  ['IS-32', 'Accepted',   'TU 1xx',   'Accepted',   'DIAG(tu-misuse)'],
  ['IS-32', 'Accepted',   'TU 3-6xx', 'Accepted',   'DIAG(tu-misuse)'],
  ['IS-33', 'Accepted',   'ack',      'Accepted',   'TU(it)'],
  ['IS-34', 'Accepted',   'L',        'Terminated', 'TERM'],
  ['IS-35', 'Accepted',   'err',      'Accepted',   'TU(transport)'],
  ['IS-43', 'Accepted',   'closed',   'Accepted',   'DIAG(flow-closed)'],
  ['X-1',   'Accepted',   'abort',    'Accepted',   'DIAG(aborted)'],
  ['IS-40', 'Terminated', 'req',      'Terminated', 'DIAG(unexpected)'],
  ['IS-40', 'Terminated', 'ack',      'Terminated', 'DIAG(unexpected)'],
  ['IS-40', 'Terminated', 'TU 1xx',   'Terminated', 'DIAG(tu-misuse)'],
  ['IS-40', 'Terminated', 'TU 2xx',   'Terminated', 'DIAG(tu-misuse)'],
  ['IS-40', 'Terminated', 'TU 3-6xx', 'Terminated', 'DIAG(tu-misuse)'],
  ['IS-40', 'Terminated', 'err',      'Terminated', 'DIAG(unexpected)'],
  ['IS-40', 'Terminated', 'closed',   'Terminated', 'DIAG(flow-closed)'],
  ['IS-40', 'Terminated', 'abort',    'Terminated', 'DIAG(tu-misuse)'],
]

// biome-ignore format: a table
const nonInviteServer: readonly Line[] = [
  ['NS-02', 'Trying',     'req',      'Trying',     ''],
  ['NS-05', 'Trying',     'TU 18x',   'Trying',     'DIAG(tu-misuse)', 'strict'],
  ['NS-03', 'Trying',     'TU 1xx',   'Trying',     'DIAG(tu-misuse)', 'strict unreliable'],
  ['NS-04', 'Trying',     'TU 1xx',   'Proceeding', '-N100; last:=it; SEND last'],
  ['NS-06', 'Trying',     'N100',     'Proceeding', 'last:=100; SEND last'],
  ['NS-09', 'Trying',     'TU 408',   'Terminated', '-N100; -Guard; TERM; DIAG(withheld)', 'strict'],
  ['NS-07', 'Trying',     'TU 2xx',   'Completed',  '-N100; -Guard; last:=it; SEND last; +J(64T1)', 'unreliable'],
  ['NS-07', 'Trying',     'TU 3-6xx', 'Completed',  '-N100; -Guard; last:=it; SEND last; +J(64T1)', 'unreliable'],
  ['NS-08', 'Trying',     'TU 2xx',   'Terminated', '-N100; -Guard; SEND it; TERM', 'reliable'],
  ['NS-08', 'Trying',     'TU 3-6xx', 'Terminated', '-N100; -Guard; SEND it; TERM', 'reliable'],
  ['NS-11', 'Trying',     'Guard',    'Terminated', '-N100; TU(tu-timeout); TERM'],
  ['NS-46', 'Trying',     'closed',   'Trying',     'DIAG(flow-closed)'],
  ['X-3',   'Trying',     'ack',      'Trying',     'DIAG(unexpected)'],
  ['X-4',   'Trying',     'err',      'Trying',     'DIAG(unexpected)'],
  ['X-5',   'Trying',     'abort',    'Terminated', '-N100; -Guard; TERM; DIAG(aborted)'],
  ['NS-20', 'Proceeding', 'req',      'Proceeding', 'SEND last'],
  ['NS-42', 'Proceeding', 'TU 18x',   'Proceeding', 'DIAG(tu-misuse)', 'strict'],
  ['NS-21', 'Proceeding', 'TU 1xx',   'Proceeding', 'last:=it; SEND last'],
  ['NS-24', 'Proceeding', 'TU 408',   'Terminated', '-Guard; TERM; DIAG(withheld)', 'strict'],
  ['NS-22', 'Proceeding', 'TU 2xx',   'Completed',  '-Guard; last:=it; SEND last; +J(64T1)', 'unreliable'],
  ['NS-22', 'Proceeding', 'TU 3-6xx', 'Completed',  '-Guard; last:=it; SEND last; +J(64T1)', 'unreliable'],
  ['NS-23', 'Proceeding', 'TU 2xx',   'Terminated', '-Guard; SEND it; TERM', 'reliable'],
  ['NS-23', 'Proceeding', 'TU 3-6xx', 'Terminated', '-Guard; SEND it; TERM', 'reliable'],
  ['NS-25', 'Proceeding', 'err',      'Proceeding', 'TU(transport)', 'stay'],
  ['NS-25', 'Proceeding', 'err',      'Terminated', '-Guard; TU(transport); TERM'],
  ['NS-41', 'Proceeding', 'Guard',    'Terminated', 'TU(tu-timeout); TERM'],
  ['NS-46', 'Proceeding', 'closed',   'Proceeding', 'DIAG(flow-closed)'],
  ['X-3',   'Proceeding', 'ack',      'Proceeding', 'DIAG(unexpected)'],
  ['X-5',   'Proceeding', 'abort',    'Terminated', '-Guard; TERM; DIAG(aborted)'],
  ['NS-30', 'Completed',  'req',      'Completed',  'SEND last'],
  ['NS-31', 'Completed',  'TU 1xx',   'Completed',  'DIAG(tu-misuse)'],
  ['NS-31', 'Completed',  'TU 2xx',   'Completed',  'DIAG(tu-misuse)'],
  ['NS-31', 'Completed',  'TU 3-6xx', 'Completed',  'DIAG(tu-misuse)'],
  ['NS-32', 'Completed',  'J',        'Terminated', 'TERM'],
  ['NS-33', 'Completed',  'err',      'Completed',  'TU(transport)', 'stay'],
  ['NS-33', 'Completed',  'err',      'Terminated', '-J; TU(transport); TERM'],
  ['NS-46', 'Completed',  'closed',   'Completed',  'DIAG(flow-closed)'],
  ['X-3',   'Completed',  'ack',      'Completed',  'DIAG(unexpected)'],
  ['X-1',   'Completed',  'abort',    'Completed',  'DIAG(aborted)'],
  ['NS-40', 'Terminated', 'req',      'Terminated', 'DIAG(unexpected)'],
  ['NS-40', 'Terminated', 'ack',      'Terminated', 'DIAG(unexpected)'],
  ['NS-40', 'Terminated', 'TU 1xx',   'Terminated', 'DIAG(tu-misuse)'],
  ['NS-40', 'Terminated', 'TU 2xx',   'Terminated', 'DIAG(tu-misuse)'],
  ['NS-40', 'Terminated', 'TU 3-6xx', 'Terminated', 'DIAG(tu-misuse)'],
  ['NS-40', 'Terminated', 'err',      'Terminated', 'DIAG(unexpected)'],
  ['NS-40', 'Terminated', 'closed',   'Terminated', 'DIAG(flow-closed)'],
  ['NS-40', 'Terminated', 'abort',    'Terminated', 'DIAG(tu-misuse)'],
]

const tables: Readonly<Record<MachineName, readonly Line[]>> = {
  'invite-client': inviteClient,
  'non-invite-client': nonInviteClient,
  'invite-server': inviteServer,
  'non-invite-server': nonInviteServer,
}

/** How each machine begins: its first box and the effects, by transport. */
const beginnings: Readonly<Record<MachineName, readonly [box: string, U: string, R: string]>> = {
  'invite-client': ['Calling', 'SEND req; +A(T1); +B(64T1)', 'SEND req; +B(64T1)'], // IC-01, IC-02
  'non-invite-client': ['Trying', 'SEND req; +E(T1); +F(64T1)', 'SEND req; +F(64T1)'], // NC-01, NC-02
  'invite-server': [
    'Proceeding',
    '+Trying(Trying); +Guard(guard); TU(it)',
    '+Trying(Trying); +Guard(guard); TU(it)',
  ], // IS-01
  'non-invite-server': [
    'Trying',
    '+N100(N100); +Guard(64T1 if wanted); TU(it)',
    '+N100(N100); +Guard(64T1 if wanted); TU(it)',
  ], // NS-01
}

/** The model's beginning of a transaction. */
export const begin = (
  machine: MachineName,
  request: Request,
  on: Reliability,
  config: Config,
  make: Make,
): readonly [Memory, readonly Effect[]] => {
  const [box, unreliable, reliable] = beginnings[machine]
  const memory: Memory = { machine, box, on, request, prev: 0, last: '', running: [] }
  const script = on === 'unreliable' ? unreliable : reliable
  return run(memory, { row: 'start', script, message: request, late: 0 }, config, make)
}

/** The model's step. Throws when no line fits: the table has a hole. */
export const step = (
  memory: Memory,
  event: MachineEvent,
  config: Config,
  make: Make,
): readonly [Memory, readonly Effect[]] => {
  if (event._tag === 'TimerFired' && !memory.running.includes(event.timer))
    return [memory, [{ _tag: 'Diagnostic', ignored: 'stale-timer', row: 'Z-1' }]]
  const names = namesOf(event)
  const line = tables[memory.machine].find(
    ([, box, name, , , when = '']) =>
      box === memory.box &&
      names.includes(name) &&
      when.split(' ').every((word) => holds(word, memory, config)),
  )
  if (line === undefined) throw new Error(`no line: ${memory.machine} ${memory.box} ${names.join()}`)
  const [row, , , box, script] = line
  const fired = event._tag === 'TimerFired' ? event.timer : ''
  return run(
    { ...memory, box, running: memory.running.filter((timer) => timer !== fired) },
    { row, script, message: messageOf(event), late: event._tag === 'TimerFired' ? event.late : 0 },
    config,
    make,
  )
}

const namesOf = (event: MachineEvent): readonly string[] => {
  switch (event._tag) {
    case 'ResponseReceived':
      return [classOf(event.response.status)]
    case 'Respond': {
      const { status } = event.response
      return [`TU ${classOf(status)}`, ...(status > 100 && status < 200 ? ['TU 18x'] : []), `TU ${status}`]
    }
    case 'RequestReceived':
      return ['req']
    case 'AckReceived':
      return ['ack']
    case 'TimerFired':
      return [event.timer]
    case 'TransportFailed':
      return ['err']
    case 'FlowClosed':
      return ['closed']
    case 'Abort':
      return ['abort']
  }
}

const classOf = (status: number): string => (status < 200 ? '1xx' : status < 300 ? '2xx' : '3-6xx')

const holds = (word: string, { on, last }: Memory, { profile }: Config): boolean =>
  ({
    '': true,
    unreliable: on === 'unreliable',
    reliable: on === 'reliable',
    answered: last !== '',
    strict: profile.nonInvite === 'strict',
    stay: profile.serverSendFailed === 'stay',
  })[word] === true

const messageOf = (event: MachineEvent): Request | Response | undefined =>
  'response' in event ? event.response : 'request' in event ? event.request : undefined

interface Scene {
  readonly row: string
  readonly script: string
  readonly message: Request | Response | undefined
  readonly late: number
}

/** Carries out the words of one line, one after the other. */
const run = (
  before: Memory,
  { row, script, message, late }: Scene,
  config: Config,
  make: Make,
): readonly [Memory, readonly Effect[]] => {
  let memory = before
  const effects: Effect[] = []
  for (const word of script === '' ? [] : script.split('; ')) {
    const [, name = '', argument = ''] = /^([-+]?\w*)\(?(.*?)\)?$/.exec(word) ?? []
    if (word.startsWith('-')) {
      const timer = name.slice(1) as Timer
      if (memory.running.includes(timer)) effects.push({ _tag: 'StopTimer', timer })
      memory = { ...memory, running: memory.running.filter((one) => one !== timer) }
    } else if (word.startsWith('+')) {
      const timer = name.slice(1) as Timer
      const [delay, prev] = delayOf(argument, memory.prev, late, config)
      if (delay === undefined) continue
      effects.push({ _tag: 'StartTimer', timer, delay })
      memory = { ...memory, prev, running: [...memory.running, timer] }
    } else if (word === 'TERM') effects.push({ _tag: 'Ended' })
    else if (word === 'TU(it)' && message !== undefined) effects.push({ _tag: 'Deliver', message })
    else if (name === 'TU') effects.push({ _tag: 'Fail', reason: argument as Failure })
    else if (name === 'DIAG') effects.push({ _tag: 'Diagnostic', ignored: argument as Ignored, row })
    else if (word === 'SEND req') effects.push({ _tag: 'Transmit', bytes: memory.request.text })
    else if (word === 'SEND last') effects.push({ _tag: 'Transmit', bytes: memory.last })
    else if (word === 'SEND it') effects.push({ _tag: 'Transmit', bytes: message?.text ?? '' })
    else if (word === 'last:=it') memory = { ...memory, last: message?.text ?? '' }
    else if (word === 'last:=ACK') memory = { ...memory, last: make.ack(message as Response) }
    else if (word === 'last:=100')
      memory = { ...memory, last: make.hundred(memory.request, waited(memory.machine, config) + late) }
    else throw new Error(`no such word: ${word}`)
  }
  return [memory, effects]
}

/** How long a server waits before its own 100. */
const waited = (machine: MachineName, { timing }: Config): number =>
  machine === 'invite-server' ? timing.trying : (n100(timing.t1, timing.t2) ?? 0)

/** The delay of a timer, undefined where it is not started, and the interval it leaves to double. */
const delayOf = (
  words: string,
  prev: number,
  late: number,
  { timing, profile }: Config,
): readonly [delay: number | undefined, prev: number] => {
  const { t1, t2, t4, d, trying, guard } = timing
  switch (words) {
    case 'T1':
      return [t1, t1]
    case 'T4':
      return [t4, prev]
    case 'D':
      return [Math.max(d, 64 * t1), prev]
    case 'Trying':
      return [trying, prev]
    case 'guard':
      return [guard === 0 ? undefined : guard, prev]
    case 'N100':
      return [n100(t1, t2), prev]
    case '64T1':
      return [64 * t1, prev]
    case '64T1 if wanted':
      return [profile.nonInviteGuard ? 64 * t1 : undefined, prev]
    case 'double':
      return firstAfter(late, prev, (interval) => 2 * interval)
    case 'double up to T2':
      return firstAfter(late, prev, (interval) => Math.min(2 * interval, t2))
    case 'every T2':
      return firstAfter(late, prev, () => t2)
    default:
      throw new Error(`no such delay: ${words}`)
  }
}

/** Z-5: one instant of the series after the other, until one is not yet gone by. */
const firstAfter = (
  late: number,
  prev: number,
  longer: (interval: number) => number,
): readonly [delay: number, prev: number] => {
  let interval = longer(prev)
  let delay = interval
  while (delay <= late) {
    interval = longer(interval)
    delay += interval
  }
  return [delay, interval]
}

/** RFC 4320 4.1: follows timer E until it is set to T2. */
const n100 = (t1: number, t2: number): number | undefined => {
  let interval = t1
  for (let at = t1; at <= 64 * t1; at += interval) {
    interval = Math.min(2 * interval, t2)
    if (interval === t2) return at
  }
  return undefined
}
