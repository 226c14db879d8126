/** Observation: transitions, firings and diagnostics as values, from the states and the outputs of a step alone. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/core/events.js'
import { type Observation, observations } from '../../../src/core/stack/observe.js'
import { bench, type Bench } from '../../support/bench.js'
import type { State } from '../../../src/core/stack/state.js'
import { ackTo, outgoing, requestOf, requestText, responseTo } from '../../support/messages.js'
import { udp } from '../../support/bench.js'

const short = (one: Observation): string => {
  switch (one._tag) {
    case 'Transition':
      return `${one.kind}: ${one.from ?? '-'} → ${one.to ?? '-'}`
    case 'Fired':
      return `${one.timer} fired${one.late === 0 ? '' : ` late ${one.late}`}`
    case 'Noted':
      return `${one.diagnostic.code} ${one.diagnostic.row ?? ''}`
  }
}

const watch = (on: Bench<State>, event: Event): readonly string[] => {
  const before = on.stack()
  const outputs = on.tell(event)
  return observations(before, on.inputs.at(-1)!, outputs, on.stack()).map(short)
}

const received = (bytes: string): Event => ({ _tag: 'Received', flow: udp, bytes })
const response = (status: number): Event => ({
  _tag: 'SendResponse',
  ref: status,
  response: responseTo(requestOf(), status),
})

describe('observations', () => {
  test('tell the life of a transaction', () => {
    const on = bench()
    expect(watch(on, received(requestText()))).toEqual(['invite-server: - → Proceeding'])
    expect(watch(on, received(requestText()))).toEqual([])
    expect(watch(on, response(180))).toEqual([])
    expect(watch(on, response(486))).toEqual(['invite-server: Proceeding → Completed'])
    expect(watch(on, response(200))).toEqual(['tu-misuse IS-20'])
    expect(watch(on, received(ackTo({}, 'x')))).toEqual(['invite-server: Completed → Confirmed'])
    const last = on.log.flatMap(({ output }) => (output._tag === 'StartTimer' ? [output] : [])).at(-1)!
    on.suspend(5007)
    expect(watch(on, { _tag: 'TimerFired', id: last.id, generation: last.generation })).toEqual([
      'I fired late 7',
      'invite-server: Confirmed → -',
    ])
    expect(watch(on, { _tag: 'TimerFired', id: last.id, generation: last.generation })).toEqual([
      'stale-timer Z-1',
    ])
  })

  test('miss no transition, whatever causes it', () => {
    const on = bench()
    const send = (callId: string): Event => ({
      _tag: 'SendRequest',
      ref: callId,
      request: outgoing({ callId }),
      options: {},
    })
    expect(watch(on, send('a'))).toEqual(['invite-client: - → Calling'])
    const { flow, cause } = on.log
      .flatMap(({ output }) => (output._tag === 'Transmit' ? [output] : []))
      .at(-1)!
    expect(watch(on, { _tag: 'SendFailed', flow, why: 'refused', cause })).toEqual([
      'invite-client: Calling → -',
      'send-failed ',
    ])
    watch(on, send('b'))
    const key = on.log.flatMap(({ output }) => (output._tag === 'Accepted' ? [output.key] : [])).at(-1)!
    expect(watch(on, { _tag: 'Terminate', key })).toEqual(['invite-client: Calling → -'])
  })

  test('name the transaction and the instant', () => {
    const on = bench()
    on.suspend(250)
    const before = on.stack()
    const outputs = on.tell(received(requestText()))
    const [first] = observations(before, on.inputs.at(-1)!, outputs, on.stack())
    expect(first).toEqual({
      _tag: 'Transition',
      at: 1250,
      transaction: 's|alice1|INVITE|192.0.2.9|5060',
      kind: 'invite-server',
      to: 'Proceeding',
    })
  })
})
