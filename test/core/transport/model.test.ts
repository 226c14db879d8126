/** Whatever comes in whatever order, the tables of connections agree with each other and every connection has one timer. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Table from '../../../src/core/data/table.js'
import type { Output } from '../../../src/core/events.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import { type Bench, bench, local } from '../../support/bench.js'
import { outgoing, requestText } from '../../support/messages.js'

type Act =
  | { readonly _tag: 'Open' | 'Close' | 'Overflow' | 'Writable'; readonly id: number }
  | { readonly _tag: 'Octets'; readonly id: number; readonly from: number; readonly to: number }
  | { readonly _tag: 'Send'; readonly host: number; readonly transport: string; readonly call: number }
  | { readonly _tag: 'Opened' | 'Refused'; readonly nth: number; readonly id: number }
  | { readonly _tag: 'Pass'; readonly ms: number }
  | { readonly _tag: 'Resolve'; readonly found: boolean }

const id = fc.integer({ min: 1, max: 9 })
const acts = fc.array(
  fc.oneof<fc.Arbitrary<Act>[]>(
    fc.record({ _tag: fc.constantFrom('Open', 'Close', 'Overflow', 'Writable'), id }),
    fc.record({ _tag: fc.constant('Octets'), id, from: fc.nat(400), to: fc.nat(900) }),
    fc.record({
      _tag: fc.constant('Send'),
      host: fc.integer({ min: 1, max: 3 }),
      transport: fc.constantFrom('tcp', 'udp', ''),
      call: fc.nat(500),
    }),
    fc.record({
      _tag: fc.constantFrom('Opened', 'Refused'),
      nth: fc.nat(4),
      id: fc.integer({ min: 10, max: 19 }),
    }),
    fc.record({ _tag: fc.constant('Pass'), ms: fc.integer({ min: 1, max: 50_000 }) }),
    fc.record({ _tag: fc.constant('Resolve'), found: fc.boolean() }),
  ),
  { maxLength: 60 },
)

const stream = [1, 2, 3]
  .map((n) =>
    requestText({
      method: 'OPTIONS',
      transport: 'TCP',
      branch: `z9hG4bKm${n}`,
      callId: `m${n}`,
      body: 'x'.repeat(n * 40),
    }),
  )
  .join('\r\n\r\n')

const flowOf = (number: number): Flow => ({
  protocol: 'tcp',
  local,
  remote: { host: `192.0.2.${20 + (number % 3)}`, port: 5060 + number },
  id: number,
})

const outputs = (on: Bench<unknown>): readonly Output[] => on.log.map(({ output }) => output)

const act = (on: Bench<unknown>, one: Act): void => {
  const opened = on.stack().connections
  switch (one._tag) {
    case 'Open':
      if (Table.get(String(one.id))(opened.byId) === undefined)
        on.tell({ _tag: 'FlowOpened', flow: flowOf(one.id), names: [] })
      return
    case 'Close':
      on.tell({ _tag: 'FlowClosed', flow: flowOf(one.id) })
      return
    case 'Overflow':
      on.tell({ _tag: 'SendFailed', flow: flowOf(one.id), why: 'overflow', cause: { _tag: 'None' } })
      return
    case 'Writable':
      on.tell({ _tag: 'Writable', flow: flowOf(one.id) })
      return
    case 'Octets':
      on.tell({ _tag: 'Received', flow: flowOf(one.id), bytes: stream.slice(one.from, one.to) })
      return
    case 'Send': {
      const transport = one.transport === '' ? '' : `;transport=${one.transport}`
      const host = one.host === 3 ? 'b.example' : `192.0.2.${20 + one.host}`
      on.send(
        outgoing({
          method: 'OPTIONS',
          uri: `sip:x@${host}${transport}`,
          callId: `c${one.call}`,
          body: 'y'.repeat(one.call * 3),
        }),
      )
      return
    }
    case 'Opened':
    case 'Refused': {
      const asked = outputs(on).flatMap((output) => (output._tag === 'OpenFlow' ? [output] : []))
      const chosen = asked.at(-1 - one.nth)
      if (chosen === undefined || Table.get(String(one.id))(opened.byId) !== undefined) return
      const { opening, target } = chosen
      const flow = {
        protocol: target.protocol,
        local,
        remote: { host: target.host, port: target.port },
        id: one.id,
      }
      on.tell(
        one._tag === 'Opened'
          ? { _tag: 'FlowOpened', flow, names: [], opening }
          : { _tag: 'FlowRefused', opening, why: 'refused', what: 'reset' },
      )
      return
    }
    case 'Pass':
      on.advance(one.ms)
      return
    case 'Resolve': {
      const question = outputs(on)
        .flatMap((output) => (output._tag === 'Resolve' ? [output.question] : []))
        .at(-1)
      if (question === undefined) return
      on.tell(
        one.found && question._tag === 'Host'
          ? {
              _tag: 'Resolved',
              question,
              answer: { _tag: 'Host', addresses: ['192.0.2.21', '192.0.2.22'] },
              ttl: 5000,
            }
          : { _tag: 'Unresolved', question, why: 'absent', ttl: 5000 },
      )
    }
  }
}

/** The flow timers that run, by connection, from the orders to start and stop them. */
const timers = (on: Bench<unknown>): ReadonlyMap<number, ReadonlySet<number>> => {
  const running = new Map<number, Set<number>>()
  for (const output of outputs(on)) {
    if ((output._tag !== 'StartTimer' && output._tag !== 'StopTimer') || output.id._tag !== 'Flow') continue
    const own = running.get(output.id.flow) ?? new Set<number>()
    running.set(output.id.flow, own)
    if (output._tag === 'StartTimer') own.add(output.generation)
    else own.delete(output.generation)
  }
  for (const { event } of on.inputs)
    if (event._tag === 'TimerFired' && event.id._tag === 'Flow')
      running.get(event.id.flow)?.delete(event.generation)
  return running
}

