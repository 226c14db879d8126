/** Octets beside the text of a datagram: they make reading faster and change nothing else. */
import { expect, test } from 'vitest'
import { printInput, readInput } from '../../../src/core/codec/input.js'
import { fromUint8Array, toUint8Array } from '../../../src/core/data/bytes.js'
import type { Event } from '../../../src/core/events.js'
import { stackAlone } from '../../../src/core/user-agent/user-agent.js'
import { configOf } from '../../support/bench.js'
import { requestText } from '../../support/messages.js'

const flow = {
  protocol: 'udp',
  local: { host: '192.0.2.1', port: 5060 },
  remote: { host: '192.0.2.9', port: 5060 },
}

const texts: readonly string[] = [
  requestText({ method: 'OPTIONS' }),
  requestText({ method: 'INVITE' }),
  requestText({ method: 'OPTIONS' }).replace('Max-Forwards', 'Max-Backwards'),
  'SIP/2.0 200 OK\r\n\r\n',
  'rubbish \xff\x00',
  '\r\n\r\n',
  '',
]

const machine = stackAlone(configOf())
const step = (event: Event) =>
  machine.reducer(machine.start, { at: 1, wall: 2, entropy: 'e'.repeat(32), event })

test.each(texts)('the step is the same with them: %j', (bytes) => {
  const octets = toUint8Array(bytes)
  expect(fromUint8Array(octets)).toBe(bytes)
  const [state, outputs] = step({ _tag: 'Received', flow, bytes, octets })
  const [plain, plainOutputs] = step({ _tag: 'Received', flow, bytes })
  expect(JSON.stringify(outputs)).toBe(JSON.stringify(plainOutputs))
  expect(state).toEqual(plain)
})

test('octets of another length are not those of the text, and not looked at', () => {
  const [bytes = ''] = texts
  const [, outputs] = step({ _tag: 'Received', flow, bytes, octets: new Uint8Array(7) })
  expect(outputs).toEqual(step({ _tag: 'Received', flow, bytes })[1])
})

test('a recording holds the text alone', () => {
  const [bytes = ''] = texts
  const event: Event = { _tag: 'Received', flow, bytes, octets: toUint8Array(bytes) }
  const line: unknown = JSON.parse(printInput({ at: 1, wall: 2, entropy: 'e'.repeat(32), event }))
  expect(line).toEqual([1, 2, 'e'.repeat(32), { _tag: 'Received', flow, bytes }])
  expect(readInput(line)).toMatchObject({ _tag: 'Right' })
})
