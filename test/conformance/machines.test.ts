/** Every row of rows.json that has cases, run against the machine it names: next state and all effects, in order. */
import { describe, expect } from 'vitest'
import type { Response } from '../../src/core/message/types.js'
import type { Step } from '../../src/core/reducer.js'
import {
  type Config,
  type Effect,
  type Failure,
  type Ignored,
  rfc3261,
  type Timer,
} from '../../src/core/transaction/types.js'
import { deepFreeze } from '../../src/testing/freeze.js'
import { ackRequest, ackText, answer, hundredText, invite, options } from '../core/transaction/fixtures.js'
import {
  type Machine,
  type MachineEvent,
  type MachineName,
  machines,
  type State,
} from '../core/transaction/machines.js'
import { type Case, casesOf, row, rows } from './rows.js'

const check = (one: Case, on: 'U' | 'R', word: string, t1: number): void => {
  const machine = machines[one.machine as MachineName]
  const config = deepFreeze(configOf(one, t1))
  const reducer = machine.reducer(config)
  const reliability = on === 'U' ? 'unreliable' : 'reliable'
  const started = machine.start(config, machine.request, reliability)
  const [before] = one.after.reduce<Step<State, Effect>>(
    ([state], past) => reducer(deepFreeze(state), eventOf(machine, past)),
    started,
  )
  const [next, effects] =
    word === 'start' ? started : reducer(deepFreeze(before), deepFreeze(eventOf(machine, word)))
  const where = `${one.text} (${on}, ${word})`
  if (word !== 'start') expect(before, where).toHaveProperty('_tag', one.state)
  expect(next, where).toEqual(stateOf(one, machine, on, word, config))
  expect(effects, where).toEqual(
    one.effects.flatMap((effect) => effectOf(effect, one, machine, on, word, config)),
  )
  expect(JSON.parse(JSON.stringify(next)), where).toEqual(next)
  if (one.state === one.next && effects.every(({ _tag }) => _tag === 'Diagnostic'))
    expect(next, where).toBe(before)
}

const configOf = ({ config }: Case, t1: number): Config => ({
  timing: { ...rfc3261.timing, t1, guard: config === 'guarded' ? 180_000 : 0 },
  profile: {
    nonInvite: config === 'legacy' ? 'legacy' : 'strict',
    serverSendFailed: config === 'legacy' ? 'terminate' : 'stay',
    nonInviteGuard: config === 'guarded',
  },
})

/** `response 300-699` stands for the ends of the range and what is usual between them. */
const samples = (event: string): readonly string[] => {
  const range = /^(respon\w+) (\d+)-(\d+)(.*)$/.exec(event)
  if (range === null) return [event]
  const [, kind, first, last, rest = ''] = range
  return [100, 101, 180, 183, 199, 200, 202, 299, 300, 302, 401, 408, 486, 503, 599, 600, 699]
    .filter((status) => status >= Number(first) && status <= Number(last))
    .filter((status) => !(rest === ' but 408' && status === 408))
    .map((status) => `${kind} ${status}${rest.replace(' but 408', '')}`)
}

const messageOf = ({ method }: Machine, word: string): Response => {
  const [, status, ...rest] = word.split(' ')
  return answer(method, Number(status), rest.join(' ') === 'other tag' ? 'other' : undefined)
}

const eventOf = (machine: Machine, word: string): MachineEvent => {
  const [kind = '', name] = word.split(' ')
  switch (kind) {
    case 'response':
      return { _tag: 'ResponseReceived', response: messageOf(machine, word) }
    case 'respond':
      return { _tag: 'Respond', response: messageOf(machine, word) }
    case 'request':
      return { _tag: 'RequestReceived', request: machine.request }
    case 'ack':
      return { _tag: 'AckReceived', request: ackRequest }
    case 'timer':
      return { _tag: 'TimerFired', timer: name as Timer, late: 0 }
    case 'transport':
      return { _tag: 'TransportFailed' }
    case 'flow':
      return { _tag: 'FlowClosed' }
    case 'abort':
      return { _tag: 'Abort' }
    default:
      throw new Error(`no such event: ${word}`)
  }
}

/** `min(4*T1,T2)` and so on, in ms. */
const delayOf = (expression: string, { timing }: Config): number => {
  const { t1, t2, t4, d } = timing
  const capped = /^min\((.*),T2\)$/.exec(expression)?.[1]
  if (capped !== undefined) return Math.min(delayOf(capped, { timing } as Config), t2)
  const times = /^(\d+)\*T1$/.exec(expression)?.[1]
  if (times !== undefined) return Number(times) * t1
  const named = new Map([
    ['T1', t1],
    ['T2', t2],
    ['T4', t4],
    ['D', Math.max(d, 64 * t1)],
    ['Trying', timing.trying],
    ['guard', timing.guard],
    ['N100', n100[t1] ?? Number.NaN],
  ]).get(expression)
  if (named === undefined) throw new Error(`no such delay: ${expression}`)
  return named
}