const agrees = (on: Bench<unknown>): void => {
  const { connections, pending, waiting, openings, openingFor } = on.stack()
  const all = Table.entries(connections.byId).map(([, one]) => one)
  const listed = Table.entries(connections.byPlace).flatMap(([place, ids]) =>
    ids.map((one) => `${place} ${one}`),
  )
  expect([...listed].sort()).toEqual(
    all.flatMap((one) => one.places.map((place) => `${place} ${one.id}`)).sort(),
  )
  expect(Table.entries(connections.perPeer).reduce((sum, [, count]) => sum + count, 0)).toBe(all.length)
  expect(connections.silent).toBe(all.filter(({ accepted, spoken }) => accepted && !spoken).length)
  expect(Table.size(openings)).toBe(Table.size(openingFor))
  const waitingIds = Table.entries(waiting).flatMap(([, ids]) => ids)
  expect([...waitingIds].sort()).toEqual([...Table.keys(pending)].sort())
  const running = timers(on)
  for (const one of all) expect([...(running.get(one.id) ?? [])]).toEqual([one.timer.generation])
}

test('tables and timers agree after every event', () => {
  fc.assert(
    fc.property(acts, (sequence) => {
      const on = bench({
        connections: {
          silent: 4,
          perPeer: 4,
          idle: 40_000,
          keepAlive: 15_000,
          firstMessage: 20_000,
          message: 10_000,
        },
      })
      for (const one of sequence) {
        act(on, one)
        agrees(on)
      }
      on.advance(10_000_000)
      agrees(on)
      expect(Table.size(on.stack().openings)).toBe(0)
      expect(Table.size(on.stack().pending)).toBe(0)
      expect(Table.size(on.stack().tries)).toBe(0)
      expect(Table.size(on.stack().moved)).toBe(0)
    }),
    { seed: 61, numRuns: 300 },
  )
})