/** When timer E takes the value T2 = 4000, by T1 (RFC 4320 4.1): the values of the table in the specification. */
const n100: Record<number, number> = { 100: 6300, 500: 3500, 1000: 3000 }

const hundredOf = ({ method }: Machine, { timing }: Config): string =>
  hundredText(
    method,
    (method === 'INVITE' ? timing.trying / 1000 : delayOf('N100', { timing } as Config) / 1000).toFixed(3),
  )

/** What is sent again or for the first time: `event`, `100`, `respond 486`. */
const responseText = (which: string, machine: Machine, word: string, config: Config): string =>
  which === '100' ? hundredOf(machine, config) : messageOf(machine, which === 'event' ? word : which).text

const ackFor = (one: Case, word: string): string => {
  const acknowledged = [...one.after, word].find((event) => /^response [3-6]/.test(event))
  return ackText(acknowledged?.endsWith('other tag') ? 'other' : undefined)
}

const effectOf = (
  text: string,
  one: Case,
  machine: Machine,
  on: 'U' | 'R',
  word: string,
  config: Config,
): readonly Effect[] => {
  const [verb = '', ...rest] = text.replace(/ on U$/, '').split(' ')
  const [first = '', second = ''] = rest
  if (text.endsWith(' on U') && on === 'R') return []
  switch (verb) {
    case 'stop':
      return [{ _tag: 'StopTimer', timer: first as Timer }]
    case 'start':
      return [{ _tag: 'StartTimer', timer: first as Timer, delay: delayOf(second, config) }]
    case 'send':
      return [
        {
          _tag: 'Transmit',
          bytes:
            first === 'request'
              ? machine.request.text
              : first === 'ACK'
                ? ackFor(one, word)
                : responseText(rest.join(' '), machine, word, config),
        },
      ]
    case 'deliver':
      return [
        {
          _tag: 'Deliver',
          message:
            word === 'start' ? machine.request : word === 'ack' ? ackRequest : messageOf(machine, word),
        },
      ]
    case 'fail':
      return [{ _tag: 'Fail', reason: first as Failure }]
    case 'ended':
      return [{ _tag: 'Ended' }]
    case 'diagnostic':
      return [{ _tag: 'Diagnostic', ignored: first as Ignored, row: second }]
    default:
      throw new Error(`no such effect: ${text}`)
  }
}

/** The whole next state: what a box always holds, and what the case says it keeps. */
const stateOf = (one: Case, machine: Machine, on: 'U' | 'R', word: string, config: Config): unknown => {
  const _tag = one.next
  const reliability = on === 'U' ? 'unreliable' : 'reliable'
  const repetition =
    on === 'U'
      ? { reliability, interval: delayOf(one.keeps.get('interval') ?? 'T1', config) }
      : { reliability }
  const last = one.keeps.get('last')
  const response = last === undefined ? undefined : responseText(last, machine, word, config)
  switch (`${one.machine} ${_tag}`) {
    case 'invite-client Calling':
      return { _tag, invite: invite.text, ...repetition }
    case 'invite-client Proceeding':
      return { _tag, invite: invite.text, reliability }
    case 'invite-client Completed':
      return { _tag, ack: ackFor(one, word) }
    case 'non-invite-client Trying':
      return { _tag, request: options.text, ...repetition }
    case 'non-invite-client Proceeding':
    case 'non-invite-server Trying':
      return { _tag, request: options.text, reliability }
    case 'invite-server Proceeding':
      return {
        _tag,
        reliability,
        answer: response === undefined ? { _tag: 'Owed', invite: invite.text } : { _tag: 'Sent', response },
        guarded: one.config === 'guarded' && one.keeps.get('guarded') !== 'no',
      }
    case 'invite-server Completed':
      return { _tag, response, ...repetition }
    case 'non-invite-server Proceeding':
      return { _tag, response, reliability }
    case 'non-invite-server Completed':
      return { _tag, response }
    default:
      return { _tag }
  }
}

for (const t1 of [100, 500, 1000])
  describe(`T1 = ${t1}`, () => {
    for (const each of rows.filter(({ cases }) => cases !== undefined))
      row(each.id, each.what, () => {
        for (const one of casesOf(each))
          for (const on of one.on) for (const event of samples(one.event)) check(one, on, event, t1)
      })
  })
